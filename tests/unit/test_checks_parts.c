/* test_checks_parts.c - files of several chains, and whose severities count */
#include "tests/unit/chain_world.h"

static void
add(struct observation *ob, enum who who)
{
	X509_up_ref(world[who]);
	assert_int_equal(0, observation_add_cert(ob, world[who], 0));
}

static void
add_key(struct observation *ob, enum who who)
{
	EVP_PKEY_up_ref(keys[who]);
	(void)observation_add_key(ob, keys[who], 0);
}

/* Parts as a kubeconfig has them. */
static const struct row {
	const char *name;
	struct {
		const char *label; /* NULL ends the list */
		enum role role;
		enum who certs[4], key;
	} parts[4];
	enum role told;
	bool exact; /* the trust is a bundle: OTHER, V1_ROOT */
	const char *findings; /* all of them */
	const char *id, *message; /* of one of them, or NULL */
} rows[] = {
	{ "a cluster and its user",
		{ { "cluster 'c'", ROLE_CA, { R }, NOBODY },
			{ "user 'a'", ROLE_CLIENT, { CLIENT }, CLIENT } },
		ROLE_AUTO, false, "", NULL, NULL },
	{ "a user whose certificate has expired",
		{ { "cluster 'c'", ROLE_CA, { R }, NOBODY },
			{ "user 'a'", ROLE_CLIENT, { CLIENT }, CLIENT },
			{ "user 'b'", ROLE_ANY, { OLD_L }, OLD_L } },
		ROLE_AUTO, false, "expiry.expired=critical", "expiry.expired",
		"user 'b': expired 3 days ago (2027-01-12)" },
	{ "a cluster whose CA has expired",
		{ { "cluster 'c'", ROLE_CA, { OLD }, NOBODY },
			{ "user 'a'", ROLE_CLIENT, { CLIENT }, CLIENT } },
		ROLE_AUTO, false, "expiry.expired=critical", "expiry.expired",
		"cluster 'c': 'Old Root' expired 3 days ago (2027-01-12)" },
	{ "two users with one certificate",
		{ { "user 'a'", ROLE_CLIENT, { CLIENT_I_SERVER }, NOBODY },
			{ "user 'b'", ROLE_CLIENT, { CLIENT }, NOBODY },
			{ "user 'c'", ROLE_CLIENT, { CLIENT_I_SERVER },
				NOBODY } },
		ROLE_AUTO, false, "key.purpose=critical", "key.purpose",
		"user 'a', user 'c': want clientAuth among its extended key "
		"usages, have serverAuth" },
	{ "a key of another user",
		{ { "user 'a'", ROLE_CLIENT, { CLIENT }, CLIENT },
			{ "user 'b'", ROLE_CLIENT, { CLIENT_I_CLIENT },
				CLIENT } },
		ROLE_AUTO, false, "key.mismatch=critical", "key.mismatch",
		NULL },
	{ "a leaf as a cluster's CA",
		{ { "cluster 'c'", ROLE_CA, { L }, NOBODY } }, ROLE_AUTO, false,
		"chain.not-ca=critical", "chain.not-ca",
		"cluster 'c': 'leaf' is no CA: its key usage does not include "
		"signing certificates" },
	{ "an intermediate as a cluster's CA",
		{ { "cluster 'c'", ROLE_CA, { I }, NOBODY } }, ROLE_AUTO, false,
		"", NULL, NULL },

	{ "the role that is told is the users'",
		{ { "cluster 'c'", ROLE_CA, { R }, NOBODY },
			{ "user 'a'", ROLE_CLIENT, { CLIENT_I_SERVER },
				NOBODY } },
		ROLE_SERVER, false, "", NULL, NULL },
	{ "or the clusters'",
		{ { "cluster 'c'", ROLE_CA, { I }, NOBODY },
			{ "user 'a'", ROLE_CLIENT, { CLIENT }, NOBODY } },
		ROLE_CLIENT_CA, false, "chain.incomplete=critical",
		"chain.incomplete",
		"cluster 'c': issuer 'Root' of 'Issuer' is missing" },

	{ "against a bundle",
		{ { "user 'a'", ROLE_CLIENT, { CLIENT, I }, NOBODY } },
		ROLE_AUTO, true, "chain.untrusted=critical", "chain.untrusted",
		"user 'a': ends at 'Issuer', whose issuer 'Root' is neither "
		"sent nor in the test's trust store" },
	{ "against a bundle, of the cluster's own CA",
		{ { "cluster 'c'", ROLE_CA, { R }, NOBODY },
			{ "user 'a'", ROLE_CLIENT, { CLIENT, I }, CLIENT } },
		ROLE_AUTO, true, "", NULL, NULL },
	{ "against a bundle, good",
		{ { "cluster 'c'", ROLE_CA, { OTHER_I }, NOBODY },
			{ "user 'a'", ROLE_ANY, { OTHER_LEAF, OTHER_I },
				NOBODY } },
		ROLE_AUTO, true, "", NULL, NULL },
};

