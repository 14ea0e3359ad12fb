/* mkcert.h - keys and certificates made afresh, for tests and the demo */
#ifndef TESTS_MKCERT_H
#define TESTS_MKCERT_H

#include <stdbool.h>
#include <stddef.h>
#include <time.h>

#include <openssl/evp.h>
#include <openssl/x509.h>

/*
 * Whatever goes wrong here is a mistake of the test: the functions tell it
 * on stderr and exit with 3.
 */

enum mkcert_key_type { MKCERT_P256, MKCERT_RSA2048, MKCERT_ED25519 };

/* Zero stands for what a good certificate has; only key and dates must be. */
struct mkcert {
	EVP_PKEY *key; /* the subject's; borrowed */
	time_t not_before, not_after;

	const char *cn; /* NULL: none */
	const char *organization; /* NULL: none; without both, empty */
	const char *const *names; /* SANs, "DNS:x" or "IP:y"; NULL ends it */
	const X509 *issuer; /* NULL: self-signed */
	EVP_PKEY *issuer_key; /* NULL: `key` */
	bool ca;
	bool limited; /* a CA with the path length ... */
	int pathlen;

	/* As in openssl.cnf; NULL: what suits a CA or a server; "": none. */
	const char *key_usage;
	const char *eku;
	/* More of that kind, "NAME=VALUE", such as "nameConstraints=..." */
	const char *const *extensions;

	const char *aia; /* URL of the issuer's certificate */
	const char *serial; /* hex; NULL: random */
	const char *digest; /* of the signature; NULL: SHA256 */
	bool v1; /* version 1: no extensions at all */
	bool no_key_ids; /* neither subject nor authority key identifier */
};

/* For EVP_PKEY_free(). */
EVP_PKEY *mkcert_key(enum mkcert_key_type type);

/* For X509_free(). */
X509 *mkcert_make(const struct mkcert *m);

/* PEM, in their order; the file is made anew. */
void mkcert_write(const char *path, X509 *const *certs, size_t n);
void mkcert_write_key(const char *path, EVP_PKEY *key); /* mode 0600 */
X509 *mkcert_read(const char *path); /* the first; for X509_free() */
EVP_PKEY *mkcert_read_key(const char *path); /* for EVP_PKEY_free() */

#endif
