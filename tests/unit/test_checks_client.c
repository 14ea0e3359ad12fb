/* test_checks_client.c - what one connection comes to, and what is told */
#include "tests/unit/mtls_world.h"

#include "checks/client/client.h"
#include "checks/client/outcome.h"

extern const struct check check_client, check_look;

/* One connection by itself, of HTTP and of nothing that is known. */
static const struct outcome_row {
	const char *word;
	int version;
	bool asked;
	enum client_outcome web, other;
} outcome_rows[] = {
	{ "200", TLS1_3_VERSION, true, OUTCOME_ACCEPTED, OUTCOME_ACCEPTED },
	{ "302", TLS1_3_VERSION, true, OUTCOME_ACCEPTED, OUTCOME_ACCEPTED },
	{ "404", TLS1_2_VERSION, true, OUTCOME_ACCEPTED, OUTCOME_ACCEPTED },
	{ "503", TLS1_2_VERSION, true, OUTCOME_ACCEPTED, OUTCOME_ACCEPTED },
	{ "400", TLS1_2_VERSION, true, OUTCOME_ACCEPTED, OUTCOME_ACCEPTED },
	{ "none", TLS1_2_VERSION, true, OUTCOME_REFUSED, OUTCOME_REFUSED },
	{ "error", TLS1_3_VERSION, true, OUTCOME_REFUSED, OUTCOME_REFUSED },
	{ "401", TLS1_3_VERSION, true, OUTCOME_REFUSED, OUTCOME_REFUSED },
	{ "403", TLS1_3_VERSION, false, OUTCOME_REFUSED, OUTCOME_REFUSED },
	{ "48", TLS1_2_VERSION, true, OUTCOME_REFUSED, OUTCOME_REFUSED },
	{ "80", TLS1_3_VERSION, true, OUTCOME_REFUSED, OUTCOME_REFUSED },
	/* R87: before a certificate was asked for */
	{ "40", TLS1_2_VERSION, false, OUTCOME_FAILED, OUTCOME_FAILED },
	{ "70", TLS1_2_VERSION, false, OUTCOME_FAILED, OUTCOME_FAILED },
	{ "closed", TLS1_3_VERSION, true, OUTCOME_EMPTY, OUTCOME_EMPTY },
	{ "reset", TLS1_3_VERSION, true, OUTCOME_EMPTY, OUTCOME_EMPTY },
	{ "cut", TLS1_2_VERSION, true, OUTCOME_EMPTY, OUTCOME_EMPTY },
	{ "cut", TLS1_2_VERSION, false, OUTCOME_FAILED, OUTCOME_FAILED },
	{ "silence", TLS1_3_VERSION, true, OUTCOME_SILENT, OUTCOME_UNPROVEN },
	{ "silence", TLS1_2_VERSION, true, OUTCOME_SILENT, OUTCOME_ACCEPTED },
	{ "stuck", TLS1_2_VERSION, true, OUTCOME_SILENT, OUTCOME_SILENT },
	{ "stuck", TLS1_2_VERSION, false, OUTCOME_FAILED, OUTCOME_FAILED },
	{ "ticket", TLS1_3_VERSION, true, OUTCOME_ACCEPTED, OUTCOME_ACCEPTED },
	{ "data", TLS1_3_VERSION, true, OUTCOME_ACCEPTED, OUTCOME_ACCEPTED },
	{ "quiet", TLS1_3_VERSION, true, OUTCOME_ACCEPTED, OUTCOME_UNPROVEN },
	{ "quiet", TLS1_2_VERSION, true, OUTCOME_ACCEPTED, OUTCOME_ACCEPTED },
	{ "quiet", TLS1_3_VERSION, false, OUTCOME_ACCEPTED, OUTCOME_ACCEPTED },
	{ "lost", TLS1_3_VERSION, false, OUTCOME_FAILED, OUTCOME_FAILED },
};

