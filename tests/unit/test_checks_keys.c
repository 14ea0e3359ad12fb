/* test_checks_keys.c - private keys: whose they are, and who may read them */
#include "tests/support/judge.h"

#include "checks/key/pair.h"
#include "tests/support/oddkeys.h"

extern const struct check check_keys;

#define KEY_FILE "/etc/ssl/private/a.key"

static EVP_PKEY *ec, *ec2, *rsa, *rsa2, *pss, *ed25519, *ed448, *dsa;
static EVP_PKEY *sm2, *sm2_as_ec, *explicit_curve, *none;

static X509 *
make(const char *cn, EVP_PKEY *key, bool ca, EVP_PKEY *signer)
{
	return oddkeys_reread(mkcert_make(&(struct mkcert){ .key = key,
		.issuer_key = signer,
		.cn = cn,
		.ca = ca,
		.not_before = NOW - DAY,
		.not_after = NOW + DAY }));
}

/* The public half, as a probe hands it over; NULL: of an unknown kind. */
static void
add_key(struct observation *ob, EVP_PKEY *key, const char *file, size_t line)
{
	struct private_key *pk = observation_add_key(
		ob, key != NULL ? oddkeys_public(key) : NULL, line);

	pk->file = str_dup(file);
}

/*
 * R7, R32, R60: certificates in their order, and keys: of the key's own file
 * or of the same one.
 */
static const struct row {
	const char *name;
	EVP_PKEY **leaves[3]; /* NULL ends it */
	EVP_PKEY **keys[4]; /* NULL ends it; &none: of an unknown kind */
	bool own; /* in the certificates' file */
	const char *findings;
} rows[] = {
	{ "R7: EC", { &ec }, { &ec }, false, "" },
	{ "R7: another EC", { &ec }, { &ec2 }, false, "key.mismatch=critical" },
	{ "RSA", { &rsa }, { &rsa }, false, "" },
	{ "another RSA", { &rsa }, { &rsa2 }, false, "key.mismatch=critical" },
	{ "RSA for EC", { &rsa }, { &ec }, false, "key.mismatch=critical" },
	{ "Ed25519", { &ed25519 }, { &ed25519 }, false, "" },
	{ "Ed448", { &ed448 }, { &ed448 }, false, "" },
	{ "Ed448 for Ed25519", { &ed448 }, { &ed25519 }, false,
		"key.mismatch=critical" },
	{ "DSA", { &dsa }, { &dsa }, false, "" },
	{ "DSA for RSA", { &dsa }, { &rsa }, false, "key.mismatch=critical" },
	{ "RSA-PSS", { &pss }, { &pss }, false, "" },
	{ "RSA for RSA-PSS", { &pss }, { &rsa }, false,
		"key.mismatch=critical" },
	{ "explicit parameters", { &explicit_curve }, { &explicit_curve },
		false, "" },
	{ "another of the same curve", { &explicit_curve }, { &ec }, false,
		"key.mismatch=critical" },
	{ "SM2", { &sm2 }, { &sm2 }, false, "" },
	{ "SM2 and EC", { &sm2 }, { &ec }, false, "key.mismatch=critical" },
	{ "SM2 and another SM2", { &sm2 }, { &sm2_as_ec }, false,
		"key.mismatch=critical" },
	{ "SM2 called EC", { &sm2_as_ec }, { &sm2_as_ec }, false, "" },
	{ "no key was read", { &ec }, { NULL }, false, "" },
	{ "of an unknown kind", { &ec }, { &none }, false, "" },
	{ "unknown and right", { &ec }, { &none, &ec }, false, "" },
	{ "unknown and wrong", { &ec }, { &none, &rsa }, false,
		"key.mismatch=critical" },
	{ "the second of the file", { &ec }, { &rsa, &ec }, false, "" },
	{ "none of the file", { &ec }, { &rsa, &rsa2 }, false,
		"key.mismatch=critical" },
	{ "of the second leaf", { &ec, &rsa }, { &rsa }, false, "" },
	{ "of no leaf", { &ec, &rsa }, { &rsa2 }, false,
		"key.mismatch=critical" },

	{ "R60: in one file", { &ec }, { &ec }, true, "" },
	{ "R60: in one file, another", { &ec }, { &ec2 }, true,
		"key.mismatch=critical" },
	{ "in one file, both pairs", { &ec, &rsa }, { &ec, &rsa }, true, "" },
	{ "in one file, the second pair alone", { &ec, &rsa }, { &rsa }, true,
		"key.mismatch=critical" },
	{ "in one file, one key too many", { &ec }, { &ec, &rsa }, true,
		"key.mismatch=warning" },
	{ "in one file, one in front", { &ec }, { &rsa, &ec }, true,
		"key.mismatch=critical" },
	{ "in one file, unknown", { &ec }, { &none }, true, "" },
	{ "in one file, two wrong ones", { &ec }, { &rsa, &rsa2 }, true,
		"key.mismatch=critical" },
};

