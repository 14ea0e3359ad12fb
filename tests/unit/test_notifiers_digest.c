/* test_notifiers_digest.c - a digest as mail and as JSON, and its addresses */
#include "tests/unit/unit.h"

#include <stdlib.h>
#include <string.h>

#include "notifiers/email.h"
#include "notifiers/format.h"
#include "notifiers/outline.h"

#define NOW ((time_t)1795197600) /* 2026-11-20T18:00:00Z */

static bool
has(const char *text, const char *part)
{
	return strstr(text, part) != NULL;
}

/* --- addresses */

static void
test_address(void **state)
{
	static const char sixty_four[] = "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
					 "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa@b";
	static const char sixty_five[] = "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
					 "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa@b";
	static const struct {
		const char *text, *addr, *header; /* addr NULL: refused */
	} rows[] = {
		{ "a@b", "a@b", "a@b" },
		{ "  ops@example.com ", "ops@example.com", "ops@example.com" },
		{ "<ops@example.com>", "ops@example.com", "ops@example.com" },
		{ "o.p-s+x@a-b.example", "o.p-s+x@a-b.example",
			"o.p-s+x@a-b.example" },
		{ "Ops <a@b>", "a@b", "Ops <a@b>" },
		{ "Ops<a@b>", "a@b", "Ops <a@b>" },
		{ "Web Team <a@b>", "a@b", "Web Team <a@b>" },
		{ "Ops, Team <a@b>", "a@b", "\"Ops, Team\" <a@b>" },
		{ "\"Ops, Team\" <a@b>", "a@b", "\"Ops, Team\" <a@b>" },
		{ "\"a \\\"b\\\\\" <a@b>", "a@b", "\"a \\\"b\\\\\" <a@b>" },
		{ "\"<evil@x>\" <a@b>", "a@b", "\"<evil@x>\" <a@b>" },
		{ "M\303\274ller <a@b>", "a@b",
			"=?UTF-8?B?TcO8bGxlcg==?= <a@b>" },
		{ "=?UTF-8?Q?x?= <a@b>", "a@b",
			"=?UTF-8?B?PT9VVEYtOD9RP3g/PQ==?= <a@b>" },
		{ sixty_four, sixty_four, sixty_four },
		{ sixty_five, NULL, NULL },
		{ "", NULL, NULL },
		{ "ops", NULL, NULL },
		{ "@b", NULL, NULL },
		{ "a@", NULL, NULL },
		{ "a@b@c", NULL, NULL },
		{ "a b@c", NULL, NULL },
		{ ".a@b", NULL, NULL },
		{ "a..b@c", NULL, NULL },
		{ "a.@c", NULL, NULL },
		{ "a@b.", NULL, NULL },
		{ "a@b..c", NULL, NULL },
		{ "a@b_c", NULL, NULL },
		{ "a@[127.0.0.1]", NULL, NULL },
		{ "a@b\r\nBcc: c@d", NULL, NULL },
		{ "a\r\nBcc: x <a@b>", NULL, NULL },
		{ "a\tb <a@b>", NULL, NULL },
		{ "Ops <a@b", NULL, NULL },
		{ "Ops a@b>", NULL, NULL },
		{ "Ops <a@b> x", NULL, NULL },
		{ "a@b <c@d>", NULL, NULL },
		{ "<a@b> <c@d>", NULL, NULL },
		{ "a \"b\" <c@d>", NULL, NULL },
		{ "\303\274@b", NULL, NULL },
		{ "a@b,c@d", NULL, NULL },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		BUF_CLEANUP struct buf out = { 0 };
		struct address a = { 0 };
		struct error err = { 0 };
		int rc = address_parse(rows[i].text, &a, &err);

		if (rc != (rows[i].addr != NULL ? 0 : -1))
			fail_msg("\"%s\": %d", rows[i].text, rc);
		if (rc == -1) {
			assert_true(has(err.text, "want an address"));
			assert_null(strchr(err.text, '\n'));
			continue;
		}
		assert_string_equal(a.addr, rows[i].addr);
		address_header(&out, &a);
		assert_string_equal(buf_str(&out), rows[i].header);
	}
}

