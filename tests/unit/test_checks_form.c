/* test_checks_form.c - each rule of form that a certificate may break */
#include <openssl/x509v3.h>

#include "tests/support/judge.h"
#include "tests/unit/unit.h"

static EVP_PKEY *key, *ca_key;
static X509 *ca;

static void
version_1(X509 *x)
{
	assert_int_equal(1, X509_set_version(x, X509_VERSION_1));
}

static void
version_4(X509 *x)
{
	assert_int_equal(1, X509_set_version(x, 3));
}

static void
serial_0(X509 *x)
{
	assert_int_equal(
		1, ASN1_INTEGER_set_int64(X509_get_serialNumber(x), 0));
}

static void
serial_negative(X509 *x)
{
	assert_int_equal(
		1, ASN1_INTEGER_set_int64(X509_get_serialNumber(x), -5));
}

/* Of so many octets, with the highest bit clear. */
static void
serial_of(X509 *x, int octets)
{
	unsigned char raw[32] = { 0x7f };
	BIGNUM *bn = BN_bin2bn(raw, octets, NULL);

	assert_non_null(BN_to_ASN1_INTEGER(bn, X509_get_serialNumber(x)));
	BN_free(bn);
}

static void
serial_long(X509 *x)
{
	serial_of(x, 21);
}

static void
serial_longest(X509 *x)
{
	serial_of(x, 20);
}

static void
no_issuer(X509 *x)
{
	X509_NAME *name = X509_NAME_new();

	assert_int_equal(1, X509_set_issuer_name(x, name));
	X509_NAME_free(name);
}

static void
no_subject(X509 *x)
{
	X509_NAME *name = X509_NAME_new();

	assert_int_equal(1, X509_set_subject_name(x, name));
	X509_NAME_free(name);
}

static void
critical_names(X509 *x)
{
	int at = X509_get_ext_by_NID(x, NID_subject_alt_name, -1);

	no_subject(x);
	assert_int_equal(
		1, X509_EXTENSION_set_critical(X509_get_ext(x, at), 1));
}

static void
no_names(X509 *x)
{
	int at = X509_get_ext_by_NID(x, NID_subject_alt_name, -1);

	no_subject(x);
	X509_EXTENSION_free(X509_delete_ext(x, at));
}

static void
backward_dates(X509 *x)
{
	assert_non_null(ASN1_TIME_set(X509_getm_notAfter(x), NOW - 3 * DAY));
}

static void
one_second(X509 *x)
{
	assert_non_null(ASN1_TIME_set(X509_getm_notBefore(x), NOW));
	assert_non_null(ASN1_TIME_set(X509_getm_notAfter(x), NOW));
}

static void
twice(X509 *x)
{
	int at = X509_get_ext_by_NID(x, NID_subject_alt_name, -1);

	assert_int_equal(1, X509_add_ext(x, X509_get_ext(x, at), -1));
}

static void
add_raw(X509 *x, const char *oid, const char *raw, int n)
{
	ASN1_OCTET_STRING *data = ASN1_OCTET_STRING_new();
	ASN1_OBJECT *o = OBJ_txt2obj(oid, 1);
	X509_EXTENSION *extension;

	assert_int_equal(
		1, ASN1_OCTET_STRING_set(data, (const unsigned char *)raw, n));
	extension = X509_EXTENSION_create_by_OBJ(NULL, o, 0, data);
	assert_int_equal(1, X509_add_ext(x, extension, -1));
	X509_EXTENSION_free(extension);
	ASN1_OCTET_STRING_free(data);
	ASN1_OBJECT_free(o);
}

static void
unknown_twice(X509 *x)
{
	add_raw(x, "1.2.3.4", "\x05\x00", 2);
	add_raw(x, "1.2.3.4", "\x05\x00", 2);
}

static void
unknown_junk(X509 *x)
{
	add_raw(x, "1.2.3.4", "junk", 4);
}

static void
bad_policies(X509 *x)
{
	add_raw(x, "2.5.29.32", "junk", 4);
}

static void
bad_constraints(X509 *x)
{
	add_raw(x, "2.5.29.19", "junk", 4);
}

static void
dotted(X509 *x)
{
	add_raw(x, "2.5.29.30", "\x30\x0a\xa0\x08\x30\x06\x82\x04.a.b", 12);
}

static void
undotted(X509 *x)
{
	add_raw(x, "2.5.29.30", "\x30\x0a\xa0\x08\x30\x06\x82\x04test", 12);
}

