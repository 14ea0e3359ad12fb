/* test_file_pkcs12.c - the file probe: PKCS#12, open and shut (R29) */
#include "tests/unit/pkcs12_world.h"

static const struct {
	const char *name;
	void (*make)(struct buf *out);
	const char *passphrase;
	size_t certs, keys;
	bool encrypted; /* the key was */
	const char *faults, *word;
} rows[] = {
	{ "right", sealed, "secret", 2, 1, true, "", NULL },
	{ "wrong", sealed, "Secret", 0, 0, false, "password",
		"the configured passphrase does not open it" },
	{ "missing", sealed, NULL, 0, 0, false, "password",
		"is encrypted, and no passphrase is configured" },
	{ "missing as well", sealed, "", 0, 0, false, "password",
		"is encrypted, and no passphrase is configured" },
	{ "none", none, NULL, 2, 1, false, "", NULL },
	{ "empty", empty, NULL, 2, 1, false, "", NULL },
	{ "none, in the old way", none_old, NULL, 2, 1, false, "", NULL },
	{ "empty, in the old way", empty_old, NULL, 2, 1, false, "", NULL },
	{ "empty, and one is configured", empty_old, "secret", 2, 1, false, "",
		NULL },
	{ "3DES", triple_des, "secret", 2, 1, true, "", NULL },
	{ "RC2-40", rc2, "secret", 2, 1, true, "legacy",
		"is encrypted with RC2-40" },
	{ "RC2-40 for the key", rc2_key, "secret", 2, 1, true, "legacy",
		"is encrypted with RC2-40" },
	{ "RC2-40 and wrong", rc2, "Secret", 0, 0, false, "password",
		"the configured passphrase" },
	{ "RC2-40 and missing", rc2, NULL, 0, 0, false, "password",
		"no passphrase is configured" },
	{ "certificates in the clear", open_certificates, NULL, 2, 0, false,
		"password", "no passphrase is configured" },
	{ "all in the clear", all_open, NULL, 2, 1, false, "", NULL },
	{ "all in the clear, but wrong", all_open, "x", 2, 1, false, "password",
		"the configured passphrase does not" },
	{ "no MAC, right", no_mac, "secret", 2, 1, true, "", NULL },
	{ "no MAC, wrong", no_mac, "Secret", 0, 0, false, "password",
		"the configured passphrase does not" },
	{ "no MAC, missing", no_mac, NULL, 0, 0, false, "password",
		"no passphrase is configured" },
	{ "two passphrases", two_passphrases, "secret", 1, 0, false, "password",
		"a part of it does not open" },
	{ "R32: cut short", cut_short, "secret", 0, 0, false, "damaged",
		"the PKCS#12 file is cut short: want" },
	{ "R32: damaged within", damaged_within, NULL, 1, 0, false,
		"damaged password", "a certificate in the PKCS#12 file" },
	{ "garbage behind", garbage_behind, "secret", 2, 1, true, "damaged",
		"has 4 bytes behind its end" },
	{ "only a key", only_a_key, NULL, 0, 0, false, "none",
		"want a certificate, have a private key" },
	{ "only CAs", only_cas, NULL, 2, 0, false, "", NULL },
	{ "CA first", ca_first, NULL, 2, 1, false, "", NULL },
	{ "another's key", marked, NULL, 2, 1, false, "", NULL },
	{ "too many rounds of PBKDF2", costly_pbkdf2, "secret", 1, 0, false,
		"unreadable", "want at most 10000000 rounds" },
	{ "too many rounds of the old way", costly_old, "secret", 1, 0, false,
		"unreadable", "want at most 10000000 rounds" },
	{ "too many rounds of scrypt", costly_scrypt, "secret", 1, 0, false,
		"unreadable", "want at most 10000000 rounds" },
	{ "too many rounds of its MAC", costly_mac, "secret", 2, 1, true,
		"unreadable", "want at most 10000000 rounds" },
	{ "too many rounds of PBMAC1", costly_pbmac1, "secret", 2, 1, true,
		"unreadable", "want at most 10000000 rounds" },
	{ "a long DSA key", long_dsa, NULL, 1, 0, false, "unreadable",
		"want a DSA key of at most 4096 bits" },
	{ "an unknown MAC", unknown_mac, "secret", 2, 1, true, "", NULL },
	{ "an unknown MAC, wrong", unknown_mac, "Secret", 2, 0, false,
		"password", "the configured passphrase does not" },
	{ "an unknown algorithm", unknown_way, "secret", 1, 0, false,
		"unreadable", "is encrypted with 1.2.3.4.5" },
};

