/* test_cert.c - what is decoded of a certificate, and who signed it */
#include "tests/support/judge.h"

#include <openssl/err.h>
#include <openssl/x509_vfy.h>
#include <openssl/x509v3.h>

#include "tests/support/oddkeys.h"

#define SM2_ID "1234567812345678"

static EVP_PKEY *ec, *rsa, *pss, *ed25519, *ed448, *dsa, *sm2, *sm2_as_ec;
static EVP_PKEY *explicit_curve;

/* Of a key; signed with RSA, since not every kind of key can sign. */
static X509 *
of_key(EVP_PKEY *key)
{
	return oddkeys_reread(mkcert_make(&(struct mkcert){ .key = key,
		.issuer_key = rsa,
		.cn = "a.test",
		.not_before = NOW - DAY,
		.not_after = NOW + DAY }));
}

static const struct key_row {
	EVP_PKEY **key;
	const char *type;
	const char *curve; /* or NULL */
	int bits;
} key_rows[] = {
	{ &ec, "EC", "prime256v1", 256 },
	{ &rsa, "RSA", NULL, 2048 },
	{ &pss, "RSA-PSS", NULL, 2048 },
	{ &ed25519, "ED25519", NULL, 256 },
	{ &ed448, "ED448", NULL, 456 },
	{ &dsa, "DSA", NULL, 1024 },
	{ &sm2, "SM2", "SM2", 256 },
	/* R65: whatever the one who made it calls it. */
	{ &sm2_as_ec, "SM2", "SM2", 256 },
	{ &explicit_curve, "EC", "prime256v1", 256 },
};

static void
test_kinds_of_keys(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(key_rows) / sizeof(key_rows[0]); i++) {
		const struct key_row *r = &key_rows[i];
		struct cert c;

		cert_init(&c, of_key(*r->key));
		assert_string_equal(r->type, c.key_type);
		if (r->curve != NULL)
			assert_string_equal(r->curve, c.key_curve);
		else
			assert_null(c.key_curve);
		assert_in_range(c.key_bits, r->bits - 3, r->bits);
		assert_int_equal(r->key == &rsa, c.self_signed);
		cert_release(&c);
	}
}

/* A key object that says EC although the curve is SM2's. */
static void
test_sm2_called_ec(void **state)
{
	cleanup(str_free) char *curve = cert_key_curve(sm2_as_ec);

	(void)state;
	assert_string_equal("EC", EVP_PKEY_get0_type_name(sm2_as_ec));
	assert_string_equal("SM2", curve);
	assert_string_equal("SM2", cert_key_type(sm2_as_ec, curve));
}

/* A root and what it signed, each with an identifier of its own. */
struct pair {
	X509 *root, *leaf;
};

static struct pair
sm2_pair(const char *root_id, const char *leaf_id)
{
	struct pair p;

	p.root = mkcert_make(&(struct mkcert){ .key = sm2,
		.cn = "SM2 root",
		.digest = "SM3",
		.ca = true,
		.not_before = NOW - DAY,
		.not_after = NOW + DAY });
	oddkeys_sign_sm2(p.root, sm2, root_id);
	p.root = oddkeys_reread(p.root);
	p.leaf = mkcert_make(&(struct mkcert){ .key = ec,
		.cn = "leaf",
		.digest = "SM3",
		.issuer = p.root,
		.issuer_key = sm2,
		.not_before = NOW - DAY,
		.not_after = NOW + DAY });
	oddkeys_sign_sm2(p.leaf, sm2, leaf_id);
	p.leaf = oddkeys_reread(p.leaf);
	return p;
}

