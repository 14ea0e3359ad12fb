/* test_duration.c - spans, thresholds and moments */
#include "tests/unit/unit.h"

#include "model/duration.h"

static void
spans_are_read(void **state)
{
	static const struct {
		const char *text;
		int64_t unit_s, want_ms; /* -1: refused */
	} rows[] = {
		{ "10s", 0, 10000 },
		{ "100ms", 0, 100 },
		{ "90m", 0, 5400000 },
		{ "1.5h", 0, 5400000 },
		{ "30d", 0, 30 * DAY_S * 1000 },
		{ "2w", 0, 14 * DAY_S * 1000 },
		{ "1y", 0, 365 * DAY_S * 1000 },
		{ "10 s", 0, 10000 },
		{ "0", 0, 0 },
		{ "30", DAY_S, 30 * DAY_S * 1000 },
		{ "30", 1, 30000 },
		{ "30", 0, -1 },
		{ "", 1, -1 },
		{ "s", 1, -1 },
		{ "-1s", 1, -1 },
		{ "1.s", 1, -1 },
		{ "1x", 1, -1 },
		{ "1 d d", 1, -1 },
		{ "10000y", 0, INT64_C(10000) * 365 * DAY_S * 1000 },
		{ "10001y", 0, -1 },
		{ "99999999999999999999y", 0, -1 },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		int64_t ms = -1;
		int rc = duration_parse_ms(rows[i].text, rows[i].unit_s, &ms);

		if (rc != (rows[i].want_ms == -1 ? -1 : 0) ||
			ms != rows[i].want_ms)
			fail_msg("\"%s\": have %ld", rows[i].text, (long)ms);
	}
}

static void
spans_are_written_as_they_are_read(void **state)
{
	static const char *const rows[] = { "10s", "100ms", "90m", "30d", "36h",
		"365d", "0s" };

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		BUF_CLEANUP struct buf out = { 0 };
		int64_t ms;

		assert_int_equal(duration_parse_ms(rows[i], 0, &ms), 0);
		duration_format_ms(&out, ms);
		assert_string_equal(buf_str(&out), rows[i]);
	}
}

static void
thresholds(void **state)
{
	static const struct {
		const char *text, *shown; /* NULL: refused */
		int64_t lifetime, want_s;
	} rows[] = {
		{ "30", "30d", 90 * DAY_S, 30 * DAY_S },
		{ "12h", "12h", 90 * DAY_S, 12 * HOUR_S },
		{ "33%", "33%", 100 * DAY_S, 33 * DAY_S },
		{ "33.5%", "33.5%", 1000 * DAY_S, 335 * DAY_S },
		{ "min(30d,33%)", "min(30d, 33%)", 90 * DAY_S,
			90 * DAY_S * 33 / 100 },
		{ "min(30d, 33%)", "min(30d, 33%)", 398 * DAY_S, 30 * DAY_S },
		/* six days: quiet while it is healthy */
		{ " min( 14d , 15% ) ", "min(14d, 15%)", 6 * DAY_S,
			6 * DAY_S * 15 / 100 },
		{ "min(30d, 10d, 20d)", "10d", 90 * DAY_S, 10 * DAY_S },
		{ "0", "0s", 90 * DAY_S, 0 },
		{ "33%", "33%", -5, 0 },
		{ "100%", "100%", 90 * DAY_S, 90 * DAY_S },
		{ "101%", NULL, 0, 0 },
		{ "min()", NULL, 0, 0 },
		{ "min(30d", NULL, 0, 0 },
		{ "min(30d,)", NULL, 0, 0 },
		{ "max(1d,2d)", NULL, 0, 0 },
		{ "-3", NULL, 0, 0 },
		{ "", NULL, 0, 0 },
		{ "%", NULL, 0, 0 },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		BUF_CLEANUP struct buf out = { 0 };
		struct threshold t;
		int rc = threshold_parse(rows[i].text, &t);

		if (rc != (rows[i].shown == NULL ? -1 : 0))
			fail_msg("\"%s\": rc %d", rows[i].text, rc);
		if (rc == -1)
			continue;
		threshold_format(&out, &t);
		assert_string_equal(buf_str(&out), rows[i].shown);
		assert_int_equal(threshold_seconds(&t, rows[i].lifetime),
			rows[i].want_s);
	}
}

