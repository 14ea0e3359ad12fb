/* test_checks_client_matrix.c - real servers' answers to all kinds of client
 * certificates, and what is made of them
 */
#include "tests/unit/mtls_world.h"

extern const struct check check_client;

/* Which of them a row is about. */
enum make { APACHE, NGINX, HAPROXY, OPENSSL, NODE, GO, GNUTLS, MAKES };

static const struct {
	const char *name;
	/* To who has no certificate, and to a stranger, in TLS 1.2 and 1.3. */
	const char *none[2], *stranger[2];
} makes[MAKES] = {
	[APACHE] = { "apache", { "40", "116" }, { "48", "48" } },
	[NGINX] = { "nginx", { "none", "none" }, { "error", "error" } },
	[HAPROXY] = { "haproxy", { "40", "116" }, { "48", "48" } },
	[OPENSSL] = { "s_server", { "40", "116" }, { "48", "48" } },
	[NODE] = { "node", { "40", "116" }, { "cut", "closed" } },
	[GO] = { "go", { "42", "42" }, { "42", "42" } },
	[GNUTLS] = { "gnutls", { "50", "116" }, { "49", "49" } },
};

#define ALL_OK "client.ok=ok"
#define REJECTED "client.rejected=critical"
#define EMPTY_REPLY "client.empty-reply=critical"
#define SHORT "client.server-ca-incomplete=warning"

/*
 * Who presents what to a server that names which CAs; the answer of each make
 * ("": it was not measured, or has no such setting), what is found, and what
 * must be in the words. Where the alert is one and the same it stands once, in
 * the first.
 */
static const struct row {
	const char *name;
	enum person file[MTLS_FILE], named[MTLS_FILE];
	const char *answers[MAKES];
	const char *words; /* or NULL */
	const char *other; /* the test's other chain, or NULL */
} rows[] = {
	{ "a good", { GOOD }, { CA },
		{ "200", "200", "200", "200", "200", "200", "200" },
		"client certificate accepted (HTTP 200); refused without one",
		NULL },
	{ "c expired", { EXPIRED }, { CA },
		{ "45", "error", "45", "45", "closed", "42", "49" },
		"it expired 3 days ago (2027-01-12)", NULL },
	{ "c' not valid yet", { EARLY }, { CA },
		{ "42", "error", "42", "42", "closed", "42", "49" },
		"it is not valid before 2027-01-17", NULL },
	{ "d another CA", { OTHER }, { CA },
		{ "48", "error", "48", "48", "closed", "42", "49" },
		"its issuer 'CN=Other CA' is not among the client CAs that the "
		"server names ('CN=Client CA')",
		NULL },
	{ "d another CA, with its root", { OTHER, OTHER_CA }, { CA },
		{ "48", "error", "48", "48", "closed", "42", "49" },
		"no CA of its chain (issuer 'CN=Other CA') is among the client "
		"CAs that the server names: 'CN=Client CA'",
		NULL },
	{ "d self-signed", { SELF }, { CA },
		{ "48", "error", "48", "48", "closed", "42", "49" },
		"it is self-signed", NULL },
	{ "d same name, other key", { TWIN }, { CA },
		{ "48", "error", "48", "48", "closed", "", "" }, "same name",
		NULL },
	{ "d' same name, no key ids", { TWIN }, { CA },
		{ "51", "error", "51", "51", "closed", "", "" }, "same name",
		NULL },
	{ "d no CAs named", { OTHER }, { NOBODY },
		{ "48", "", "48", "48", "closed", "42", "49" }, "Other CA'",
		NULL },
	{ "e no extended key usage", { FREE }, { CA },
		{ "200", "200", "200", "200", "200", "", "" }, NULL, NULL },
	{ "e' a server's", { SERVERS }, { CA },
		{ "43", "error", "43", "43", "closed", "42", "" },
		"its extended key usage lacks clientAuth", NULL },
	{ "e' may not sign", { UNSIGNING }, { CA },
		{ "43", "error", "43", "43", "closed", "", "" },
		"its key usage lacks digitalSignature", NULL },
	{ "f root only, leaf alone", { MIDDLE }, { CA },
		{ "48", "error", "48", "48", "closed", "42", "49" },
		"as an intermediate", NULL },
	{ "f root only, leaf+intermediate", { MIDDLE, MIDDLE_CA }, { CA },
		{ "80", "200", "200", "200", "200", "", "" }, NULL, NULL },
	{ "f intermediate+root, leaf alone", { MIDDLE }, { MIDDLE_CA, CA },
		{ "80", "200", "200", "200", "200", "", "" }, NULL, NULL },
	{ "f two intermediates", { MIDDLE }, { MIDDLE_CA, CA },
		{ "80", "error", "200", "200", "200", "", "" }, NULL, NULL },
	{ "f intermediate only", { MIDDLE, MIDDLE_CA }, { MIDDLE_CA },
		{ "48", "error", "48", "48", "closed", "", "" }, "root", NULL },
	{ "h the CA expired", { OF_OLD_CA }, { OLD_CA },
		{ "45", "", "45", "45", "", "", "" },
		"on the server a CA or a CRL has expired, or the clock is "
		"wrong",
		NULL },
	{ "h the same, and it is at hand", { OF_OLD_CA, OLD_CA }, { OLD_CA },
		{ "45", "error", "45", "45", "closed", "42", "49" },
		"'Old CA', which its chain leads through, expired 3 days ago",
		NULL },
	{ "j revoked", { REVOKED }, { CA },
		{ "44", "error", "44", "44", "closed", "", "" }, "revoked",
		NULL },
	{ "j the CRL expired", { GOOD }, { CA },
		{ "46", "error", "45", "45", "closed", "", "" }, "CRL", NULL },
	{ "k SHA-1", { SHA_1 }, { CA },
		{ "42", "error", "42", "42", "closed", "", "" }, "SHA-1",
		NULL },
	{ "k RSA 1024", { RSA_1024 }, { CA },
		{ "42", "error", "42", "42", "200", "", "" }, NULL, NULL },
	{ "refused in the handshake, without a reason", { GOOD }, { CA },
		{ "", "", "", "", "cut", "", "" },
		"file of client CAs is incomplete", NULL },
	{ "reset", { GOOD }, { CA }, { "", "", "", "", "reset", "", "" },
		"file of client CAs is incomplete", NULL },
	{ "R71: more of the chain helps", { MIDDLE }, { CA },
		{ "48", "error", "48", "48", "closed", "42", "49" },
		"accepts the same certificate once 'Issuing CA' is sent along",
		"200" },
	{ "an alert of nobody's", { GOOD }, { CA },
		{ "", "", "", "", "", "", "99" }, "the alert does not tell why",
		NULL },
};

