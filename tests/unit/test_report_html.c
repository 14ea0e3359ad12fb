/* test_report_html.c - the page: its parts, its policy, and what is escaped */
#include "tests/unit/unit.h"

#include <stdio.h>
#include <string.h>

#include <openssl/evp.h>

#include "model/result.h"
#include "report/report.h"

#define NOW 1795132800 /* 2026-11-20T00:00:00Z, a Friday */

/* Markup, quotes, a comment's end, an escape, bidi, and what is no UTF-8. */
#define HOSTILE                                                                \
	"</style></script><script>alert(1)</script>\"'><img src=x "            \
	"onerror=alert(2)>--><!--&amp;\033[31m\xe2\x80\xae\xff"

static struct target
target(const char *name)
{
	struct target t = { .name = name,
		.kind = TARGET_ENDPOINT,
		.address = "https://www.example.com:443" };

	settings_init(&t.set);
	return t;
}

static void
fill_cert(struct cert *c, const char *text, int64_t left_s)
{
	*c = (struct cert){ .subject = str_dup(text),
		.issuer = str_dup(text),
		.label = str_dup(text),
		.issuer_label = str_dup(text),
		.serial = str_dup(text),
		.sha256 = str_dup(text),
		.key_type = str_dup(text),
		.key_bits = 256,
		.signature = str_dup(text),
		.has_dates = true,
		.not_after = NOW + left_s,
		.not_before = NOW + left_s - 90 * DAY_S };
	strlist_add(&c->names, text);
}

/* A leaf that ends `left_s` from NOW, and the certificate of its CA. */
static struct result *
result_of(const struct target *t, const char *text, int64_t left_s)
{
	struct result *r = mem_alloc(sizeof(*r));

	r->target = t;
	r->observed_at = NOW;
	r->duration_ms = -1;
	r->looked = true;
	r->seen = observation_new();
	r->seen->certs = mem_alloc(2 * sizeof(struct cert));
	r->seen->n_certs = 2;
	fill_cert(&r->seen->certs[0], text, left_s);
	fill_cert(&r->seen->certs[1], text, 3000 * DAY_S);
	r->seen->certs[1].is_ca = true;
	r->warning_at = NOW + left_s - 30 * DAY_S;
	r->critical_at = NOW + left_s - 14 * DAY_S;
	return r;
}

static void
add_finding(struct result *r, const char *id, const char *message)
{
	findings_add(&r->findings, id, "subject", "%s", message);
	r->status = findings_worst(&r->findings);
}

static char *
render(struct result **v, size_t n, const struct standing *standing)
{
	struct results rs = { .v = v, .n = n, .time = NOW };
	struct report_options opt = { .standing = standing };
	struct buf out = { 0 };

	report_find("html")->render(&out, &rs, &opt);
	return buf_detach(&out);
}

static size_t
count(const char *text, const char *what)
{
	size_t n = 0;

	for (; (text = strstr(text, what)) != NULL; text += strlen(what))
		n++;
	return n;
}

/* Each of them, and each behind the one before it. */
static void
assert_in_order(const char *page, const char *const *words)
{
	for (const char *at = page; *words != NULL; words++) {
		const char *found = strstr(at, *words);

		if (found == NULL)
			fail_msg("\"%s\" is not there, or not in its place",
				*words);
		at = found + strlen(*words);
	}
}

