/* test_file_der.c - the file probe: DER and PKCS#7, whole and damaged */
#include "tests/unit/file_world.h"

#include <openssl/cms.h>

#include "probes/file/reading.h"

static void
der_leaf(struct buf *out)
{
	world_der(out, world.leaf);
}

static void
der_two(struct buf *out)
{
	world_der(out, world.leaf);
	world_der(out, world.ca);
}

static void
der_v1(struct buf *out)
{
	X509 *x509 = mkcert_make(&(struct mkcert){ .key = world.key,
		.cn = "old",
		.v1 = true,
		.not_before = 1700000000,
		.not_after = 1800000000 });

	world_der(out, x509);
	X509_free(x509);
}

static void
der_newline(struct buf *out)
{
	der_leaf(out);
	buf_putc(out, '\n');
}

static void
der_cut(struct buf *out)
{
	BUF_CLEANUP struct buf whole = { 0 };

	der_leaf(&whole);
	buf_add(out, whole.s, whole.len - 48);
}

/* The second of three: its version is none. */
static void
der_bad_second(struct buf *out)
{
	size_t at;

	der_leaf(out);
	at = out->len;
	der_leaf(out);
	out->s[at + 8] = 0x77;
	world_der(out, world.ca);
}

static void
der_and_garbage(struct buf *out)
{
	der_leaf(out);
	buf_puts(out, "garbage");
}

static void
der_request(struct buf *out)
{
	X509_REQ *req = world_request();

	WORLD_WRITE(out, i2d_X509_REQ_bio(bio, req));
	X509_REQ_free(req);
}

static void
der_crl(struct buf *out)
{
	X509_CRL *crl = world_crl(X509_CRL_VERSION_2);

	WORLD_WRITE(out, i2d_X509_CRL_bio(bio, crl));
	X509_CRL_free(crl);
}

static void
der_crl_v1(struct buf *out)
{
	X509_CRL *crl = world_crl(X509_CRL_VERSION_1);

	WORLD_WRITE(out, i2d_X509_CRL_bio(bio, crl));
	X509_CRL_free(crl);
}

static void
der_key(struct buf *out)
{
	WORLD_WRITE(out, i2d_PrivateKey_bio(bio, world.key));
}

static void
der_pkcs8(struct buf *out)
{
	WORLD_WRITE(out, i2d_PKCS8PrivateKeyInfo_bio(bio, world.key));
}

/* 48 bytes: it begins with "0." */
static void
der_short_key(struct buf *out)
{
	EVP_PKEY *key = mkcert_key(MKCERT_ED25519);

	WORLD_WRITE(out, i2d_PKCS8PrivateKeyInfo_bio(bio, key));
	EVP_PKEY_free(key);
}

static void
der_public_key(struct buf *out)
{
	WORLD_WRITE(out, i2d_PUBKEY_bio(bio, world.key));
}

static void
der_other(struct buf *out)
{
	buf_add(out, "\x30\x82\x00\x03\x0a\x01\x06", 7); /* an OCSP answer */
}

static void
pkcs7_of(struct buf *out, size_t n)
{
	PKCS7 *p7 = world_pkcs7(n);

	WORLD_WRITE(out, i2d_PKCS7_bio(bio, p7));
	PKCS7_free(p7);
}

static void
pkcs7_two(struct buf *out)
{
	pkcs7_of(out, 2);
}

static void
pkcs7_none(struct buf *out)
{
	pkcs7_of(out, 0);
}

static void
pkcs7_data(struct buf *out)
{
	buf_add(out,
		"\x30\x0f\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x07\x01\xa0\x02"
		"\x04\x00",
		17);
}

static void
pkcs7_cut(struct buf *out)
{
	BUF_CLEANUP struct buf whole = { 0 };

	pkcs7_of(&whole, 2);
	buf_add(out, whole.s, whole.len - 100);
}

/* The first of its certificates is damaged, the other one is not. */
static void
pkcs7_bad_first(struct buf *out)
{
	BUF_CLEANUP struct buf cert = { 0 };
	char *at;

	pkcs7_two(out);
	der_leaf(&cert);
	at = memmem(out->s, out->len, cert.s, cert.len);
	assert_non_null(at);
	at[8] = 0x77;
}