/* What the answer of a row comes to by itself. */
static const char *
usual(const struct row *r, const char *answer)
{
	bool empty = strcmp(answer, "closed") == 0 ||
		strcmp(answer, "cut") == 0 || strcmp(answer, "reset") == 0;

	if (strcmp(answer, "200") == 0)
		return ALL_OK;
	if (r->other != NULL)
		return empty ? EMPTY_REPLY " " SHORT : REJECTED " " SHORT;
	return empty ? EMPTY_REPLY : REJECTED;
}

static void
judge_cell(const struct row *r, enum make make, bool v13)
{
	const struct mtls_words words = {
		.with = r->answers[make],
		.without = makes[make].none[v13],
		.stranger = makes[make].stranger[v13],
		.other = r->other,
	};
	struct observation *ob = mtls_observe(&words,
		v13 ? TLS1_3_VERSION : TLS1_2_VERSION, true, r->file, r->named);
	struct target t = mtls_target(&mtls_https);
	struct policy pol = { .target = &t };
	struct findings fs = { 0 };
	cleanup(str_free) char *name = str_fmt(
		"%s, %s, TLS 1.%d", r->name, makes[make].name, v13 ? 3 : 2);

	check_client.run(ob, &pol, NOW, &fs);
	mtls_expect(name, &fs, "", usual(r, words.with),
		strcmp(words.with, "80") == 0 ? "SSLVerifyDepth" : r->words);
	if (strcmp(words.with, "200") != 0) {
		/* Which alert, when, in which version. */
		if (makes[make].none[0][0] != 'n' &&
			strstr(fs.v[0].message, v13 ? "TLSv1.3" : "TLSv1.2") ==
				NULL)
			fail_msg("%s: no version in %s", name, fs.v[0].message);
		if (fs.v[0].hint == NULL)
			fail_msg("%s: no advice", name);
	}
	findings_release(&fs);
	observation_free(ob);
}