static void
test_address_bounds(void **state)
{
	char text[400], name[ADDRESS_NAME_MAX + 2];
	struct address a;
	struct error err;

	(void)state;
	memset(name, 'n', sizeof(name));
	for (int n = ADDRESS_NAME_MAX; n <= ADDRESS_NAME_MAX + 1; n++) {
		snprintf(text, sizeof(text), "%.*s <a@b>", n, name);
		assert_int_equal(address_parse(text, &a, &err),
			n > ADDRESS_NAME_MAX ? -1 : 0);
	}
	for (int n = ADDRESS_MAX; n <= ADDRESS_MAX + 1; n++) {
		memset(text, 'b', sizeof(text));
		memcpy(text, "a@", 2);
		text[n] = '\0';
		assert_int_equal(address_parse(text, &a, &err),
			n > ADDRESS_MAX ? -1 : 0);
	}
}

/* --- a digest as a mail */

/* Text that tries to become more than text. */
#define HOSTILE                                                                \
	"x\r\nBcc: evil@example.net\r\n\r\n<script>alert(\"1\")</script>"      \
	"\033[2J\342\200\256&'\377"

static struct event
event(enum event_kind kind, enum severity severity, const char *target,
	const char *finding, const char *message)
{
	struct event e = {
		.kind = kind,
		.severity = severity,
		.incident = str_dup("i1"),
		.target = str_dup(target),
		.address = str_fmt("https://%s:443", target),
		.finding = str_dup(finding),
		.message = str_dup(message),
		.opened_at = NOW,
	};

	return e;
}

/* Takes over `e`. */
static void
add(struct digest *d, struct event e)
{
	digest_add(d, &e);
	event_release(&e);
}

static struct digest *
empty_digest(void)
{
	struct digest *d = mem_alloc(sizeof(*d));

	d->id = str_dup("msg_0123456789abcdef");
	d->host = str_dup("agent1.example.com");
	d->time = NOW;
	return d;
}

/* Two troubles of one target with another's between, and good news. */
static struct digest *
full_digest(void)
{
	struct digest *d = empty_digest();
	struct event e = event(EVENT_ESCALATED, SEV_CRITICAL, "www.example.com",
		"expiry.expired", "expired 3 days ago (2026-11-17)");

	e.owner = str_dup("web-team");
	e.hint = str_dup("Renew the certificate now, install it, and reload "
			 "the service. Then find out why the renewal did not "
			 "happen by itself.");
	e.opened_at = NOW - 10 * DAY_S;
	e.not_after = NOW - 3 * DAY_S;
	add(d, e);
	e = event(EVENT_OPENED, SEV_WARNING, "shop.example.com", "expiry.soon",
		"expires in 12 days (2026-12-02)");
	e.hint = str_dup("Renew it.");
	e.not_after = NOW + 12 * DAY_S;
	add(d, e);
	e = event(EVENT_REPEATED, SEV_WARNING, "www.example.com", "name.www",
		"the www name is not covered");
	e.hint = str_dup("Add it.");
	e.opened_at = NOW - 7 * DAY_S;
	e.not_after = NOW - 3 * DAY_S;
	add(d, e);
	e = event(EVENT_RESOLVED, SEV_CRITICAL, "mail.example.com",
		"endpoint.unreachable", "connection refused");
	e.opened_at = NOW - 3600;
	add(d, e);
	e = event(EVENT_RENEWED, SEV_OK, "api.example.com", NULL,
		"another certificate");
	e.old_not_after = NOW + 3 * DAY_S;
	e.not_after = NOW + 90 * DAY_S;
	add(d, e);
	return d;
}

