/* test_checks_chain.c - paths that hold, and each way in which they break */
#include "tests/unit/chain_world.h"

static const struct row {
	const char *name;
	enum who sent[8];
	enum who anchors[4];
	bool exact; /* the operator's bundle, not the system's store */
	bool file;
	const char *findings; /* all of them */
	const char *id, *message; /* of one of them, or NULL */
} rows[] = {
	{ "complete", { L, I }, { R }, false, false, "", NULL, NULL },
	{ "complete, in a file", { L, I }, { R }, false, true, "", NULL, NULL },
	{ "right below the root", { DIRECT }, { R }, false, false, "", NULL,
		NULL },
	{ "three deep", { DEEP_LEAF, DEEP, I }, { R }, false, false, "", NULL,
		NULL },

	{ "leaf alone", { L }, { R }, false, false, "chain.incomplete=critical",
		"chain.incomplete",
		"issuer 'Issuer' of 'leaf' is missing; it can be fetched "
		"from http://ca.test/issuer.der" },
	{ "the system's store does not hide the gap", { L }, { R, I }, false,
		false, "chain.incomplete=critical", NULL, NULL },
	{ "an intermediate that was named is an anchor", { L }, { I }, true,
		false, "", NULL, NULL },
	{ "one that stands beside its root is not", { L }, { R, I }, true,
		false, "chain.incomplete=critical", NULL, NULL },
	{ "nor does it harm there", { L, I }, { R, I }, true, false, "", NULL,
		NULL },
	{ "a URL that is no text", { RAW_URL }, { R }, false, false,
		"chain.incomplete=critical", NULL, NULL },
	{ "a gap higher up", { DEEP_LEAF, DEEP }, { R }, false, false,
		"chain.untrusted=critical", "chain.untrusted",
		"ends at 'Deep', whose issuer 'Issuer' is neither sent nor in "
		"the test's trust store" },
	{ "a gap higher up that the store knows", { DEEP_LEAF, DEEP }, { R, I },
		false, false, "chain.incomplete=critical", "chain.incomplete",
		"issuer 'Issuer' of 'Deep' is missing; it can be fetched "
		"from http://ca.test/i.der" },
	{ "a gap, and something else in its place", { L, OTHER_I }, { R },
		false, false, "chain.incomplete=critical chain.surplus=ok",
		"chain.surplus", "'Other Issuer' is not needed" },

	{ "wrong order", { DEEP_LEAF, I, DEEP }, { R }, false, false,
		"chain.order=warning", "chain.order",
		"the order is wrong: want 'deep leaf', 'Deep', 'Issuer', have 'deep leaf', "
		"'Issuer', 'Deep'" },
	{ "the root before the intermediate", { L, R, I }, { R }, false, false,
		"chain.order=warning chain.root-sent=ok", NULL, NULL },
	{ "a file with its leaf last", { I, L }, { R }, false, true,
		"chain.order=warning", "chain.order",
		"the order is wrong: want 'leaf', 'Issuer', have 'Issuer', 'leaf'" },
	{ "something between", { L, OTHER, I }, { R }, false, false,
		"chain.surplus=ok", NULL, NULL },
	{ "twice", { L, L, I, I, I }, { R }, false, false,
		"chain.duplicate=ok chain.duplicate=ok", "chain.duplicate",
		"'leaf' comes 2 times" },
	{ "root sent", { L, I, R }, { R }, false, false, "chain.root-sent=ok",
		"chain.root-sent", "the root 'Root' is sent as well" },

	{ "unknown root", { OTHER_LEAF, OTHER_I }, { R }, false, false,
		"chain.untrusted=critical", "chain.untrusted",
		"ends at 'Other Issuer', whose issuer 'Other Root' is neither "
		"sent nor in the test's trust store" },
	{ "unknown root, sent", { OTHER_LEAF, OTHER_I, OTHER }, { R }, false,
		false, "chain.untrusted=critical", "chain.untrusted",
		"ends at the root 'Other Root', which is not in the test's "
		"trust store" },
	{ "self-signed", { SELF }, { R }, false, false,
		"chain.self-signed=critical", "chain.self-signed",
		"is self-signed and not in the test's trust store" },
	{ "self-signed, and more", { SELF, I }, { R }, false, false,
		"chain.self-signed=critical chain.surplus=ok", NULL, NULL },
	{ "self-signed, and trusted so", { SELF }, { SELF }, true, false, "",
		NULL, NULL },
	{ "a leaf that is an anchor", { L }, { L }, true, false, "", NULL,
		NULL },

	{ "expired cross-certificate beside a good path", { L, I, CROSS },
		{ R }, false, false, "chain.surplus=ok", "chain.surplus",
		"'Root' is not needed; it expired 3 days ago (2027-01-12)" },
	{ "expired cross-certificate and its root", { L, I, CROSS, OLD },
		{ R, OLD }, false, false, "chain.surplus=ok chain.surplus=ok",
		NULL, NULL },
	{ "only the expired way", { L, I, CROSS }, { OLD }, false, false,
		"expiry.expired=critical expiry.expired=critical", NULL, NULL },
	{ "a good cross-certificate to another anchor", { L, I, NEW_CROSS },
		{ OTHER }, false, false, "", NULL, NULL },
	{ "two cross-certificates, one expired", { L, I, CROSS, NEW_CROSS },
		{ OLD, OTHER }, false, false, "chain.surplus=ok", NULL, NULL },
	{ "an expired intermediate beside its successor", { L, I_OLD, I },
		{ R }, false, false, "chain.surplus=ok", "chain.surplus",
		"'Issuer' is not needed; it expired 3 days ago (2027-01-12)" },
	{ "an expired intermediate alone", { L, I_OLD }, { R }, false, false,
		"expiry.expired=critical", "expiry.expired",
		"issuer 'Issuer' expired 3 days ago (2027-01-12)" },
	{ "an expired anchor that was named", { L, I, CROSS }, { OLD }, true,
		false, "expiry.expired=critical expiry.expired=critical", NULL,
		NULL },
	{ "a good path beside it", { L, I, CROSS }, { OLD, R }, true, false,
		"chain.surplus=ok", NULL, NULL },

	{ "issuer's name, another key", { TWIN_LEAF, PLAIN }, { R }, false,
		false, "chain.signature=critical", "chain.signature",
		"'twin leaf' is not signed by the key of the 'Issuer' that is "
		"at hand (ecdsa-with-SHA256)" },
	{ "two of a name, the wrong one first", { TWIN_LEAF, PLAIN, TWIN },
		{ R }, false, false, "chain.surplus=ok", NULL, NULL },
	{ "two of a name, the right one first", { PLAIN_LEAF, PLAIN, TWIN },
		{ R }, false, false, "chain.surplus=ok", NULL, NULL },
	{ "an anchor's name, another key", { R_TWIN_LEAF }, { R }, true, false,
		"chain.signature=critical", NULL, NULL },
	{ "two anchors of a name", { R_TWIN_LEAF }, { R, R_TWIN }, true, false,
		"", NULL, NULL },
	{ "an anchor's name, its own root sent", { R_TWIN_LEAF, R_TWIN }, { R },
		false, false, "chain.untrusted=critical", NULL, NULL },
	{ "a root's new key, signed by its old one", { CHANGE_LEAF, CHANGE },
		{ R }, false, false, "", NULL, NULL },
	{ "a key identifier that does not fit", { FAR_LEAF, I }, { R }, false,
		false, "chain.invalid=critical", "chain.invalid",
		"'far leaf': authority and subject key identifier mismatch" },

	{ "path too long", { BELOW_LEAF, BELOW, NARROW }, { R }, false, false,
		"chain.invalid=critical", "chain.invalid",
		"'Narrow': path length constraint exceeded" },
	{ "path too long, in a file", { BELOW_LEAF, BELOW, NARROW }, { R },
		false, true, "chain.invalid=critical", NULL, NULL },
	{ "path too long and unknown root", { BELOW_LEAF, BELOW, NARROW },
		{ OTHER }, false, false,
		"chain.untrusted=critical chain.invalid=critical", NULL, NULL },
	{ "issued by no CA", { NO_CA_LEAF, NO_CA, I }, { R }, false, false,
		"chain.invalid=critical", "chain.invalid", NULL },
	{ "key usage without signing", { NO_SIGN_LEAF, NO_SIGN }, { R }, false,
		false, "chain.invalid=critical", NULL, NULL },
	{ "outside of the name constraints", { FENCED_LEAF, FENCED }, { R },
		false, false, "chain.invalid=critical", "chain.invalid",
		"'leaf': host.test is outside what 'Fenced' may issue for "
		"(permitted: fenced.test)" },
	{ "unknown critical extension", { ODD, I }, { R }, false, false,
		"chain.invalid=critical", "chain.invalid",
		"'odd': unhandled critical extension" },
	{ "unknown critical extension, and a gap", { ODD }, { R }, false, false,
		"chain.incomplete=critical chain.invalid=critical", NULL,
		NULL },
	{ "not for servers", { CLIENT, I }, { R }, false, false,
		"key.purpose=critical", NULL, NULL },
	{ "not for servers, in a file", { CLIENT, I }, { R }, false, true, "",
		NULL, NULL },

	{ "a bundle of CAs is no chain", { I, OTHER, NARROW }, { R }, false,
		true, "", NULL, NULL },
	{ "of an endpoint the first is the leaf", { I }, { R }, false, false,
		"name.mismatch=critical name.no-san=warning "
		"key.purpose=critical",
		NULL, NULL },
	{ "issued by one for clients only", { CLIENT_I_SERVER, CLIENT_I },
		{ R }, false, false, "chain.invalid=critical", "chain.invalid",
		"'Client Issuer': unsuitable certificate purpose" },
	{ "both are for clients only", { CLIENT_I_CLIENT, CLIENT_I }, { R },
		false, false, "key.purpose=critical chain.invalid=critical",
		NULL, NULL },

	{ "R27: a root of version 1, sent", { V1_LEAF, V1_ROOT }, { V1_ROOT },
		true, false, "chain.no-constraints=warning chain.root-sent=ok",
		"chain.no-constraints",
		"'V1 Root' is of version 1 and cannot say that it is a CA" },
	{ "R27: in the system's store it is as it is", { V1_LEAF, V1_ROOT },
		{ V1_ROOT }, false, false, "chain.root-sent=ok", NULL, NULL },
	{ "R27: a root of version 1, not sent", { V1_LEAF }, { V1_ROOT }, true,
		false, "", NULL, NULL },
	{ "R27: an intermediate without constraints is none",
		{ BARE_CA_LEAF, BARE_CA }, { R }, false, false,
		"chain.invalid=critical", "chain.invalid",
		"'Bare Issuer': invalid CA certificate" },
	{ "an issuer for step-up servers is one for none",
		{ STEPPED_LEAF, STEPPED }, { R }, false, false,
		"chain.invalid=critical", "chain.invalid",
		"'Stepped': unsuitable certificate purpose" },
	{ "an anchor that is weak", { WEAK_LEAF }, { WEAK }, true, false,
		"key.weak=warning", "key.weak",
		"'Weak Root': want an elliptic curve of 224 bits or more, "
		"have 192" },
	{ "one of the system's", { WEAK_LEAF }, { WEAK }, false, false, "",
		NULL, NULL },
	{ "a named root that is limited", { LIMITED_ROOT_LEAF },
		{ LIMITED_ROOT }, true, false, "key.purpose=ok", "key.purpose",
		"'Limited Root': a root with an extended key usage "
		"(serverAuth, clientAuth), which limits all that is below it; "
		"want none in a root (Baseline Requirements, 7.1.2.1.2)" },
	{ "and one of the system's", { LIMITED_ROOT_LEAF }, { LIMITED_ROOT },
		false, false, "", NULL, NULL },
	{ "R27: a named root without constraints is none", { BARE_ROOT_LEAF },
		{ BARE_ROOT }, true, false, "chain.invalid=critical",
		"chain.invalid", "'Bare Anchor': invalid CA certificate" },
	{ "R27: one of the system's is as it is", { BARE_ROOT_LEAF },
		{ BARE_ROOT }, false, false, "", NULL, NULL },
	{ "R27: an intermediate of version 1 is none", { V1_CA_LEAF, V1_CA },
		{ R }, false, false, "chain.invalid=critical", NULL, NULL },
};