static void
test_each_part_by_itself(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		const struct row *r = &rows[i];
		struct observation *ob = observation_new();
		struct trust trust = judge_trust(
			(X509 *[]){ world[OTHER], world[V1_ROOT], NULL },
			r->exact);
		struct target t = judge_target_of(NULL);
		struct policy pol = { .target = &t, .trust = &trust };
		struct findings fs = { 0 };

		for (size_t k = 0; k < 4 && r->parts[k].label != NULL; k++) {
			observation_begin_part(
				ob, r->parts[k].label, r->parts[k].role);
			for (size_t c = 0; r->parts[k].certs[c] != NOBODY; c++)
				add(ob, r->parts[k].certs[c]);
			if (r->parts[k].key != NOBODY)
				add_key(ob, r->parts[k].key);
		}
		t.role = r->told;
		checks_run(ob, &pol, NOW, &fs);
		judge_expect(r->name, &fs, "", r->findings);
		expect_message(&fs, r->id, r->message);
		findings_release(&fs);
		observation_free(ob);
		X509_STORE_free(trust.store);
	}
}

/* What went wrong with the look is of the whole file, and told once. */
static void
test_faults_are_of_the_whole(void **state)
{
	struct observation *ob = observation_new();
	struct target t = judge_target_of(NULL);
	struct policy pol = { .target = &t, .trust_problem = "no such file" };
	struct findings fs = { 0 };

	(void)state;
	observation_begin_part(ob, "user 'a'", ROLE_CLIENT);
	add(ob, CLIENT);
	observation_begin_part(ob, "user 'b'", ROLE_CLIENT);
	observation_begin_part(ob, "user 'c'", ROLE_CLIENT);
	add(ob, CLIENT);
	observation_add_fault(ob, FAULT_FILE_DAMAGED, 7, "line 7: cut short");
	checks_run(ob, &pol, NOW, &fs);
	/* The system's trust, which cannot be read, was not to be asked. */
	judge_expect("faults", &fs, "", "file.damaged=critical");
	findings_release(&fs);

	t.set.trust = "/etc/ca.pem";
	checks_run(ob, &pol, NOW, &fs);
	judge_expect("faults", &fs, "",
		"file.damaged=critical trust.unreadable=critical");
	findings_release(&fs);
	observation_free(ob);
}

/* The profile's word, then the operator's. */
static void
test_whose_severity_counts(void **state)
{
	static const struct {
		const char *profile;
		const char *override; /* "ok", "off" ... */
		const char *findings;
	} cases[] = {
		{ NULL, NULL, "chain.order=warning" },
		{ NULL, "ok", "chain.order=ok" },
		{ NULL, "off", "" },
		{ "edgeone", NULL, "chain.order=critical" },
		{ "edgeone", "ok", "chain.order=ok" },
		{ "edgeone", "off", "" },
		{ "huawei-elb", NULL, "chain.order=warning" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct target t = judge_target_of(NULL);
		struct override o = { .kind = finding_kind("chain.order") };
		struct findings fs = { 0 };

		if (cases[i].profile != NULL)
			t.profile = profile_find(cases[i].profile);
		if (cases[i].override != NULL) {
			o.off = severity_parse(
					cases[i].override, &o.severity) == -1;
			t.set.findings = (struct overrides){ &o, 1 };
		}
		judge_file(&t, (const enum who[]){ I, L, NOBODY }, 2,
			(const enum who[]){ R }, 1, false, &fs);
		judge_expect("severities", &fs, "", cases[i].findings);
		findings_release(&fs);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_each_part_by_itself),
		cmocka_unit_test(test_faults_are_of_the_whole),
		cmocka_unit_test(test_whose_severity_counts),
	};

	return cmocka_run_group_tests(tests, make_world, end_world);
}