static void
test_pairs(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		const struct row *r = &rows[i];
		struct observation *ob = observation_new();
		struct target t = judge_target_of(NULL);
		struct policy pol = { .target = &t };
		struct findings fs = { 0 };

		t.key = r->own ? NULL : KEY_FILE;
		for (size_t j = 0; j < 3 && r->leaves[j] != NULL; j++) {
			char cn[2] = { (char)('a' + j), '\0' };

			assert_int_equal(
				observation_add_cert(ob,
					make(cn, *r->leaves[j], false, rsa), 0),
				0);
		}
		for (size_t j = 0; j < 4 && r->keys[j] != NULL; j++)
			add_key(ob, *r->keys[j], t.key, 10 * j + 1);
		check_keys.run(ob, &pol, NOW, &fs);
		judge_expect(r->name, &fs, "", r->findings);
		findings_release(&fs);
		observation_free(ob);
	}
}

/* "RSA 2048 (SPKI sha256 1a2b3c4d)", for the `%s`s of a format. */
static char *
described(const EVP_PKEY *key)
{
	struct buf b = { 0 };

	pair_describe(&b, key);
	return buf_detach(&b);
}

static void
test_messages(void **state)
{
	cleanup(str_free) char *d_ec = described(ec);
	cleanup(str_free) char *d_rsa = described(rsa);
	cleanup(str_free) char *d_ed = described(ed25519);
	cleanup(str_free) char *want_file = str_fmt(
		"key file " KEY_FILE ": want the key of 'www.example.com', "
		"%s, have %s in line 7",
		d_rsa, d_ec);
	cleanup(str_free) char *want_own = str_fmt(
		"want the key of 'www.example.com', %s, have %s in line 7",
		d_rsa, d_ec);
	cleanup(str_free) char *want_stray = str_fmt(
		"want a certificate for each private key, have none for %s in "
		"line 9",
		d_ed);
	X509 *x509 = make("www.example.com", rsa, false, rsa);
	struct target t = judge_target_of(NULL);
	struct policy pol = { .target = &t };
	struct findings fs = { 0 };
	struct observation *ob;
	char print[PAIR_PRINT_SIZE];

	(void)state;
	assert_int_equal(
		strlen("RSA 2048 (SPKI sha256 1a2b3c4d)"), strlen(d_rsa));
	assert_memory_equal("RSA 2048 (SPKI sha256 ", d_rsa, 22);
	assert_memory_equal("EC 256 (SPKI", d_ec, 12);
	assert_memory_equal("ED25519 (SPKI", d_ed, 13);

	ob = judge_observe((X509 *[]){ x509, NULL });
	t.key = KEY_FILE;
	add_key(ob, ec, KEY_FILE, 7);
	check_keys.run(ob, &pol, NOW, &fs);
	assert_int_equal(1, fs.n);
	assert_string_equal(want_file, fs.v[0].message);
	assert_string_equal(ob->certs[0].sha256, fs.v[0].subject);
	assert_string_equal(
		KEY_FILE, json_string_value(judge_detail(&fs.v[0], "file")));
	assert_string_equal(pair_print(ec, print),
		json_string_value(judge_detail(&fs.v[0], "have")));
	assert_string_equal(pair_print(rsa, print),
		json_string_value(judge_detail(&fs.v[0], "want")));
	findings_release(&fs);
	observation_free(ob);

	ob = judge_observe((X509 *[]){ x509, NULL });
	t.key = NULL;
	add_key(ob, ec, NULL, 7);
	check_keys.run(ob, &pol, NOW, &fs);
	assert_int_equal(1, fs.n);
	assert_string_equal(want_own, fs.v[0].message);
	findings_release(&fs);
	observation_free(ob);

	ob = judge_observe((X509 *[]){ x509, NULL });
	add_key(ob, rsa, NULL, 7);
	add_key(ob, ed25519, NULL, 9);
	check_keys.run(ob, &pol, NOW, &fs);
	assert_int_equal(1, fs.n);
	assert_string_equal(want_stray, fs.v[0].message);
	assert_string_equal(pair_print(ed25519, print), fs.v[0].subject);
	findings_release(&fs);
	observation_free(ob);
	X509_free(x509);
}