static void
the_parts(void **state)
{
	static const char *const words[] = {
		"<!DOCTYPE html>\n<html lang=\"en\">",
		"http-equiv=\"Content-Security-Policy\" content=\"default-src "
		"'none'; style-src 'sha256-",
		"'; script-src 'sha256-",
		"'; base-uri 'none'; form-action 'none'\">",
		"name=\"referrer\" content=\"no-referrer\"",
		"<title>Certificates: critical</title>",
		"href=\"#main\">Skip",
		"<h1>",
		"<main id=\"main\">",
		"1 target needs somebody now, 1 soon.",
		"<li class=\"critical\"><b>1</b>",
		"<li class=\"warning\"><b>1</b>",
		"<li class=\"ok\"><b>1</b>",
		"<h2 id=\"attention\">",
		"<h3>Critical",
		"The certificate has expired",
		"<b>To do:</b> Renew",
		"gone.example",
		"expired 3 days ago",
		"<h3>Warning",
		"soon.example",
		"<h2 id=\"timeline\">",
		"soon.example",
		"in 20 days",
		"well.example",
		"in 80 days",
		"<h2 id=\"inventory\">",
		"<search class=\"controls\" hidden>",
		"<caption>3 targets",
		"<th scope=\"col\" aria-sort=\"descending\"",
		"<th scope=\"row\"><details><summary><span>gone.example<",
		"<summary><span>soon.example<",
		"<summary><span>well.example<",
		"<h2 id=\"authorities\">",
		"In 3 targets",
		"</html>\n",
		NULL,
	};
	struct target t[] = { target("well.example"), target("soon.example"),
		target("gone.example") };
	struct result *v[] = { result_of(&t[0], "x", 80 * DAY_S),
		result_of(&t[1], "x", 20 * DAY_S),
		result_of(&t[2], "x", -3 * DAY_S) };
	cleanup(str_free) char *page = NULL, *again = NULL;

	(void)state;
	add_finding(v[1], "expiry.soon", "expires in 20 days");
	v[1]->findings.v[0].severity = v[1]->status = SEV_WARNING;
	add_finding(v[2], "expiry.expired", "expired 3 days ago");
	page = render(v, 3, NULL);
	assert_in_order(page, words);
	assert_null(strstr(page, " style=\""));
	assert_null(strstr(page, "id=\"incidents\""));
	again = render(v, 3, NULL);
	assert_string_equal(page, again);
	for (size_t i = 0; i < 3; i++)
		result_free(v[i]);
}

/* What stands between two marks, in base 64 of its SHA-256. */
static void
hash_of(const char *page, const char *from, const char *to, char out[80])
{
	unsigned char digest[EVP_MAX_MD_SIZE], base64[64];
	const char *begin = strstr(page, from) + strlen(from);
	unsigned n;

	assert_int_equal(EVP_Digest(begin, (size_t)(strstr(begin, to) - begin),
				 digest, &n, EVP_sha256(), NULL),
		1);
	EVP_EncodeBlock(base64, digest, (int)n);
	(void)snprintf(out, 80, "'sha256-%s'", (const char *)base64);
}

static void
the_policy_fits(void **state)
{
	cleanup(str_free) char *page = render(NULL, 0, NULL), *head = NULL;
	char style[80], script[80];

	(void)state;
	hash_of(page, "<style>", "</style>", style);
	hash_of(page, "<script>", "</script>", script);
	head = str_ndup(page, (size_t)(strstr(page, "<style>") - page));
	assert_non_null(strstr(head, style));
	assert_non_null(strstr(head, script));
	assert_int_equal(count(page, "<style"), 1);
	assert_int_equal(count(page, "<script"), 1);
	assert_non_null(strstr(page, "No target is known."));
}