/* As OpenSSL sees it. */
static int
verify(X509 *leaf, X509 *root)
{
	X509_STORE *store = X509_STORE_new();
	X509_STORE_CTX *ctx = X509_STORE_CTX_new();
	int rc;

	assert_int_equal(X509_STORE_add_cert(store, root), 1);
	assert_int_equal(X509_STORE_CTX_init(ctx, store, leaf, NULL), 1);
	X509_VERIFY_PARAM_set_time(X509_STORE_CTX_get0_param(ctx), NOW);
	X509_VERIFY_PARAM_set_auth_level(X509_STORE_CTX_get0_param(ctx), 0);
	(void)X509_VERIFY_PARAM_set_flags(
		X509_STORE_CTX_get0_param(ctx), X509_V_FLAG_CHECK_SS_SIGNATURE);
	(void)X509_verify_cert(ctx);
	rc = X509_STORE_CTX_get_error(ctx);
	X509_STORE_CTX_free(ctx);
	X509_STORE_free(store);
	ERR_clear_error();
	return rc;
}

/*
 * R65: SM2 without a false alarm, whichever identifier the signer used: the
 * usual one, or openssl(1)'s empty one.
 */
static void
test_sm2_signatures(void **state)
{
	static const struct {
		const char *root, *leaf;
		bool good;
	} cases[] = {
		{ SM2_ID, SM2_ID, true },
		{ "", "", true },
		{ SM2_ID, "", true },
		{ "", SM2_ID, true },
		{ SM2_ID, "somebody's own", false },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct pair p = sm2_pair(cases[i].root, cases[i].leaf);
		struct cert root, leaf;

		cert_init(&root, p.root);
		cert_init(&leaf, p.leaf);
		assert_true(root.self_signed);
		assert_true(root.is_ca);
		assert_string_equal("SM2-with-SM3", leaf.signature);
		assert_int_equal(cases[i].good, cert_issued_by(&leaf, &root));
		assert_int_equal(0, ERR_peek_error());
		/* And so OpenSSL's own verification is right from now on. */
		assert_int_equal(cases[i].good
				? X509_V_OK
				: X509_V_ERR_CERT_SIGNATURE_FAILURE,
			verify(p.leaf, p.root));
		cert_release(&root);
		cert_release(&leaf);
	}
}

/* A key that did not sign takes nothing away from one that did. */
static void
test_sm2_identifier_stays(void **state)
{
	static const char *const ids[] = { SM2_ID, "" };
	EVP_PKEY *other = oddkeys_simple("SM2");

	(void)state;
	for (size_t i = 0; i < sizeof(ids) / sizeof(ids[0]); i++) {
		struct pair p = sm2_pair("", ids[i]);
		struct cert leaf;

		cert_init(&leaf, p.leaf);
		assert_true(cert_verified_by(p.leaf, sm2));
		assert_false(cert_verified_by(p.leaf, other));
		assert_false(cert_verified_by(p.leaf, ec));
		assert_false(cert_verified_by(p.leaf, NULL));
		assert_int_equal(X509_V_OK, verify(p.leaf, p.root));
		cert_release(&leaf);
		X509_free(p.root);
	}
	EVP_PKEY_free(other);
}

/* One of a trust store never passed cert_init(): no identifier at all. */
static void
test_sm2_without_identifier(void **state)
{
	struct pair p = sm2_pair(SM2_ID, SM2_ID);

	(void)state;
	assert_null(X509_get0_distinguishing_id(p.leaf));
	assert_true(cert_verified_by(p.leaf, sm2));
	assert_true(cert_verified_by(p.root, sm2));
	assert_int_equal(X509_V_OK, verify(p.leaf, p.root));
	X509_free(p.leaf);
	X509_free(p.root);
}

static const struct issuer_row {
	const char *name;
	EVP_PKEY **root_key, **signer;
	bool by_name, issued;
} issuer_rows[] = {
	{ "EC", &ec, &ec, true, true },
	{ "RSA", &rsa, &rsa, true, true },
	{ "RSA-PSS", &pss, &pss, true, true },
	{ "Ed25519", &ed25519, &ed25519, true, true },
	{ "explicit curve", &explicit_curve, &explicit_curve, true, true },
	/* R28: the name fits, the key did not sign. */
	{ "another key", &ec, &rsa, true, false },
	{ "another name", &ec, &ec, false, false },
};

