/* test_path.c - what searches for paths share, and what they do not */
#include "tests/support/judge.h"
#include "tests/support/oddkeys.h"
#include "tests/unit/unit.h"

#include <pthread.h>

#include <openssl/x509v3.h>

#include "checks/path/memo.h"
#include "checks/path/signatures.h"

#define THREADS 8
#define ROUNDS 200

static X509 *
only_of(const struct trust *trust)
{
	return X509_OBJECT_get0_X509(
		sk_X509_OBJECT_value(X509_STORE_get0_objects(trust->store), 0));
}

static void *
decode_often(void *arg)
{
	const struct trust *trust = arg;

	for (int i = 0; i < ROUNDS; i++) {
		struct memo *memo = memo_of(trust);
		const struct cert *c = memo_cert(memo, only_of(trust));
		struct cert own;

		memo_copy_cert(&own, only_of(trust));
		if (!c->self_signed || !own.self_signed ||
			(i > 0 && !memo_has_link(memo, c, c)))
			abort();
		memo_keep_link(memo, c, c);
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
	struct trust trust;

	(void)state;
	oddkeys_sign_sm2(root, key, "");
	root = oddkeys_reread(root);
	trust = judge_trust((X509 *const[]){ root, NULL }, true);
	for (size_t i = 0; i < THREADS; i++)
		assert_int_equal(
			pthread_create(&threads[i], NULL, decode_often, &trust),
			0);
	for (size_t i = 0; i < THREADS; i++)
		assert_int_equal(pthread_join(threads[i], NULL), 0);
	X509_STORE_free(trust.store);
	X509_free(root);
	EVP_PKEY_free(key);
}

/* R is the root, I its intermediate, L a leaf; X are broken signatures. */
enum { R, I, L, IX, LX, R_TWIN, I_TWIN, CERTS, NONE };

struct world {
	EVP_PKEY *keys[2]; /* of all; of the root's twin */
	X509 *certs[CERTS];
};

static X509 *
make(struct world *w, EVP_PKEY *key, const char *cn, int issuer)
{
	return mkcert_make(&(struct mkcert){
		.key = key,
		.cn = cn,
		.issuer = issuer < 0 ? NULL : w->certs[issuer],
		.issuer_key = issuer < 0 ? NULL : w->keys[0],
		.ca = *cn != 'L',
		.no_key_ids = true,
		.not_before = NOW - DAY,
		.not_after = NOW + DAY,
	});
}

/* The same certificate but for the last octet, which is the signature's. */
static X509 *
break_signature(const X509 *x509)
{
	unsigned char *der = NULL;
	int n = i2d_X509(x509, &der);
	const unsigned char *p = der;
	X509 *out;

	assert_true(n > 0);
	der[n - 1] ^= 1;
	out = d2i_X509(NULL, &p, n);
	assert_non_null(out);
	OPENSSL_free(der);
	return out;
}

static int
make_world(void **state)
{
	struct world *w = mem_alloc(sizeof(*w));

	w->keys[0] = mkcert_key(MKCERT_P256);
	w->keys[1] = mkcert_key(MKCERT_P256);
	w->certs[R] = make(w, w->keys[0], "R", -1);
	w->certs[I] = make(w, w->keys[0], "I", R);
	w->certs[L] = make(w, w->keys[0], "L", I);
	w->certs[IX] = break_signature(w->certs[I]);
	w->certs[LX] = break_signature(w->certs[L]);
	w->certs[R_TWIN] = make(w, w->keys[1], "R", -1);
	w->certs[I_TWIN] = make(w, w->keys[1], "I", R);
	*state = w;
	return 0;
}

static int
free_world(void **state)
{
	struct world *w = *state;

	for (size_t i = 0; i < CERTS; i++)
		X509_free(w->certs[i]);
	EVP_PKEY_free(w->keys[0]);
	EVP_PKEY_free(w->keys[1]);
	free(w);
	return 0;
}

/* Is there a good path from the first, under that trust? NONE ends them. */
static bool
is_good_of(const struct world *w, const int *list, const struct trust *trust)
{
	X509 *certs[4] = { NULL };
	struct observation *ob;
	struct path path = { 0 };
	bool good;

	for (size_t i = 0; list[i] != NONE; i++)
		certs[i] = w->certs[list[i]];
	ob = judge_observe(certs);
	path_find(
		&path, ob, &ob->certs[0], trust, X509_PURPOSE_SSL_SERVER, NOW);
	good = path.end == PATH_ANCHORED && path.n_breaches == 0;
	path_release(&path);
	observation_free(ob);
	return good;
}

static bool
is_good(const struct world *w, int leaf, int between, const struct trust *trust)
{
	return is_good_of(w, (const int[]){ leaf, between, NONE }, trust);
}

/* A good link vouches for itself alone, whatever was seen before it. */
static void
test_kept_links(void **state)
{
	static const struct row {
		const char *label;
		int list[4], root;
		bool good;
	} rows[] = {
		{ "good", { L, I, NONE }, R, true },
		{ "its signature", { L, IX, NONE }, R, false },
		{ "the leaf's signature", { LX, I, NONE }, R, false },
		{ "both", { LX, IX, NONE }, R, false },
		{ "a bad one first", { L, IX, I, NONE }, R, true },
		{ "a bad one last", { L, I, IX, NONE }, R, true },
		{ "another of that name", { L, I_TWIN, NONE }, R, false },
		{ "and the right one", { L, I_TWIN, I, NONE }, R, true },
		{ "another root of that name", { L, I, NONE }, R_TWIN, false },
		{ "as the leaf", { I, R, NONE }, R, true },
		{ "its signature as the leaf's", { IX, R, NONE }, R, false },
	};
	const struct world *w = *state;

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		const struct row *r = &rows[i];
		struct trust trust = judge_trust(
			(X509 *const[]){ w->certs[r->root], NULL }, true);

		for (int round = 0; round < 3; round++) {
			if (is_good_of(w, r->list, &trust) != r->good)
				fail_msg("%s, round %d", r->label, round);
			/* What is good is seen in between. */
			assert_int_equal(
				is_good(w, L, I, &trust), r->root == R);
		}
		X509_STORE_free(trust.store);
	}
}

