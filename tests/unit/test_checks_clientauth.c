/* test_checks_clientauth.c - public CAs that stop issuing for clients */
#include <openssl/x509v3.h>

#include "tests/unit/unit.h"

#include "tests/support/judge.h"

#define POLICIES "certificatePolicies=DER:"
/* 2.23.140.1.2.1: a public CA has validated the domain. */
#define TLS_POLICY POLICIES "300a3008060667810c010201"
/* 1.2.3.4 and 2.23.140.1.1, extended validation */
#define EV_POLICY POLICIES "3010300506032a03043007060567810c0101"
/* 2.23.140.1.20.1, 2.23.140.1.11 and 1.2.3 */
#define OTHER_POLICIES                                                         \
	POLICIES "30193008060667810c0114013007060567810c010b300406022a03"
#define DIGICERT ((time_t)1803859200) /* 2027-03-01 */
#define ANY_CA ((time_t)1805068800) /* 2027-03-15 */
#define LETS_ENCRYPT ((time_t)1783468800) /* 2026-07-08 */
#define HORIZON (180 * DAY)

static EVP_PKEY *root_key, *ca_key, *leaf_key;

static int
make_keys(void **state)
{
	(void)state;
	root_key = mkcert_key(MKCERT_P256);
	ca_key = mkcert_key(MKCERT_P256);
	leaf_key = mkcert_key(MKCERT_P256);
	return 0;
}

static int
free_keys(void **state)
{
	(void)state;
	EVP_PKEY_free(root_key);
	EVP_PKEY_free(ca_key);
	EVP_PKEY_free(leaf_key);
	return 0;
}

static X509 *
make_ca(const char *cn, const char *organization, EVP_PKEY *key, X509 *issuer)
{
	return mkcert_make(&(struct mkcert){ .key = key,
		.cn = cn,
		.organization = organization,
		.ca = true,
		.not_before = LETS_ENCRYPT - 900 * DAY,
		.not_after = ANY_CA + 900 * DAY,
		.issuer = issuer,
		.issuer_key = issuer != NULL ? root_key : key });
}

/* A client's certificate, what issued it, and who looks at it when. */
struct row {
	const char *name;
	const char *root, *ca; /* their organizations */
	const char *extension; /* of the leaf, or NULL */
	const char *eku;
	time_t begin, end, now;
	const char *message; /* NULL: no finding */
};

/* A file of leaf and intermediate, whose root is trusted. */
struct setting {
	enum role role;
	bool endpoint;
	bool exact;
	bool no_trust;
	bool no_ca; /* the intermediate is not sent */
	bool stranger; /* another root is trusted */
};

static void
judge(const struct row *r, const struct setting *set)
{
	X509 *root = make_ca("Root", r->root, root_key, NULL);
	X509 *ca = make_ca("Issuer", r->ca, ca_key, root);
	X509 *other = make_ca("Other", r->root, leaf_key, NULL);
	X509 *leaf = mkcert_make(&(struct mkcert){ .key = leaf_key,
		.cn = "a.test",
		.names = (const char *const[]){ "DNS:a.test", NULL },
		.eku = r->eku,
		.extensions = (const char *const[]){ r->extension, NULL },
		.not_before = r->begin,
		.not_after = r->end,
		.issuer = ca,
		.issuer_key = ca_key });
	struct observation *ob = judge_observe(
		(X509 *[]){ leaf, set->no_ca ? NULL : ca, NULL });
	struct trust trust = judge_trust(
		(X509 *[]){ set->stranger ? other : root, NULL }, set->exact);
	struct target t = judge_target_of(set->endpoint ? "a.test" : NULL);
	struct policy pol = { .target = &t };
	struct findings fs = { 0 };

	if (!set->no_trust)
		pol.trust = &trust;
	t.role = set->role;
	checks_run(ob, &pol, r->now, &fs);
	judge_expect(r->name, &fs, "key.",
		r->message != NULL ? "key.client-auth-ending=warning" : "");
	if (r->message != NULL)
		assert_string_equal(
			r->message, judge_find(&fs, "key.")->message);
	findings_release(&fs);
	X509_STORE_free(trust.store);
	observation_free(ob);
	X509_free(leaf);
	X509_free(ca);
	X509_free(other);
	X509_free(root);
}

