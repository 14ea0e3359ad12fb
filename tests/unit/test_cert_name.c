/* test_cert_name.c - names and serial numbers as text, also the odd ones */
#include "tests/support/judge.h"

#include <ctype.h>

#include <openssl/bn.h>
#include <openssl/err.h>
#include <openssl/x509v3.h>

#define END                                                                    \
	{                                                                      \
		NULL, 0, NULL, 0, 0                                            \
	}

struct attribute {
	const char *oid;
	int type; /* of the string */
	const char *bytes;
	int n;
	int set; /* -1: in the RDN of the one before */
};

#define TEXT(oid, type, s)                                                     \
	{                                                                      \
		(oid), V_ASN1_##type, (s), sizeof(s) - 1, 0                    \
	}
#define BESIDE(oid, type, s)                                                   \
	{                                                                      \
		(oid), V_ASN1_##type, (s), sizeof(s) - 1, -1                   \
	}

static const struct name_row {
	const char *what;
	struct attribute attributes[4];
	const char *text;
	const char *common; /* or NULL */
} name_rows[] = {
	{ "nothing", { END }, "", NULL },
	{ "ASCII",
		{ TEXT("C", PRINTABLESTRING, "DE"),
			TEXT("O", UTF8STRING, "A Org."),
			TEXT("CN", UTF8STRING, "a.test"), END },
		"CN=a.test,O=A Org.,C=DE", "a.test" },
	{ "the last of several common names",
		{ TEXT("CN", UTF8STRING, "first"),
			TEXT("CN", IA5STRING, "second"), END },
		"CN=second,CN=first", "second" },
	{ "two in one RDN",
		{ TEXT("CN", UTF8STRING, "a"),
			BESIDE("serialNumber", PRINTABLESTRING, "7"),
			TEXT("O", UTF8STRING, "b"), END },
		"O=b,serialNumber=7+CN=a", "a" },
	{ "what is escaped",
		{ TEXT("CN", UTF8STRING, "a,b+c\"d\\e<f>g;h"), END },
		"CN=a\\,b\\+c\\\"d\\\\e\\<f\\>g\\;h", "a,b+c\"d\\e<f>g;h" },
	{ "an equals sign", { TEXT("CN", UTF8STRING, "a=b"), END }, "CN=a=b",
		"a=b" },
	{ "a blank in front", { TEXT("CN", UTF8STRING, " a"), END }, "CN=\\ a",
		" a" },
	{ "a blank behind", { TEXT("CN", UTF8STRING, "a "), END }, "CN=a\\ ",
		"a " },
	{ "a blank alone", { TEXT("CN", UTF8STRING, " "), END }, "CN=\\ ",
		" " },
	{ "a hash in front", { TEXT("CN", UTF8STRING, "#1"), END }, "CN=\\#1",
		"#1" },
	{ "a hash within", { TEXT("CN", UTF8STRING, "a#1"), END }, "CN=a#1",
		"a#1" },
	{ "a control character", { TEXT("CN", UTF8STRING, "a\nb\x7f"), END },
		"CN=a\\0Ab\\7F", "a\nb\x7f" },
	{ "a NUL", { TEXT("CN", UTF8STRING, "good.test\0.evil.test"), END },
		"CN=good.test\\00.evil.test", "good.test?.evil.test" },
	{ "a NUL in PrintableString",
		{ TEXT("CN", PRINTABLESTRING, "a\0b"), END }, "CN=a\\00b",
		"a?b" },
	{ "UTF-8", { TEXT("CN", UTF8STRING, "\xc3\xa4.test"), END },
		"CN=\xc3\xa4.test", "\xc3\xa4.test" },
	{ "bytes that are none",
		{ TEXT("O", UTF8STRING, "x"), TEXT("CN", UTF8STRING, "\xff"),
			END },
		"CN=\xff,O=x", NULL },
	{ "T61String, as Latin-1", { TEXT("CN", T61STRING, "\xe4"), END },
		"CN=\xc3\xa4", "\xc3\xa4" },
	{ "BMPString", { TEXT("CN", BMPSTRING, "\0a\0\xe4"), END },
		"CN=a\xc3\xa4", "a\xc3\xa4" },
	{ "UniversalString",
		{ TEXT("CN", UNIVERSALSTRING, "\0\0\0a\0\x01\xf5\x12"), END },
		"CN=a\xf0\x9f\x94\x92", "a\xf0\x9f\x94\x92" },
	{ "empty", { TEXT("CN", UTF8STRING, ""), END }, "CN=", NULL },
	{ "an OID without a name", { TEXT("1.2.3.4.5", UTF8STRING, "x"), END },
		"1.2.3.4.5=#0C0178", NULL },
	{ "a bit string", { TEXT("CN", BIT_STRING, "\x12"), END },
		"CN=#03020112", NULL },
};

static X509_NAME *
name_of(const struct attribute *p)
{
	X509_NAME *name = X509_NAME_new();

	for (; p->oid != NULL; p++) {
		/* As it stands: what an RDN may hold is not asked. */
		X509_NAME_ENTRY *e = X509_NAME_ENTRY_new();
		ASN1_OBJECT *o = OBJ_txt2obj(p->oid, 0);
		ASN1_STRING *s = ASN1_STRING_type_new(p->type);

		assert_non_null(o);
		assert_int_equal(1, ASN1_STRING_set(s, p->bytes, p->n));
		assert_int_equal(1, X509_NAME_ENTRY_set_object(e, o));
		assert_int_equal(
			1, ASN1_STRING_copy(X509_NAME_ENTRY_get_data(e), s));
		assert_int_equal(1, X509_NAME_add_entry(name, e, -1, p->set));
		X509_NAME_ENTRY_free(e);
		ASN1_OBJECT_free(o);
		ASN1_STRING_free(s);
	}
	return name;
}