static void
each_cell(void **state)
{
	size_t n = 0;

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		for (enum make make = 0; make < MAKES; make++) {
			if (*rows[i].answers[make] == '\0')
				continue;
			judge_cell(&rows[i], make, false);
			judge_cell(&rows[i], make, true);
			n += 2;
		}
	}
	print_message("%zu cells\n", n);
}

/* Servers that are not set up as they should be, and those that are. */
static const struct setting {
	const char *name;
	enum client_expect expect;
	bool asked;
	enum person file[MTLS_FILE];
	struct mtls_words seen;
	const char *findings;
	const char *words;
} settings[] = {
	{ "b none configured", EXPECT_REQUIRED, true, { NOBODY },
		{ NULL, "116", NULL, NULL }, "client.required=ok",
		"requires a client certificate (alert 116 "
		"certificate_required)" },
	{ "i optional", EXPECT_REQUIRED, true, { GOOD },
		{ "200", "200", "48", NULL }, "client.not-enforced=critical",
		"without one the answer is HTTP 200, as with ours" },
	{ "i optional, as meant", EXPECT_OPTIONAL, true, { GOOD },
		{ "200", "200", "48", NULL }, ALL_OK,
		"clients without one are taken too (HTTP 200), as they should "
		"be" },
	{ "i optional, bad", EXPECT_OPTIONAL, true, { EXPIRED },
		{ "45", "200", "48", NULL }, REJECTED, "it expired" },
	{ "i optional, bad, and should not be", EXPECT_REQUIRED, true,
		{ EXPIRED }, { "45", "200", "48", NULL },
		REJECTED " client.not-enforced=critical", "it expired" },
	{ "i not asked", EXPECT_REQUIRED, false, { GOOD },
		{ "200", "200", NULL, NULL }, "client.not-requested=critical",
		"does not ask for a client certificate: without one GET /im "
		"gets HTTP 200" },
	{ "i not asked, as meant", EXPECT_NONE, false, { GOOD },
		{ "200", "200", NULL, NULL }, ALL_OK, "as it should be" },
	{ "i optional_no_ca", EXPECT_REQUIRED, true, { OTHER },
		{ "200", "200", "200", NULL },
		"client.not-enforced=critical client.ca-list=warning", NULL },
	{ "R88: -Verify alone", EXPECT_REQUIRED, true, { GOOD },
		{ "200", "116", "200", NULL }, "client.any-accepted=critical",
		"made up for this test, got HTTP 200; without one: alert 116 "
		"certificate_required" },
	{ "l expired is ignored", EXPECT_REQUIRED, true, { EXPIRED },
		{ "200", "116", "48", NULL }, ALL_OK, NULL },
	{ "m late, 403 for all", EXPECT_REQUIRED, false, { GOOD },
		{ "403", "403", NULL, NULL }, "client.not-requested=critical",
		"HTTP 403" },
	{ "nginx 444", EXPECT_REQUIRED, true, { GOOD },
		{ "200", "closed", "closed", NULL }, ALL_OK,
		"refused without one and with a stranger's (connection closed "
		"without an answer)" },
	{ "nginx 444, refused", EXPECT_REQUIRED, true, { OTHER },
		{ "closed", "closed", "closed", NULL }, EMPTY_REPLY, NULL },
	{ "R81: redirected", EXPECT_REQUIRED, true, { GOOD },
		{ "200", "302", "302", NULL }, ALL_OK,
		"refused without one and with a stranger's (HTTP 302)" },
	{ "R81: redirected, ours as well", EXPECT_REQUIRED, true, { EXPIRED },
		{ "302", "302", "302", NULL }, REJECTED, "it expired" },
	{ "all are redirected", EXPECT_REQUIRED, true, { GOOD },
		{ "302", "302", "302", NULL }, "client.not-enforced=critical",
		"If that answer is a refusal itself" },
	{ "a page of status 200 for strangers", EXPECT_REQUIRED, true, { GOOD },
		{ "page", "sorry", "sorry", NULL }, ALL_OK,
		"with a stranger's (HTTP 200, another page)" },
	{ "a page that merely changes", EXPECT_REQUIRED, true, { GOOD },
		{ "page", "sorry", NULL, NULL }, "client.not-enforced=critical",
		"another page than with ours" },
	{ "an answer that merely fails", EXPECT_REQUIRED, true, { GOOD },
		{ "200", "503", "503", NULL }, "client.not-enforced=critical",
		NULL },
	{ "404 is an answer", EXPECT_REQUIRED, true, { GOOD },
		{ "404", "116", "48", NULL }, ALL_OK, "accepted (HTTP 404)" },
	{ "503 is an answer", EXPECT_REQUIRED, true, { GOOD },
		{ "503", "none", "error", NULL }, ALL_OK, NULL },
	{ "403 by the application", EXPECT_REQUIRED, true, { GOOD },
		{ "403", "116", "48", NULL }, REJECTED,
		"it passed TLS, but the server or the application behind it "
		"forbids /im; without one: alert 116" },
	{ "401", EXPECT_REQUIRED, true, { GOOD }, { "401", "116", "48", NULL },
		REJECTED, "wants another login as well" },
	{ "strangers get another error", EXPECT_REQUIRED, true, { GOOD },
		{ "200", "116", "302", NULL }, ALL_OK, NULL },
	{ "silent-drop", EXPECT_REQUIRED, true, { GOOD },
		{ "200", "silence", "silence", NULL }, ALL_OK,
		"no answer in time" },
	{ "silent-drop, and not strict", EXPECT_REQUIRED, true, { GOOD },
		{ "200", "silence", NULL, NULL }, "client.unproven=warning",
		"that others are refused is unproven" },
	{ "silent-drop, ours", EXPECT_REQUIRED, true, { GOOD },
		{ "silence", "116", "48", NULL }, "client.timeout=critical",
		"'good' left without an answer for 10s (after the handshake, "
		"TLSv1.3); without one: alert 116" },
	{ "R71: gets in by its chain", EXPECT_REQUIRED, true,
		{ MIDDLE, MIDDLE_CA }, { "200", "116", "48", "48" },
		ALL_OK " client.server-ca-incomplete=ok",
		"passes with 2 certificates sent (HTTP 200), and not with 1 "
		"(alert 48 unknown_ca)" },
	{ "too long for Apache with more", EXPECT_REQUIRED, true, { MIDDLE },
		{ "48", "116", "48", "80" }, REJECTED,
		"set SSLVerifyDepth to 2 or more" },
	{ "gets in alone", EXPECT_REQUIRED, true, { MIDDLE, MIDDLE_CA },
		{ "80", "116", "48", "200" }, REJECTED,
		"the server accepts it alone" },
	{ "no better with more", EXPECT_REQUIRED, true, { GOOD },
		{ "48", "116", "48", "48" }, REJECTED, NULL },
	{ "2.3: accepted, but not named", EXPECT_REQUIRED, true, { OTHER },
		{ "200", "116", "48", NULL }, ALL_OK " client.ca-list=warning",
		"names none of its issuers ('Other CA')" },
	{ "R87: broken for all", EXPECT_REQUIRED, true, { GOOD },
		{ "80", "80", NULL, NULL }, "", NULL },
	{ "not reached the second time", EXPECT_REQUIRED, true, { GOOD },
		{ "lost", "116", "48", NULL }, "client.unproven=warning",
		"no connection (connect, refused)" },
};