/* The same hostile text wherever text from outside stands. */
static void
nothing_slips_through(void **state)
{
	static const char *const never[] = { "<script>alert", "<img", "--><!--",
		"\033", "\xe2\x80\xae", "\xff", "alert(1)</script>",
		"'sha256-'" };
	struct target t = target(HOSTILE);
	struct known_incident known = { .id = LENT(HOSTILE),
		.target = LENT(HOSTILE),
		.finding = LENT("name.mismatch"),
		.subject = LENT("subject"),
		.message = LENT(HOSTILE),
		.severity = SEV_CRITICAL,
		.opened_at = NOW - DAY_S };
	struct known_incidents incidents = { .v = &known, .n = 1 };
	struct silence silence = { .target = "*",
		.finding = "chain.*",
		.reason = HOSTILE,
		.by = HOSTILE,
		.from = NOW - DAY_S,
		.until = NOW + DAY_S };
	struct silences silences = { .v = &silence, .n = 1 };
	struct standing standing = { .now = NOW,
		.last_scan = NOW,
		.incidents = &incidents,
		.silences = &silences };
	struct result *r = result_of(&t, HOSTILE, 80 * DAY_S);
	struct handshake *hs = r->seen->handshake;
	cleanup(str_free) char *page = NULL;

	(void)state;
	t.address = t.owner = r->deployed = HOSTILE;
	r->client = "client." HOSTILE;
	hs->peer = str_dup(HOSTILE);
	hs->protocol = str_dup(HOSTILE);
	hs->cipher = str_dup(HOSTILE);
	strlist_add(&hs->client_cas, HOSTILE);
	hs->reply.status = 200;
	hs->reply.reason = str_dup(HOSTILE);
	add_finding(r, "name.mismatch", HOSTILE);
	add_finding(r, "chain.incomplete", HOSTILE);
	finding_hint(&r->findings.v[1], "%s", HOSTILE);
	page = render(&r, 1, &standing);
	for (size_t i = 0; i < COUNT(never); i++) {
		if (strstr(page, never[i]) != NULL)
			fail_msg("row %zu is in the page", i);
	}
	assert_int_equal(count(page, "<script"), 1);
	assert_int_equal(count(page, "</script"), 1);
	assert_int_equal(count(page, "</style"), 1);
	/* It is shown, and not left out. */
	assert_true(count(page, "&lt;script&gt;alert(1)&lt;/script&gt;") >= 20);
	assert_true(count(page, "\\x1b[31m\\u{202e}\\xff") >= 20);
	result_free(r);
}

static void
silenced_stand_apart(void **state)
{
	static const char *const words[] = { "All targets are well.",
		"<li class=\"silenced\"><b>1</b>", "Nothing does.",
		"<h3>Silenced", "b.example", "open since 2026-11-18 00:00 UTC",
		"silenced until 2026-11-21 00:00 UTC by ada: moves house",
		"<small>silenced</small>", "<h2 id=\"incidents\">",
		"2026-11-18 00:00 UTC", "Silences", "b.*",
		"until 2026-11-21 00:00 UTC", "ada", "moves house", NULL };
	struct target t[] = { target("a.example"), target("b.example") };
	struct result *v[] = { result_of(&t[0], "x", 80 * DAY_S),
		result_of(&t[1], "x", -3 * DAY_S) };
	struct known_incident known = { .id = LENT("inc_1"),
		.target = LENT("b.example"),
		.finding = LENT("expiry.expired"),
		.subject = LENT("subject"),
		.message = LENT("expired"),
		.severity = SEV_CRITICAL,
		.opened_at = NOW - 2 * DAY_S,
		.silenced = true };
	struct known_incidents incidents = { .v = &known, .n = 1 };
	struct silence silence = { .target = "b.*",
		.finding = "*",
		.reason = "moves house",
		.by = "ada",
		.from = NOW - DAY_S,
		.until = NOW + DAY_S };
	struct silences silences = { .v = &silence, .n = 1 };
	struct standing standing = { .now = NOW,
		.last_scan = NOW - 60,
		.incidents = &incidents,
		.silences = &silences };
	cleanup(str_free) char *page = NULL, *later = NULL;

	(void)state;
	add_finding(v[1], "expiry.expired", "expired 3 days ago");
	page = render(v, 2, &standing);
	assert_in_order(page, words);
	assert_null(strstr(page, "<h3>Critical"));
	standing.now = NOW + 2 * DAY_S;
	later = render(v, 2, &standing);
	assert_non_null(strstr(later, "<h3>Critical"));
	assert_null(strstr(later, "<h3>Silenced"));
	result_free(v[0]);
	result_free(v[1]);
}

