/* test_path.c - what threads share on their paths */
#include "tests/support/judge.h"
#include "tests/support/oddkeys.h"
#include "tests/unit/unit.h"

#include <pthread.h>

#include "checks/path/path.h"

#define THREADS 8
#define ROUNDS 200

static void *
decode_often(void *arg)
{
	const struct step anchor = { .x509 = arg };

	for (int i = 0; i < ROUNDS; i++) {
		struct cert own;

		if (!path_cert(&anchor, &own)->self_signed)
			abort();
		cert_release(&own);
	}
	return NULL;
}

/* To verify what SM2 signed an identifier is set in it. */
static void
test_shared_anchor(void **state)
{
	EVP_PKEY *key = oddkeys_simple("SM2");
	X509 *root = mkcert_make(&(struct mkcert){
		.key = key,
		.cn = "SM2 root",
		.digest = "SM3",
		.ca = true,
		.not_before = NOW - DAY,
		.not_after = NOW + DAY,
	});
	pthread_t threads[THREADS];

	(void)state;
	oddkeys_sign_sm2(root, key, "");
	root = oddkeys_reread(root);
	for (size_t i = 0; i < THREADS; i++)
		assert_int_equal(
			pthread_create(&threads[i], NULL, decode_often, root),
			0);
	for (size_t i = 0; i < THREADS; i++)
		assert_int_equal(pthread_join(threads[i], NULL), 0);
	X509_free(root);
	EVP_PKEY_free(key);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_shared_anchor),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