static void
judge_row(const struct row *r)
{
	X509 *sent[9], *anchors[5];
	struct observation *ob;
	struct trust trust;
	struct target t = judge_target_of(r->file ? NULL : "host.test");
	struct policy pol = { .target = &t, .trust = &trust };
	struct findings fs = { 0 };

	gather(r->sent, 8, sent);
	gather(r->anchors, 4, anchors);
	ob = judge_observe(sent);
	trust = judge_trust(anchors, r->exact);
	checks_run(ob, &pol, NOW, &fs);
	judge_expect(r->name, &fs, "", r->findings);
	if (r->message != NULL)
		assert_string_equal(
			r->message, judge_find(&fs, r->id)->message);
	findings_release(&fs);
	observation_free(ob);
	X509_STORE_free(trust.store);
}

static void
test_chains(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		judge_row(&rows[i]);
}

/* Without trust the gap right above the leaf and broken rules still count. */
static void
test_without_trust(void **state)
{
	static const struct {
		enum who sent[4];
		const char *findings;
	} cases[] = {
		{ { L, I }, "" },
		{ { L, I, R }, "chain.root-sent=ok" },
		{ { L }, "" },
		{ { SELF }, "" },
		{ { TWIN_LEAF, PLAIN }, "chain.signature=critical" },
		{ { BELOW_LEAF, BELOW, NARROW, R },
			"chain.invalid=critical chain.root-sent=ok" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		X509 *sent[5];
		struct observation *ob;
		struct target t = judge_target_of("host.test");
		struct policy pol = { .target = &t };
		struct findings fs = { 0 };

		gather(cases[i].sent, 4, sent);
		ob = judge_observe(sent);
		checks_run(ob, &pol, NOW, &fs);
		judge_expect("without trust", &fs, "", cases[i].findings);
		findings_release(&fs);
		observation_free(ob);
	}
}

/* What is lent completes a path, and is never told as what was sent. */
static void
test_lent(void **state)
{
	static const struct {
		const char *name;
		enum who sent[4], lent[4];
		bool file;
		const char *findings;
	} cases[] = {
		{ "it completes the path", { L }, { I }, false, "" },
		{ "in a file as well", { L }, { I }, true, "" },
		{ "it does not", { L }, { OTHER_I }, false,
			"chain.incomplete=critical" },
		{ "more than is needed, and in no order", { DEEP_LEAF },
			{ I, OTHER_I, R, DEEP }, false, "" },
		{ "what was sent already", { L, I }, { I, L }, false, "" },
		{ "what was sent twice is told", { L, I, I }, { I }, false,
			"chain.duplicate=ok" },
		{ "what was sent in vain is told", { L, OTHER_I }, { I }, false,
			"chain.surplus=ok" },
		{ "no leaf is judged", { L }, { I, OTHER_LEAF }, true, "" },
		{ "a self-signed one stays alone", { SELF_CA }, { I }, true,
			"chain.self-signed=critical" },
		{ "a path that breaks a rule", { BELOW_LEAF },
			{ BELOW, NARROW }, false, "chain.invalid=critical" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		X509 *sent[5], *lent[5];
		struct observation *ob, *more;
		struct trust trust = judge_trust(
			(X509 *[]){ world[R], NULL }, true);
		struct target t = judge_target_of(
			cases[i].file ? NULL : "host.test");
		struct policy pol = { .target = &t, .trust = &trust };
		struct findings fs = { 0 };

		gather(cases[i].sent, 4, sent);
		gather(cases[i].lent, 4, lent);
		ob = judge_observe(sent);
		more = judge_observe(lent);
		observation_lend(ob, more, "more.pem");
		checks_run(ob, &pol, NOW, &fs);
		judge_expect(cases[i].name, &fs, "chain.", cases[i].findings);
		findings_release(&fs);
		observation_free(more);
		observation_free(ob);
		X509_STORE_free(trust.store);
	}
}

static void
test_a_signature_that_was_altered(void **state)
{
	static const struct {
		enum who who;
		const char *findings;
	} cases[] = {
		{ L, "chain.signature=critical" },
		{ SELF, "chain.signature=critical chain.surplus=ok" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		unsigned char *der = NULL;
		int n = i2d_X509(world[cases[i].who], &der);
		const unsigned char *p = der;
		X509 *bad;
		struct observation *ob;
		struct trust trust = judge_trust(
			(X509 *[]){ world[R], NULL }, false);
		struct target t = judge_target_of("host.test");
		struct policy pol = { .target = &t, .trust = &trust };
		struct findings fs = { 0 };

		der[n - 1] ^= 1;
		bad = d2i_X509(NULL, &p, n);
		assert_non_null(bad);
		ob = judge_observe((X509 *[]){ bad, world[I], NULL });
		checks_run(ob, &pol, NOW, &fs);
		judge_expect("altered", &fs, "chain.", cases[i].findings);
		findings_release(&fs);
		observation_free(ob);
		X509_free(bad);
		X509_STORE_free(trust.store);
		OPENSSL_free(der);
	}
}

/*
 * A hundred CAs of one name and key, each issuer of each other: no path ends,
 * and there are more of them than anyone could walk.
 */
static void
test_many_of_a_name(void **state)
{
	struct observation *ob = observation_new();
	struct trust trust = judge_trust(
		(X509 *[]){ world[OTHER], NULL }, false);
	struct target t = judge_target_of("host.test");
	struct policy pol = { .target = &t, .trust = &trust };
	EVP_PKEY *key = mkcert_key(MKCERT_P256);
	X509 *first = NULL, *leaf;
	struct findings fs = { 0 };

	(void)state;
	first = mkcert_make(&(struct mkcert){ .key = key,
		.cn = "Maze",
		.ca = true,
		.issuer = world[R_TWIN],
		.issuer_key = key,
		.no_key_ids = true,
		.not_before = NOW - DAY,
		.not_after = NOW + 300 * DAY });
	leaf = mkcert_make(&(struct mkcert){ .key = keys[L],
		.cn = "lost",
		.names = (const char *const[]){ "DNS:host.test", NULL },
		.issuer = first,
		.issuer_key = key,
		.no_key_ids = true,
		.not_before = NOW - DAY,
		.not_after = NOW + 200 * DAY });
	X509_up_ref(leaf);
	assert_int_equal(0, observation_add_cert(ob, leaf, 0));
	for (size_t i = 1; i < CHAIN_MAX_CERTS; i++)
		assert_int_equal(0,
			observation_add_cert(ob,
				mkcert_make(&(struct mkcert){ .key = keys[L],
					.cn = "Maze",
					.ca = true,
					.issuer = first,
					.issuer_key = key,
					.no_key_ids = true,
					.not_before = NOW - DAY,
					.not_after = NOW + 300 * DAY }),
				0));
	checks_run(ob, &pol, NOW, &fs);
	judge_expect("maze of wrong keys", &fs, "chain.s",
		"chain.signature=critical");
	findings_release(&fs);
	observation_free(ob);

	ob = judge_observe((X509 *[]){ leaf, NULL });
	for (size_t i = 1; i < CHAIN_MAX_CERTS; i++)
		assert_int_equal(0,
			observation_add_cert(ob,
				mkcert_make(&(struct mkcert){ .key = key,
					.cn = "Maze",
					.ca = true,
					.issuer = first,
					.no_key_ids = true,
					.not_before = NOW - DAY,
					.not_after = NOW + 300 * DAY }),
				0));
	checks_run(ob, &pol, NOW, &fs);
	judge_expect("maze of right keys", &fs, "chain.u",
		"chain.untrusted=critical");
	findings_release(&fs);
	observation_free(ob);
	X509_free(leaf);
	X509_free(first);
	EVP_PKEY_free(key);
	X509_STORE_free(trust.store);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_chains),
		cmocka_unit_test(test_without_trust),
		cmocka_unit_test(test_lent),
		cmocka_unit_test(test_a_signature_that_was_altered),
		cmocka_unit_test(test_many_of_a_name),
	};

	return cmocka_run_group_tests(tests, make_world, end_world);
}
