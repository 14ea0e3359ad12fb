/* test_file_blocks.c - the file probe: what else PEM holds beside certificates
 */
#include "tests/unit/file_world.h"

#include "probes/file/reading.h"

static void
good(struct buf *out)
{
	world_pem(out, world.leaf);
}

static void
trusted(struct buf *out)
{
	X509 *x509 = X509_dup(world.leaf);

	X509_add1_trust_object(x509, OBJ_nid2obj(NID_server_auth));
	X509_add1_reject_object(x509, OBJ_nid2obj(NID_client_auth));
	WORLD_WRITE(out, PEM_write_bio_X509_AUX(bio, x509));
	X509_free(x509);
}

static void
pkcs7(struct buf *out)
{
	PKCS7 *p7 = world_pkcs7(2);

	WORLD_WRITE(out, PEM_write_bio_PKCS7(bio, p7));
	PKCS7_free(p7);
}

static void
pkcs7_other_label(struct buf *out)
{
	BUF_CLEANUP struct buf text = { 0 };
	char *p;

	pkcs7(&text);
	p = strstr(text.s, "END PKCS7");
	buf_puts(out, "-----BEGIN PKCS #7 SIGNED DATA-----");
	buf_add(out, text.s + 21, (size_t)(p - text.s) - 21);
	buf_puts(out, "END PKCS #7 SIGNED DATA-----\n");
}

static void
pkcs7_cut_short(struct buf *out)
{
	BUF_CLEANUP struct buf text = { 0 };

	good(out);
	pkcs7(&text);
	buf_add(out, text.s, text.len / 2);
}

static void
pkcs7_lost_line(struct buf *out)
{
	BUF_CLEANUP struct buf text = { 0 };
	char *third;

	pkcs7(&text);
	third = strchr(strchr(strchr(text.s, '\n') + 1, '\n') + 1, '\n');
	buf_add(out, text.s, (size_t)(third + 1 - text.s));
	buf_puts(out, strchr(third + 1, '\n') + 1);
}

static void
keys_and_certificates(struct buf *out)
{
	world_key(out);
	good(out);
	world_pem(out, world.ca);
	world_key(out);
}

static void
encrypted_key(struct buf *out)
{
	WORLD_WRITE(out,
		PEM_write_bio_PrivateKey_traditional(bio, world.key,
			EVP_aes_128_cbc(), (unsigned char *)"secret", 6, NULL,
			NULL));
}

static void
encrypted_key_and_good(struct buf *out)
{
	encrypted_key(out);
	good(out);
}

static void
request(struct buf *out)
{
	X509_REQ *req = world_request();

	WORLD_WRITE(out, PEM_write_bio_X509_REQ(bio, req));
	X509_REQ_free(req);
}

static void
crl(struct buf *out)
{
	X509_CRL *list = world_crl(X509_CRL_VERSION_2);

	WORLD_WRITE(out, PEM_write_bio_X509_CRL(bio, list));
	X509_CRL_free(list);
}

static void
keys_and_request(struct buf *out)
{
	world_key(out);
	world_key(out);
	request(out);
}

static void
crl_and_good(struct buf *out)
{
	crl(out);
	good(out);
	request(out);
}

struct row {
	const char *name;
	void (*make)(struct buf *out);
	const char *format;
	size_t certs, keys;
	const char *faults;
	const char *word; /* of the first fault; NULL: any */
};

static const struct row rows[] = {
	{ "TRUSTED CERTIFICATE", trusted, "PEM", 1, 0, "", NULL },
	{ "PKCS7", pkcs7, "PKCS#7", 2, 0, "", NULL },
	{ "PKCS #7 SIGNED DATA", pkcs7_other_label, "PKCS#7", 2, 0, "", NULL },
	{ "R32: PKCS7 cut short", pkcs7_cut_short, "PEM", 1, 0, "damaged@12",
		"the PKCS#7 data in block 2, line 12, is cut short" },
	{ "R32: a line of PKCS7 lost", pkcs7_lost_line, "PKCS#7", 0, 0,
		"damaged@1", "is cut short: want" },
	{ "two certificates, two keys", keys_and_certificates, "PEM", 2, 2, "",
		NULL },
	{ "an encrypted key", encrypted_key_and_good, "PEM", 1, 0, "password@1",
		NULL },
	{ "R21: a request", request, "PEM", 0, 0, "none",
		"want a certificate, have a certificate request" },
	{ "a CRL", crl, "PEM", 0, 0, "none", "want a certificate, have a CRL" },
	{ "R21: keys and a request", keys_and_request, "PEM", 0, 0, "none",
		"have 2 private keys and a certificate request" },
	{ "a CRL and a request beside", crl_and_good, "PEM", 1, 0, "", NULL },
};