static void
outcomes(void **state)
{
	const struct target web = mtls_target(&mtls_https);
	const struct target other = mtls_target(&mtls_tls);

	(void)state;
	for (size_t i = 0; i < COUNT(outcome_rows); i++) {
		const struct outcome_row *r = &outcome_rows[i];
		struct handshake hs;

		handshake_init(&hs);
		mtls_see(&hs, r->word, r->version, r->asked);
		if (outcome_of(&hs, &web) != r->web ||
			outcome_of(&hs, &other) != r->other)
			fail_msg("%s, %s: want %d and %d, have %d and %d",
				r->word, r->asked ? "asked" : "not asked",
				(int)r->web, (int)r->other,
				(int)outcome_of(&hs, &web),
				(int)outcome_of(&hs, &other));
		handshake_release(&hs);
	}
}

/* Which alerts are for who has none. */
static void
alerts_without(void **state)
{
	static const int refusals[] = { 40, 41, 42, 43, 46, 48, 49, 50, 116 };
	const struct target t = mtls_target(&mtls_https);

	(void)state;
	for (int alert = 0; alert < 130; alert++) {
		cleanup(str_free) char *word = str_fmt("%d", alert);
		struct handshake hs;
		bool want = false;

		for (size_t i = 0; i < COUNT(refusals); i++)
			want = want || refusals[i] == alert;
		handshake_init(&hs);
		mtls_see(&hs, word, TLS1_3_VERSION, true);
		assert_int_equal(want ? OUTCOME_REFUSED : OUTCOME_FAILED,
			outcome_without(&hs, &t));
		assert_int_equal(OUTCOME_REFUSED, outcome_of(&hs, &t));
		handshake_release(&hs);
	}
}

/* A service that is no HTTP, in TLS 1.3. */
static const struct quiet_row {
	const char *name;
	struct mtls_words seen;
	const char *findings, *words;
} quiet_rows[] = {
	{ "tickets", { "ticket", "116", "48", NULL }, "client.ok=ok",
		"accepted (a session ticket)" },
	{ "data", { "data", "116", "48", NULL }, "client.ok=ok",
		"accepted (an answer that is no HTTP)" },
	{ "no tickets", { "quiet", "116", "48", NULL }, "client.unproven=ok",
		"client certificate not refused; refused without one (alert "
		"116 certificate_required); that it is accepted is unproven" },
	{ "no tickets, any certificate", { "quiet", "116", "quiet", NULL },
		"client.unproven=warning", "has said nothing since" },
	{ "no tickets, and no difference", { "quiet", "quiet", "quiet", NULL },
		"client.unproven=warning", "has said nothing since (TLSv1.3)" },
	{ "tickets for all", { "ticket", "ticket", "ticket", NULL },
		"client.not-enforced=critical", "a session ticket" },
	{ "refused", { "48", "116", "48", NULL }, "client.rejected=critical",
		NULL },
};

static void
without_http(void **state)
{
	static const enum person file[] = { GOOD, NOBODY };
	static const enum person named[] = { CA, NOBODY };

	(void)state;
	for (size_t i = 0; i < COUNT(quiet_rows); i++) {
		const struct quiet_row *r = &quiet_rows[i];
		struct observation *ob = mtls_observe(
			&r->seen, TLS1_3_VERSION, true, file, named);
		struct target t = mtls_target(&mtls_tls);
		struct policy pol = { .target = &t };
		struct findings fs = { 0 };

		check_client.run(ob, &pol, NOW, &fs);
		mtls_expect(r->name, &fs, "", r->findings, r->words);
		findings_release(&fs);
		observation_free(ob);
	}
}

