/* test_calendar.c - business days, and the last one to order on */
#include "tests/unit/unit.h"

#include <stdlib.h>
#include <string.h>

#include "model/alloc.h"
#include "model/calendar.h"
#include "model/duration.h"

static int64_t
day(const char *text)
{
	int64_t d = 0;

	assert_int_equal(0, calendar_parse(text, &d));
	return d;
}

static const char *
text_of(int64_t d, char out[MOMENT_SIZE])
{
	return moment_date(calendar_begin(d), out);
}

static const struct parse_row {
	const char *text;
	int rc;
	int64_t day;
} parse_rows[] = {
	{ "1970-01-01", 0, 0 },
	{ "1969-12-31", 0, -1 },
	{ "2026-12-25", 0, 20812 },
	{ "2028-02-29", 0, 21243 },
	{ "2000-02-29", 0, 11016 },
	{ "9999-12-31", 0, 2932896 },
	{ "2026-02-29", -1, 0 },
	{ "2100-02-29", -1, 0 },
	{ "2026-04-31", -1, 0 },
	{ "2026-13-01", -1, 0 },
	{ "2026-00-10", -1, 0 },
	{ "2026-01-00", -1, 0 },
	{ "2026-01-32", -1, 0 },
	{ "2026-1-1", -1, 0 },
	{ "26-01-01", -1, 0 },
	{ "2026/01/01", -1, 0 },
	{ "2026-01-01 ", -1, 0 },
	{ " 2026-01-01", -1, 0 },
	{ "2026-01-01T00:00:00Z", -1, 0 },
	{ "-026-01-01", -1, 0 },
	{ "2026-+1-01", -1, 0 },
	{ "", -1, 0 },
	{ "tomorrow", -1, 0 },
};

static void
test_parse(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(parse_rows); i++) {
		const struct parse_row *r = &parse_rows[i];
		int64_t d = -77;

		if (calendar_parse(r->text, &d) != r->rc ||
			d != (r->rc == 0 ? r->day : -77))
			fail_msg("\"%s\": have %d", r->text, (int)d);
	}
}

static const struct lead_row {
	const char *text;
	int rc;
	int64_t lead;
} lead_rows[] = {
	{ "7bd", 0, 7 },
	{ "7", 0, 7 },
	{ "0", 0, 0 },
	{ "0bd", 0, 0 },
	{ "1000bd", 0, 1000 },
	{ "1001bd", -1, 0 },
	{ "99999999999999999999", -1, 0 },
	{ "7d", -1, 0 },
	{ "7 bd", -1, 0 },
	{ "7bd ", -1, 0 },
	{ "bd", -1, 0 },
	{ "-1", -1, 0 },
	{ "1.5bd", -1, 0 },
	{ "", -1, 0 },
};

static void
test_parse_lead(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(lead_rows); i++) {
		const struct lead_row *r = &lead_rows[i];
		int64_t lead = -77;

		if (calendar_parse_lead(r->text, &lead) != r->rc ||
			lead != (r->rc == 0 ? r->lead : -77))
			fail_msg("\"%s\": have %d", r->text, (int)lead);
	}
}

static void
test_day_of_a_moment(void **state)
{
	static const struct {
		const char *name;
		time_t t;
		int64_t day;
	} cases[] = {
		{ "the first second", 0, 0 },
		{ "the last second of a day", 86399, 0 },
		{ "the next day", 86400, 1 },
		{ "a second before", -1, -1 },
		{ "a day before", -86400, -1 },
		{ "and a second", -86401, -2 },
		{ "beyond 2038", 2147483648, 24855 },
		{ "9999-12-31T23:59:59Z", 253402300799, 2932896 },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		if (calendar_day(cases[i].t) != cases[i].day)
			fail_msg("%s", cases[i].name);
		assert_true(calendar_begin(cases[i].day) <= cases[i].t);
		assert_true(cases[i].t - calendar_begin(cases[i].day) < 86400);
	}
}

#define DAYS(...) ((const char *const[]){ __VA_ARGS__, NULL })

/* Holidays as days; to be freed by free(). */
static struct days
days_of(const char *const *texts)
{
	struct days days = { 0 };

	for (; texts != NULL && *texts != NULL; texts++) {
		days.v = mem_grow(days.v, days.n + 1, sizeof(*days.v));
		days.v[days.n++] = day(*texts);
	}
	return days;
}

/*
 * Neither Saturday, Sunday nor one of `holidays`: what is ordered for the next
 * day is ordered on it.
 */
static bool
is_business(int64_t day, const struct days *holidays)
{
	return calendar_order_day(day + 1, 0, holidays) == day;
}

static void
test_business_days(void **state)
{
	static const struct {
		const char *day;
		bool business;
	} cases[] = {
		{ "2026-12-18", true }, /* a Friday */
		{ "2026-12-19", false }, { "2026-12-20", false },
		{ "2026-12-21", true }, { "2026-12-24", true },
		{ "2026-12-25", false }, /* a holiday */
		{ "2026-12-26", false }, /* one on a Saturday */
		{ "2028-02-29", true }, /* a Tuesday */
		{ "1970-01-01", true }, /* a Thursday */
		{ "1969-12-28", false }, /* a Sunday */
		{ "1969-12-27", false }, { "1969-12-26", true },
		{ "9999-12-31", true }, /* a Friday */
	};
	struct days holidays = days_of(DAYS("2026-12-26", "2026-12-25"));

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		if (is_business(day(cases[i].day), &holidays) !=
			cases[i].business)
			fail_msg("%s", cases[i].day);
	}
	free(holidays.v);
}