static void
each_setting(void **state)
{
	static const enum person named[] = { CA, NOBODY };

	(void)state;
	for (size_t i = 0; i < COUNT(settings); i++) {
		const struct setting *s = &settings[i];
		struct observation *ob = mtls_observe(
			&s->seen, TLS1_3_VERSION, s->asked, s->file, named);
		struct target t = mtls_target(&mtls_https);
		struct policy pol = { .target = &t };
		struct findings fs = { 0 };

		t.client.expect = s->expect;
		check_client.run(ob, &pol, NOW, &fs);
		mtls_expect(s->name, &fs, "", s->findings, s->words);
		findings_release(&fs);
		observation_free(ob);
	}
}

/* The acceptance's line, to the letter. */
static void
lines(void **state)
{
	static const struct {
		enum person file[MTLS_FILE];
		struct mtls_words seen;
		const char *message;
	} cases[] = {
		{ { GOOD }, { "200", "116", "48", NULL },
			"client certificate accepted (HTTP 200); refused "
			"without one (alert 116 certificate_required) and with "
			"a stranger's (alert 48 unknown_ca)" },
		{ { GOOD }, { "200", "116", NULL, NULL },
			"client certificate accepted (HTTP 200); refused "
			"without one (alert 116 certificate_required)" },
		{ { EXPIRED }, { "45", "116", "48", NULL },
			"client certificate 'expired' refused (alert 45 "
			"certificate_expired after the handshake, TLSv1.3): it "
			"expired 3 days ago (2027-01-12)" },
		{ { GOOD }, { "error", "none", "error", NULL },
			"client certificate 'good' refused (HTTP 400 \"The "
			"SSL certificate error\", TLSv1.3): nginx does not "
			"tell why; it names the issuer 'CN=Client CA', so look "
			"there for an expired CA or CRL, a missing root, a "
			"chain longer than ssl_verify_depth, another CA of the "
			"same name, or a revoked certificate" },
		{ { MIDDLE }, { "closed", "116", "closed", "200" },
			"client certificate 'middle' refused without a reason "
			"(connection closed without an answer after the "
			"handshake, TLSv1.3): the server's file of client CAs "
			"is incomplete: it accepts the same certificate once "
			"'Issuing CA' is sent along" },
	};
	static const enum person named[] = { CA, NOBODY };

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct observation *ob = mtls_observe(&cases[i].seen,
			TLS1_3_VERSION, true, cases[i].file, named);
		struct target t = mtls_target(&mtls_https);
		struct policy pol = { .target = &t };
		struct findings fs = { 0 };

		check_client.run(ob, &pol, NOW, &fs);
		assert_string_equal(cases[i].message, fs.v[0].message);
		assert_string_equal(t.address, fs.v[0].subject);
		findings_release(&fs);
		observation_free(ob);
	}
}