/* No certificate is configured; what is expected may be said all the same. */
static const struct bare_row {
	const char *name;
	int expect; /* enum client_expect, or -1: not said */
	bool asked;
	const char *without;
	const char *findings;
} bare_rows[] = {
	{ "refused", -1, true, "116", "client.required=ok" },
	{ "nginx", -1, true, "none", "client.required=ok" },
	{ "Node", -1, true, "cut", "client.required=ok" },
	{ "let in", -1, true, "200", "" },
	{ "403 may mean anything", -1, true, "403", "" },
	{ "not asked", -1, false, "200", "" },
	{ "silent", -1, true, "silence", "" },
	{ "broken", -1, true, "80", "" },
	{ "required, refused", EXPECT_REQUIRED, true, "116",
		"client.required=ok" },
	{ "required, 403", EXPECT_REQUIRED, true, "403", "client.required=ok" },
	{ "required, let in", EXPECT_REQUIRED, true, "200",
		"client.not-enforced=critical" },
	{ "required, not asked", EXPECT_REQUIRED, false, "200",
		"client.not-requested=critical" },
	{ "required, not reached", EXPECT_REQUIRED, false, "lost", "" },
	{ "optional, refused", EXPECT_OPTIONAL, true, "40",
		"client.required=critical" },
	{ "optional, let in", EXPECT_OPTIONAL, true, "200", "client.ok=ok" },
	{ "optional, not asked", EXPECT_OPTIONAL, false, "200",
		"client.not-requested=critical" },
	{ "none, refused", EXPECT_NONE, true, "none",
		"client.required=critical" },
	{ "none, asked", EXPECT_NONE, true, "200", "client.ok=ok" },
	{ "none, not asked", EXPECT_NONE, false, "200", "client.ok=ok" },
	{ "none, silent", EXPECT_NONE, false, "silence", "" },
};

static void
without_a_certificate(void **state)
{
	static const enum person nobody[] = { NOBODY };

	(void)state;
	for (size_t i = 0; i < COUNT(bare_rows); i++) {
		const struct bare_row *r = &bare_rows[i];
		const struct mtls_words words = { .without = r->without };
		struct observation *ob = mtls_observe(
			&words, TLS1_3_VERSION, r->asked, nobody, nobody);
		struct target t = mtls_target(&mtls_https);
		struct policy pol = { .target = &t };
		struct findings fs = { 0 };

		t.client.certificate = NULL;
		t.client.expects = r->expect >= 0;
		t.client.expect = r->expect >= 0 ? r->expect : EXPECT_REQUIRED;
		check_client.run(ob, &pol, NOW, &fs);
		mtls_expect(r->name, &fs, "", r->findings, NULL);
		findings_release(&fs);
		observation_free(ob);
	}
}

/* How the look went is no fault where it is the server's way to refuse. */
static const struct fault_row {
	const char *name;
	enum fault_kind kind;
	struct mtls_words seen;
	bool explained;
} fault_rows[] = {
	{ "refused", FAULT_NO_ANSWER, { NULL, "116", NULL, NULL }, true },
	{ "hung up on", FAULT_HANDSHAKE, { NULL, "cut", NULL, NULL }, true },
	{ "broken", FAULT_HANDSHAKE, { NULL, "80", NULL, NULL }, false },
	{ "silent", FAULT_NO_ANSWER, { NULL, "silence", NULL, NULL }, false },
	{ "silent, not to ours", FAULT_NO_ANSWER,
		{ "200", "silence", "silence", NULL }, true },
	{ "stuck, not with ours", FAULT_TIMEOUT, { "200", "stuck", NULL, NULL },
		true },
	{ "silent to all", FAULT_NO_ANSWER,
		{ "silence", "silence", "silence", NULL }, true },
	{ "stuck with all", FAULT_TIMEOUT, { "stuck", "stuck", "stuck", NULL },
		false },
	{ "of another kind", FAULT_UNREACHABLE, { NULL, "116", NULL, NULL },
		false },
};

static void
faults(void **state)
{
	static const enum person file[] = { GOOD, NOBODY };

	(void)state;
	for (size_t i = 0; i < COUNT(fault_rows); i++) {
		const struct fault_row *r = &fault_rows[i];
		struct observation *ob = mtls_observe(
			&r->seen, TLS1_3_VERSION, true, file, file + 1);
		struct target t = mtls_target(&mtls_https);
		struct policy pol = { .target = &t };
		struct findings fs = { 0 };

		observation_add_fault(ob, r->kind, 0, "it failed");
		check_look.run(ob, &pol, NOW, &fs);
		if (fs.n != !r->explained)
			fail_msg("%s: want it %s", r->name,
				r->explained ? "explained" : "told");
		assert_int_equal(
			r->explained, client_explains(ob, &t, r->kind));
		findings_release(&fs);
		observation_free(ob);
	}
}