static void
test_issuers(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(issuer_rows) / sizeof(issuer_rows[0]);
		i++) {
		const struct issuer_row *r = &issuer_rows[i];
		const struct mkcert m = { .key = *r->root_key,
			.cn = "O=ELB",
			.ca = true,
			.not_before = NOW - DAY,
			.not_after = NOW + DAY };
		X509 *x = mkcert_make(&m);
		struct cert root, leaf;

		cert_init(&leaf,
			oddkeys_reread(mkcert_make(&(struct mkcert){ .key = ec,
				.cn = "leaf",
				.issuer = x,
				.issuer_key = *r->signer,
				.not_before = NOW - DAY,
				.not_after = NOW + DAY })));
		if (!r->by_name) {
			X509_free(x);
			x = of_key(*r->root_key);
		}
		cert_init(&root, oddkeys_reread(x));
		assert_int_equal(r->by_name, root.self_signed);
		if (cert_issued_by(&leaf, &root) != r->issued)
			fail_msg("%s", r->name);
		cert_release(&leaf);
		cert_release(&root);
	}
}

/* Names itself as its issuer, but another key signed. */
static void
test_badly_self_signed(void **state)
{
	struct cert c;

	(void)state;
	cert_init(&c, of_key(ec));
	assert_string_equal(c.subject, c.issuer);
	assert_false(c.self_signed);
	cert_release(&c);
}