static void
blocks_are_told_apart(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		const struct row *row = &rows[i];
		BUF_CLEANUP struct buf text = { 0 };
		struct observation *ob;

		row->make(&text);
		ob = world_look_at("x.pem", &text, &(struct target){ 0 });
		world_expect(row->name, ob, row->certs, row->faults, row->word);
		assert_int_equal(ob->n_keys, row->keys);
		assert_string_equal(ob->format, row->format);
		observation_free(ob);
	}
}

/* They would decide what OpenSSL says of a path, in place of the CA. */
static void
trust_settings_are_left_out(void **state)
{
	BUF_CLEANUP struct buf text = { 0 };
	struct observation *ob;

	(void)state;
	trusted(&text);
	ob = world_look_at("x.pem", &text, &(struct target){ 0 });
	assert_int_equal(ob->n_certs, 1);
	assert_null(X509_get0_trust_objects(ob->certs[0].x509));
	assert_null(X509_get0_reject_objects(ob->certs[0].x509));
	observation_free(ob);
}

/* R34: in a folder keys, requests and CRLs are nobody's fault. */
static void
listed_blocks_are_passed_over(void **state)
{
	static const char *const names[] = { "x.pem", "x.key", "x.txt" };
	static void (*const listed[])(struct buf * out) = { request, crl,
		keys_and_request, encrypted_key };

	(void)state;
	for (size_t i = 0; i < COUNT(listed) * COUNT(names); i++) {
		BUF_CLEANUP struct buf text = { 0 };
		struct observation *ob;

		listed[i / COUNT(names)](&text);
		ob = world_look_at(names[i % COUNT(names)], &text,
			&(struct target){ .listed = true });
		world_expect("listed", ob, 0, "", NULL);
		/* Who may read them is not this target's matter. */
		assert_int_equal(ob->n_keys, 0);
		observation_free(ob);
	}
}

/* R22: PKCS#7 is another format, though its lines look like PEM. */
static void
pkcs7_is_no_pem(void **state)
{
	BUF_CLEANUP struct buf text = { 0 };
	struct observation *ob;

	(void)state;
	good(&text);
	pkcs7(&text);
	ob = world_look_at(
		"x.pem", &text, &(struct target){ .pem_only = true });
	world_expect("PKCS7", ob, 3, "format@12",
		"want PEM certificates, have PKCS#7 in block 2, line 12");
	observation_free(ob);
}

static void
a_key_bears_its_file(void **state)
{
	BUF_CLEANUP struct buf text = { 0 };
	struct observation *ob;

	(void)state;
	keys_and_certificates(&text);
	ob = world_look_at("x.pem", &text, &(struct target){ 0 });
	assert_int_equal(ob->n_keys, 2);
	assert_null(ob->keys[0].file);
	assert_null(ob->keys[0].readers);
	assert_int_equal(ob->keys[0].mode, 0600);
	assert_int_equal(ob->keys[0].line, 1);
	assert_int_equal(EVP_PKEY_eq(ob->keys[0].public_half,
				 X509_get0_pubkey(ob->certs[0].x509)),
		1);
	observation_free(ob);
}

/* Hostile, and no hang: faults have a bound. */
static void
damage_is_bounded(void **state)
{
	BUF_CLEANUP struct buf text = { 0 };
	struct observation *ob;

	(void)state;
	for (int i = 0; i < 1500; i++)
		buf_puts(&text, "-----BEGIN CERTIFICATE-----\n");
	ob = world_look_at("x.pem", &text, &(struct target){ 0 });
	assert_int_equal(ob->n_certs, 0);
	assert_int_equal(ob->n_faults, READING_MAX_DAMAGED);
	observation_free(ob);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(blocks_are_told_apart),
		cmocka_unit_test(trust_settings_are_left_out),
		cmocka_unit_test(listed_blocks_are_passed_over),
		cmocka_unit_test(pkcs7_is_no_pem),
		cmocka_unit_test(a_key_bears_its_file),
		cmocka_unit_test(damage_is_bounded),
	};

	return cmocka_run_group_tests(tests, world_make, world_free);
}