static void
an_old_scan_is_told(void **state)
{
	static const struct {
		int64_t age_s;
		size_t waiting, given_up;
		const char *want, *never;
	} rows[] = {
		{ 60, 0, 0, "last scan 2026-11-19 23:59 UTC",
			"<p class=\"notice" },
		{ 26 * HOUR_S, 0, 0, "last scan", "<p class=\"notice" },
		{ 3 * DAY_S, 0, 0, "The last scan was 3 days ago.", NULL },
		{ NOW, 0, 0, "No scan has been made yet", NULL },
		{ -DAY_S, 0, 0, "ahead of the clock", NULL },
		{ 60, 1, 0, "1 message is not delivered yet.",
			"notice critical" },
		{ 60, 2, 1, "notice critical", NULL },
		{ 60, 2, 1, "1 message was given up: nobody was told", NULL },
	};
	struct target t = target("a.example");

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct standing standing = { .now = NOW,
			.last_scan = NOW - rows[i].age_s,
			.n_waiting = rows[i].waiting,
			.n_given_up = rows[i].given_up };
		struct result *r = result_of(&t, "x", 80 * DAY_S);
		cleanup(str_free) char *page = render(&r, 1, &standing);

		if (strstr(page, rows[i].want) == NULL)
			fail_msg("row %zu: no \"%s\"", i, rows[i].want);
		if (rows[i].never != NULL &&
			strstr(page, rows[i].never) != NULL)
			fail_msg("row %zu: \"%s\"", i, rows[i].never);
		result_free(r);
	}
}

/* A failed look, no dates, a store of roots: none has an end to draw. */
static void
what_has_no_end(void **state)
{
	struct target t[] = { target("down.example"), target("odd.example"),
		target("/etc/ssl/certs") };
	struct result *v[] = { mem_alloc(sizeof(*v[0])),
		result_of(&t[1], "x", DAY_S), result_of(&t[2], "x", DAY_S) };
	cleanup(str_free) char *page = NULL;

	(void)state;
	v[0]->target = &t[0];
	add_finding(v[0], "endpoint.unreachable", "refused");
	v[1]->seen->certs[0].has_dates = false;
	v[2]->store = true;
	page = render(v, 3, NULL);
	assert_non_null(strstr(page, "No certificate was seen."));
	assert_non_null(strstr(page, "No certificate with dates was seen."));
	assert_non_null(strstr(page, "<td>roots</td>"));
	assert_null(strstr(page, "data-end"));
	for (size_t i = 0; i < 3; i++)
		result_free(v[i]);
}

static void
many_are_not_kept(void **state)
{
	enum { N = 3000 };
	static struct target t[N];
	static struct result *v[N];
	struct results rs = { .v = v, .n = N, .time = NOW };
	struct report_options opt = { .to = tmpfile() };
	BUF_CLEANUP struct buf out = { 0 };
	static char names[N][24];

	(void)state;
	assert_non_null(opt.to);
	for (size_t i = 0; i < N; i++) {
		(void)snprintf(names[i], sizeof(names[i]), "n%zu.example", i);
		t[i] = target(names[i]);
		v[i] = result_of(&t[i], "x", (int64_t)(i % 400) * DAY_S);
		add_finding(v[i], "expiry.soon", "soon");
	}
	report_find("html")->render(&out, &rs, &opt);
	assert_true(ftell(opt.to) > 1000000);
	assert_true(out.cap < 256 * 1024);
	(void)fclose(opt.to);
	for (size_t i = 0; i < N; i++)
		result_free(v[i]);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_parts),
		cmocka_unit_test(the_policy_fits),
		cmocka_unit_test(nothing_slips_through),
		cmocka_unit_test(silenced_stand_apart),
		cmocka_unit_test(an_old_scan_is_told),
		cmocka_unit_test(what_has_no_end),
		cmocka_unit_test(many_are_not_kept),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