static void
files_are_opened(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		BUF_CLEANUP struct buf bytes = { 0 };
		struct observation *ob;

		rows[i].make(&bytes);
		ob = world_look_at("x.bin", &bytes,
			&(struct target){ .passphrase = rows[i].passphrase });
		world_expect(rows[i].name, ob, rows[i].certs, rows[i].faults,
			rows[i].word);
		assert_string_equal(ob->format, "PKCS#12");
		if (ob->n_keys != rows[i].keys ||
			(ob->n_keys > 0 &&
				ob->keys[0].encrypted != rows[i].encrypted))
			fail_msg("%s: have %zu keys", rows[i].name, ob->n_keys);
		observation_free(ob);
	}
}

/* They outlive what opened the file, also where that was the old provider. */
static void
the_leaf_comes_first(void **state)
{
	static void (*const makers[])(
		struct buf * out) = { sealed, rc2, ca_first, marked };

	(void)state;
	for (size_t i = 0; i < COUNT(makers); i++) {
		BUF_CLEANUP struct buf bytes = { 0 };
		struct observation *ob;

		makers[i](&bytes);
		ob = world_look_at("x.p12", &bytes,
			&(struct target){ .passphrase = "secret" });
		assert_int_equal(ob->n_certs, 2);
		assert_string_equal(ob->certs[0].label, "www.example.com");
		assert_true(cert_issued_by(&ob->certs[0], &ob->certs[1]));
		assert_int_equal(
			EVP_PKEY_eq(ob->keys[0].public_half,
				X509_get0_pubkey(ob->certs[0].x509)) == 1,
			makers[i] != marked);
		observation_free(ob);
	}
}

/* R21, R22: that it cannot be opened as well would not help anybody. */
static void
pem_may_be_demanded(void **state)
{
	static const struct {
		const char *passphrase;
		size_t certs;
		const char *faults;
	} demands[] = {
		{ "secret", 2, "format" },
		{ "Secret", 0, "format password" },
		{ NULL, 0, "format" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(demands); i++) {
		BUF_CLEANUP struct buf bytes = { 0 };
		struct observation *ob;

		sealed(&bytes);
		ob = world_look_at("x.pem", &bytes,
			&(struct target){ .pem_only = true,
				.passphrase = demands[i].passphrase });
		world_expect("pem_only", ob, demands[i].certs,
			demands[i].faults, "want PEM, have PKCS#12");
		observation_free(ob);
	}
}

/* R34: met in a folder, whatever its name is, what is shut is told. */
static void
a_listed_one_is_told(void **state)
{
	BUF_CLEANUP struct buf bytes = { 0 }, key = { 0 };
	const struct target listed = { .listed = true };
	struct observation *ob;

	(void)state;
	sealed(&bytes);
	ob = world_look_at("backup", &bytes, &listed);
	world_expect("shut", ob, 0, "password", "no passphrase");
	observation_free(ob);
	only_a_key(&key);
	ob = world_look_at("backup.p12", &key, &listed);
	world_expect("only a key", ob, 0, "", NULL);
	assert_int_equal(ob->n_keys, 0);
	observation_free(ob);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(files_are_opened),
		cmocka_unit_test(the_leaf_comes_first),
		cmocka_unit_test(pem_may_be_demanded),
		cmocka_unit_test(a_listed_one_is_told),
	};

	return cmocka_run_group_tests(tests, make_old, free_old);
}
