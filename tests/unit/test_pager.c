/* test_pager.c - what formats share that keep one alert an incident */
#include "tests/unit/pager_world.h"

/* --- what is picked */

static struct digest *
mixed(size_t trouble, size_t over)
{
	struct digest *d = digest_huge(trouble);

	for (size_t i = 0; i < over; i++)
		digest_event(d, EVENT_RESOLVED, SEV_WARNING, "over.example.com",
			"expiry.soon", "expires soon");
	digest_event(
		d, EVENT_RENEWED, SEV_OK, "new.example.com", NULL, "renewed");
	return d;
}

static void
test_pick(void **state)
{
	static const struct {
		size_t trouble, over, told, resolved, more, more_resolved;
	} rows[] = {
		{ 0, 0, 0, 0, 0, 0 },
		{ 3, 2, 3, 2, 0, 0 },
		{ 50, 0, 50, 0, 0, 0 },
		{ 51, 0, 50, 0, 1, 0 },
		{ 0, 51, 0, 50, 0, 1 },
		{ 25, 25, 25, 25, 0, 0 },
		{ 100, 100, 25, 25, 75, 75 },
		{ 5000, 10, 40, 10, 4960, 0 },
		{ 1, 5000, 1, 49, 0, 4951 },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		cleanup(digest_free) struct digest *d = mixed(
			rows[i].trouble, rows[i].over);
		struct pager_pick p;
		size_t resolved = 0;

		pager_pick(&p, d);
		for (size_t k = 0; k < p.n; k++)
			resolved += p.v[k]->kind == EVENT_RESOLVED;
		assert_int_equal(p.n - resolved, rows[i].told);
		assert_int_equal(resolved, rows[i].resolved);
		assert_int_equal(p.more, rows[i].more);
		assert_int_equal(p.more_resolved, rows[i].more_resolved);
		if (p.n > 0 && rows[i].trouble > 0)
			assert_int_equal(p.v[0]->severity, SEV_CRITICAL);
	}
}

static void
test_text(void **state)
{
	static const struct {
		const char *text, *want;
		size_t max;
	} rows[] = {
		{ "abcdef", "abcdef", 6 },
		{ "abcdefg", "abc...", 6 },
		{ "\303\274\303\274", "\303\274\303\274", 2 },
		{ "\303\274\303\274\303\274\303\274\303\274", "\303\274...",
			4 },
		{ "\360\237\224\245\360\237\224\245",
			"\360\237\224\245"
			"\360\237\224\245",
			4 },
		{ "\360\237\224\245\360\237\224\245.", "...", 4 },
		{ "\360\237\224\245\360\237\224\245.",
			"\360\237\224\245"
			"\360\237\224\245.",
			5 },
		{ "\360\237\224\245\360\237\224\245..", "\360\237\224\245...",
			5 },
		{ "a\r\nb", "a\\x0d\\x0ab", 20 },
		{ "\377", "\\xff", 20 },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		BUF_CLEANUP struct buf out = { 0 };

		pager_text(&out, rows[i].text, rows[i].max);
		assert_string_equal(buf_str(&out), rows[i].want);
	}
}

static void
test_url(void **state)
{
	static const struct {
		const char *url, *path, *query, *want;
	} rows[] = {
		{ "http://h", "/v2/a", NULL, "http://h/v2/a" },
		{ "http://h/", "/v2/a", NULL, "http://h/v2/a" },
		{ "https://h:1/x//", "/v2/a", NULL, "https://h:1/x/v2/a" },
		{ "http://h/x/v2/a", "/v2/a", NULL, "http://h/x/v2/a" },
		{ "http://h/v2/a/", "/v2/a", "t=1", "http://h/v2/a?t=1" },
		{ "http://u:p@h/?k=1", "/v2/a", "t=1",
			"http://u:p@h/v2/a?k=1&t=1" },
		{ "nonsense", "/v2/a", NULL, NULL },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		cleanup(str_free) char *url = pager_url(
			rows[i].url, rows[i].path, rows[i].query);

		if (rows[i].want == NULL)
			assert_null(url);
		else
			assert_string_equal(url, rows[i].want);
	}
}

/* --- settings */

static void
test_settings(void **state)
{
	static const struct {
		enum format_index format;
		struct account account;
		const char *want; /* NULL: it is content */
	} rows[] = {
		{ FORMAT_pagerduty, { .token = TOKEN }, NULL },
		{ FORMAT_pagerduty, { 0 }, "token: the format pagerduty" },
		{ FORMAT_pagerduty, { .token = TOKEN "0" },
			"of 32 characters, have 33" },
		{ FORMAT_pagerduty,
			{ .token = "0123456789abcdef\r\n23456789abcdef" },
			"token: want printable" },
		{ FORMAT_pagerduty, { .token = TOKEN, .to = "x" },
			"to: the format pagerduty has no use" },
		{ FORMAT_opsgenie, { .token = "a-b-c" }, NULL },
		{ FORMAT_opsgenie, { .token = "a\r\nX-Evil: 1" },
			"token: want printable" },
		{ FORMAT_opsgenie, { .token = "a b" },
			"token: want printable" },
		{ FORMAT_alertmanager, { .url = "http://am" }, NULL },
		{ FORMAT_alertmanager, { .token = "x" }, "url: the format" },
		{ FORMAT_alertmanager,
			{ .url = "http://am", .token = "\303\274" },
			"token: want printable" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct error err = { 0 };
		int rc = format_check(rows[i].format, &rows[i].account, &err);

		if (rc != (rows[i].want == NULL ? 0 : -1) ||
			(rc == -1 && strstr(err.text, rows[i].want) == NULL))
			fail_msg("row %zu: %d %s", i, rc, err.text);
		assert_null(strstr(err.text, "abcdef"));
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_pick),
		cmocka_unit_test(test_text),
		cmocka_unit_test(test_url),
		cmocka_unit_test(test_settings),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