/* An SM2 key and the same called EC are one, though OpenSSL knows no way. */
static void
test_sm2_by_two_names(void **state)
{
	EVP_PKEY *read = oddkeys_public(sm2_as_ec);

	(void)state;
	assert_string_equal("EC", EVP_PKEY_get0_type_name(sm2_as_ec));
	assert_string_equal("SM2", EVP_PKEY_get0_type_name(read));
	assert_int_not_equal(1, EVP_PKEY_eq(read, sm2_as_ec));
	assert_true(pair_is_one(read, sm2_as_ec));
	assert_true(pair_is_one(sm2_as_ec, read));
	assert_false(pair_is_one(sm2, sm2_as_ec));
	EVP_PKEY_free(read);
}

/* A curve by its name, and the same by its parameters, are one key. */
static void
test_explicit_by_name(void **state)
{
	unsigned char *point = NULL;
	size_t n = EVP_PKEY_get1_encoded_public_key(explicit_curve, &point);
	EVP_PKEY *named = oddkeys_public(ec);

	(void)state;
	assert_int_equal(1, EVP_PKEY_set1_encoded_public_key(named, point, n));
	assert_true(pair_is_one(named, explicit_curve));
	assert_true(pair_is_one(explicit_curve, named));
	OPENSSL_free(point);
	EVP_PKEY_free(named);
}

/* What a key in, or beside, a file of CAs means. */
static const struct ca_row {
	const char *name;
	enum role role;
	bool listed, ca;
	EVP_PKEY **cert, **key;
	bool own;
	const char *profile;
	const char *findings;
} ca_rows[] = {
	{ "CA by its role, another key", ROLE_CA, false, true, &ec, &rsa, false,
		NULL, "" },
	{ "client CA, another key", ROLE_CLIENT_CA, false, true, &ec, &rsa,
		false, NULL, "" },
	{ "client CA, a key inside", ROLE_CLIENT_CA, false, true, &ec, &ec,
		true, NULL, "file.private-key=warning" },
	{ "CA, a strange key inside", ROLE_CA, false, true, &ec, &rsa, true,
		NULL, "file.private-key=warning" },
	{ "taken for a CA, a key inside", ROLE_AUTO, false, true, &ec, &ec,
		true, NULL, "file.private-key=warning" },
	/* openssl req -x509 makes a CA, and it is a server's all the same. */
	{ "taken for a CA, its key", ROLE_AUTO, false, true, &ec, &ec, false,
		NULL, "" },
	{ "taken for a CA, another key", ROLE_AUTO, false, true, &ec, &rsa,
		false, NULL, "key.mismatch=critical" },
	/* certbot's chain.pem, and the pattern finds privkey.pem. */
	{ "taken for a CA in a folder", ROLE_AUTO, true, true, &ec, &rsa, false,
		NULL, "" },
	{ "a server's by its role", ROLE_SERVER, false, true, &ec, &rsa, false,
		NULL, "key.mismatch=critical" },
	{ "a server's by its role, in one file", ROLE_SERVER, false, true, &ec,
		&ec, true, NULL, "" },
	{ "a leaf and its key", ROLE_AUTO, false, false, &ec, &ec, true, NULL,
		"" },
	{ "a leaf, in a profile's form", ROLE_AUTO, false, false, &ec, &ec,
		true, "huawei-elb", "file.private-key=warning" },
	{ "a leaf, in a profile without", ROLE_AUTO, false, false, &ec, &ec,
		true, "entrust", "" },
	{ "in a profile, a file of its own", ROLE_AUTO, false, false, &ec, &ec,
		false, "huawei-elb", "" },
};

static void
test_files_of_cas(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(ca_rows) / sizeof(ca_rows[0]); i++) {
		const struct ca_row *r = &ca_rows[i];
		X509 *x509 = make("a", *r->cert, r->ca, *r->cert);
		struct observation *ob = judge_observe(
			(X509 *[]){ x509, NULL });
		struct target t = judge_target_of(NULL);
		struct policy pol = { .target = &t };
		struct findings fs = { 0 };

		t.role = r->role;
		t.listed = r->listed;
		t.key = r->own ? NULL : KEY_FILE;
		t.profile = r->profile != NULL ? profile_find(r->profile)
					       : NULL;
		add_key(ob, *r->key, t.key, 31);
		check_keys.run(ob, &pol, NOW, &fs);
		judge_expect(r->name, &fs, "", r->findings);
		findings_release(&fs);
		observation_free(ob);
		X509_free(x509);
	}
}

