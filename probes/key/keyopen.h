/* keyopen.h - private keys that are encrypted: open them, within bounds */
#ifndef PROBES_KEYOPEN_H
#define PROBES_KEYOPEN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <openssl/x509.h>

#include "model/buf.h"
#include "model/observation.h"

/* One key on its way from bytes to an EVP_PKEY; for keyopen_release(). */
struct keyopen {
	OSSL_LIB_CTX *libctx;
	const char *passphrase; /* or NULL */
	/* of key derivation, for this key and all that follow; counted down */
	int64_t *rounds_left;

	bool encrypted; /* it was, and is open now */
	struct buf legacy; /* the outdated method by which it was; or empty */
	bool surplus; /* bytes stand behind its end */
	/* Where a call failed: what "the private key ..." is or lacks. */
	enum fault_kind fault;
	char why[200];
};

void keyopen_release(struct keyopen *k);
#define KEYOPEN_CLEANUP __attribute__((__cleanup__(keyopen_release)))

/* Fills the last two; returns -1. */
int keyopen_fail(struct keyopen *k, enum fault_kind fault, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

/* An encrypted one that does not yield to its passphrase; returns -1. */
int keyopen_wrong(struct keyopen *k);

/*
 * Decrypt `data` of *len bytes in place, as `header`, a PEM block's, says
 * (RFC 1421, 4.6.1.1 and 4.6.1.3). Returns 0, or -1 and the reason in *k.
 */
int keyopen_pem(struct keyopen *k, const char *header, unsigned char *data,
	size_t *len);

/* What came out: the DER of a SEQUENCE. */
struct keyopen_plain {
	ASN1_STRING *der;
};

/*
 * Decrypt an EncryptedPrivateKeyInfo (RFC 5958, 3) into *out, which is for
 * keyopen_forget(). Returns 0, or -1 and the reason in *k.
 */
int keyopen_pkcs8(
	struct keyopen *k, const X509_SIG *sig, struct keyopen_plain *out);
void keyopen_forget(struct keyopen_plain *plain); /* wiped and freed */

#endif