static void
bare_version(X509 *x, long version)
{
	while (X509_get_ext_count(x) > 0)
		X509_EXTENSION_free(X509_delete_ext(x, 0));
	assert_int_equal(1, X509_set_version(x, version));
}

static void
bare_1(X509 *x)
{
	bare_version(x, X509_VERSION_1);
}

static void
bare_2(X509 *x)
{
	bare_version(x, X509_VERSION_2);
}

/* The subjectAltName anew: a dNSName, and an address if there is one. */
static void
name_it(X509 *x, const char *dns, const char *address)
{
	GENERAL_NAMES *names = sk_GENERAL_NAME_new_null();
	GENERAL_NAME *name = GENERAL_NAME_new();
	ASN1_STRING *s = ASN1_STRING_type_new(V_ASN1_IA5STRING);

	assert_int_equal(1, ASN1_STRING_set(s, dns, -1));
	GENERAL_NAME_set0_value(name, GEN_DNS, s);
	assert_true(sk_GENERAL_NAME_push(names, name) > 0);
	if (address != NULL) {
		name = GENERAL_NAME_new();
		GENERAL_NAME_set0_value(
			name, GEN_IPADD, a2i_IPADDRESS(address));
		assert_true(sk_GENERAL_NAME_push(names, name) > 0);
	}
	assert_int_equal(1,
		X509_add1_ext_i2d(
			x, NID_subject_alt_name, names, 0, X509V3_ADD_REPLACE));
	GENERAL_NAMES_free(names);
}

static void
blank_name(X509 *x)
{
	name_it(x, "a b.test", NULL);
}

static void
empty_name(X509 *x)
{
	name_it(x, "", NULL);
}

static void
address_name(X509 *x)
{
	name_it(x, "192.0.2.1", NULL);
}

static void
address_twin(X509 *x)
{
	name_it(x, "192.0.2.1", "192.0.2.1");
}

static void
address_other(X509 *x)
{
	name_it(x, "2001:db8::1", "2001:db8::2");
}

static const struct row {
	const char *name;
	void (*spoil)(X509 *x);
	const char *severity; /* NULL: nothing is told */
	const char *message;
} rows[] = {
	{ "as it should be", NULL, NULL, NULL },
	{ "extensions in version 1", version_1, "critical",
		"it has extensions, so want version 3, have 1 (RFC 5280, "
		"4.1.2.1)" },
	{ "version 1", bare_1, "ok",
		"want version 3, have 1, which can tell neither its names nor "
		"its limits (RFC 5280, 4.1.2.1)" },
	{ "version 2", bare_2, "ok",
		"want version 3, have 2, which can tell neither its names nor "
		"its limits (RFC 5280, 4.1.2.1)" },
	{ "a name with a blank", blank_name, "warning",
		"its DNS name \"a b.test\" covers nothing: it holds a sign "
		"other than letters, digits, '-' and '.' (RFC 5280, 4.2.1.6)" },
	{ "an empty name", empty_name, "warning",
		"its DNS name \"\" covers nothing: it is empty (RFC 5280, "
		"4.2.1.6)" },
	{ "an address as a name", address_name, "warning",
		"its DNS name \"192.0.2.1\" covers nothing: it is an address, "
		"which clients look for among the entries for addresses (RFC "
		"5280, 4.2.1.6)" },
	{ "and as an address as well", address_twin, NULL, NULL },
	{ "another address", address_other, "warning", NULL },
	{ "a version of the future", version_4, "critical",
		"want version 1, 2 or 3, have 4 (RFC 5280, 4.1.2.1)" },
	{ "serial number 0", serial_0, "warning",
		"want a positive serial number, have 0 (RFC 5280, 4.1.2.2)" },
	{ "below 0", serial_negative, "warning",
		"want a positive serial number, have a negative one (RFC "
		"5280, 4.1.2.2)" },
	{ "as long as may be", serial_longest, NULL, NULL },
	{ "longer", serial_long, "warning",
		"want a serial number of 20 octets at most, have 21 (RFC "
		"5280, 4.1.2.2)" },
	{ "no issuer", no_issuer, "warning",
		"want an issuer, have an empty name (RFC 5280, 4.1.2.4)" },
	{ "names alone", no_subject, "warning",
		"its subject is empty, so want a critical subjectAltName, "
		"have one that is not (RFC 5280, 4.1.2.6)" },
	{ "names alone, and critical", critical_names, NULL, NULL },
	{ "no names at all", no_names, "warning",
		"want a subject or a subjectAltName, have neither (RFC 5280, "
		"4.1.2.6)" },
	{ "dates the wrong way", backward_dates, "critical",
		"its notAfter comes before its notBefore, so it is never "
		"valid (RFC 5280, 4.1.2.5)" },
	{ "valid for a second", one_second, NULL, NULL },
	{ "an extension twice", twice, "critical",
		"its extension subjectAltName comes more than once (RFC 5280, "
		"4.2)" },
	{ "an unknown one twice", unknown_twice, "critical",
		"its extension 1.2.3.4 comes more than once (RFC 5280, 4.2)" },
	{ "what an unknown one holds is its own", unknown_junk, NULL, NULL },
	{ "junk that OpenSSL ignores", bad_policies, "warning",
		"its extension certificatePolicies cannot be decoded (RFC "
		"5280, 4.2)" },
	{ "junk that it heeds", bad_constraints, "critical",
		"its extension basicConstraints cannot be decoded (RFC 5280, "
		"4.2)" },
	{ "a constraint that begins with a dot", dotted, "warning",
		"want a domain as its name constraint, have one that begins "
		"with a dot (RFC 5280, 4.2.1.10)" },
	{ "one that does not", undotted, NULL, NULL },
};