/* Of a profile that takes PEM alone; PKCS#12 is to be unpacked anyway. */
static void
test_key_by_format(void **state)
{
	static const char *const cases[][2] = {
		{ "PEM", "file.private-key=warning" },
		{ "PKCS#12", "" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		X509 *x509 = make("a", ec, false, ec);
		struct observation *ob = judge_observe(
			(X509 *[]){ x509, NULL });
		struct target t = judge_target_of(NULL);
		struct policy pol = { .target = &t };
		struct findings fs = { 0 };

		t.profile = profile_find("huawei-elb");
		ob->format = cases[i][0];
		add_key(ob, ec, NULL, 31);
		check_keys.run(ob, &pol, NOW, &fs);
		judge_expect(cases[i][0], &fs, "", cases[i][1]);
		findings_release(&fs);
		observation_free(ob);
		X509_free(x509);
	}
}

/* The key stands in a file of its own, and in the certificate's as well. */
static void
test_key_in_both(void **state)
{
	X509 *x509 = make("a", ec, false, ec);
	struct observation *ob = judge_observe((X509 *[]){ x509, NULL });
	struct target t = judge_target_of(NULL);
	struct policy pol = { .target = &t };
	struct findings fs = { 0 };

	(void)state;
	t.key = KEY_FILE;
	add_key(ob, ec, KEY_FILE, 1);
	add_key(ob, ec, NULL, 31);
	add_key(ob, ec, NULL, 51);
	check_keys.run(ob, &pol, NOW, &fs);
	judge_expect("both", &fs, "", "file.private-key=warning");
	assert_string_equal("holds a private key (line 31) besides the one in "
			    "the key's own file",
		fs.v[0].message);
	assert_string_equal("test.pem", fs.v[0].subject);
	findings_release(&fs);
	observation_free(ob);

	/* It is named as its own key's file. */
	ob = judge_observe((X509 *[]){ x509, NULL });
	t.key = t.file;
	add_key(ob, ec, NULL, 31);
	add_key(ob, ec, t.file, 31);
	check_keys.run(ob, &pol, NOW, &fs);
	judge_expect("one file", &fs, "", "");
	observation_free(ob);
	X509_free(x509);
}

/* R15: who may read a key in the clear. */
static const struct mode_row {
	const char *name;
	const char *file; /* NULL: the target's own */
	unsigned mode;
	const char *readers;
	bool encrypted;
	const char *message, *hint; /* NULL: no finding */
} mode_rows[] = {
	{ "R15: nobody else", KEY_FILE, 0100600, NULL, false, NULL, NULL },
	{ "R15: others", KEY_FILE, 0100644, "group ssl-cert, others", false,
		"key file " KEY_FILE ": want it readable by its owner alone, "
		"have mode 0644: readable by group ssl-cert, others",
		"chmod 600 " KEY_FILE ". If others" },
	{ "a group", KEY_FILE, 0100640, "group web", false,
		"key file " KEY_FILE ": want it readable by its owner alone, "
		"have mode 0640: readable by group web",
		"chmod 600 " KEY_FILE ". If others" },
	{ "Debian's group for keys", KEY_FILE, 0100640, "group ssl-cert", false,
		NULL, NULL },
	{ "and another one", KEY_FILE, 0100640, "group ssl-cert, group web",
		false,
		"key file " KEY_FILE ": want it readable by its owner alone, "
		"have mode 0640: readable by group ssl-cert, group web",
		"setfacl -b " KEY_FILE "; chmod 600 " KEY_FILE ". If" },
	{ "and a user", KEY_FILE, 0100640, "group ssl-cert, user jane", false,
		"key file " KEY_FILE ": want it readable by its owner alone, "
		"have mode 0640: readable by group ssl-cert, user jane",
		"setfacl -b " KEY_FILE "; chmod 600 " KEY_FILE ". If" },
	{ "more bits", KEY_FILE, 0104604, "others", false,
		"key file " KEY_FILE ": want it readable by its owner alone, "
		"have mode 4604: readable by others",
		"chmod 600 " KEY_FILE ". If others" },
	{ "a user of the ACL", KEY_FILE, 0100640, "user www-data", false,
		"key file " KEY_FILE ": want it readable by its owner alone, "
		"have mode 0640: readable by user www-data",
		"setfacl -b " KEY_FILE "; chmod 600 " KEY_FILE ". If" },
	{ "a group of the ACL", KEY_FILE, 0100600, "group web", false,
		"key file " KEY_FILE ": want it readable by its owner alone, "
		"have mode 0600: readable by group web",
		"setfacl -b " KEY_FILE "; chmod 600 " KEY_FILE ". If" },
	{ "two groups", KEY_FILE, 0100640, "group root, group web", false,
		"key file " KEY_FILE ": want it readable by its owner alone, "
		"have mode 0640: readable by group root, group web",
		"setfacl -b " KEY_FILE "; chmod 600 " KEY_FILE ". If" },
	{ "encrypted", KEY_FILE, 0100644, "others", true, NULL, NULL },
	{ "its own file", NULL, 0100644, "others", false,
		"holds a private key: want it readable by its owner alone, "
		"have mode 0644: readable by others",
		"chmod 600 test.pem. If others" },
	{ "a name to quote", "/tmp/it's; rm -r", 0100604, "others", false,
		"key file /tmp/it's; rm -r: want it readable by its owner "
		"alone, have mode 0604: readable by others",
		"chmod 600 '/tmp/it'\\''s; rm -r'. If others" },
};

static void
test_permissions(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(mode_rows) / sizeof(mode_rows[0]); i++) {
		const struct mode_row *r = &mode_rows[i];
		X509 *x509 = make("a", ec, false, ec);
		struct observation *ob = judge_observe(
			(X509 *[]){ x509, NULL });
		struct target t = judge_target_of(NULL);
		struct policy pol = { .target = &t };
		struct findings fs = { 0 };

		t.key = r->file;
		/* Once for a file, whatever it holds; unknown kinds too. */
		for (size_t j = 0; j < 2; j++) {
			add_key(ob, j == 0 ? NULL : ec, r->file, 3);
			ob->keys[j].mode = r->mode;
			ob->keys[j].encrypted = r->encrypted;
			ob->keys[j].readers = str_dup(r->readers);
		}
		check_keys.run(ob, &pol, NOW, &fs);
		judge_expect(r->name, &fs, "",
			r->message != NULL ? "key.permissions=warning" : "");
		if (r->message != NULL) {
			assert_string_equal(r->message, fs.v[0].message);
			assert_string_equal(
				r->file != NULL ? r->file : "test.pem",
				fs.v[0].subject);
			assert_memory_equal(
				r->hint, fs.v[0].hint, strlen(r->hint));
		}
		findings_release(&fs);
		observation_free(ob);
		X509_free(x509);
	}
}