/* R43: what must be there before `end`, and when to order it at the latest. */
static const struct order_row {
	const char *name;
	const char *end;
	int64_t lead;
	const char *const *holidays;
	const char *want;
} order_rows[] = {
	{ "R43: seven, before a Friday", "2026-12-18", 7, NULL, "2026-12-09" },
	{ "one day", "2026-12-18", 1, NULL, "2026-12-17" },
	{ "one day, before a Monday", "2026-12-21", 1, NULL, "2026-12-18" },
	{ "one day, before a Sunday", "2026-12-20", 1, NULL, "2026-12-18" },
	{ "one day, before a Saturday", "2026-12-19", 1, NULL, "2026-12-18" },
	{ "five, a week", "2026-12-21", 5, NULL, "2026-12-14" },
	{ "none: the last business day", "2026-12-21", 0, NULL, "2026-12-18" },
	{ "a lead below none", "2026-12-21", -5, NULL, "2026-12-18" },
	{ "a holiday in between", "2026-12-18", 7, DAYS("2026-12-15"),
		"2026-12-08" },
	{ "a holiday on the order day", "2026-12-18", 7, DAYS("2026-12-09"),
		"2026-12-08" },
	{ "a holiday on the end", "2026-12-18", 7, DAYS("2026-12-18"),
		"2026-12-09" },
	{ "a holiday before all", "2026-12-18", 7, DAYS("2026-12-08"),
		"2026-12-09" },
	{ "a holiday on a Saturday", "2026-12-18", 7, DAYS("2026-12-12"),
		"2026-12-09" },
	{ "one holiday written twice", "2026-12-18", 7,
		DAYS("2026-12-15", "2026-12-15"), "2026-12-08" },
	{ "over the end of a year", "2027-01-06", 7,
		DAYS("2027-01-01", "2026-12-25"), "2026-12-24" },
	{ "over a leap day", "2028-03-02", 3, NULL, "2028-02-28" },
	{ "a leap day as a holiday", "2028-03-02", 3, DAYS("2028-02-29"),
		"2028-02-25" },
	{ "no leap day in 2100", "2100-03-02", 1, NULL, "2100-03-01" },
	{ "the last year", "9999-12-31", 5, NULL, "9999-12-24" },
	{ "before 1970", "1970-01-05", 3, NULL, "1969-12-31" },
	{ "a thousand", "2030-01-01", 1000, NULL, "2026-03-03" },
	{ "more than a thousand", "2030-01-01", INT64_MAX, NULL, "2026-03-03" },
};

static void
test_order_day(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(order_rows); i++) {
		const struct order_row *r = &order_rows[i];
		struct days holidays = days_of(r->holidays);
		char have[MOMENT_SIZE];

		text_of(calendar_order_day(day(r->end), r->lead, &holidays),
			have);
		if (strcmp(have, r->want) != 0)
			fail_msg(
				"%s: want %s, have %s", r->name, r->want, have);
		free(holidays.v);
	}
}

/* R43: whatever the weekday, eight calendar days do not hold seven. */
static void
test_eight_days_never_hold_seven(void **state)
{
	const struct days none = { 0 };

	(void)state;
	for (int64_t end = day("2026-12-14"); end < day("2026-12-21"); end++) {
		int64_t order = calendar_order_day(end, 7, &none);

		assert_true(end - order > 8);
		assert_true(end - order <= 11);
	}
}

/* The contract by the letter, against a slow count. */
static void
test_as_many_as_asked_for(void **state)
{
	struct days holidays = days_of(
		DAYS("2027-01-01", "2026-12-25", "2026-12-28", "2026-11-11"));

	(void)state;
	for (int64_t end = day("2026-12-20"); end < day("2027-01-20"); end++) {
		for (int64_t lead = 1; lead < 60; lead++) {
			int64_t order = calendar_order_day(
				end, lead, &holidays);
			int64_t n = 0;

			for (int64_t d = order; d < end; d++)
				n += is_business(d, &holidays);
			assert_int_equal(lead, n);
			assert_true(is_business(order, &holidays));
		}
	}
	free(holidays.v);
}

/* Thousands of holidays in any order cost no more than their sorting. */
static void
test_many_holidays(void **state)
{
	enum { N = 20000 };
	struct days holidays = { mem_alloc(N * sizeof(int64_t)), N };
	int64_t end = day("2026-12-18");

	(void)state;
	for (int64_t i = 0; i < N; i++)
		holidays.v[i * 7919 % N] = end - 1 - i;
	for (int i = 0; i < 20; i++)
		assert_true(calendar_order_day(end, 1000, &holidays) <
			end - N - 1000);
	free(holidays.v);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_parse),
		cmocka_unit_test(test_parse_lead),
		cmocka_unit_test(test_day_of_a_moment),
		cmocka_unit_test(test_business_days),
		cmocka_unit_test(test_order_day),
		cmocka_unit_test(test_eight_days_never_hold_seven),
		cmocka_unit_test(test_as_many_as_asked_for),
		cmocka_unit_test(test_many_holidays),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