/* OpenSSL's own, of which ours is the quicker half. */
static char *
printed(const X509_NAME *name)
{
	BIO *bio = BIO_new(BIO_s_mem());
	char *p = NULL, *s;
	long n = 0;

	if (X509_NAME_print_ex(bio, name, 0,
		    (XN_FLAG_RFC2253 & ~ASN1_STRFLGS_ESC_MSB) |
			    ASN1_STRFLGS_UTF8_CONVERT) >= 0)
		n = BIO_get_mem_data(bio, &p);
	s = str_ndup(n > 0 ? p : "", (size_t)n);
	BIO_free(bio);
	return s;
}

static void
test_names(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(name_rows) / sizeof(name_rows[0]); i++) {
		const struct name_row *r = &name_rows[i];
		X509_NAME *name = name_of(r->attributes);
		cleanup(str_free) char *text = cert_name_text(name);
		cleanup(str_free) char *common = cert_name_common(name);
		cleanup(str_free) char *want = printed(name);

		if (strcmp(text, r->text) != 0 || strcmp(text, want) != 0)
			fail_msg("%s: want \"%s\", OpenSSL has \"%s\", have "
				 "\"%s\"",
				r->what, r->text, want, text);
		if (r->common == NULL)
			assert_null(common);
		else
			assert_string_equal(common, r->common);
		X509_NAME_free(name);
		ERR_clear_error();
	}
}

/* Each character that there is, in each place. */
static void
test_characters(void **state)
{
	(void)state;
	for (int c = 0; c < 256; c++) {
		for (int at = 0; at < 3; at++) {
			char bytes[3] = "abc";
			struct attribute attributes[] = {
				{ "CN", V_ASN1_PRINTABLESTRING, bytes, 3, 0 },
				END
			};
			X509_NAME *name;
			char *text, *want;

			bytes[at] = (char)c;
			name = name_of(attributes);
			text = cert_name_text(name);
			want = printed(name);
			assert_string_equal(want, text);
			X509_NAME_free(name);
			free(text);
			free(want);
		}
	}
}

static void
test_cut(void **state)
{
	cleanup(str_free) char *long_name = mem_alloc(CERT_NAME_MAX + 10);
	struct attribute attributes[] = { { "CN", V_ASN1_UTF8STRING, long_name,
						  CERT_NAME_MAX + 9, 0 },
		END };

	(void)state;
	for (int odd = 0; odd < 2; odd++) {
		X509_NAME *name;
		char *text, *common;

		memset(long_name, 'x', CERT_NAME_MAX + 9);
		if (odd)
			memcpy(long_name + CERT_NAME_MAX, "\xc3\xa4", 2);
		name = name_of(attributes);
		text = cert_name_text(name);
		common = cert_name_common(name);
		assert_int_equal(CERT_NAME_MAX, strlen(text));
		assert_int_equal(CERT_NAME_MAX, strlen(common));
		X509_NAME_free(name);
		free(text);
		free(common);
	}
}

static void
test_no_name(void **state)
{
	cleanup(str_free) char *none = cert_name_text(NULL);

	(void)state;
	assert_string_equal("", none);
	assert_null(cert_name_common(NULL));
}

static void
test_serials(void **state)
{
	static const char *const serials[] = { "0", "1", "7F", "80", "FF",
		"0100", "-1", "-7F", "-80", "-FF", "-0100",
		"0123456789ABCDEF0123456789ABCDEF01234567",
		"-8000000000000000000000000000000000000000" };

	(void)state;
	for (size_t i = 0; i < sizeof(serials) / sizeof(serials[0]); i++) {
		X509 *x509 = X509_new();
		BIGNUM *bn = NULL;
		struct cert c;
		char *want;

		assert_true(BN_hex2bn(&bn, serials[i]) > 0);
		assert_non_null(
			BN_to_ASN1_INTEGER(bn, X509_get_serialNumber(x509)));
		want = BN_bn2hex(bn);
		for (char *p = want; *p != '\0'; p++)
			*p = (char)tolower((unsigned char)*p);
		cert_init(&c, x509);
		assert_string_equal(want, c.serial);
		cert_release(&c);
		OPENSSL_free(want);
		BN_free(bn);
	}
}

/* Longer than a message takes; RFC 5280 wants 20 bytes at most. */
static void
test_long_serial(void **state)
{
	unsigned char bytes[200];
	X509 *x509 = X509_new();
	struct cert c;

	(void)state;
	memset(bytes, 0xab, sizeof(bytes));
	assert_int_equal(1,
		ASN1_STRING_set(X509_get_serialNumber(x509), bytes,
			(int)sizeof(bytes)));
	cert_init(&c, x509);
	assert_int_equal(258, strlen(c.serial));
	assert_string_equal("aba...", c.serial + 252);
	cert_release(&c);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_names),
		cmocka_unit_test(test_characters),
		cmocka_unit_test(test_cut),
		cmocka_unit_test(test_no_name),
		cmocka_unit_test(test_serials),
		cmocka_unit_test(test_long_serial),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