static const char full_text[] =
	"1 critical, 2 warning, 1 resolved, 1 renewed\n"
	"\n"
	"www.example.com\n"
	"https://www.example.com:443\n"
	"the server's certificate expired 2026-11-17 (3 days ago)\n"
	"owner: web-team\n"
	"\n"
	"  CRITICAL: expired 3 days ago (2026-11-17)\n"
	"    since:   2026-11-10 18:00 UTC (worse now)\n"
	"    to do:   Renew the certificate now, install it, and reload the "
	"service.\n"
	"             Then find out why the renewal did not happen by itself.\n"
	"    finding: expiry.expired\n"
	"\n"
	"  WARNING: the www name is not covered\n"
	"    since:   2026-11-13 18:00 UTC (reminder)\n"
	"    to do:   Add it.\n"
	"    finding: name.www\n"
	"\n"
	"shop.example.com\n"
	"https://shop.example.com:443\n"
	"the server's certificate expires 2026-12-02 (in 12 days)\n"
	"\n"
	"  WARNING: expires in 12 days (2026-12-02)\n"
	"    since:   2026-11-20 18:00 UTC (new)\n"
	"    to do:   Renew it.\n"
	"    finding: expiry.soon\n"
	"\n"
	"RESOLVED\n"
	"\n"
	"mail.example.com\n"
	"https://mail.example.com:443\n"
	"\n"
	"  was CRITICAL: connection refused\n"
	"    since:   2026-11-20 17:00 UTC\n"
	"    finding: endpoint.unreachable\n"
	"\n"
	"RENEWED\n"
	"\n"
	"api.example.com\n"
	"https://api.example.com:443\n"
	"\n"
	"  end of life: 2026-11-23 -> 2027-02-18\n"
	"\n"
	"-- \n"
	"certvigil " CERTVIGIL_VERSION
	" on agent1.example.com, scan of 2026-11-20 18:00 UTC\n"
	"What a finding means:   certvigil explain expiry.expired\n"
	"To hear no more of one: findings: {expiry.expired: off} at its "
	"target\n";

static void
test_text(void **state)
{
	cleanup(digest_free) struct digest *d = full_digest();
	BUF_CLEANUP struct buf out = { 0 };

	(void)state;
	mail_text(&out, d);
	assert_string_equal(buf_str(&out), full_text);
}

static void
test_text_of_a_test(void **state)
{
	cleanup(digest_free) struct digest *d = empty_digest();
	BUF_CLEANUP struct buf out = { 0 };

	(void)state;
	add(d, event(EVENT_TEST, SEV_OK, "test", NULL, "this is a test"));
	mail_text(&out, d);
	assert_string_equal(buf_str(&out),
		"a test\n"
		"\n"
		"this is a test\n"
		"\n"
		"-- \n"
		"certvigil " CERTVIGIL_VERSION
		" on agent1.example.com, scan of 2026-11-20 18:00 UTC\n");
}

/* Every line fits an 80-column terminal, but words are never broken. */
static void
test_text_width(void **state)
{
	cleanup(digest_free) struct digest *d = empty_digest();
	BUF_CLEANUP struct buf out = { 0 }, message = { 0 };
	cleanup(str_free) char *lines = NULL;
	char *rest = NULL;
	size_t long_words = 0;

	(void)state;
	for (int i = 0; i < 60; i++)
		buf_puts(&message, i % 3 == 0 ? "w\303\266rter " : "word ");
	for (int i = 0; i < 100; i++)
		buf_putc(&message, 'u');
	buf_puts(&message, " end");
	add(d, event(EVENT_OPENED, SEV_CRITICAL, "a", "x.y", message.s));
	mail_text(&out, d);
	lines = str_dup(buf_str(&out));
	for (char *l = strtok_r(lines, "\n", &rest); l != NULL;
		l = strtok_r(NULL, "\n", &rest)) {
		if (has(l, "uuu"))
			long_words++;
		else if (strlen(l) > 90) /* two bytes for each o umlaut */
			fail_msg("%s", l);
	}
	assert_int_equal(long_words, 1);
	assert_true(has(out.s, "\n            end\n"));
}

static void
test_hostile(void **state)
{
	cleanup(digest_free) struct digest *d = empty_digest();
	BUF_CLEANUP struct buf text = { 0 }, html = { 0 };
	struct event e = event(
		EVENT_OPENED, SEV_CRITICAL, HOSTILE, HOSTILE, HOSTILE);

	(void)state;
	e.owner = str_dup(HOSTILE);
	e.hint = str_dup(HOSTILE);
	add(d, e);
	mail_text(&text, d);
	assert_false(has(text.s, "\r"));
	assert_false(has(text.s, "\nBcc"));
	assert_false(has(text.s, "\033"));
	assert_false(has(text.s, "\342\200\256"));
	assert_false(has(text.s, "\377"));
	mail_html(&html, d);
	assert_false(has(html.s, "\r"));
	assert_false(has(html.s, "<script"));
	assert_false(has(html.s, "\"1\""));
	assert_false(has(html.s, "\033"));
	assert_false(has(html.s, "\342\200\256"));
	assert_false(has(html.s, "\377"));
	assert_true(has(html.s,
		"&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt;\\x1b[2J"
		"\\u{202e}&amp;&#39;\\xff"));
}

