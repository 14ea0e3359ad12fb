/* test_notifiers.c - what is told, how it is signed, and to whom */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "model/duration.h"
#include "model/target.h"
#include "notifiers/answer.h"
#include "notifiers/email.h"
#include "notifiers/format.h"
#include "notifiers/mail.h"
#include "notifiers/notifier.h"
#include "notifiers/outline.h"
#include "notifiers/sign.h"
#include "notifiers/url.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))
#define NOW ((time_t)1795197600) /* 2026-11-20T18:00:00Z */

static bool
has(const char *text, const char *part)
{
	return strstr(text, part) != NULL;
}

/* --- signatures */

#define SECRET_24 "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
#define SECRET_25 "whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGA=="
#define SECRET_64                                                              \
	"whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8gISIjJCUm"           \
	"JygpKissLS4vMDEyMzQ1Njc4OTo7PD0+Pw=="

/* Made with Python's hmac and with `openssl dgst -mac HMAC`. */
static void
test_sign(void **state)
{
	static const struct {
		const char *secrets, *id, *body, *want;
		time_t time;
	} rows[] = {
		{ SECRET_24, "msg_p5jXN8AQM9LWM0D4loKWxJek",
			"{\"test\": 2432232314}",
			"v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
			1614265330 },
		{ SECRET_25, "msg_1", "",
			"v1,pCqmP/JRWmTQGd+e9Wd4d89zLhEThjQQcIwRGhA8tQw=", 0 },
		{ SECRET_64, "msg_1", "",
			"v1,HZL6IFGXxAA5+E6GULAHVKyxB+KD+eUDyD0G8JJ0huU=", 0 },
		{ " " SECRET_25 "\t" SECRET_64 "\n", "msg_1", "",
			"v1,pCqmP/JRWmTQGd+e9Wd4d89zLhEThjQQcIwRGhA8tQw= "
			"v1,HZL6IFGXxAA5+E6GULAHVKyxB+KD+eUDyD0G8JJ0huU=",
			0 },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		BUF_CLEANUP struct buf out = { 0 };
		struct error err;

		assert_int_equal(sign_webhook(&out, rows[i].secrets, rows[i].id,
					 rows[i].time, rows[i].body, &err),
			0);
		assert_string_equal(buf_str(&out), rows[i].want);
	}
}

