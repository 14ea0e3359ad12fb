/* test_checks_purpose.c - what a certificate may be used for, and its kind */
#include "tests/support/judge.h"

#include "tests/support/oddkeys.h"

extern const struct check check_purpose;

static EVP_PKEY *ec, *rsa, *sm2, *ed25519, *pss;

#define MORE(...) ((const char *const[]){ __VA_ARGS__, NULL })
#define NO_SERVER_AUTH "want serverAuth among its extended key usages, have "
#define NO_EKU "has no extended key usage and so serves any purpose"
#define PUBLIC                                                                 \
	"; a public CA must name serverAuth, not any purpose, and not mark "   \
	"it critical (Baseline Requirements, 7.1.2.7)"
#define NO_CLIENT_AUTH "want clientAuth among its extended key usages, have "

/* A certificate as it stands before a role. */
static const struct row {
	const char *name;
	enum role role; /* of a file; ROLE_AUTO: as inferred */
	bool endpoint;
	const char *eku, *key_usage; /* "": none */
	const char *const *more;
	const char *message; /* NULL: it fits; PUBLIC: a note */
} rows[] = {
	{ "server", ROLE_SERVER, false, "serverAuth", "digitalSignature", NULL,
		NULL },
	{ "R33: no EKU is any purpose", ROLE_SERVER, false, "", "", NULL,
		NO_EKU PUBLIC },
	{ "and of an endpoint", ROLE_AUTO, true, "", "", NULL, NO_EKU PUBLIC },
	{ "nothing where nobody says server", ROLE_AUTO, false, "", "", NULL,
		NULL },
	{ "a critical one", ROLE_SERVER, false, "critical,serverAuth", "", NULL,
		"its extended key usage is marked critical" PUBLIC },
	{ "any beside the right one", ROLE_SERVER, false,
		"serverAuth,anyExtendedKeyUsage", "", NULL,
		"its extended key usage allows any purpose" PUBLIC },
	{ "both", ROLE_SERVER, false, "critical,anyExtendedKeyUsage", "", NULL,
		"its extended key usage allows any purpose; its extended key "
		"usage is marked critical" PUBLIC },
	{ "R33: for a client too", ROLE_CLIENT, false, "", "", NULL, NULL },
	{ "both", ROLE_CLIENT, false, "serverAuth,clientAuth", "", NULL, NULL },
	{ "any", ROLE_SERVER, false, "anyExtendedKeyUsage", "", NULL,
		"its extended key usage allows any purpose" PUBLIC },
	{ "any, a client", ROLE_CLIENT, false, "anyExtendedKeyUsage", "", NULL,
		NULL },
	{ "server-gated, Microsoft", ROLE_SERVER, false, "msSGC", "", NULL,
		NULL },
	{ "server-gated, Netscape", ROLE_SERVER, false, "nsSGC", "", NULL,
		NULL },
	{ "server-gated is for no client", ROLE_CLIENT, false, "msSGC", "",
		NULL, NO_CLIENT_AUTH "msSGC" },
	{ "R33: a client's lacks clientAuth", ROLE_CLIENT, false, "serverAuth",
		"", NULL, NO_CLIENT_AUTH "serverAuth" },
	{ "a server's lacks serverAuth", ROLE_SERVER, false,
		"clientAuth,emailProtection", "", NULL,
		NO_SERVER_AUTH "clientAuth, emailProtection" },
	{ "an unknown purpose", ROLE_SERVER, false, "1.2.3.4.5", "", NULL,
		NO_SERVER_AUTH "1.2.3.4.5" },
	{ "an endpoint", ROLE_AUTO, true, "clientAuth", "", NULL,
		NO_SERVER_AUTH "clientAuth" },
	{ "an inferred role fits", ROLE_AUTO, false, "clientAuth", "", NULL,
		NULL },
	{ "an inferred role, its key usage", ROLE_AUTO, false, "",
		"dataEncipherment", NULL, NULL },
	{ "another inferred role", ROLE_AUTO, false, "codeSigning",
		"keyCertSign", NULL, NULL },
	{ "any role", ROLE_ANY, false, "codeSigning", "", NULL, NULL },

	{ "encipherment, a server", ROLE_SERVER, false, "serverAuth",
		"keyEncipherment", NULL, NULL },
	{ "agreement, a server", ROLE_SERVER, false, "serverAuth",
		"keyAgreement", NULL, NULL },
	{ "agreement, a client", ROLE_CLIENT, false, "", "keyAgreement", NULL,
		NULL },
	{ "encipherment, a client", ROLE_CLIENT, false, "", "keyEncipherment",
		NULL,
		"want digitalSignature or keyAgreement in its key usage, have "
		"keyEncipherment" },
	{ "a CA's key usage", ROLE_SERVER, false, "", "keyCertSign,cRLSign",
		NULL,
		"want digitalSignature, keyEncipherment or keyAgreement in its "
		"key usage, have keyCertSign, cRLSign" },
	{ "both are wrong", ROLE_CLIENT, false, "timeStamping",
		"nonRepudiation", NULL,
		NO_CLIENT_AUTH "timeStamping; want digitalSignature or "
			       "keyAgreement in its key usage, have "
			       "nonRepudiation" },

	{ "Netscape, a server", ROLE_SERVER, false, "serverAuth", "",
		MORE("nsCertType=server"), NULL },
	{ "Netscape, a client", ROLE_CLIENT, false, "", "",
		MORE("nsCertType=client,email"), NULL },
	{ "Netscape, another", ROLE_SERVER, false, "", "",
		MORE("nsCertType=client"),
		"want its Netscape certificate type to be an SSL server, have "
		"another" },
	/* The certificate check tells it: duplicate extensions. */
	{ "unreadable extensions", ROLE_SERVER, false, "clientAuth", "",
		MORE("extendedKeyUsage=serverAuth"), NULL },
	/* Without a leaf there is nothing to judge. */
	{ "a CA's file", ROLE_CA, false, "codeSigning", "keyCertSign", NULL,
		NULL },
	{ "a client CA's file", ROLE_CLIENT_CA, false, "codeSigning",
		"digitalSignature", NULL, NULL },
};