/* Those among CAs are kept, and of each store by itself. */
static void
test_what_is_kept(void **state)
{
	const struct world *w = *state;
	struct observation *ob = judge_observe((X509 *const[]){
		w->certs[L], w->certs[I], w->certs[R], w->certs[IX], NULL });
	struct trust trust = judge_trust(
		(X509 *const[]){ w->certs[R], NULL }, true);
	struct trust other = judge_trust(
		(X509 *const[]){ w->certs[R], NULL }, true);
	const struct cert *c = ob->certs;

	assert_true(is_good(w, L, I, &trust));
	assert_ptr_equal(memo_of(&trust), memo_of(&trust));
	assert_true(memo_has_link(memo_of(&trust), &c[1], &c[2]));
	assert_false(memo_has_link(memo_of(&trust), &c[0], &c[1]));
	assert_false(memo_has_link(memo_of(&trust), &c[3], &c[2]));
	assert_false(memo_has_link(memo_of(&trust), &c[2], &c[1]));
	assert_false(memo_has_link(memo_of(&trust), &c[1], &c[3]));
	/* A leaf's own is verified each time, be it a CA's. */
	assert_true(is_good(w, I, R, &other));
	assert_false(memo_has_link(memo_of(&other), &c[1], &c[2]));
	assert_null(memo_of(NULL));
	X509_STORE_free(trust.store);
	X509_STORE_free(other.store);
	observation_free(ob);
}

/* By both digests, and the whole of them. */
static void
test_digests(void **state)
{
	struct trust trust = judge_trust((X509 *const[]){ NULL }, true);
	struct memo *memo = memo_of(&trust);
	char zero[65], digest[65] = "", empty[65] = "";
	const struct cert none = { .sha256 = empty };
	const struct cert c = { .sha256 = zero }, issuer = { .sha256 = digest };

	(void)state;
	(void)snprintf(zero, sizeof(zero), "%064x", 0);
	(void)snprintf(digest, sizeof(digest), "%064x", 1);
	memo_keep_link(memo, &none, &issuer);
	memo_keep_link(memo, &c, &none);
	assert_false(memo_has_link(memo, &none, &issuer));
	assert_false(memo_has_link(memo, &c, &none));
	memo_keep_link(memo, &c, &c);
	assert_true(memo_has_link(memo, &c, &c));
	/* More than there are places to look for one. */
	for (int i = 1; i < 5000; i++) {
		(void)snprintf(digest, sizeof(digest), "%08x%056x", i, 0);
		assert_false(memo_has_link(memo, &c, &issuer));
		assert_false(memo_has_link(memo, &issuer, &c));
	}
	X509_STORE_free(trust.store);
}

/* However many CAs a peer makes up. */
static void
test_bound(void **state)
{
	struct trust trust = judge_trust((X509 *const[]){ NULL }, true);
	struct memo *memo = memo_of(&trust);
	char digest[65] = "";
	struct cert c = { .sha256 = digest };
	size_t known = 0;

	(void)state;
	for (int i = 0; i < 10000; i++) {
		(void)snprintf(digest, sizeof(digest), "%064x", i);
		memo_keep_link(memo, &c, &c);
		assert_true(memo_has_link(memo, &c, &c));
	}
	for (int i = 0; i < 10000; i++) {
		(void)snprintf(digest, sizeof(digest), "%064x", i);
		known += memo_has_link(memo, &c, &c);
	}
	assert_in_range(known, 1, 1024);
	X509_STORE_free(trust.store);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_shared_anchor),
		cmocka_unit_test(test_kept_links),
		cmocka_unit_test(test_what_is_kept),
		cmocka_unit_test(test_digests),
		cmocka_unit_test(test_bound),
	};

	return cmocka_run_group_tests(tests, make_world, free_world);
}