static X509 *
make(bool self_signed)
{
	return mkcert_make(&(struct mkcert){
		.key = key,
		.cn = "a.test",
		.names = (const char *const[]){ "DNS:a.test", NULL },
		.issuer = self_signed ? NULL : ca,
		.issuer_key = self_signed ? NULL : ca_key,
		.not_before = NOW - DAY,
		.not_after = NOW + 80 * DAY,
	});
}

/* Judge it as the leaf of an endpoint. */
static void
judge(const char *name, X509 *x, const char *severity, const char *message)
{
	struct observation *ob = judge_observe((X509 *[]){ x, NULL });
	struct target t = judge_target_of("a.test");
	struct policy pol = { .target = &t };
	struct findings fs = { 0 };
	char *want = severity == NULL
		? str_dup("")
		: str_fmt("certificate.malformed=%s", severity);

	checks_run(ob, &pol, NOW, &fs);
	judge_expect(name, &fs, "certificate.", want);
	if (message != NULL)
		assert_string_equal(
			message, judge_find(&fs, "certificate.")->message);
	free(want);
	findings_release(&fs);
	observation_free(ob);
}

static void
test_rules(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		X509 *made = make(false), *x = X509_dup(made);

		if (rows[i].spoil != NULL)
			rows[i].spoil(x);
		assert_true(X509_sign(x, ca_key, EVP_sha256()) > 0);
		judge(rows[i].name, x, rows[i].severity, rows[i].message);
		X509_free(x);
		X509_free(made);
	}
}

/* Some public roots have it. */
static void
test_serial_0_of_a_root(void **state)
{
	X509 *x = make(true);

	(void)state;
	serial_0(x);
	assert_true(X509_sign(x, key, EVP_sha256()) > 0);
	judge("serial number 0, self-signed", x, NULL, NULL);
	X509_free(x);
}

/* ecdsa-with-SHA256, which stands first in what is signed, to -SHA384. */
static void
test_algorithms_that_differ(void **state)
{
	static const unsigned char sha256[] = { 0x2a, 0x86, 0x48, 0xce, 0x3d,
		0x04, 0x03, 0x02 };
	X509 *good = make(false), *bad;
	unsigned char *der = NULL, *at;
	int n = i2d_X509(good, &der);
	const unsigned char *p = der;

	(void)state;
	at = memmem(der, (size_t)n, sha256, sizeof(sha256));
	assert_non_null(at);
	at[7] = 0x03;
	bad = d2i_X509(NULL, &p, n);
	assert_non_null(bad);
	judge("two algorithms", bad, "critical",
		"its two signature algorithm fields differ (RFC 5280, "
		"4.1.1.2)");
	X509_free(bad);
	X509_free(good);
	OPENSSL_free(der);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_rules),
		cmocka_unit_test(test_serial_0_of_a_root),
		cmocka_unit_test(test_algorithms_that_differ),
	};
	int failed;

	key = mkcert_key(MKCERT_P256);
	ca_key = mkcert_key(MKCERT_P256);
	ca = mkcert_make(&(struct mkcert){ .key = ca_key,
		.cn = "CA",
		.ca = true,
		.not_before = NOW - 400 * DAY,
		.not_after = NOW + 900 * DAY });
	failed = cmocka_run_group_tests(tests, NULL, NULL);
	X509_free(ca);
	EVP_PKEY_free(ca_key);
	EVP_PKEY_free(key);
	return failed;
}
