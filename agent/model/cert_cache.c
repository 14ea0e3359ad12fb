/* cert_cache.c - certificates of CAs that were decoded, to be met again */
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include <openssl/err.h>
#include <openssl/x509v3.h>

#include "model/cert_cache.h"

/* Each takes some 10 KB. */
#define PLACES 256
#define MAX_BYTES 8192

struct entry {
	X509 *x509; /* NULL: none */
	unsigned char *der;
	size_t n;
};

struct cert_cache {
	struct entry v[PLACES];
};

/*
 * They end with their signature, of which any byte is as good as another. Who
 * makes two that clash has made the second slow.
 */
static size_t
place_of(const unsigned char *der, size_t n)
{
	return n == 0 ? 0 : der[n - 1] % PLACES;
}

static void
entry_release(struct entry *e)
{
	X509_free(e->x509);
	free(e->der);
	*e = (struct entry){ 0 };
}

struct cert_cache *
cert_cache_new(void)
{
	return mem_alloc(sizeof(struct cert_cache));
}

void
cert_cache_free(struct cert_cache *c)
{
	if (c == NULL)
		return;
	for (size_t i = 0; i < PLACES; i++)
		entry_release(&c->v[i]);
	free(c);
}

X509 *
cert_cache_find(const struct cert_cache *c, const unsigned char *der, size_t n)
{
	const struct entry *e = &c->v[place_of(der, n)];

	if (e->x509 == NULL || e->n != n || memcmp(e->der, der, n) != 0)
		return NULL;
	X509_up_ref(e->x509);
	return e->x509;
}

static bool
is_ca(X509 *x509)
{
	bool yes;

	ERR_set_mark();
	yes = X509_check_ca(x509) != 0;
	ERR_pop_to_mark();
	return yes;
}

void
cert_cache_add(
	struct cert_cache *c, const unsigned char *der, size_t n, X509 *x509)
{
	struct entry *e = &c->v[place_of(der, n)];

	if (n == 0 || n > MAX_BYTES || !is_ca(x509))
		return;
	entry_release(e);
	X509_up_ref(x509);
	*e = (struct entry){
		.x509 = x509,
		.der = memcpy(mem_grow(NULL, n, 1), der, n),
		.n = n,
	};
}