/* The signers' infos are garbage: no certificate suffers from it. */
static void
pkcs7_bad_end(struct buf *out)
{
	pkcs7_two(out);
	out->s[out->len - 2] = 0x02;
}

/* As programs that write while they read have it: no length anywhere. */
static void
ber_of(struct buf *out, const struct buf *content)
{
	buf_add(out,
		"\x30\x80\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x07\x02\xa0\x80"
		"\x30\x80\x02\x01\x01\x31\x00\x30\x80\x06\x09\x2a\x86\x48\x86"
		"\xf7\x0d\x01\x07\x01\x00\x00\xa0\x80",
		39);
	buf_add(out, content->s, content->len);
}

static void
end_ber(struct buf *out)
{
	buf_add(out, "\0\0\x31\0\0\0\0\0\0\0", 10);
}

static void
pkcs7_ber(struct buf *out)
{
	BUF_CLEANUP struct buf two = { 0 };

	der_two(&two);
	ber_of(out, &two);
	end_ber(out);
}

static void
pkcs7_ber_cut(struct buf *out)
{
	BUF_CLEANUP struct buf two = { 0 };

	der_two(&two);
	ber_of(out, &two);
}

/* CMS whose signer goes by key identifier, which PKCS#7 does not know. */
static void
cms_signed(struct buf *out)
{
	BIO *data = BIO_new_mem_buf("hello", 5);
	CMS_ContentInfo *cms = CMS_sign(
		NULL, NULL, NULL, data, CMS_PARTIAL | CMS_BINARY);

	assert_non_null(CMS_add1_signer(
		cms, world.leaf, world.key, EVP_sha256(), CMS_USE_KEYID));
	assert_int_equal(CMS_final(cms, data, NULL, CMS_BINARY), 1);
	WORLD_WRITE(out, i2d_CMS_bio(bio, cms));
	CMS_ContentInfo_free(cms);
	BIO_free(data);
}

/* Elements without a length, one in another, and nothing else. */
static void
ber_abyss(struct buf *out)
{
	for (int i = 0; i < 300000; i++)
		buf_add(out, "\x30\x80", 2);
}

static void
pkcs7_of_nothings(struct buf *out)
{
	BUF_CLEANUP struct buf nothings = { 0 };

	for (int i = 0; i < 2000000; i++)
		buf_add(&nothings, "\x30\x00", 2);
	ber_of(out, &nothings);
	end_ber(out);
}

