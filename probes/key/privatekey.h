/* privatekey.h - private keys, of which only the public half is kept */
#ifndef PROBES_PRIVATEKEY_H
#define PROBES_PRIVATEKEY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <openssl/types.h>

#include "model/observation.h"
#include "model/target.h"
#include "probes/key/keyring.h"
#include "probes/probe.h"

/* Where keys come from, and what may open them. All is borrowed. */
struct key_source {
	OSSL_LIB_CTX *libctx;
	const char *passphrase; /* or NULL */
	const char *file; /* as in struct fault: NULL is the target's own */
	const char *readers; /* disk_readers() of it */
	unsigned mode; /* st_mode of it */
	/* PBE_MAX_ROUNDS for all its keys together, counted down */
	int64_t *rounds_left;
	struct keyring *kept; /* takes them whole as well; NULL: nobody does */
};

/*
 * The key of one PEM block, `text` from its BEGIN to its END line: PKCS#8
 * plain or encrypted, and the traditional forms of RSA, EC and DSA, encrypted
 * or not. Adds a key to `ob`, or a fault: FAULT_FILE_PASSWORD for an encrypted
 * one without the right passphrase, FAULT_FILE_DAMAGED for one that cannot be
 * decoded. `line` is the text's first in its file.
 */
void privatekey_add_pem(const struct key_source *src, const char *text,
	size_t len, size_t line, struct observation *ob);

/* The same of DER, which may be followed by nothing. False: it is no key. */
bool privatekey_add_der(const struct key_source *src, const unsigned char *der,
	size_t len, struct observation *ob);

/* One that is decoded already, such as a PKCS#12 file's; borrowed. */
void privatekey_add(const struct key_source *src, const EVP_PKEY *key,
	bool encrypted, size_t line, struct observation *ob);

/* Does a PEM label, such as "EC PRIVATE KEY", stand for a private key? */
bool privatekey_is_label(const char *label);

/*
 * The keys of the file t->key, PEM or DER. What is wrong with that file is a
 * fault of it: missing, unreadable, empty, no key in it, damaged, password.
 * `kept` as in struct key_source.
 */
void privatekey_read_file(const struct target *t, struct probe_io *io,
	struct keyring *kept, struct observation *ob);

#endif