/* What is too much is not compared, and nothing breaks. */
static void
test_many_keys(void **state)
{
	X509 *x509 = make("a", ec, false, ec);
	struct observation *ob = judge_observe((X509 *[]){ x509, NULL });
	struct target t = judge_target_of(NULL);
	struct policy pol = { .target = &t };
	struct findings fs = { 0 };

	(void)state;
	for (size_t i = 0; i < 500; i++)
		add_key(ob, rsa, NULL, i + 1);
	check_keys.run(ob, &pol, NOW, &fs);
	judge_expect("many", &fs, "", "key.mismatch=critical");
	assert_non_null(strstr(fs.v[0].message, " and 97 more"));
	findings_release(&fs);
	observation_free(ob);
	X509_free(x509);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_pairs),
		cmocka_unit_test(test_messages),
		cmocka_unit_test(test_sm2_by_two_names),
		cmocka_unit_test(test_explicit_by_name),
		cmocka_unit_test(test_files_of_cas),
		cmocka_unit_test(test_key_by_format),
		cmocka_unit_test(test_key_in_both),
		cmocka_unit_test(test_permissions),
		cmocka_unit_test(test_many_keys),
	};
	EVP_PKEY **const keys[] = { &ec, &ec2, &rsa, &rsa2, &pss, &ed25519,
		&ed448, &dsa, &sm2, &sm2_as_ec, &explicit_curve };
	int failed;

	ec = mkcert_key(MKCERT_P256);
	ec2 = mkcert_key(MKCERT_P256);
	rsa = mkcert_key(MKCERT_RSA2048);
	rsa2 = mkcert_key(MKCERT_RSA2048);
	pss = oddkeys_rsa("RSA-PSS", 2048);
	ed25519 = mkcert_key(MKCERT_ED25519);
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
