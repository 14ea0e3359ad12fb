/* test_checks_strength.c - weak keys, and signatures that nobody takes */
#include "tests/support/judge.h"

#include <openssl/objects.h>

#include "tests/support/oddkeys.h"

extern const struct check check_strength;

static EVP_PKEY *ec, *rsa;

static X509 *
of_key(EVP_PKEY *key)
{
	return oddkeys_reread(mkcert_make(&(struct mkcert){ .key = key,
		.issuer_key = rsa,
		.cn = "a.test",
		.not_before = NOW - DAY,
		.not_after = NOW + DAY }));
}

static EVP_PKEY *
make_rsa(size_t bits)
{
	return oddkeys_rsa("RSA", bits);
}

static EVP_PKEY *
make_pss(size_t bits)
{
	return oddkeys_rsa("RSA-PSS", bits);
}

static EVP_PKEY *
make_dsa(size_t bits)
{
	return oddkeys_dsa((int)bits);
}

static EVP_PKEY *
make_exponent(size_t e)
{
	return oddkeys_exponent(rsa, e);
}

static EVP_PKEY *
make_named(size_t i)
{
	static const char *const types[] = { "ED25519", "ED448", "SM2",
		"X25519" };

	return oddkeys_simple(types[i]);
}

static EVP_PKEY *
make_curve(size_t i)
{
	static const char *const curves[] = { "secp160r1", "P-192", "secp224r1",
		"P-256", "brainpoolP512r1", "secp256k1" };

	return oddkeys_curve(curves[i]);
}

static EVP_PKEY *
make_explicit(size_t i)
{
	(void)i;
	return oddkeys_explicit();
}

/* R30: below these sizes a key is weak. */
static const struct key_row {
	const char *name;
	EVP_PKEY *(*make)(size_t arg);
	size_t arg;
	const char *message; /* NULL: strong enough */
} key_rows[] = {
	{ "RSA 1024", make_rsa, 1024,
		"want RSA of 2048 bits or more, have 1024" },
	{ "RSA 2047", make_rsa, 2047,
		"want RSA of 2048 bits or more, have 2047" },
	{ "R30: RSA 2048", make_rsa, 2048, NULL },
	{ "RSA-PSS 1024", make_pss, 1024,
		"want RSA of 2048 bits or more, have 1024" },
	{ "RSA-PSS 2048", make_pss, 2048, NULL },
	{ "DSA 1024", make_dsa, 1024,
		"want RSA or an elliptic curve, have DSA of 1024 bits" },
	{ "DSA 2048", make_dsa, 2048,
		"want RSA or an elliptic curve, have DSA of 2048 bits" },
	{ "exponent 1", make_exponent, 1,
		"want an odd RSA exponent of 3 or more, have 1" },
	{ "exponent 2", make_exponent, 2,
		"want an odd RSA exponent of 3 or more, have 2" },
	{ "exponent 3", make_exponent, 3, NULL },
	{ "exponent 65536", make_exponent, 65536,
		"want an odd RSA exponent of 3 or more, have 65536" },
	{ "exponent 2^40", make_exponent, (size_t)1 << 40,
		"want an odd RSA exponent of 3 or more, have an even one" },
	{ "exponent 2^40 + 1", make_exponent, ((size_t)1 << 40) + 1, NULL },
	{ "secp160r1", make_curve, 0,
		"want an elliptic curve of 224 bits or more, have 161" },
	{ "P-192", make_curve, 1,
		"want an elliptic curve of 224 bits or more, have 192" },
	{ "P-224", make_curve, 2, NULL },
	{ "P-256", make_curve, 3, NULL },
	{ "brainpool", make_curve, 4, NULL },
	{ "secp256k1", make_curve, 5, NULL },
	{ "explicit parameters", make_explicit, 0,
		"want a curve by its name, have one by explicit parameters" },
	{ "Ed25519", make_named, 0, NULL },
	{ "Ed448", make_named, 1, NULL },
	{ "SM2", make_named, 2, NULL },
	{ "X25519", make_named, 3, NULL },
};

/* What the check says of the certificates, which are taken over. */
static void
judge(X509 *const *certs, struct findings *fs)
{
	struct observation *ob = judge_observe(certs);
	struct target t = judge_target_of(NULL);
	struct policy pol = { .target = &t };

	*fs = (struct findings){ 0 };
	check_strength.run(ob, &pol, NOW, fs);
	observation_free(ob);
	for (; *certs != NULL; certs++)
		X509_free(*certs);
}

static void
test_keys(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(key_rows) / sizeof(key_rows[0]); i++) {
		const struct key_row *r = &key_rows[i];
		EVP_PKEY *key = r->make(r->arg);
		X509 *x509 = of_key(key);
		struct findings fs;

		judge((X509 *[]){ x509, NULL }, &fs);
		judge_expect(r->name, &fs, "",
			r->message != NULL ? "key.weak=warning" : "");
		if (r->message != NULL)
			assert_string_equal(r->message, fs.v[0].message);
		findings_release(&fs);
		EVP_PKEY_free(key);
	}
}

