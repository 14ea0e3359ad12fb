/* test_checks_bundle.c - files of CA certificates, and what they lack */
#include "tests/unit/chain_world.h"

static const struct row {
	const char *name;
	enum role role;
	enum who certs[8];
	enum who anchors[4];
	bool exact; /* the operator's bundle, not the system's store */
	const char *findings; /* all of them */
	const char *id, *message; /* of one of them, or NULL */
} rows[] = {
	{ "R8: a root", ROLE_CLIENT_CA, { R }, { 0 }, false, "", NULL, NULL },
	{ "R61: intermediate and root", ROLE_CLIENT_CA, { I, R }, { 0 }, false,
		"", NULL, NULL },
	{ "R61: three deep", ROLE_CLIENT_CA, { DEEP, I, R }, { 0 }, false, "",
		NULL, NULL },
	{ "R61: the root is missing", ROLE_CLIENT_CA, { DEEP, I }, { R }, false,
		"chain.incomplete=critical", "chain.incomplete",
		"issuer 'Root' of 'Issuer' is missing" },
	{ "R61: what is trusted is not in the file", ROLE_CLIENT_CA, { I },
		{ R }, true, "chain.incomplete=critical", NULL, NULL },
	{ "R61: the issuer between is missing", ROLE_CLIENT_CA, { DEEP, R },
		{ 0 }, false, "chain.incomplete=critical", "chain.incomplete",
		"issuer 'Issuer' of 'Deep' is missing; it can be fetched from "
		"http://ca.test/i.der" },
	{ "R61: one of two is complete", ROLE_CLIENT_CA, { I, R, OTHER_I },
		{ 0 }, false, "chain.incomplete=critical", "chain.incomplete",
		"issuer 'Other Root' of 'Other Issuer' is missing; it can be "
		"fetched from http://other.test/root.der" },
	{ "R61: told once for all whom it issued", ROLE_CLIENT_CA,
		{ I, NARROW, FENCED, NO_SIGN }, { 0 }, false,
		"chain.not-ca=critical chain.incomplete=critical",
		"chain.incomplete",
		"issuer 'Root' of 'Issuer', 'Narrow', 'Fenced' is missing" },
	{ "R61: two are missing", ROLE_CLIENT_CA, { I, OTHER_I }, { 0 }, false,
		"chain.incomplete=critical chain.incomplete=critical", NULL,
		NULL },
	{ "CAs for any use, the issuer is trusted", ROLE_CA, { I }, { R },
		false, "", NULL, NULL },
	{ "CAs for any use, the issuer is named", ROLE_CA, { I }, { R }, true,
		"", NULL, NULL },
	{ "CAs for any use, named itself", ROLE_CA, { I }, { I }, true, "",
		NULL, NULL },
	{ "CAs for any use, the issuer is not there", ROLE_CA, { I }, { OTHER },
		false, "chain.incomplete=critical", "chain.incomplete",
		"issuer 'Root' of 'Issuer' is missing" },
	{ "CAs for any use, between two", ROLE_CA, { DEEP }, { R, I }, false,
		"chain.incomplete=critical", NULL, NULL },
	{ "CAs for any use, and no trust", ROLE_CA, { I }, { 0 }, false,
		"chain.incomplete=critical", NULL, NULL },
	{ "an intermediate alone, as certbot writes it", ROLE_AUTO, { I },
		{ OTHER }, false, "", NULL, NULL },

	{ "R8: a leaf", ROLE_CLIENT_CA, { L }, { 0 }, false,
		"chain.not-ca=critical", "chain.not-ca",
		"'leaf' is no CA: its key usage does not include signing "
		"certificates" },
	{ "R8: a leaf that says so", ROLE_CLIENT_CA, { NO_CA_SAID }, { 0 },
		false, "chain.not-ca=critical", "chain.not-ca",
		"'said leaf' is no CA: its basicConstraints say so" },
	{ "R8: a leaf among CAs", ROLE_CLIENT_CA, { L, I, R }, { 0 }, false,
		"chain.not-ca=critical", NULL, NULL },
	{ "R8: a leaf as any CA", ROLE_CA, { SELF }, { 0 }, false,
		"chain.not-ca=critical", NULL, NULL },
	{ "R8: may not sign", ROLE_CLIENT_CA, { NO_SIGN, R }, { 0 }, false,
		"chain.not-ca=critical", "chain.not-ca",
		"'No Sign' is no CA: its key usage does not include signing "
		"certificates" },
	{ "R8: nothing says what for", ROLE_CLIENT_CA, { NAKED }, { 0 }, false,
		"chain.not-ca=critical", "chain.not-ca",
		"'Naked' is no CA: it has no basicConstraints" },
	{ "R8: version 1, and not self-signed", ROLE_CLIENT_CA, { V1_CA, R },
		{ 0 }, false, "chain.not-ca=critical", "chain.not-ca",
		"'V1 Issuer' is no CA: it is of version 1 and not "
		"self-signed" },
	{ "a leaf among CAs, nothing told", ROLE_AUTO, { R, OTHER_LEAF }, { 0 },
		false, "", NULL, NULL },

	{ "R27: version 1", ROLE_CLIENT_CA, { V1_ROOT }, { 0 }, false,
		"chain.no-constraints=warning", "chain.no-constraints",
		"'V1 Root' is of version 1 and cannot say that it is a CA" },
	{ "R27: version 1, nothing told", ROLE_AUTO, { V1_ROOT }, { 0 }, false,
		"chain.no-constraints=warning", NULL, NULL },
	{ "R27: version 3 without basicConstraints", ROLE_CLIENT_CA, { BARE },
		{ 0 }, false, "chain.no-constraints=warning",
		"chain.no-constraints",
		"'Bare Root' has no basicConstraints and does not say that it "
		"is a CA" },
	{ "R27: the system trusts it", ROLE_AUTO, { V1_ROOT }, { V1_ROOT },
		false, "", NULL, NULL },
	{ "R27: the operator trusts it", ROLE_AUTO, { V1_ROOT }, { V1_ROOT },
		true, "chain.no-constraints=warning", NULL, NULL },

	{ "R8: has expired", ROLE_CLIENT_CA, { OLD }, { 0 }, false,
		"expiry.expired=critical", "expiry.expired",
		"'Old Root' expired 3 days ago (2027-01-12)" },
	{ "R8: a member has expired", ROLE_CLIENT_CA, { R, OLD }, { 0 }, false,
		"expiry.expired=critical", NULL, NULL },
	{ "R8: one has expired, and its renewal is there", ROLE_CLIENT_CA,
		{ CROSS, R, OLD }, { 0 }, false,
		"expiry.expired=ok expiry.expired=critical", "expiry.expired",
		"'Root' (line 1) expired 3 days ago (2027-01-12); it is "
		"renewed in the file until 2029-07-03" },
	{ "R8: and a namesake, which is no renewal", ROLE_CLIENT_CA,
		{ CROSS, KEYED, OLD }, { 0 }, false,
		"expiry.expired=critical expiry.expired=critical "
		"chain.same-name=warning",
		NULL, NULL },

	{ "R28: two roots of a name", ROLE_CLIENT_CA, { ELB, ELB_TWIN }, { 0 },
		false,
		"chain.no-constraints=warning chain.no-constraints=warning "
		"chain.same-name=warning",
		"chain.no-constraints",
		"'ELB' (line 1) is of version 1 and cannot say that it is a "
		"CA" },
	{ "R28: two roots of a name, and the same", ROLE_CLIENT_CA,
		{ ELB, ELB, ELB_TWIN }, { 0 }, false,
		"chain.no-constraints=warning chain.duplicate=ok "
		"chain.no-constraints=warning chain.same-name=warning",
		"chain.same-name",
		"2 CAs with different keys are called 'ELB' (lines 1 and 41); "
		"no key identifiers tell them apart, so that software may take the "
		"first alone" },
	{ "R28: with key identifiers", ROLE_AUTO, { R, KEYED }, { 0 }, false,
		"chain.same-name=warning", "chain.same-name",
		"2 CAs with different keys are called 'Root' (lines 1 and 21); "
		"their key identifiers tell them apart" },
	{ "R28: one of three is renewed", ROLE_AUTO, { R, R_NEW, KEYED }, { 0 },
		false, "chain.same-name=warning", "chain.same-name",
		"2 CAs with different keys are called 'Root' (lines 1 and 41); "
		"their key identifiers tell them apart" },
	{ "R28: one has none", ROLE_AUTO, { R, R_TWIN }, { 0 }, false,
		"chain.same-name=warning", "chain.same-name",
		"2 CAs with different keys are called 'Root' (lines 1 and "
		"21); no key identifiers tell them apart, so that software may take the "
		"first alone" },
	{ "a CA that was renewed", ROLE_CLIENT_CA, { R, R_NEW, I }, { 0 },
		false, "", NULL, NULL },

	{ "R28: the issuer's name, another key", ROLE_CLIENT_CA,
		{ TWIN_KEYED, R }, { 0 }, false, "chain.signature=critical",
		"chain.signature",
		"'Keyed Issuer' is not signed by the key of the 'Root' that is "
		"in the file (ecdsa-with-SHA256)" },
	{ "R28: nothing told", ROLE_AUTO, { TWIN_KEYED, R }, { 0 }, false,
		"chain.signature=critical", NULL, NULL },
	{ "R28: another one fits", ROLE_CLIENT_CA, { TWIN_KEYED, R, KEYED },
		{ 0 }, false, "chain.same-name=warning", NULL, NULL },
	{ "R28: a trusted one fits", ROLE_CA, { TWIN_KEYED, R }, { KEYED },
		false, "", NULL, NULL },
	{ "R28: a trusted one of that name does not fit", ROLE_CA,
		{ TWIN_KEYED }, { R }, false, "chain.incomplete=critical", NULL,
		NULL },
	{ "R28: nor does it matter where nothing is told", ROLE_AUTO,
		{ TWIN_KEYED }, { R }, false, "", NULL, NULL },
	{ "R28: a trusted one is of no use to a server", ROLE_CLIENT_CA,
		{ TWIN_KEYED, R }, { KEYED }, false, "chain.signature=critical",
		NULL, NULL },
	{ "R32: a root that did not sign itself", ROLE_CLIENT_CA, { BAD_ROOT },
		{ 0 }, false, "chain.signature=critical", "chain.signature",
		"'Bad Root' names itself as its issuer, but its own key did "
		"not sign it" },
	{ "a root's new key, signed by its old one", ROLE_CLIENT_CA,
		{ CHANGE, R }, { 0 }, false, "chain.same-name=warning", NULL,
		NULL },

	{ "a root's new key, and the old one is missing", ROLE_CLIENT_CA,
		{ CHANGE_KEYED }, { 0 }, false, "chain.incomplete=critical",
		"chain.incomplete", "issuer 'Root' of 'Root' is missing" },
	{ "R28: a leaf is no CA of that name", ROLE_CLIENT_CA, { R, ROOT_LEAF },
		{ 0 }, false, "chain.not-ca=critical", "chain.not-ca",
		"'Root' (line 21) is no CA: its key usage does not include "
		"signing certificates" },

	{ "twice", ROLE_CLIENT_CA, { R, R, I, R }, { 0 }, false,
		"chain.duplicate=ok chain.order=warning", "chain.duplicate",
		"'Root' comes 3 times" },

	{ "R62: the root first", ROLE_CLIENT_CA, { R, I }, { 0 }, false,
		"chain.order=warning", "chain.order",
		"the order is wrong: want 'Issuer', 'Root', have 'Root', "
		"'Issuer'" },
	{ "R62: the root between", ROLE_CLIENT_CA, { DEEP, R, I }, { 0 }, false,
		"chain.order=warning", "chain.order",
		"the order is wrong: want 'Deep', 'Issuer', 'Root', have "
		"'Deep', 'Root', 'Issuer'" },
	{ "R62: nothing told", ROLE_AUTO, { I, DEEP }, { 0 }, false,
		"chain.order=warning", NULL, NULL },
	{ "R62: two chains have no order", ROLE_CLIENT_CA,
		{ R, I, OTHER, OTHER_I }, { 0 }, false, "", NULL, NULL },
	{ "R62: nor have two of one root", ROLE_CLIENT_CA, { R, I, NARROW },
		{ 0 }, false, "", NULL, NULL },
	{ "R62: nor what hangs together by nothing", ROLE_AUTO, { R, DEEP },
		{ 0 }, false, "", NULL, NULL },
};

