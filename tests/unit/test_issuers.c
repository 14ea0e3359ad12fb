/* test_issuers.c - what CAs answer, in every form and none */
#include "tests/unit/issuers_world.h"

#include <stdio.h>
#include <time.h>

#include "probes/issuers.h"
#include "tests/support/mkcert.h"

#define MANY 25

static X509 *certs[MANY];
static EVP_PKEY *key;

/* "c0 c1": who is there; or the error. */
static void
expect(const char *row, const struct buf *bytes, const char *want)
{
	struct observation *ob = observation_new();
	struct buf have BUF_CLEANUP = { 0 };
	struct error err;

	if (issuers_read(buf_str(bytes), bytes->len, NULL, ob, &err) == -1) {
		assert_int_equal(ob->n_certs, 0);
		buf_puts(&have, err.text);
	}
	for (size_t i = 0; i < ob->n_certs; i++)
		buf_printf(&have, "%s%s", i > 0 ? " " : "", ob->certs[i].label);
	if (strcmp(buf_str(&have), want) != 0)
		fail_msg("%s: want \"%s\", have \"%s\"", row, want,
			buf_str(&have));
	observation_free(ob);
}

static void
test_forms(void **state)
{
	struct buf b BUF_CLEANUP = { 0 };

	(void)state;
	put_der(&b, certs[0]);
	expect("DER", &b, "c0");
	put_der(&b, certs[1]);
	expect("of two in DER the first", &b, "c0");
	buf_reset(&b);
	put_pkcs7(&b, certs, 3);
	expect("PKCS#7", &b, "c0 c1 c2");
	buf_reset(&b);
	put_pkcs7_ber(&b, certs, 2);
	expect("PKCS#7 in BER", &b, "c0 c1");
	buf_reset(&b);
	buf_puts(&b, "The issuing CA:\r\n");
	put_pem(&b, certs[1]);
	put_pem(&b, certs[0]);
	expect("PEM", &b, "c1 c0");
	buf_reset(&b);
	put_pkcs7_pem(&b, certs, 2);
	expect("PKCS#7 in PEM", &b, "c0 c1");
}

static void
test_many(void **state)
{
	struct buf b BUF_CLEANUP = { 0 };
	const char *twenty = "c0 c1 c2 c3 c4 c5 c6 c7 c8 c9 c10 c11 c12 c13 "
			     "c14 c15 c16 c17 c18 c19";

	(void)state;
	assert_int_equal(ISSUERS_MAX, 20);
	put_pkcs7(&b, certs, MANY);
	expect("PKCS#7", &b, twenty);
	buf_reset(&b);
	for (size_t i = 0; i < MANY; i++)
		put_pem(&b, certs[i]);
	expect("PEM", &b, twenty);
}

#define WANT "want a certificate in DER, PKCS#7 or PEM, have "

static void
test_others(void **state)
{
	static const struct {
		const char *bytes, *want;
	} rows[] = {
		{ "", WANT "nothing" },
		{ "<!DOCTYPE html><title>Sign in</title>",
			WANT "an HTML page" },
		{ "\n\n<html><body>404", WANT "an HTML page" },
		{ "PK\x03\x04zip", WANT "a ZIP archive" },
		{ "not found", WANT "something else" },
		{ "0", WANT "something else" },
		{ "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE"
		  "-----\n",
			WANT "PEM without any, or damaged" },
		{ "-----BEGIN X509 CRL-----\nAAAA\n-----END X509 CRL-----\n",
			WANT "PEM without any, or damaged" },
	};
	struct buf b BUF_CLEANUP = { 0 };
	unsigned char *der = NULL;
	int n;

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		buf_reset(&b);
		buf_puts(&b, rows[i].bytes);
		expect(rows[i].bytes, &b, rows[i].want);
	}
	buf_reset(&b);
	n = i2d_PrivateKey(key, &der);
	buf_add(&b, der, (size_t)n);
	OPENSSL_free(der);
	expect("a key", &b, WANT "a private key");
	buf_reset(&b);
	put_der(&b, certs[0]);
	b.len /= 2;
	expect("half of it", &b, WANT "a damaged certificate");
	buf_reset(&b);
	put_pkcs7(&b, certs, 0);
	expect("no certificates", &b, WANT "PKCS#7 without any, or damaged");
	buf_reset(&b);
	put_pkcs7(&b, certs, 2);
	b.len -= 300;
	expect("what is whole of it counts", &b, "c0");
}

/* A byte changed anywhere: an answer or an error, and nothing worse. */
static void
test_garbage(void **state)
{
	struct buf good BUF_CLEANUP = { 0 };

	(void)state;
	put_pkcs7_ber(&good, certs, 2);
	for (size_t i = 0; i < good.len; i++) {
		struct observation *ob = observation_new();
		struct error err;
		char was = good.s[i];

		good.s[i] = (char)(was ^ 0xff);
		(void)issuers_read(good.s, good.len, NULL, ob, &err);
		good.s[i] = was;
		observation_free(ob);
	}
	for (size_t i = 0; i < good.len; i++) {
		struct observation *ob = observation_new();
		struct error err;

		(void)issuers_read(good.s, i, NULL, ob, &err);
		observation_free(ob);
	}
}

static int
begin(void **state)
{
	time_t now = time(NULL);

	(void)state;
	key = mkcert_key(MKCERT_P256);
	for (int i = 0; i < MANY; i++) {
		char cn[16];

		(void)snprintf(cn, sizeof(cn), "c%d", i);
		certs[i] = mkcert_make(&(struct mkcert){ .key = key,
			.cn = cn,
			.not_before = now,
			.not_after = now + 86400 });
	}
	return 0;
}

static int
end(void **state)
{
	(void)state;
	for (int i = 0; i < MANY; i++)
		X509_free(certs[i]);
	EVP_PKEY_free(key);
	return 0;
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_forms),
		cmocka_unit_test(test_many),
		cmocka_unit_test(test_others),
		cmocka_unit_test(test_garbage),
	};

	return cmocka_run_group_tests(tests, begin, end);
}