/* What the server's file of client CAs tells, where it is at hand. */
static void
file_at_hand(void **state)
{
	static const struct {
		const char *name;
		enum person own[MTLS_FILE], ca[MTLS_FILE];
		const char *with, *words;
		bool named; /* or else it is no cause */
	} cases[] = {
		{ "an alert", { OF_OLD_CA }, { OLD_CA }, "45",
			"'Old CA' in the server's file of client CAs expired 3 "
			"days ago (2027-01-12)",
			true },
		{ "nginx", { OF_OLD_CA }, { OLD_CA, CA }, "error",
			"'Old CA' in the server's file of client CAs expired",
			true },
		{ "hung up on", { OF_OLD_CA, OLD_CA }, { CA, OLD_CA }, "closed",
			"'Old CA' in the server's file of client CAs expired",
			true },
		{ "silence", { OF_OLD_CA }, { OLD_CA }, "silence",
			"'Old CA' in the server's file of client CAs expired",
			true },
		{ "renewed", { OF_OLD_CA }, { OLD_CA, OLD_CA_NEW }, "error",
			"client CAs expired", false },
		{ "renewed there, not here", { OF_OLD_CA, OLD_CA },
			{ OLD_CA_NEW }, "error", "expired 3 days ago", false },
		{ "of another", { GOOD }, { CA, OLD_CA }, "error",
			"client CAs expired", false },
	};
	static const enum person named[] = { OLD_CA, CA, NOBODY };

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		const struct mtls_words words = { cases[i].with, "116", "48",
			NULL };
		struct observation *ob = mtls_observe(
			&words, TLS1_3_VERSION, true, cases[i].own, named);
		struct target t = mtls_target(&mtls_https);
		struct policy pol = { .target = &t };
		struct findings fs = { 0 };

		ob->client->ca = mtls_file(cases[i].ca);
		check_client.run(ob, &pol, NOW, &fs);
		if ((strstr(fs.v[0].message, cases[i].words) != NULL) !=
			cases[i].named)
			fail_msg("%s: %s", cases[i].name, fs.v[0].message);
		findings_release(&fs);
		observation_free(ob);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_cell),
		cmocka_unit_test(each_setting),
		cmocka_unit_test(lines),
		cmocka_unit_test(file_at_hand),
	};

	return cmocka_run_group_tests(tests, mtls_begin, mtls_end);
}
