/* pbe.h - encryption by passphrase: what it is called, and what it costs */
#ifndef PROBES_PBE_H
#define PROBES_PBE_H

#include <stdbool.h>
#include <stdint.h>

#include <openssl/asn1.h>
#include <openssl/types.h>

#include "model/buf.h"

/*
 * How often a file may have a passphrase hashed in all, some seconds' worth.
 * The number stands in the file, and who made it may mean to keep us busy.
 * The common tools ask for a few thousand to a million.
 */
#ifdef FUZZING_BUILD_MODE_UNSAFE_FOR_PRODUCTION
#define PBE_MAX_ROUNDS ((int64_t)20000)
#else
#define PBE_MAX_ROUNDS ((int64_t)10000000)
#endif

/* What a try costs besides: there may be a hundred thousand sealed parts. */
#define PBE_ROUNDS_OF_A_TRY 100

/* "RC2-40", "aes-256-cbc and PBKDF2" */
void pbe_name(const X509_ALGOR *alg, struct buf *out);

/* Is it one that OpenSSL 3 leaves to its legacy provider? */
bool pbe_is_legacy(const X509_ALGOR *alg);

/* Rounds of one try: 0 where they are not known; never negative. */
int64_t pbe_rounds(const X509_ALGOR *alg);
int64_t pbe_rounds_of(const ASN1_INTEGER *iterations);

/* Does OpenSSL's error queue speak of an algorithm that it does not have? */
bool pbe_unsupported(void);

/*
 * What was encrypted so as ASN.1 of the type `it`, or NULL and OpenSSL's error
 * queue. Plain text that is not returned is wiped.
 */
void *pbe_decrypt(const X509_ALGOR *alg, const ASN1_OCTET_STRING *data,
	const ASN1_ITEM *it, const char *passphrase, OSSL_LIB_CTX *libctx);

/* A library context with old algorithms, made when it is first needed. */
struct pbe_legacy {
	OSSL_LIB_CTX *libctx; /* NULL: not yet, or it is not installed */
	OSSL_PROVIDER *providers[2];
	bool tried;
};

OSSL_LIB_CTX *pbe_legacy_context(struct pbe_legacy *l); /* or NULL */
void pbe_legacy_release(struct pbe_legacy *l);

#endif
