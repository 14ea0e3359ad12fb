/* cert_cache.h - certificates of CAs that were decoded, to be met again */
#ifndef MODEL_CERT_CACHE_H
#define MODEL_CERT_CACHE_H

#include <stddef.h>

#include <openssl/x509.h>

#include "model/alloc.h"

/*
 * Thousands of files hold the same few intermediates, and OpenSSL takes longer
 * to decode one than to verify what it signed. A cache is one thread's, and is
 * of one library context. What it lends is shared: all that is ever set in it
 * must follow from its bytes alone.
 */
struct cert_cache;

struct cert_cache *cert_cache_new(void);
void cert_cache_free(struct cert_cache *c); /* NULL does nothing */
DEFINE_CLEANUP(struct cert_cache, cert_cache_free)

/* What was decoded of these very bytes, for X509_free(), or NULL. */
X509 *cert_cache_find(
	const struct cert_cache *c, const unsigned char *der, size_t n);

/*
 * `x509` was decoded of these bytes: keep it in mind if it is a CA's, until
 * another one takes its place.
 */
void cert_cache_add(
	struct cert_cache *c, const unsigned char *der, size_t n, X509 *x509);

#endif