static X509 *
make(const char *cn, EVP_PKEY *key, const char *eku, const char *key_usage,
	const char *const *more)
{
	return oddkeys_reread(mkcert_make(&(struct mkcert){ .key = key,
		.issuer_key = rsa,
		.cn = cn,
		.eku = eku,
		.key_usage = key_usage,
		.extensions = more,
		.not_before = NOW - DAY,
		.not_after = NOW + DAY }));
}

static void
test_roles(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		const struct row *r = &rows[i];
		X509 *x509 = make("a.test", ec, r->eku, r->key_usage, r->more);
		struct observation *ob = judge_observe(
			(X509 *[]){ x509, NULL });
		struct target t = judge_target_of(
			r->endpoint ? "a.test" : NULL);
		struct policy pol = { .target = &t };
		struct findings fs = { 0 };

		t.role = r->role;
		check_purpose.run(ob, &pol, NOW, &fs);
		judge_expect(r->name, &fs, "",
			r->message == NULL ? ""
				: strstr(r->message, PUBLIC) != NULL
				? "key.purpose=ok"
				: "key.purpose=critical");
		if (r->message != NULL) {
			assert_string_equal(r->message, fs.v[0].message);
			assert_string_equal(
				ob->certs[0].sha256, fs.v[0].subject);
		}
		findings_release(&fs);
		observation_free(ob);
		X509_free(x509);
	}
}

/* Beyond the first leaf a certificate is named. */
static void
test_second_leaf(void **state)
{
	X509 *a = make("a.test", ec, "clientAuth", "", NULL);
	X509 *b = make("b.test", rsa, "serverAuth", "", NULL);
	struct observation *ob = judge_observe((X509 *[]){ a, b, NULL });
	struct target t = judge_target_of(NULL);
	struct policy pol = { .target = &t };
	struct findings fs = { 0 };

	(void)state;
	t.role = ROLE_CLIENT;
	ob->certs[1].line = 14;
	check_purpose.run(ob, &pol, NOW, &fs);
	judge_expect("second leaf", &fs, "", "key.purpose=critical");
	assert_string_equal("'b.test' (line 14): " NO_CLIENT_AUTH "serverAuth",
		fs.v[0].message);
	assert_string_equal(
		"client", json_string_value(judge_detail(&fs.v[0], "role")));
	findings_release(&fs);
	observation_free(ob);
	X509_free(a);
	X509_free(b);
}