static const struct row rows[] = {
	/* The leaf's end. */
	{ "ends a second before", "DigiCert Inc", "DigiCert Inc", NULL,
		"clientAuth", DIGICERT - 300 * DAY, DIGICERT - 1,
		DIGICERT - HORIZON - 1, NULL },
	{ "ends on the day", "DigiCert Inc", "DigiCert Inc", NULL, "clientAuth",
		DIGICERT - 300 * DAY, DIGICERT, DIGICERT - HORIZON - 1,
		"what DigiCert issues from 2027-03-01 on will not have "
		"clientAuth; this one ends on 2027-03-01" },
	/* The horizon. */
	{ "half a year before", "DigiCert Inc", "DigiCert, Inc.", NULL,
		"clientAuth", DIGICERT - 300 * DAY, DIGICERT - 100 * DAY,
		DIGICERT - HORIZON,
		"what DigiCert issues from 2027-03-01 on will not have "
		"clientAuth; this one ends on 2026-11-21" },
	{ "a second before the day", "DigiCert Inc", "DigiCert Inc", NULL,
		"clientAuth", DIGICERT - 300 * DAY, DIGICERT + DAY,
		DIGICERT - 1,
		"what DigiCert issues from 2027-03-01 on will not have "
		"clientAuth; this one ends on 2027-03-02" },
	{ "on the day", "DigiCert Inc", "DigiCert Inc", NULL, "clientAuth",
		DIGICERT - 300 * DAY, DIGICERT + DAY, DIGICERT,
		"the next certificate from DigiCert will not have "
		"clientAuth: since 2027-03-01 it issues none with it; "
		"this one ends on 2027-03-02" },

	/* The CAs. */
	{ "Let's Encrypt", "Internet Security Research Group", "Let's Encrypt",
		TLS_POLICY, "serverAuth,clientAuth", LETS_ENCRYPT - 30 * DAY,
		LETS_ENCRYPT + 60 * DAY, LETS_ENCRYPT + 30 * DAY,
		"the next certificate from Let's Encrypt will not have "
		"clientAuth: since 2026-07-08 it issues none with it; "
		"this one ends on 2026-09-06" },
	{ "Sectigo", "Sectigo Limited", "Sectigo Limited", NULL, "clientAuth",
		NOW - 100 * DAY, NOW + 90 * DAY, NOW,
		"what Sectigo issues from 2027-02-10 on will not have "
		"clientAuth; this one ends on 2027-04-15 (Sectigo has "
		"also named 2026-05-15)" },
	{ "known by the root", "The USERTRUST Network", "Reseller", NULL,
		"clientAuth", NOW - 100 * DAY, NOW + 90 * DAY, NOW,
		"what Sectigo issues from 2027-02-10 on will not have "
		"clientAuth; this one ends on 2027-04-15 (Sectigo has "
		"also named 2026-05-15)" },
	{ "any public CA", "Some CA", "Some CA Ltd", TLS_POLICY,
		"serverAuth,clientAuth", NOW - 100 * DAY, NOW + 90 * DAY, NOW,
		"what 'Some CA Ltd' issues from 2027-03-15 on will not "
		"have clientAuth; this one ends on 2027-04-15" },
	{ "one with extended validation", "Some CA", "Some CA Ltd", EV_POLICY,
		"serverAuth,clientAuth", NOW - 100 * DAY, ANY_CA - 1,
		ANY_CA - HORIZON,
		"what 'Some CA Ltd' issues from 2027-03-15 on will not "
		"have clientAuth; this one ends on 2027-03-14" },
	{ "a second before, and far", "Some CA", "Some CA Ltd", TLS_POLICY,
		"serverAuth,clientAuth", ANY_CA - 300 * DAY, ANY_CA - 1,
		ANY_CA - HORIZON - 1, NULL },
	{ "without an organization", NULL, NULL, TLS_POLICY, "clientAuth",
		NOW - 100 * DAY, NOW + 90 * DAY, NOW,
		"what 'Issuer' issues from 2027-03-15 on will not have "
		"clientAuth; this one ends on 2027-04-15" },
	{ "a private CA in the system's store", "Example Ltd", "Example Ltd",
		NULL, "clientAuth", NOW - 100 * DAY, NOW + 90 * DAY, NOW,
		NULL },
	{ "with a policy of its own", "Example Ltd", "Example Ltd",
		OTHER_POLICIES, "clientAuth", NOW - 100 * DAY, NOW + 90 * DAY,
		NOW, NULL },
	{ "a name that only holds it", "The DigiCert Fans", "Not Sectigo", NULL,
		"clientAuth", NOW - 100 * DAY, NOW + 90 * DAY, NOW, NULL },

	/* A CA that goes on after its day has put it off, to Chrome's. */
	{ "issued a second before the day", "DigiCert Inc", "DigiCert Inc",
		NULL, "clientAuth", DIGICERT - 1, DIGICERT + 90 * DAY,
		DIGICERT + DAY,
		"the next certificate from DigiCert will not have "
		"clientAuth: since 2027-03-01 it issues none with it; "
		"this one ends on 2027-05-30" },
	{ "issued on the day", "DigiCert Inc", "DigiCert Inc", NULL,
		"clientAuth", DIGICERT, DIGICERT + 90 * DAY, DIGICERT + DAY,
		"what 'DigiCert Inc' issues from 2027-03-15 on will "
		"not have clientAuth; this one ends on 2027-05-30" },
	{ "issued before Chrome's", "DigiCert Inc", "DigiCert Inc", NULL,
		"clientAuth", ANY_CA - 1, ANY_CA + 90 * DAY, ANY_CA + DAY,
		"the next certificate from 'DigiCert Inc' will not "
		"have clientAuth: since 2027-03-15 it issues none with "
		"it; this one ends on 2027-06-13" },
	{ "issued after Chrome's", "DigiCert Inc", "DigiCert Inc", NULL,
		"clientAuth", ANY_CA, ANY_CA + 90 * DAY, ANY_CA + DAY, NULL },

	/* What the certificate is for. */
	{ "for mail as well", "DigiCert Inc", "DigiCert Inc", NULL,
		"clientAuth,emailProtection", NOW - 100 * DAY, NOW + 90 * DAY,
		NOW, NULL },
	{ "for any use, unsaid", "DigiCert Inc", "DigiCert Inc", NULL, "",
		NOW - 100 * DAY, NOW + 90 * DAY, NOW, NULL },
	{ "for any use", "DigiCert Inc", "DigiCert Inc", NULL,
		"anyExtendedKeyUsage", NOW - 100 * DAY, NOW + 90 * DAY, NOW,
		NULL },
};

