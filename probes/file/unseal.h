/* unseal.h - open the encrypted parts of one file, and tell what stays shut */
#ifndef PROBES_UNSEAL_H
#define PROBES_UNSEAL_H

#include <openssl/pkcs12.h>

#include "probes/file/pbe.h"
#include "probes/file/reading.h"

struct unseal {
	struct reading *r;
	const char *tries[3]; /* passphrases; NULL is one, too */
	size_t n_tries;
	int64_t rounds_left;
	bool proven; /* tries[0] is the right one */
	bool shut; /* none of them is: it is not tried again */
	struct pbe_legacy legacy;

	/* what unseal_tell() tells, each once */
	bool wrong, costly;
	struct buf old, unsupported; /* names of algorithms */
};

/* With the target's passphrase, or with none, or with an empty one. */
void unseal_init(struct unseal *u, struct reading *r);
void unseal_release(struct unseal *u);

/* Find out by a PKCS#12 file's MAC which passphrase is the right one. */
void unseal_try_mac(struct unseal *u, PKCS12 *p12);

/*
 * What is sealed in `data`, as ASN.1 of the type `it`, or NULL. *encrypted
 * tells whether it took a passphrase that is not empty.
 */
void *unseal_open(struct unseal *u, const X509_ALGOR *alg,
	const ASN1_OCTET_STRING *data, const ASN1_ITEM *it, bool *encrypted);

/* Encrypted in a way that no passphrase opens. */
void unseal_cannot(struct unseal *u, const char *how);

/* Add a fault for each thing that stayed shut, or opened by old ways only. */
void unseal_tell(struct unseal *u);

#endif