static void
files_are_read(void **state)
{
	static const struct {
		const char *name;
		void (*make)(struct buf *out);
		const char *format;
		size_t certs, keys;
		const char *faults, *word;
	} rows[] = {
		{ "DER", der_leaf, "DER", 1, 0, "", NULL },
		{ "one behind the other", der_two, "DER", 2, 0, "", NULL },
		{ "version 1", der_v1, "DER", 1, 0, "", NULL },
		{ "a line break behind", der_newline, "DER", 1, 0, "", NULL },
		{ "R32: cut short", der_cut, "DER", 0, 0, "damaged",
			"is cut short: want" },
		{ "R32: the second one damaged", der_bad_second, "DER", 2, 0,
			"damaged", "certificate 2 of it cannot be decoded" },
		{ "garbage behind", der_and_garbage, "DER", 1, 0, "damaged",
			"has 7 bytes behind its end" },
		{ "R21: a request", der_request, "DER", 0, 0, "none",
			"want a certificate, have a certificate request" },
		{ "a CRL", der_crl, "DER", 0, 0, "none", "have a CRL" },
		{ "a CRL of version 1", der_crl_v1, "DER", 0, 0, "none",
			"have a CRL" },
		{ "R21: a key", der_key, "DER", 0, 0, "none",
			"have a private key" },
		{ "a key in PKCS#8", der_pkcs8, "DER", 0, 0, "none",
			"have a private key" },
		{ "a short key", der_short_key, "DER", 0, 0, "none",
			"have a private key" },
		{ "a public key", der_public_key, "DER", 0, 0, "none",
			"have a public key" },
		{ "something else", der_other, "DER", 0, 0, "none",
			"have DER that is none" },
		{ "PKCS#7", pkcs7_two, "PKCS#7", 2, 0, "", NULL },
		{ "PKCS#7 with none", pkcs7_none, "PKCS#7", 0, 0, "none",
			"have PKCS#7 without certificates" },
		{ "PKCS#7 of data", pkcs7_data, "PKCS#7", 0, 0, "none",
			"have PKCS#7 without certificates" },
		{ "R32: PKCS#7 cut short", pkcs7_cut, "PKCS#7", 1, 0, "damaged",
			"the PKCS#7 file is cut short: want" },
		{ "R32: PKCS#7, one damaged", pkcs7_bad_first, "PKCS#7", 1, 0,
			"damaged", "number 1, that cannot be decoded" },
		{ "R32: PKCS#7, damaged elsewhere", pkcs7_bad_end, "PKCS#7", 2,
			0, "damaged", "cannot be decoded" },
		{ "PKCS#7 in BER", pkcs7_ber, "PKCS#7", 2, 0, "", NULL },
		{ "R32: PKCS#7 in BER cut short", pkcs7_ber_cut, "PKCS#7", 2, 0,
			"damaged", "its end is missing" },
		{ "CMS", cms_signed, "PKCS#7", 1, 0, "", NULL },
		{ "an abyss", ber_abyss, "DER", 0, 0, "none", NULL },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		BUF_CLEANUP struct buf bytes = { 0 };
		struct observation *ob;

		rows[i].make(&bytes);
		ob = world_look_at("x", &bytes, &(struct target){ 0 });
		world_expect(rows[i].name, ob, rows[i].certs, rows[i].faults,
			rows[i].word);
		if (ob->format == NULL ||
			strcmp(ob->format, rows[i].format) != 0 ||
			ob->n_keys != rows[i].keys)
			fail_msg("%s: have %zu keys, format %s", rows[i].name,
				ob->n_keys, ob->format);
		observation_free(ob);
	}
}

/* R21, R22: and what is in it is judged all the same. */
static void
pem_may_be_demanded(void **state)
{
	static const struct {
		const char *name;
		void (*make)(struct buf *out);
		size_t certs;
		const char *faults, *word;
	} rows[] = {
		{ "DER", der_leaf, 1, "format", "want PEM, have DER" },
		{ "PKCS#7", pkcs7_two, 2, "format", "want PEM, have PKCS#7" },
		{ "a key", der_key, 0, "none", "have a private key" },
	};
	const struct target by_word = { .pem_only = true };
	const struct target by_profile = { .profile = profile_find(
						   "huawei-elb") };

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		BUF_CLEANUP struct buf bytes = { 0 };
		struct observation *ob;

		rows[i].make(&bytes);
		ob = world_look_at("x.pem", &bytes, &by_word);
		world_expect(rows[i].name, ob, rows[i].certs, rows[i].faults,
			rows[i].word);
		observation_free(ob);
		ob = world_look_at("x.pem", &bytes, &by_profile);
		world_expect(rows[i].name, ob, rows[i].certs, rows[i].faults,
			rows[i].word);
		observation_free(ob);
	}
}

/* Hostile, and no hang: faults have a bound. */
static void
damage_is_bounded(void **state)
{
	BUF_CLEANUP struct buf bytes = { 0 };
	struct observation *ob;

	(void)state;
	pkcs7_of_nothings(&bytes);
	ob = world_look_at("x", &bytes, &(struct target){ 0 });
	assert_int_equal(ob->n_certs, 0);
	assert_int_equal(ob->n_faults, READING_MAX_DAMAGED);
	observation_free(ob);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(files_are_read),
		cmocka_unit_test(pem_may_be_demanded),
		cmocka_unit_test(damage_is_bounded),
	};

	return cmocka_run_group_tests(tests, world_make, world_free);
}