static void
test_days(void **state)
{
	static const struct setting client = { .role = ROLE_CLIENT };

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++)
		judge(&rows[i], &client);
}

/* By the role, given or inferred, and by what is trusted. */
static void
test_settings(void **state)
{
	static const struct {
		const char *name, *eku;
		struct setting set;
		bool told;
	} cases[] = {
		{ "taken for a client's", "clientAuth", { 0 }, true },
		{ "taken for a server's", "clientAuth,serverAuth", { 0 },
			false },
		{ "a server's", "clientAuth,serverAuth",
			{ .role = ROLE_SERVER }, false },
		{ "any", "clientAuth", { .role = ROLE_ANY }, false },
		{ "an endpoint's", "clientAuth,serverAuth",
			{ .endpoint = true }, false },
		{ "a server's, but a client", "clientAuth,serverAuth",
			{ .role = ROLE_CLIENT }, true },
		{ "the operator's trust", "clientAuth",
			{ .role = ROLE_CLIENT, .exact = true }, false },
		{ "no trust", "clientAuth",
			{ .role = ROLE_CLIENT, .no_trust = true }, false },
		{ "not up to the root", "clientAuth",
			{ .role = ROLE_CLIENT, .no_ca = true }, false },
		{ "a root that is not trusted", "clientAuth",
			{ .role = ROLE_CLIENT, .stranger = true }, false },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct row r = { cases[i].name, "DigiCert Inc", "DigiCert Inc",
			TLS_POLICY, cases[i].eku, NOW - 100 * DAY,
			NOW + 90 * DAY, NOW, NULL };

		if (cases[i].told)
			r.message =
				"what DigiCert issues from 2027-03-01 on will not have "
				"clientAuth; this one ends on 2027-04-15";
		judge(&r, &cases[i].set);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_days),
		cmocka_unit_test(test_settings),
	};

	return cmocka_run_group_tests(tests, make_keys, free_keys);
}