static void
test_files_of_cas(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		const struct row *r = &rows[i];
		struct target t = judge_target_of(NULL);
		struct findings fs = { 0 };

		t.role = r->role;
		judge_file(&t, r->certs, 8, r->anchors, 4, r->exact, &fs);
		judge_expect(r->name, &fs, "", r->findings);
		expect_message(&fs, r->id, r->message);
		findings_release(&fs);
	}
}

/* Without trust nobody can say what of other CAs is missing. */
static void
test_without_trust(void **state)
{
	static const struct {
		enum role role;
		const char *findings;
	} cases[] = {
		{ ROLE_CA, "" },
		{ ROLE_CLIENT_CA, "chain.incomplete=critical" },
		{ ROLE_AUTO, "" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct observation *ob = observe_file(
			(const enum who[]){ I }, 1);
		struct target t = judge_target_of(NULL);
		struct policy pol = { .target = &t };
		struct findings fs = { 0 };

		t.role = cases[i].role;
		checks_run(ob, &pol, NOW, &fs);
		judge_expect(
			role_name(cases[i].role), &fs, "", cases[i].findings);
		findings_release(&fs);
		observation_free(ob);
	}
}

/* What a vendor's service asks beyond that. */
static void
test_profiles(void **state)
{
	static const struct {
		const char *name, *profile;
		enum who certs[5];
		const char *findings;
		const char *message; /* of chain.several-roots, or NULL */
	} cases[] = {
		{ "R62: in the right order", "edgeone", { I, R }, "", NULL },
		{ "R62: the root first", "edgeone", { R, I },
			"chain.order=critical", NULL },
		{ "R62: the root first, for another", "huawei-elb", { R, I },
			"chain.order=warning", NULL },
		{ "R64: two roots", "edgeone", { R, OTHER },
			"chain.several-roots=warning",
			"want the chain of one CA, have those of 2: 'Root', "
			"'Other Root'" },
		{ "R64: two roots of a name", "edgeone", { R, KEYED },
			"chain.same-name=warning chain.several-roots=warning",
			"want the chain of one CA, have those of 2: 'Root' "
			"(line 1), 'Root' (line 21)" },
		{ "R64: two roots, for another", "tencent-im", { R, OTHER }, "",
			NULL },
		{ "R64: two chains", "edgeone", { I, R, OTHER_I, OTHER },
			"chain.several-roots=warning", NULL },
		{ "R64: two of one root", "edgeone", { I, NARROW, R }, "",
			NULL },
		{ "R64: a root that was renewed", "edgeone", { I, R, R_NEW },
			"", NULL },
		{ "R64: a root and something without one", "edgeone",
			{ R, OTHER_I },
			"chain.incomplete=critical "
			"chain.several-roots=warning",
			NULL },
		{ "R64: a leaf is no root", "edgeone", { R, OTHER_LEAF },
			"chain.not-ca=critical", NULL },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct target t = judge_target_of(NULL);
		struct findings fs = { 0 };

		t.role = ROLE_CLIENT_CA;
		t.profile = profile_find(cases[i].profile);
		assert_non_null(t.profile);
		judge_file(&t, cases[i].certs, 5, NULL, 0, false, &fs);
		judge_expect(cases[i].name, &fs, "", cases[i].findings);
		if (cases[i].message != NULL)
			expect_message(
				&fs, "chain.several-roots", cases[i].message);
		findings_release(&fs);
	}
}

/* For machines: where it stands, who is missing, what to do about it. */
static void
test_details(void **state)
{
	struct target t = judge_target_of(NULL);
	struct findings fs = { 0 };
	const struct finding *f;

	(void)state;
	t.role = ROLE_CLIENT_CA;
	judge_file(&t, (const enum who[]){ R, L, OTHER_I, NOBODY }, 3, NULL, 0,
		false, &fs);
	judge_expect("details", &fs, "",
		"chain.not-ca=critical chain.incomplete=critical");
	f = judge_find(&fs, "chain.not-ca");
	assert_int_equal(21, json_integer_value(judge_detail(f, "line")));
	f = judge_find(&fs, "chain.incomplete");
	assert_string_equal("CN=Other Root", f->subject);
	assert_string_equal(
		"CN=Other Root", json_string_value(judge_detail(f, "issuer")));
	assert_string_equal("http://other.test/root.der",
		json_string_value(judge_detail(f, "url")));
	assert_non_null(strstr(finding_remedy(f), "'Other Root'"));
	findings_release(&fs);

	/* No leaf is in such a file. */
	judge_file(
		&t, (const enum who[]){ R, I, NOBODY }, 2, NULL, 0, false, &fs);
	f = judge_find(&fs, "chain.order");
	assert_non_null(strstr(finding_remedy(f), "after it the one that"));
	assert_null(strstr(finding_remedy(f), "leaf"));
	findings_release(&fs);
}

/*
 * A store of roots: old ones, new ones, of one name, without constraints;
 * `roots` more of them make it one.
 */
static struct observation *
observe_store(size_t roots)
{
	static const enum who odd[] = { OLD, ELB, ELB_TWIN, R, I, OTHER };
	struct observation *ob = observe_file(odd, COUNT(odd));

	for (size_t i = 0; i < roots; i++) {
		char name[32];

		(void)snprintf(name, sizeof(name), "Root %zu", i);
		assert_int_equal(0,
			observation_add_cert(ob,
				mkcert_make(&(struct mkcert){ .key = keys[R],
					.cn = name,
					.ca = true,
					.not_before = i == 1 ? NOW + DAY
							     : NOW - 400 * DAY,
					.not_after = NOW +
						(i == 0 ? 5 : 900) * DAY }),
				0));
	}
	return ob;
}

static void
test_stores_of_roots(void **state)
{
	static const struct {
		const char *name;
		enum role role;
		size_t roots;
		bool store; /* the probe says so */
		const char *findings;
	} cases[] = {
		{ "ten roots", ROLE_AUTO, 5, false,
			"expiry.expired=ok expiry.soon=ok "
			"expiry.not-yet-valid=ok" },
		{ "nine roots", ROLE_AUTO, 4, false,
			"expiry.expired=critical expiry.soon=critical "
			"expiry.not-yet-valid=critical "
			"chain.no-constraints=warning "
			"chain.no-constraints=warning "
			"chain.same-name=warning" },
		{ "nine roots of the distribution", ROLE_AUTO, 4, true,
			"expiry.expired=ok expiry.soon=ok "
			"expiry.not-yet-valid=ok" },
		{ "ten roots, told", ROLE_CA, 5, false,
			"expiry.expired=critical expiry.soon=critical "
			"expiry.not-yet-valid=critical "
			"chain.no-constraints=warning "
			"chain.no-constraints=warning "
			"chain.same-name=warning" },
		{ "ten roots of clients", ROLE_CLIENT_CA, 5, false,
			"expiry.expired=critical expiry.soon=critical "
			"expiry.not-yet-valid=critical "
			"chain.no-constraints=warning "
			"chain.no-constraints=warning "
			"chain.same-name=warning" },
		{ "roots of the distribution, told", ROLE_CA, 4, true,
			"expiry.expired=ok expiry.soon=ok "
			"expiry.not-yet-valid=ok" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct observation *ob = observe_store(cases[i].roots);
		struct target t = judge_target_of(NULL);
		struct policy pol = { .target = &t };
		struct findings fs = { 0 };

		t.role = cases[i].role;
		ob->store = cases[i].store;
		checks_run(ob, &pol, NOW, &fs);
		judge_expect(cases[i].name, &fs, "", cases[i].findings);
		if (ob->store) {
			assert_string_equal(
				"'Old Root' expired 3 days ago (2027-01-12); "
				"nobody needs to act: clients pass over it",
				judge_find(&fs, "expiry.expired")->message);
			assert_string_equal(
				"'Root 0' expires in 5 days (2027-01-20); "
				"nobody needs to act: clients will pass over "
				"it",
				judge_find(&fs, "expiry.soon")->message);
			assert_string_equal(
				"'Root 1' is not valid before "
				"2027-01-16T08:00:00Z, which is in 1 day; "
				"nobody needs to act: clients pass over it "
				"until then",
				judge_find(&fs, "expiry.not-yet-valid")
					->message);
		}
		findings_release(&fs);
		observation_free(ob);
	}
}

/* The same root over and over is no store. */
static void
test_one_root_many_times(void **state)
{
	enum who many[12];
	struct target t = judge_target_of(NULL);
	struct findings fs = { 0 };

	(void)state;
	for (size_t i = 0; i < COUNT(many); i++)
		many[i] = OLD;
	judge_file(&t, many, COUNT(many), NULL, 0, false, &fs);
	judge_expect("twelve times", &fs, "",
		"expiry.expired=critical chain.duplicate=ok");
	findings_release(&fs);
}

/* Hundreds of one name and no key that fits: the work is bounded. */
static void
test_a_maze_of_names(void **state)
{
	struct observation *ob = observation_new();
	struct target t = judge_target_of(NULL);
	struct policy pol = { .target = &t };
	struct findings fs = { 0 };

	(void)state;
	for (size_t i = 0; i < 300; i++)
		assert_int_equal(0,
			observation_add_cert(ob,
				mkcert_make(&(struct mkcert){ .key = keys[I],
					.cn = "Maze",
					.ca = true,
					.issuer = world[R_TWIN],
					.issuer_key = keys[OTHER],
					.no_key_ids = true,
					.not_before = NOW - DAY,
					.not_after = NOW + 900 * DAY }),
				0));
	for (size_t i = 0; i < 30; i++)
		assert_int_equal(0,
			observation_add_cert(ob,
				mkcert_make(&(struct mkcert){ .key = keys[R],
					.cn = "Root",
					.ca = true,
					.no_key_ids = true,
					.not_before = NOW - DAY,
					.not_after = NOW + 900 * DAY }),
				0));
	/* Of thirty namesakes too few are tried to say that none fits. */
	t.role = ROLE_CLIENT_CA;
	checks_run(ob, &pol, NOW, &fs);
	judge_expect("maze", &fs, "", "");
	findings_release(&fs);
	observation_free(ob);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_files_of_cas),
		cmocka_unit_test(test_without_trust),
		cmocka_unit_test(test_profiles),
		cmocka_unit_test(test_details),
		cmocka_unit_test(test_stores_of_roots),
		cmocka_unit_test(test_one_root_many_times),
		cmocka_unit_test(test_a_maze_of_names),
	};

	return cmocka_run_group_tests(tests, make_world, end_world);
}