/* X.520 wants 64 characters at most; nobody keeps a CA of his own to it. */
static void
test_long_names(void **state)
{
	static const struct {
		const char *sign; /* of which all consists */
		size_t times, kept;
	} rows[] = {
		{ "x", 64, 64 },
		{ "x", 255, 255 },
		{ "x", 5000, 255 },
		/* A character of three bytes is cut as a whole. */
		{ "\u202e", 5000, 85 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct buf name BUF_CLEANUP = { 0 }, want BUF_CLEANUP = { 0 };
		X509 *x509 = X509_new();
		struct cert c;

		for (size_t k = 0; k < rows[i].times; k++)
			buf_puts(&name, rows[i].sign);
		for (size_t k = 0; k < rows[i].kept; k++)
			buf_puts(&want, rows[i].sign);
		if (want.len < name.len)
			buf_puts(&want, "...");
		assert_int_equal(
			X509_NAME_add_entry_by_NID(X509_get_subject_name(x509),
				NID_commonName, V_ASN1_UTF8STRING,
				(unsigned char *)name.s, (int)name.len, -1, 0),
			1);
		assert_int_equal(
			X509_set_issuer_name(x509, X509_get_subject_name(x509)),
			1);
		cert_init(&c, x509);
		assert_string_equal(c.label, want.s);
		assert_string_equal(c.issuer_label, want.s);
		cert_release(&c);
	}
}

static X509 *
with_san(const unsigned char *value, size_t n)
{
	X509 *x509 = X509_new();
	ASN1_OCTET_STRING *octets = ASN1_OCTET_STRING_new();
	X509_EXTENSION *e;

	assert_int_equal(1, ASN1_OCTET_STRING_set(octets, value, (int)n));
	e = X509_EXTENSION_create_by_NID(NULL, NID_subject_alt_name, 0, octets);
	assert_int_equal(1, X509_set_version(x509, X509_VERSION_3));
	assert_int_equal(1, X509_add_ext(x509, e, -1));
	X509_EXTENSION_free(e);
	ASN1_OCTET_STRING_free(octets);
	return x509;
}

/* SANs as they may come: undecodable, with a NUL, of kinds nobody asks for. */
static void
test_odd_names(void **state)
{
	static const struct {
		const char *san;
		size_t n;
		const char *names; /* with a blank behind each */
	} rows[] = {
		{ "\x30\x05\x82\x03"
		  "a.b",
			7, "a.b " },
		{ "\x30\x05\x82\x03"
		  "a\0b",
			7, "a?b " },
		{ "\x30\x02\x82\x00", 4, "" },
		{ "\x30\x06\x87\x04\x7f\x00\x00\x01", 8, "127.0.0.1 " },
		{ "\x30\x05\x87\x03\x7f\x00\x00", 7, "" },
		{ "\x30\x08\x81\x03"
		  "x@y"
		  "\x82\x01"
		  "a",
			10, "a " },
		{ "\x30\x09\x82\x03"
		  "a.b",
			7, "" }, /* cut short */
		{ "garbage", 7, "" },
		{ "", 0, "" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct buf names BUF_CLEANUP = { 0 };
		struct cert c;

		cert_init(&c,
			with_san(
				(const unsigned char *)rows[i].san, rows[i].n));
		for (size_t k = 0; k < c.names.n; k++) {
			buf_puts(&names, c.names.v[k]);
			buf_putc(&names, ' ');
		}
		assert_string_equal(rows[i].names, buf_str(&names));
		assert_string_equal(c.label, c.names.n > 0 ? c.names.v[0] : "");
		cert_release(&c);
	}
}

/* As many as are kept, and one more. */
static void
test_thousands_of_names(void **state)
{
	GENERAL_NAMES *names = sk_GENERAL_NAME_new_null();
	unsigned char *der = NULL;
	struct cert c;
	int n;

	(void)state;
	for (int i = 0; i < 20001; i++) {
		GENERAL_NAME *name = GENERAL_NAME_new();
		ASN1_IA5STRING *text = ASN1_IA5STRING_new();
		char host[32];

		(void)snprintf(host, sizeof(host), "h%d.test", i);
		assert_int_equal(1, ASN1_STRING_set(text, host, -1));
		GENERAL_NAME_set0_value(name, GEN_DNS, text);
		sk_GENERAL_NAME_push(names, name);
	}
	n = i2d_GENERAL_NAMES(names, &der);
	cert_init(&c, with_san(der, (size_t)n));
	assert_int_equal(20000, c.names.n);
	assert_string_equal("h19999.test", c.names.v[19999]);
	assert_string_equal("h0.test", c.label);
	cert_release(&c);
	OPENSSL_free(der);
	GENERAL_NAMES_free(names);
}

/* Version 1 has no extensions: who signed himself is taken for a CA. */
static void
test_first_version(void **state)
{
	struct cert c;

	(void)state;
	for (int own = 0; own < 2; own++) {
		cert_init(&c,
			oddkeys_reread(mkcert_make(&(struct mkcert){ .key = ec,
				.issuer_key = own ? ec : rsa,
				.cn = "old.test",
				.v1 = true,
				.serial = "-1f",
				.not_before = NOW - DAY,
				.not_after = NOW + DAY })));
		assert_int_equal(own, c.self_signed);
		assert_int_equal(own, c.is_ca);
		assert_string_equal("-1f", c.serial);
		assert_int_equal(64, strlen(c.sha256));
		assert_int_equal(0, c.names.n);
		assert_null(c.issuer_url);
		cert_release(&c);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_long_names),
		cmocka_unit_test(test_kinds_of_keys),
		cmocka_unit_test(test_sm2_called_ec),
		cmocka_unit_test(test_sm2_signatures),
		cmocka_unit_test(test_sm2_identifier_stays),
		cmocka_unit_test(test_sm2_without_identifier),
		cmocka_unit_test(test_issuers),
		cmocka_unit_test(test_badly_self_signed),
		cmocka_unit_test(test_odd_names),
		cmocka_unit_test(test_thousands_of_names),
		cmocka_unit_test(test_first_version),
	};
	EVP_PKEY **const keys[] = { &ec, &rsa, &pss, &ed25519, &ed448, &dsa,
		&sm2, &sm2_as_ec, &explicit_curve };
	int failed;

	ec = mkcert_key(MKCERT_P256);
	rsa = mkcert_key(MKCERT_RSA2048);
	ed25519 = mkcert_key(MKCERT_ED25519);
	pss = oddkeys_rsa("RSA-PSS", 2048);
	ed448 = oddkeys_simple("ED448");
	dsa = oddkeys_dsa(1024);
	sm2 = oddkeys_simple("SM2");
	sm2_as_ec = oddkeys_curve("SM2");
	explicit_curve = oddkeys_explicit();
	failed = cmocka_run_group_tests(tests, NULL, NULL);
	for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++)
		EVP_PKEY_free(*keys[i]);
	return failed;
}