/* R65, R66: what a profile takes; SM2 apart from the others. */
static const struct kind_row {
	const char *name;
	const char *profile;
	EVP_PKEY **keys[4]; /* leaf first; NULL ends it */
	const char *findings;
	const char *message; /* of the first, or NULL */
} kind_rows[] = {
	{ "R65: RSA", "edgeone", { &rsa }, "", NULL },
	{ "R65: ECC", "edgeone", { &ec, &rsa }, "", NULL },
	{ "R65: SM2", "edgeone", { &sm2, &sm2 }, "", NULL },
	{ "R65: Ed25519", "edgeone", { &ed25519 }, "key.algorithm=warning",
		"want a key of kind RSA, EC or SM2, have ED25519" },
	{ "R65: RSA-PSS", "edgeone", { &pss }, "key.algorithm=warning",
		"want a key of kind RSA, EC or SM2, have RSA-PSS" },
	{ "R65: an issuer", "edgeone", { &ec, &ed25519 },
		"key.algorithm=warning",
		"'1': want a key of kind RSA, EC or SM2, have ED25519" },
	{ "told once", "edgeone", { &ed25519, &ed25519, &ed25519 },
		"key.algorithm=warning key.algorithm=warning "
		"key.algorithm=warning",
		NULL },
	{ "R66: SM2 by RSA", "edgeone", { &sm2, &rsa }, "key.family=critical",
		"want SM2 keys or others, have both: '0' has SM2, '1' has RSA" },
	{ "R66: EC by SM2", "edgeone", { &ec, &rsa, &sm2 },
		"key.family=critical",
		"want SM2 keys or others, have both: '2' has SM2, '0' has EC" },
	{ "another profile", "entrust", { &sm2, &ed25519 }, "", NULL },
	{ "no profile", NULL, { &sm2, &ed25519 }, "", NULL },
};

static void
test_kinds(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(kind_rows) / sizeof(kind_rows[0]); i++) {
		const struct kind_row *r = &kind_rows[i];
		struct observation *ob = observation_new();
		struct target t = judge_target_of(NULL);
		struct policy pol = { .target = &t };
		struct findings fs = { 0 };
		X509 *last = NULL;

		t.profile = r->profile != NULL ? profile_find(r->profile)
					       : NULL;
		for (size_t j = 0; j < 4 && r->keys[j] != NULL; j++) {
			char cn[2] = { (char)('0' + j), '\0' };

			last = make(cn, *r->keys[j], "", "", NULL);
			assert_int_equal(observation_add_cert(ob, last, 0), 0);
		}
		/* The same again is not told again. */
		X509_up_ref(last);
		assert_int_equal(observation_add_cert(ob, last, 0), 0);
		check_purpose.run(ob, &pol, NOW, &fs);
		judge_expect(r->name, &fs, "", r->findings);
		if (r->message != NULL)
			assert_string_equal(r->message, fs.v[0].message);
		findings_release(&fs);
		observation_free(ob);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_roles),
		cmocka_unit_test(test_second_leaf),
		cmocka_unit_test(test_kinds),
	};
	int failed;

	ec = mkcert_key(MKCERT_P256);
	rsa = mkcert_key(MKCERT_RSA2048);
	ed25519 = mkcert_key(MKCERT_ED25519);
	sm2 = oddkeys_simple("SM2");
	pss = oddkeys_rsa("RSA-PSS", 2048);
	failed = cmocka_run_group_tests(tests, NULL, NULL);
	EVP_PKEY_free(ec);
	EVP_PKEY_free(rsa);
	EVP_PKEY_free(ed25519);
	EVP_PKEY_free(sm2);
	EVP_PKEY_free(pss);
	return failed;
}