/* A text of a certificate may be as long as the certificate. */
static void
test_long_text(void **state)
{
	cleanup(digest_free) struct digest *d = empty_digest();
	BUF_CLEANUP struct buf text = { 0 }, html = { 0 }, big = { 0 };
	struct event e;

	(void)state;
	while (big.len < 100000)
		buf_puts(&big, "\303\274");
	e = event(EVENT_OPENED, SEV_CRITICAL, "a", "x.y", big.s);
	e.hint = str_dup(big.s);
	add(d, e);
	mail_text(&text, d);
	mail_html(&html, d);
	assert_true(text.len < 3000);
	assert_true(html.len < 6000);
	assert_true(has(text.s, "\303\274..."));
	/* Cut between characters, so nothing is left to escape. */
	assert_false(has(text.s, "\\x"));
}

static void
test_cut(void **state)
{
	static const struct {
		size_t n;
		const char *more; /* NULL: all are told */
	} rows[] = {
		{ MAIL_EVENTS_MAX, NULL },
		{ MAIL_EVENTS_MAX + 1, "... and 1 more" },
		{ MAIL_EVENTS_MAX + 57, "... and 57 more" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		cleanup(digest_free) struct digest *d = empty_digest();
		BUF_CLEANUP struct buf text = { 0 }, html = { 0 };
		struct outline o;

		for (size_t j = 0; j + 1 < rows[i].n; j++) {
			cleanup(str_free) char *target = str_fmt("t%zu", j / 3);

			add(d,
				event(EVENT_OPENED, SEV_WARNING, target,
					"expiry.soon", "m"));
		}
		add(d, event(EVENT_RENEWED, SEV_OK, "last", NULL, "m"));
		outline_make(&o, d, MAIL_EVENTS_MAX);
		assert_int_equal(o.n, MAIL_EVENTS_MAX);
		assert_int_equal(o.left_out, rows[i].n - MAIL_EVENTS_MAX);
		outline_release(&o);
		mail_text(&text, d);
		mail_html(&html, d);
		assert_int_equal(has(text.s, "\nlast\n"), rows[i].more == NULL);
		assert_int_equal(has(html.s, ">last<"), rows[i].more == NULL);
		if (rows[i].more != NULL) {
			assert_true(has(text.s, rows[i].more));
			assert_true(has(html.s, rows[i].more));
		} else {
			assert_false(has(text.s, "more;"));
		}
	}
}

static void
test_expiry_words(void **state)
{
	static const struct {
		int64_t left;
		const char *want;
	} rows[] = {
		{ 90 * DAY_S, "expires 2027-02-18 (in 90 days)" },
		{ 2 * DAY_S - 1, "expires 2026-11-22 (in 1 day)" },
		{ DAY_S, "expires 2026-11-21 (in 1 day)" },
		{ DAY_S - 1, "expires 2026-11-21 (in less than a day)" },
		/* The second of notAfter itself is valid. */
		{ 0, "expires 2026-11-20 (in less than a day)" },
		{ -1, "expired 2026-11-20 (less than a day ago)" },
		{ -DAY_S, "expired 2026-11-19 (1 day ago)" },
		{ -30 * DAY_S, "expired 2026-10-21 (30 days ago)" },
	};
	cleanup(digest_free) struct digest *d = empty_digest();

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		BUF_CLEANUP struct buf out = { 0 };
		struct event e = { .not_after = NOW + rows[i].left };

		outline_expiry(&out, d, &e);
		assert_string_equal(buf_str(&out), rows[i].want);
	}
}

/* --- headers */

static char *
header(const struct strlist *fields, const char *name)
{
	size_t n = strlen(name);

	for (size_t i = 0; i < fields->n; i++) {
		if (strncmp(fields->v[i], name, n) == 0 &&
			strncmp(fields->v[i] + n, ": ", 2) == 0)
			return fields->v[i] + n + 2;
	}
	fail_msg("no %s", name);
	return NULL;
}

static void
make_headers(struct strlist *out, const struct digest *d, const char *prefix)
{
	struct address to[2] = { { "", "a@example.com" },
		{ "Ops, Team", "b@example.com" } };
	struct mail_envelope m = { .from = { "Cert Vigil", "cv@example.com" },
		.to = to,
		.n_to = 2,
		.subject_prefix = prefix };

	mail_headers(out, &m, d);
}

