/* memo.c - what was found out under a trust store, kept as long as that lives
 */
#include <pthread.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <openssl/crypto.h>
#include <openssl/x509_vfy.h>

#include "checks/path/memo.h"

#define BUCKETS 256
/* A peer may make up CAs and what they signed: then all is forgotten. */
#define MAX_LINKS 1024
#define HEX 64 /* a SHA-256 as struct cert has it */

struct known {
	struct known *next;
	X509 *x509; /* the store's own */
	struct cert cert; /* of a copy */
};

struct link {
	struct link *next;
	char who[HEX], by[HEX];
};

struct memo {
	pthread_mutex_t lock;
	struct known *known[BUCKETS];
	struct link *links[BUCKETS];
	size_t n_links;
};

/* Where a store of OpenSSL's keeps its memo; -1: nowhere. */
static int store_index = -1;
static pthread_once_t once = PTHREAD_ONCE_INIT;
static pthread_mutex_t making = PTHREAD_MUTEX_INITIALIZER;

static void
forget_links(struct memo *m)
{
	for (size_t i = 0; i < BUCKETS; i++) {
		for (struct link *l = m->links[i], *next; l != NULL; l = next) {
			next = l->next;
			free(l);
		}
		m->links[i] = NULL;
	}
	m->n_links = 0;
}

static void
memo_free(struct memo *m)
{
	if (m == NULL)
		return;
	forget_links(m);
	for (size_t i = 0; i < BUCKETS; i++) {
		for (struct known *k = m->known[i], *next; k != NULL;
			k = next) {
			next = k->next;
			cert_release(&k->cert);
			X509_free(k->x509);
			free(k);
		}
	}
	pthread_mutex_destroy(&m->lock);
	free(m);
}

static void
free_with_store(void *store, void *memo, CRYPTO_EX_DATA *data, int index,
	long arg, void *argp)
{
	(void)store;
	(void)data;
	(void)index;
	(void)arg;
	(void)argp;
	memo_free(memo);
}

static void
reserve_index(void)
{
	store_index = CRYPTO_get_ex_new_index(CRYPTO_EX_INDEX_X509_STORE, 0,
		NULL, NULL, NULL, free_with_store);
}

struct memo *
memo_of(const struct trust *trust)
{
	struct memo *m;

	if (trust == NULL)
		return NULL;
	(void)pthread_once(&once, reserve_index);
	pthread_mutex_lock(&making);
	m = X509_STORE_get_ex_data(trust->store, store_index);
	if (m == NULL) {
		m = mem_alloc(sizeof(*m));
		pthread_mutex_init(&m->lock, NULL);
		if (X509_STORE_set_ex_data(trust->store, store_index, m) != 1)
			mem_exhausted();
	}
	pthread_mutex_unlock(&making);
	return m;
}

void
memo_copy_cert(struct cert *out, X509 *x509)
{
	/* cert_init() may write to it: SM2's identifiers. */
	X509 *copy = X509_dup(x509);

	if (copy == NULL)
		mem_exhausted();
	cert_init(out, copy);
}

static struct known *
decode(X509 *x509)
{
	struct known *k = mem_alloc(sizeof(*k));

	X509_up_ref(x509);
	k->x509 = x509;
	memo_copy_cert(&k->cert, x509);
	return k;
}

const struct cert *
memo_cert(struct memo *m, X509 *x509)
{
	/* What the allocator gives out is aligned. */
	struct known **bucket = &m->known[((uintptr_t)x509 >> 4) % BUCKETS];
	struct known *k;

	pthread_mutex_lock(&m->lock);
	for (k = *bucket; k != NULL && k->x509 != x509; k = k->next)
		;
	if (k == NULL) {
		k = decode(x509);
		k->next = *bucket;
		*bucket = k;
	}
	pthread_mutex_unlock(&m->lock);
	return &k->cert;
}

static struct link **
bucket_of(struct memo *m, const struct cert *c, const struct cert *issuer)
{
	unsigned hash = 0;

	for (size_t i = 0; i < 8; i++)
		hash = hash * 31 + (unsigned char)c->sha256[i] +
			7 * (unsigned char)issuer->sha256[i];
	return &m->links[hash % BUCKETS];
}

static bool
have_digests(const struct cert *c, const struct cert *issuer)
{
	return strlen(c->sha256) == HEX && strlen(issuer->sha256) == HEX;
}

static bool
is_listed(const struct link *l, const struct cert *c, const struct cert *issuer)
{
	for (; l != NULL; l = l->next) {
		if (memcmp(l->who, c->sha256, HEX) == 0 &&
			memcmp(l->by, issuer->sha256, HEX) == 0)
			return true;
	}
	return false;
}

bool
memo_has_link(struct memo *m, const struct cert *c, const struct cert *issuer)
{
	bool yes;

	if (!have_digests(c, issuer))
		return false;
	pthread_mutex_lock(&m->lock);
	yes = is_listed(*bucket_of(m, c, issuer), c, issuer);
	pthread_mutex_unlock(&m->lock);
	return yes;
}

void
memo_keep_link(struct memo *m, const struct cert *c, const struct cert *issuer)
{
	struct link **bucket;

	if (!have_digests(c, issuer))
		return;
	pthread_mutex_lock(&m->lock);
	bucket = bucket_of(m, c, issuer);
	if (!is_listed(*bucket, c, issuer)) {
		struct link *l = mem_alloc(sizeof(*l));

		if (m->n_links == MAX_LINKS)
			forget_links(m);
		memcpy(l->who, c->sha256, HEX);
		memcpy(l->by, issuer->sha256, HEX);
		l->next = *bucket;
		*bucket = l;
		m->n_links++;
	}
	pthread_mutex_unlock(&m->lock);
}