static void
days_are_floored(void **state)
{
	(void)state;
	assert_int_equal(days_floor(DAY_S), 1);
	assert_int_equal(days_floor(DAY_S - 1), 0);
	assert_int_equal(days_floor(0), 0);
	assert_int_equal(days_floor(-1), -1);
	assert_int_equal(days_floor(-DAY_S), -1);
	assert_int_equal(days_floor(-DAY_S - 1), -2);
}

static void
moments(void **state)
{
	static const struct {
		const char *text, *want; /* NULL: refused */
	} rows[] = {
		{ "2026-11-20T18:00:00Z", "2026-11-20T18:00:00Z" },
		{ "2026-11-20t18:00:00z", "2026-11-20T18:00:00Z" },
		{ "2026-11-20 18:00:00", "2026-11-20T18:00:00Z" },
		{ "2026-11-20T18:00:00.25+02:00", "2026-11-20T16:00:00Z" },
		{ "2026-11-20T18:00:00-05:30", "2026-11-20T23:30:00Z" },
		{ "2026-11-20", "2026-11-20T00:00:00Z" },
		{ "@0", "1970-01-01T00:00:00Z" },
		{ "1795111200", "2026-11-19T18:00:00Z" },
		{ "+1d", "2000-01-02T00:00:00Z" },
		{ "2038-01-19T03:14:08Z", "2038-01-19T03:14:08Z" },
		{ "2050-01-01T00:00:00Z", "2050-01-01T00:00:00Z" },
		{ "9999-12-31T23:59:59Z", "9999-12-31T23:59:59Z" },
		{ "2026-02-30", NULL },
		{ "2026-13-01", NULL },
		{ "2026-11-20T25:00:00Z", NULL },
		{ "2026-11-20T18:00:00+99:00", NULL },
		{ "2026-11-20T18:00:00Zx", NULL },
		{ "@x", NULL },
		{ "tomorrow", NULL },
		{ "", NULL },
		{ "99999999999999", NULL },
		{ "+5", NULL },
	};
	const time_t now = 946684800; /* 2000-01-01 */

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		char text[MOMENT_SIZE];
		time_t t = 0;
		int rc = moment_parse(rows[i].text, now, &t);

		if (rc != (rows[i].want == NULL ? -1 : 0))
			fail_msg("\"%s\": rc %d", rows[i].text, rc);
		if (rc == 0)
			assert_string_equal(
				moment_format(t, text), rows[i].want);
	}
}

/* In words, and in a narrow column. */
static void
spans_are_told(void **state)
{
	static const struct {
		int64_t seconds;
		const char *words, *narrow;
	} rows[] = {
		{ 0, "0 seconds", "0s" },
		{ 1, "1 second", "1s" },
		{ 59, "59 seconds", "59s" },
		{ 60, "1 minute", "1m" },
		{ 3599, "59 minutes", "59m" },
		{ 3600, "1 hour", "1h" },
		{ 86399, "23 hours", "23h" },
		{ 86400, "1 day", "1d" },
		{ 400 * DAY_S, "400 days", "400d" },
		{ -5, "-5 seconds", "-5s" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		BUF_CLEANUP struct buf words = { 0 }, narrow = { 0 };

		duration_describe(&words, rows[i].seconds);
		duration_shorten(&narrow, rows[i].seconds);
		assert_string_equal(buf_str(&words), rows[i].words);
		assert_string_equal(buf_str(&narrow), rows[i].narrow);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(spans_are_read),
		cmocka_unit_test(spans_are_written_as_they_are_read),
		cmocka_unit_test(thresholds),
		cmocka_unit_test(days_are_floored),
		cmocka_unit_test(moments),
		cmocka_unit_test(spans_are_told),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