static void
test_headers(void **state)
{
	cleanup(digest_free) struct digest *d = full_digest();
	struct strlist h = { 0 };

	(void)state;
	make_headers(&h, d, "[certvigil]");
	assert_string_equal(header(&h, "From"), "Cert Vigil <cv@example.com>");
	assert_string_equal(header(&h, "To"),
		"a@example.com,\r\n \"Ops, Team\" <b@example.com>");
	assert_string_equal(
		header(&h, "Date"), "Fri, 20 Nov 2026 18:00:00 +0000");
	assert_string_equal(
		header(&h, "Message-ID"), "<msg_0123456789abcdef@example.com>");
	assert_string_equal(
		header(&h, "List-Id"), "certvigil <certvigil.example.com>");
	assert_string_equal(header(&h, "Auto-Submitted"), "auto-generated");
	assert_string_equal(header(&h, "X-Auto-Response-Suppress"), "All");
	assert_true(has(header(&h, "Subject"),
		"[certvigil] CRITICAL: www.example.com: expired 3 days ago"));
	strlist_release(&h);
}

/* No field ends early, and none is longer than a line may be. */
static void
test_headers_hostile(void **state)
{
	static const char *const messages[] = {
		HOSTILE,
		"\r\n\r\nbody",
		"\n",
		"a  b",
		"W\303\266rter, viele W\303\266rter, noch mehr W\303\266rter, "
		"so viele, dass sie in keine Zeile passen",
		"many words that are plain ASCII and still do not fit a line "
		"of seventy-eight columns, so that it must be folded",
		"=?UTF-8?B?eA==?=",
	};

	(void)state;
	for (size_t i = 0; i < COUNT(messages); i++) {
		cleanup(digest_free) struct digest *d = empty_digest();
		struct strlist h = { 0 };

		free(d->id);
		d->id = str_dup("msg_1>\r\nBcc: evil@x");
		add(d,
			event(EVENT_OPENED, SEV_CRITICAL, "t", "x.y",
				messages[i]));
		make_headers(&h, d, "");
		assert_int_equal(h.n, 8);
		assert_string_equal(header(&h, "Message-ID"),
			"<msg_1---Bcc--evil-x@example.com>");
		for (size_t j = 0; j < h.n; j++) {
			const char *s = h.v[j];

			for (;;) {
				size_t line = strcspn(s, "\r\n");

				assert_true(line > 0 && line <= 78);
				s += line;
				if (*s == '\0')
					break;
				/* Each line break folds: CR LF blank text. */
				assert_int_equal(strncmp(s, "\r\n ", 3), 0);
				s += 3;
			}
			for (s = h.v[j]; *s != '\0'; s++)
				assert_in_range((unsigned char)*s, '\n', '~');
		}
		strlist_release(&h);
	}
}

static void
test_json(void **state)
{
	cleanup(digest_free) struct digest *d = full_digest();
	cleanup(digest_free) struct digest *back = NULL;
	cleanup(str_free) char *body = format_table[FORMAT_json]->body(d);
	json_t *j = json_loads(body, 0, NULL);
	struct error err;

	(void)state;
	assert_string_equal(
		format_table[FORMAT_json]->content_type, "application/json");
	assert_non_null(j);
	assert_int_equal(json_object_size(j), 3);
	assert_string_equal(json_string_value(json_object_get(j, "type")),
		"certvigil.digest");
	assert_string_equal(json_string_value(json_object_get(j, "timestamp")),
		"2026-11-20T18:00:00Z");
	back = digest_from_json(json_object_get(j, "data"), &err);
	assert_non_null(back);
	assert_int_equal(back->n, d->n);
	assert_null(strchr(body, '\n'));
	assert_false(has(body, "\": "));
	json_decref(j);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_address),
		cmocka_unit_test(test_address_bounds),
		cmocka_unit_test(test_text),
		cmocka_unit_test(test_text_of_a_test),
		cmocka_unit_test(test_text_width),
		cmocka_unit_test(test_hostile),
		cmocka_unit_test(test_long_text),
		cmocka_unit_test(test_cut),
		cmocka_unit_test(test_expiry_words),
		cmocka_unit_test(test_headers),
		cmocka_unit_test(test_headers_hostile),
		cmocka_unit_test(test_json),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
