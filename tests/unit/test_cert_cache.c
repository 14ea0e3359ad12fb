/* test_cert_cache.c - certificates of CAs that are decoded once */
#include "tests/support/judge.h"

#include <openssl/x509v3.h>

#include "model/cert_cache.h"
#include "probes/file/reading.h"

static EVP_PKEY *key;

struct bytes {
	unsigned char *der;
	size_t n;
};

static void
bytes_free(struct bytes *b)
{
	OPENSSL_free(b->der);
}

#define BYTES_CLEANUP __attribute__((__cleanup__(bytes_free)))

static struct bytes
make(bool ca, const char *const *names)
{
	X509 *x509 = mkcert_make(&(struct mkcert){ .key = key,
		.cn = "a.test",
		.names = names,
		.ca = ca,
		.not_before = NOW - DAY,
		.not_after = NOW + DAY });
	struct bytes b = { 0 };

	b.n = (size_t)i2d_X509(x509, &b.der);
	X509_free(x509);
	return b;
}

static X509 *
decode(struct cert_cache *c, const struct bytes *b, bool trusted)
{
	const struct reading r = { .cas = c };
	const unsigned char *p = b->der;
	X509 *x509 = reading_decode(&r, &p, b->n, trusted);

	assert_non_null(x509);
	assert_ptr_equal(b->der + b->n, p);
	return x509;
}

/* Is the second one the first? */
static bool
is_shared(struct cert_cache *c, const struct bytes *b, bool trusted)
{
	X509 *first = decode(c, b, trusted), *second = decode(c, b, trusted);
	bool yes = first == second;

	assert_int_equal(0, X509_cmp(first, second));
	X509_free(first);
	X509_free(second);
	return yes;
}

static void
test_what_is_shared(void **state)
{
	struct bytes ca BYTES_CLEANUP = make(true, NULL);
	struct bytes leaf BYTES_CLEANUP = make(false, NULL);
	cleanup(cert_cache_free) struct cert_cache *c = cert_cache_new();

	(void)state;
	assert_true(is_shared(c, &ca, false));
	assert_false(is_shared(c, &leaf, false)); /* it is met but once */
	assert_false(is_shared(c, &ca, true)); /* with settings behind it */
	assert_false(is_shared(NULL, &ca, false));
}

/* What follows one is not its own, and one that is cut is none. */
static void
test_its_bytes(void **state)
{
	struct bytes ca BYTES_CLEANUP = make(true, NULL);
	cleanup(cert_cache_free) struct cert_cache *c = cert_cache_new();
	const struct reading r = { .cas = c };
	unsigned char *twice = mem_alloc(2 * ca.n);
	X509 *own = decode(c, &ca, false);

	(void)state;
	memcpy(twice, ca.der, ca.n);
	memcpy(twice + ca.n, ca.der, ca.n);
	for (size_t len = 0; len <= 2 * ca.n; len += ca.n / 4) {
		const unsigned char *p = twice;
		X509 *x509 = reading_decode(&r, &p, len, false);

		if (len < ca.n) {
			assert_null(x509);
			assert_ptr_equal(twice, p);
			continue;
		}
		assert_ptr_equal(own, x509);
		assert_ptr_equal(twice + ca.n, p);
		X509_free(x509);
	}
	/* Of another byte it is another one, or none. */
	twice[ca.n / 2] ^= 1;
	assert_null(cert_cache_find(c, twice, ca.n));
	X509_free(own);
	free(twice);
}

static bool
is_known(const struct cert_cache *c, const struct bytes *b)
{
	X509 *x509 = cert_cache_find(c, b->der, b->n);

	X509_free(x509);
	return x509 != NULL;
}

/* More than it has places for: whatever is lent stays good. */
static void
test_bounds(void **state)
{
	const char *names[1001] = { NULL };
	cleanup(cert_cache_free) struct cert_cache *c = cert_cache_new();
	struct bytes first BYTES_CLEANUP = make(true, NULL);
	X509 *lent = decode(c, &first, false);
	struct bytes large;

	(void)state;
	/* Whose place it is hangs on a signature, which is made by chance. */
	for (int i = 0; i < 600 || (i < 20000 && is_known(c, &first)); i++) {
		struct bytes b BYTES_CLEANUP = make(true, NULL);

		assert_true(is_shared(c, &b, false));
	}
	assert_false(is_known(c, &first));
	assert_int_equal(1, X509_check_ca(lent));
	X509_free(lent);
	for (size_t i = 0; i < 1000; i++)
		names[i] = "DNS:www.example.test";
	large = make(true, names);
	assert_false(is_shared(c, &large, false));
	bytes_free(&large);
}

static void
test_nothing(void **state)
{
	(void)state;
	cert_cache_free(NULL);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_what_is_shared),
		cmocka_unit_test(test_its_bytes),
		cmocka_unit_test(test_bounds),
		cmocka_unit_test(test_nothing),
	};
	int failed;

	key = mkcert_key(MKCERT_P256);
	failed = cmocka_run_group_tests(tests, NULL, NULL);
	EVP_PKEY_free(key);
	return failed;
}