/* By the rules for servers a note, where it is told that it is one. */
static void
test_odd_sizes(void **state)
{
	static const struct {
		size_t bits;
		bool endpoint;
		enum role role;
		const char *findings;
	} cases[] = {
		{ 2052, true, ROLE_AUTO, "key.weak=ok" },
		{ 2052, false, ROLE_SERVER, "key.weak=ok" },
		{ 2052, false, ROLE_CLIENT, "" },
		{ 2052, false, ROLE_AUTO, "" },
		{ 2056, true, ROLE_AUTO, "" },
		{ 2047, true, ROLE_AUTO, "key.weak=warning" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		EVP_PKEY *key = make_rsa(cases[i].bits);
		X509 *x509 = of_key(key);
		struct observation *ob = judge_observe(
			(X509 *[]){ x509, NULL });
		struct target t = judge_target_of(
			cases[i].endpoint ? "a.test" : NULL);
		struct policy pol = { .target = &t };
		struct findings fs = { 0 };

		t.role = cases[i].role;
		check_strength.run(ob, &pol, NOW, &fs);
		judge_expect("odd size", &fs, "", cases[i].findings);
		if (i == 0)
			assert_string_equal(
				"want RSA of a size that 8 divides, as public "
				"CAs must (Baseline Requirements, 6.1.5), have "
				"2052 bits",
				fs.v[0].message);
		findings_release(&fs);
		observation_free(ob);
		X509_free(x509);
		EVP_PKEY_free(key);
	}
}

/* The signature's algorithm, in both places, to one that OpenSSL lost. */
static X509 *
rename_signature(X509 *x509, int to)
{
	const ASN1_OBJECT *from, *into = OBJ_nid2obj(to);
	const X509_ALGOR *algor;
	unsigned char *der = NULL, *at;
	const unsigned char *p;
	int len = i2d_X509(x509, &der);
	size_t n;
	X509 *out;

	X509_get0_signature(NULL, &algor, x509);
	X509_ALGOR_get0(&from, NULL, NULL, algor);
	n = OBJ_length(from);
	assert_int_equal(n, OBJ_length(into));
	while ((at = memmem(der, (size_t)len, OBJ_get0_data(from), n)) != NULL)
		memcpy(at, OBJ_get0_data(into), n);
	p = der;
	out = d2i_X509(NULL, &p, len);
	assert_non_null(out);
	OPENSSL_free(der);
	X509_free(x509);
	return out;
}

static const struct signature_row {
	const char *name;
	const char *digest;
	int rename; /* to this algorithm; 0: as it is */
	bool pss;
	const char *have; /* NULL: no finding */
} signature_rows[] = {
	{ "SHA-256", "SHA256", 0, false, NULL },
	{ "SHA-512", "SHA512", 0, false, NULL },
	{ "R23: SHA-1", "SHA1", 0, false, "SHA-1" },
	{ "MD5", "MD5", 0, false, "MD5" },
	{ "MD2", "SHA256", NID_md2WithRSAEncryption, false, "MD2" },
	{ "MD4", "SHA256", NID_md4WithRSAEncryption, false, "MD4" },
	{ "PSS with SHA-256", "SHA256", 0, true, NULL },
	{ "PSS with SHA-1", "SHA1", 0, true, "SHA-1" },
};

static void
test_signatures(void **state)
{
	(void)state;
	for (size_t i = 0;
		i < sizeof(signature_rows) / sizeof(signature_rows[0]); i++) {
		const struct signature_row *r = &signature_rows[i];
		const struct mkcert m = { .key = rsa,
			.cn = "root",
			.ca = true,
			.digest = r->digest,
			.not_before = NOW - DAY,
			.not_after = NOW + DAY };
		X509 *root = mkcert_make(&m), *leaf;
		struct findings fs;

		leaf = mkcert_make(&(struct mkcert){ .key = ec,
			.cn = "leaf",
			.issuer = root,
			.issuer_key = rsa,
			.digest = r->digest,
			.not_before = NOW - DAY,
			.not_after = NOW + DAY });
		if (r->pss) {
			oddkeys_sign_pss(
				root, rsa, EVP_get_digestbyname(r->digest));
			oddkeys_sign_pss(
				leaf, rsa, EVP_get_digestbyname(r->digest));
		}
		root = oddkeys_reread(root);
		leaf = oddkeys_reread(leaf);
		if (r->rename != 0) {
			root = rename_signature(root, r->rename);
			leaf = rename_signature(leaf, r->rename);
		}
		/* R23: of the root nobody looks at it. */
		judge((X509 *[]){ leaf, root, NULL }, &fs);
		judge_expect(r->name, &fs, "",
			r->have != NULL ? "key.signature=warning" : "");
		if (r->have != NULL) {
			cleanup(str_free) char *want = str_fmt(
				"want a signature with SHA-256 or better, "
				"have %s",
				r->have);

			assert_string_equal(want, fs.v[0].message);
		}
		findings_release(&fs);
	}
}

static void
test_self_signed_leaf(void **state)
{
	X509 *leaf = oddkeys_reread(mkcert_make(&(struct mkcert){ .key = rsa,
		.cn = "leaf",
		.digest = "SHA1",
		.not_before = NOW - DAY,
		.not_after = NOW + DAY }));
	/* Names itself, but was signed by another key. */
	X509 *bad = oddkeys_reread(mkcert_make(&(struct mkcert){ .key = ec,
		.cn = "bad",
		.issuer_key = rsa,
		.digest = "SHA1",
		.not_before = NOW - DAY,
		.not_after = NOW + DAY }));
	struct findings fs;

	(void)state;
	judge((X509 *[]){ leaf, NULL }, &fs);
	judge_expect("self-signed", &fs, "", "");
	findings_release(&fs);
	judge((X509 *[]){ bad, NULL }, &fs);
	judge_expect("badly self-signed", &fs, "", "key.signature=warning");
	findings_release(&fs);
}

/* Every certificate is judged, once, and named if it is not the leaf. */
static void
test_chain(void **state)
{
	EVP_PKEY *weak = oddkeys_rsa("RSA", 1024);
	X509 *root = mkcert_make(&(struct mkcert){ .key = weak,
		.cn = "Old Root",
		.ca = true,
		.digest = "SHA1",
		.not_before = NOW - DAY,
		.not_after = NOW + DAY });
	X509 *leaf = oddkeys_reread(mkcert_make(&(struct mkcert){ .key = weak,
		.cn = "leaf",
		.issuer = root,
		.issuer_key = weak,
		.digest = "SHA1",
		.not_before = NOW - DAY,
		.not_after = NOW + DAY }));
	struct observation *ob = observation_new();
	struct target t = judge_target_of(NULL);
	struct policy pol = { .target = &t };
	struct findings fs = { 0 };

	(void)state;
	for (size_t i = 0; i < 6; i++) {
		X509 *x509 = i % 2 == 0 ? leaf : root;

		X509_up_ref(x509);
		assert_int_equal(observation_add_cert(ob, x509, i * 20 + 1), 0);
	}
	check_strength.run(ob, &pol, NOW, &fs);
	judge_expect("chain", &fs, "",
		"key.weak=warning key.signature=warning key.weak=warning");
	assert_string_equal(
		"want RSA of 2048 bits or more, have 1024", fs.v[0].message);
	assert_string_equal("'Old Root' (line 21): want RSA of 2048 bits or "
			    "more, have 1024",
		fs.v[2].message);
	assert_string_equal(ob->certs[1].sha256, fs.v[2].subject);
	assert_int_equal(
		21, json_integer_value(judge_detail(&fs.v[2], "line")));
	assert_int_equal(
		1024, json_integer_value(judge_detail(&fs.v[2], "key_bits")));
	findings_release(&fs);

	/* The distribution's roots are nobody's to mend. */
	ob->store = true;
	check_strength.run(ob, &pol, NOW, &fs);
	judge_expect("store", &fs, "", "");
	findings_release(&fs);
	observation_free(ob);
	X509_free(leaf);
	X509_free(root);
	EVP_PKEY_free(weak);
}

/* A bundle of thousands is judged in time, and told within a bound. */
static void
test_many(void **state)
{
	enum { DISTINCT = 150 };
	EVP_PKEY *weak = oddkeys_rsa("RSA", 1024);
	struct observation *ob = observation_new();
	struct target t = judge_target_of(NULL);
	struct policy pol = { .target = &t };
	struct findings fs = { 0 };
	X509 *certs[DISTINCT];

	(void)state;
	for (size_t i = 0; i < DISTINCT; i++)
		certs[i] = of_key(i == 0 ? ec : weak);
	for (size_t i = 0; i < OBSERVATION_MAX_CERTS; i++) {
		X509 *x509 = certs[i < 9000 ? 0 : i % DISTINCT];

		X509_up_ref(x509);
		assert_int_equal(observation_add_cert(ob, x509, i + 1), 0);
	}
	check_strength.run(ob, &pol, NOW, &fs);
	assert_int_equal(100, fs.n);
	findings_release(&fs);
	observation_free(ob);
	for (size_t i = 0; i < DISTINCT; i++)
		X509_free(certs[i]);
	EVP_PKEY_free(weak);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_keys),
		cmocka_unit_test(test_odd_sizes),
		cmocka_unit_test(test_signatures),
		cmocka_unit_test(test_self_signed_leaf),
		cmocka_unit_test(test_chain),
		cmocka_unit_test(test_many),
	};
	int failed;

	ec = mkcert_key(MKCERT_P256);
	rsa = mkcert_key(MKCERT_RSA2048);
	failed = cmocka_run_group_tests(tests, NULL, NULL);
	EVP_PKEY_free(ec);
	EVP_PKEY_free(rsa);
	return failed;
}
