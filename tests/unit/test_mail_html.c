/* test_mail_html.c - a digest as the HTML of a mail */
#include "tests/unit/mail_world.h"

#include <ctype.h>

/* Elements that a page of ours may have; none takes a link or a script. */
static const char *const elements[] = { "!DOCTYPE", "html", "head", "meta",
	"title", "body", "h1", "h2", "div", "strong", "table", "tr", "td", "p",
	"hr", "span" };

static bool
is_ours(const char *name, size_t n)
{
	for (size_t i = 0; i < COUNT(elements); i++) {
		if (strlen(elements[i]) == n &&
			strncmp(elements[i], name, n) == 0)
			return true;
	}
	return false;
}

/* Every "<" begins an element of ours, and each is closed in its turn. */
static void
check_elements(const char *page)
{
	const char *open[64];
	size_t depth = 0;

	for (const char *s = strchr(page, '<'); s != NULL; s = strchr(s, '<')) {
		bool end = s[1] == '/';
		const char *name = s + 1 + end;
		size_t n = strcspn(name, " >");

		if (!is_ours(name, n))
			fail_msg("%.60s", s);
		s = strchr(name, '>');
		assert_non_null(s);
		if (n == 8 || strncmp(name, "meta", n) == 0 ||
			strncmp(name, "hr", n) == 0)
			continue;
		if (!end) {
			assert_true(depth < COUNT(open));
			open[depth++] = name;
			continue;
		}
		assert_true(depth > 0);
		depth--;
		if (strncmp(open[depth], name, n) != 0)
			fail_msg("%.30s closes %.30s", name, open[depth]);
	}
	assert_int_equal(depth, 0);
}

static void
test_ordinary(void **state)
{
	static const char *const want[] = {
		"<title>CRITICAL: www.example.com: expired 3 days ago "
		"(2026-11-17) (+4 more)</title>",
		">2 critical, 1 warning, 1 resolved, 1 renewed</h1>",
		">www.example.com</h2>",
		">https://www.example.com:443</div>",
		">owner: web-team</div>",
		">CRITICAL</strong> expired 3 days ago (2026-11-17)</div>",
		">2026-11-13 18:00 UTC (reminder)</td>",
		">Renew the certificate now and reload nginx.</td>",
		">Resolved</h2>",
		">RESOLVED</strong> was CRITICAL: connection refused</div>",
		">2026-11-23 -&gt; 2027-02-18</td>",
		">certvigil explain expiry.expired</td>",
		">certvigil silence www.example.com expiry.expired --for 7d "
		"--reason WHY</td>",
	};
	cleanup(digest_free) struct digest *d = digest_ordinary();
	BUF_CLEANUP struct buf out = { 0 };

	(void)state;
	mail_html(&out, d, MAIL_EVENTS_MAX);
	for (size_t i = 0; i < COUNT(want); i++) {
		if (!has(out.s, want[i]))
			fail_msg("%s", want[i]);
	}
	assert_int_equal(times(out.s, ">www.example.com</h2>"), 1);
	check_elements(out.s);
}

/* Nothing is loaded from anywhere, and nothing can be clicked. */
static void
test_quiet(void **state)
{
	static const char *const never[] = { "<a ", "<img", "<script", "<link",
		"<style", "<iframe", "url(", "src=", "href=" };
	cleanup(digest_free) struct digest *d = digest_ordinary();
	BUF_CLEANUP struct buf out = { 0 };

	(void)state;
	mail_html(&out, d, MAIL_EVENTS_MAX);
	for (size_t i = 0; i < COUNT(never); i++)
		assert_false(has(out.s, never[i]));
}

static void
test_hostile(void **state)
{
	cleanup(digest_free) struct digest *all = digest_hostile();
	BUF_CLEANUP struct buf page = { 0 };

	(void)state;
	for (size_t i = 0; i < HOSTILE_TEXTS + 3; i++) {
		cleanup(str_free) char *text = i < HOSTILE_TEXTS + 2
			? hostile_text(i)
			: str_dup(HOSTILE);
		cleanup(digest_free) struct digest *d = digest_saying(text);
		BUF_CLEANUP struct buf out = { 0 };

		mail_html(&out, d, MAIL_EVENTS_MAX);
		check_elements(out.s);
		for (const char *s = out.s; *s != '\0'; s++)
			assert_true(*s == '\n' || !iscntrl((unsigned char)*s));
		assert_false(has(out.s, "\342\200\256"));
		assert_false(has(out.s, "\377"));
		if (i == HOSTILE_TEXTS + 2)
			assert_true(has(out.s,
				"&lt;script&gt;alert(&quot;1&quot;)&lt;/script"
				"&gt;\\x1b[2J\\u{202e}&amp;&#39;\\xff"));
	}
	mail_html(&page, all, MAIL_EVENTS_MAX);
	check_elements(page.s);
}

/* A text of a certificate may be as long as the certificate. */
static void
test_long(void **state)
{
	cleanup(digest_free) struct digest *d = NULL;
	BUF_CLEANUP struct buf out = { 0 }, big = { 0 };

	(void)state;
	while (big.len < 100000)
		buf_puts(&big, "\303\274");
	d = digest_saying(big.s);
	mail_html(&out, d, MAIL_EVENTS_MAX);
	assert_true(out.len < 9000);
	assert_false(has(out.s, "\\x"));
}

static void
test_short_and_left_out(void **state)
{
	cleanup(digest_free) struct digest *fits = digest_crowd(
		MAIL_DETAILED + 2);
	cleanup(digest_free) struct digest *more = digest_crowd(
		MAIL_EVENTS_MAX + 57);
	BUF_CLEANUP struct buf out = { 0 };

	(void)state;
	mail_html(&out, fits, MAIL_EVENTS_MAX);
	check_elements(out.s);
	assert_int_equal(times(out.s, ">to do</td>"), MAIL_DETAILED);
	assert_int_equal(times(out.s, "</strong> t13.example: soon<"), 1);
	assert_true(has(out.s, ">And in short</h2>"));
	assert_true(has(out.s, "last.example: end of life unknown -&gt; "));
	assert_false(has(out.s, " more;"));

	buf_reset(&out);
	mail_html(&out, more, MAIL_EVENTS_MAX);
	check_elements(out.s);
	assert_int_equal(times(out.s, ">WARNING</strong>"), MAIL_EVENTS_MAX);
	assert_true(has(out.s, "... and 57 more;"));
	assert_false(has(out.s, "last.example"));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_ordinary),
		cmocka_unit_test(test_quiet),
		cmocka_unit_test(test_hostile),
		cmocka_unit_test(test_long),
		cmocka_unit_test(test_short_and_left_out),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