/* What machines get beside the message. */
static void
details(void **state)
{
	static const enum person file[] = { MIDDLE, MIDDLE_CA, NOBODY };
	static const struct mtls_words words = { "200", "none", "error", "48" };
	static const char *const want[][2] = {
		{ "with", "HTTP 200" },
		{ "without",
			"HTTP 400 \"No required SSL certificate was sent\"" },
		{ "stranger", "HTTP 400 \"The SSL certificate error\"" },
		{ "other_chain", "alert 48 unknown_ca" },
		{ "protocol", "TLSv1.3" },
		{ "asked", "after the request" },
	};
	struct observation *ob = mtls_observe(
		&words, TLS1_3_VERSION, true, file, file + 2);
	struct target t = mtls_target(&mtls_https);
	struct policy pol = { .target = &t };
	struct findings fs = { 0 };

	(void)state;
	ob->client->attempts[TRY_CONFIGURED].handshake.asked_at = STEP_REQUEST;
	check_client.run(ob, &pol, NOW, &fs);
	for (size_t i = 0; i < COUNT(want); i++)
		assert_string_equal(want[i][1],
			json_string_value(judge_detail(&fs.v[0], want[i][0])));
	assert_int_equal(2, json_integer_value(judge_detail(&fs.v[0], "sent")));
	findings_release(&fs);
	observation_free(ob);
}

/* Why a file could not be used is told, and no place of it is filled in. */
static void
not_tried(void **state)
{
	static const enum person nobody[] = { NOBODY };
	const struct mtls_words words = { .without = "116" };
	struct observation *ob = mtls_observe(
		&words, TLS1_3_VERSION, true, nobody, nobody);
	struct target t = mtls_target(&mtls_https);
	struct policy pol = { .target = &t };
	struct findings fs = { 0 };

	(void)state;
	ob->client = client_test_new();
	ob->client->problem = str_dup("client.pem: no {issuer}, 100%s");
	check_client.run(ob, &pol, NOW, &fs);
	judge_expect("not tried", &fs, "", "client.unproven=warning");
	assert_string_equal("client certificate not tried, unproven: "
			    "client.pem: no {issuer}, 100%s",
		fs.v[0].message);
	findings_release(&fs);
	observation_free(ob);
}

/* Of a chain that has a part of it, the issuer that is missing is named. */
static void
the_missing_issuer(void **state)
{
	static const enum person file[] = { MIDDLE, MIDDLE_CA, NOBODY };
	static const struct mtls_words words = { "48", "116", "48", "200" };
	struct observation *ob = mtls_observe(
		&words, TLS1_3_VERSION, true, file, file + 2);
	struct target t = mtls_target(&mtls_https);
	struct policy pol = { .target = &t };
	struct findings fs = { 0 };

	(void)state;
	ob->client->attempts[TRY_OTHER_CHAIN].n_sent = 3;
	check_client.run(ob, &pol, NOW, &fs);
	mtls_expect("missing", &fs, "",
		"client.rejected=critical client.server-ca-incomplete=warning",
		"accepts the same certificate once 'Client CA' is sent along");
	findings_release(&fs);
	observation_free(ob);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(outcomes),
		cmocka_unit_test(alerts_without),
		cmocka_unit_test(without_http),
		cmocka_unit_test(without_a_certificate),
		cmocka_unit_test(faults),
		cmocka_unit_test(details),
		cmocka_unit_test(not_tried),
		cmocka_unit_test(the_missing_issuer),
	};

	return cmocka_run_group_tests(tests, mtls_begin, mtls_end);
}