static void
test_sign_refuses(void **state)
{
	static const struct {
		const char *secrets, *want;
	} rows[] = {
		{ "", "have none" },
		{ " \n", "have none" },
		{ "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "without" },
		{ "whsk_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "without" },
		{ "whsec_", "want 24 to 64 bytes, have 0" },
		{ "whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRY=", "have 23" },
		{ "whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRY", "base64" },
		{ "whsec_MfKQ9r8GKYqrTwjU=D8ILPZIo2LaLaSw", "base64" },
		{ "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaL===", "base64" },
		{ "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLa=w", "base64" },
		{ "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLa-_", "base64" },
		{ "whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8gISIjJCUm"
		  "JygpKissLS4vMDEyMzQ1Njc4OTo7PD0+P0A=",
			"have 65" },
		{ "whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8gISIjJCUm"
		  "JygpKissLS4vMDEyMzQ1Njc4OTo7PD0+P0BBQkNE",
			"base64" },
		{ SECRET_24 " whsec_AAAA", "have 3" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		BUF_CLEANUP struct buf out = { 0 };
		struct error err = { 0 };

		assert_int_equal(sign_check(rows[i].secrets, &err), -1);
		if (!has(err.text, rows[i].want))
			fail_msg("row %zu: %s", i, err.text);
		assert_null(strstr(err.text, "AAEC"));
		assert_int_equal(
			sign_webhook(&out, rows[i].secrets, "msg", 0, "", &err),
			-1);
		assert_int_equal(out.len, 0);
	}
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
	"expired 2026-11-17 (3 days ago)\n"
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
	"expires 2026-12-02 (in 12 days)\n"
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

/* --- settings */

/* Where the key called `name` of the section is, also an inherited one. */
static void *
setting(void *settings, const struct section *section, const char *name)
{
	for (const struct key *k = section->keys; k->name != NULL; k++) {
		void *at = (char *)settings + k->offset;

		if (strcmp(k->name, name) == 0)
			return at;
		if (k->type == KEY_INHERIT &&
			setting(at, k->section, name) != NULL)
			return setting(at, k->section, name);
	}
	return NULL;
}

static const struct section *
section_of(const char *name)
{
	const struct section *s;

	for (size_t i = 0; (s = notifier_section(i)) != NULL; i++) {
		if (strcmp(s->name, name) == 0)
			return s;
	}
	fail_msg("no %s", name);
	return NULL;
}

struct given {
	const char *key, *value;
};

/* What check() says of these texts; "" if it is content. */
static void
check_settings(const struct section *kind, const struct given *given, size_t n,
	struct error *err)
{
	cleanup(arena_free) struct arena *a = arena_new();
	void *settings = arena_alloc(a, kind->size);

	*err = (struct error){ 0 };
	for (size_t i = 0; i < n && given[i].key != NULL; i++) {
		void *at = setting(settings, kind, given[i].key);

		assert_non_null(at);
		if (strcmp(given[i].key, "to") == 0)
			words_add(a, at, given[i].value);
		else if (strcmp(given[i].key, "starttls") == 0)
			*(int64_t *)at = strcmp(given[i].value, "off") == 0
				? CURLUSESSL_NONE
				: CURLUSESSL_TRY;
		else
			*(const char **)at = given[i].value;
	}
	if (notifier_of(kind)->check(settings, err) == 0)
		assert_int_equal(err->text[0], '\0');
}

static void
test_webhook_check(void **state)
{
	static const struct {
		struct given given[3];
		const char *want;
	} rows[] = {
		{ { { "url", "https://example.com/x" } }, "" },
		{ { { "url", "http://127.0.0.1:8080" } }, "" },
		{ { { "url", "HTTPS://u:p@[::1]:1/?q" } }, "" },
		/* `config check` without the right to read the secret. */
		{ { { "url", NULL } }, "" },
		{ { { "url", "ftp://example.com/" } }, "url: want http://" },
		{ { { "url", "file:///etc/passwd" } }, "url: want http://" },
		{ { { "url", "example.com/token" } }, "url: want http://" },
		{ { { "url", "https://" } }, "url: want http://" },
		{ { { "url", "https://a b/" } }, "url: want http://" },
		{ { { "url", "https://a/\r\nX: y" } }, "url: want http://" },
		{ { { "url", "https://a/" }, { "proxy", "none" } }, "" },
		{ { { "url", "https://a/" }, { "proxy", "http://p:3128" } },
			"" },
		{ { { "url", "https://a/" }, { "proxy", "socks5h://p" } }, "" },
		{ { { "url", "https://a/" }, { "proxy", "ftp://p:3128" } },
			"proxy: want http://" },
		{ { { "url", "https://a/" }, { "secret", SECRET_24 } }, "" },
		{ { { "url", "https://a/" }, { "secret", "hunter2hunter2" } },
			"secret: want" },
		{ { { "url", "https://a/" }, { "certificate", "c.pem" } }, "" },
		{ { { "url", "https://a/" }, { "key", "k.pem" } },
			"key: want `certificate`" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct error err;

		check_settings(section_of("webhook"), rows[i].given,
			COUNT(rows[i].given), &err);
		if (strncmp(err.text, rows[i].want, strlen(rows[i].want)) !=
				0 ||
			(rows[i].want[0] == '\0') != (err.text[0] == '\0'))
			fail_msg("row %zu: %s", i, err.text);
		assert_false(has(err.text, "token"));
		assert_false(has(err.text, "hunter2"));
	}
}

#define SERVER(url)                                                            \
	{ "server", (url) }, { "from", "a@b" },                                \
	{                                                                      \
		"to", "c@d"                                                    \
	}
#define LOGIN                                                                  \
	{ "user", "u" },                                                       \
	{                                                                      \
		"password", "p"                                                \
	}

static void
test_email_check(void **state)
{
	static const struct {
		struct given given[8];
		const char *want;
	} rows[] = {
		{ { SERVER("smtps://mail.example.com") }, "" },
		{ { SERVER("smtps://mail.example.com/") }, "" },
		{ { SERVER("smtp://[::1]:2525"), LOGIN, { "hello", "h.x" } },
			"" },
		{ { SERVER("mail.example.com") }, "server: want smtps://" },
		{ { SERVER("imap://m") }, "server: want smtps://" },
		{ { SERVER("smtp://u@m") }, "server: want smtps://" },
		{ { SERVER("smtp://u:p@m") }, "server: want smtps://" },
		{ { SERVER("smtp://m/x") }, "server: want smtps://" },
		{ { SERVER("smtp://m?x") }, "server: want smtps://" },
		{ { SERVER("smtp://m#x") }, "server: want smtps://" },
		{ { SERVER("smtps://m"), { "user", "u" } },
			"user: want `password`" },
		{ { SERVER("smtps://m"), { "password", "p" } },
			"password: want `user`" },
		{ { SERVER("smtp://m"), { "starttls", "off" } }, "" },
		{ { SERVER("smtps://m"), LOGIN, { "starttls", "off" } }, "" },
		{ { SERVER("smtp://m"), LOGIN, { "starttls", "off" } },
			"password: want smtps://" },
		{ { SERVER("smtp://m"), LOGIN, { "starttls", "if-offered" } },
			"password: want smtps://" },
		{ { SERVER("smtp://127.evil.example"), LOGIN,
			  { "starttls", "off" } },
			"password: want smtps://" },
		{ { SERVER("smtp://localhost"), LOGIN, { "starttls", "off" } },
			"" },
		{ { SERVER("smtp://127.0.0.2:25"), LOGIN,
			  { "starttls", "off" } },
			"" },
		{ { SERVER("smtp://[::1]:25"), LOGIN, { "starttls", "off" } },
			"" },
		{ { SERVER("smtps://m"), { "hello", "[192.0.2.1]" } }, "" },
		{ { SERVER("smtps://m"), { "hello", "a/b" } }, "hello: want" },
		{ { SERVER("smtps://m"), { "hello", "a\r\nRSET" } },
			"hello: want" },
		{ { SERVER("smtps://m"), { "to", "e@f" } }, "" },
		{ { SERVER("smtps://m"), { "to", "e" } }, "to: want an addr" },
		{ { SERVER("smtps://m"), { "from", "e" } },
			"from: want an addr" },
		{ { { "server", "smtps://m" }, { "from", "a@b" } },
			"to: want 1 to 100" },
		{ { SERVER("smtps://m"), { "key", "k" } }, "key: want" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct error err;

		check_settings(section_of("email"), rows[i].given,
			COUNT(rows[i].given), &err);
		if (strncmp(err.text, rows[i].want, strlen(rows[i].want)) !=
				0 ||
			(rows[i].want[0] == '\0') != (err.text[0] == '\0'))
			fail_msg("row %zu: %s", i, err.text);
	}
}

static void
test_table(void **state)
{
	size_t n = 0;

	(void)state;
	for (; notifier_table[n] != NULL; n++) {
		const struct section *s = notifier_section(n);

		assert_ptr_equal(s, &notifier_table[n]->section);
		assert_ptr_equal(notifier_of(s), notifier_table[n]);
		assert_non_null(notifier_table[n]->send);
	}
	assert_null(notifier_section(n));
	assert_null(notifier_section(SIZE_MAX));
	for (int i = 0; i < FORMATS; i++) {
		assert_int_equal(format_choices[i].value, i);
		assert_non_null(format_table[i]->body);
		assert_non_null(format_table[i]->content_type);
	}
	assert_null(format_choices[FORMATS].name);
}

/* --- answers, and what they must not tell */

static void
test_answer(void **state)
{
	struct strlist hidden = { 0 };
	struct delivery out = { 0 };
	char big[1000];

	(void)state;
	answer_hide_url(&hidden,
		"https://user1:pass%40word@example.com/hook/T0KEN-T0KEN?"
		"key=0123456789");
	answer_hide(&hidden, "s3cret");
	answer_hide(&hidden, "abc");
	answer_hide(&hidden, NULL);
	answer_set(&out, DELIVERY_REFUSED, &hidden,
		" Cannot POST\r\n\t/hook/T0KEN-T0KEN?key=0123456789 \n");
	assert_int_equal(out.outcome, DELIVERY_REFUSED);
	assert_string_equal(out.answer, "Cannot POST ***?***");
	answer_set(&out, DELIVERY_FAILED, &hidden, "%s",
		"T0KEN-T0KEN 0123456789 user1 pass@word pass%40word "
		"s3cret abc \033[1m");
	assert_string_equal(out.answer, "*** *** *** *** *** *** abc \\x1b[1m");

	memset(big, 'x', sizeof(big));
	memcpy(big + 249, "\303\274\303\274\303\274", 6);
	big[sizeof(big) - 1] = '\0';
	answer_set(&out, DELIVERED, NULL, "%s", big);
	assert_int_equal(strlen(out.answer), 254);
	assert_string_equal(out.answer + 248, "x\303\274...");
	strlist_release(&hidden);
}

static void
test_origin(void **state)
{
	static const struct {
		const char *url, *want;
	} rows[] = {
		{ "https://u:p@example.com/t?k#f", "https://example.com:443" },
		{ "http://[::1]:8080/t", "http://[::1]:8080" },
		{ "smtp://m", "smtp://m:25" },
		{ "token", "the receiver" },
		{ NULL, "the receiver" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		cleanup(str_free) char *origin = url_origin(rows[i].url);

		assert_string_equal(origin, rows[i].want);
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
		cmocka_unit_test(test_sign),
		cmocka_unit_test(test_sign_refuses),
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
		cmocka_unit_test(test_webhook_check),
		cmocka_unit_test(test_email_check),
		cmocka_unit_test(test_table),
		cmocka_unit_test(test_answer),
		cmocka_unit_test(test_origin),
		cmocka_unit_test(test_json),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
