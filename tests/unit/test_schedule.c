/* test_schedule.c - which target is looked at when */
#include "unit.h"

#include "model/duration.h"
#include "scan/schedule.h"

#define T INT64_C(1800000000)

/* Of an hour's interval; of a tenth it may be earlier, and nothing else. */
static void
test_due_at(void **state)
{
	(void)state;
	for (uint64_t seed = 0; seed < 200; seed++) {
		const struct schedule s = { .seed = seed };
		time_t at = schedule_due_at(&s, HOUR_S, T, T);

		assert_in_range(at, T + HOUR_S - HOUR_S / 10, T + HOUR_S);
		/* The same whenever it is asked, and for all of one round. */
		assert_int_equal(at, schedule_due_at(&s, HOUR_S, T, T + 99));
	}
}

/* Agents that have looked at the same moment do not do so again. */
static void
test_spread(void **state)
{
	size_t early = 0, late = 0;

	(void)state;
	for (uint64_t seed = 0; seed < 1000; seed++) {
		const struct schedule s = { .seed = seed };
		time_t at = schedule_due_at(&s, HOUR_S, T, T);

		early += at < T + HOUR_S - HOUR_S / 20;
		late += at >= T + HOUR_S - HOUR_S / 20;
	}
	assert_in_range(early, 400, 600);
	assert_in_range(late, 400, 600);
}

static const struct due_row {
	const char *name;
	int64_t every_s, interval_s;
	int64_t ago; /* since the last look; T: there was none */
	bool due;
} due_rows[] = {
	{ "never looked at", 0, HOUR_S, T, true },
	{ "just now", 0, HOUR_S, 0, false },
	{ "half of it", 0, HOUR_S, HOUR_S / 2, false },
	{ "not to be hurried so much", 0, HOUR_S, HOUR_S * 8 / 10, false },
	{ "all of it", 0, HOUR_S, HOUR_S, true },
	{ "goes along", 0, HOUR_S, HOUR_S * 19 / 20, true },
	{ "long ago", 0, HOUR_S, 300 * DAY_S, true },
	{ "a clock put right by a moment", 0, HOUR_S, -3, false },
	{ "a clock set back by less than an interval", 0, HOUR_S, -60, true },
	{ "a clock set back by a day", 0, HOUR_S, -DAY_S, true },
	{ "every minute, whatever its own", MINUTE_S, HOUR_S, 61, true },
	{ "every day, whatever its own", DAY_S, HOUR_S, 2 * HOUR_S, false },
	{ "every second, at once", 1, HOUR_S, 0, false },
	{ "every second, a second later", 1, HOUR_S, 1, true },
};

static void
test_is_due(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(due_rows); i++) {
		const struct due_row *r = &due_rows[i];

		for (uint64_t seed = 0; seed < 50; seed++) {
			const struct schedule s = { r->every_s, seed };

			if (schedule_is_due(&s, r->interval_s, T - r->ago, T) !=
				r->due)
				fail_msg("%s: want %d, have %d", r->name,
					r->due, !r->due);
		}
	}
}

/* Who is woken for a target finds it due. */
static void
test_woken(void **state)
{
	(void)state;
	for (uint64_t seed = 0; seed < 100; seed++) {
		const struct schedule s = { .seed = seed };

		for (int64_t i = 10; i < 2 * DAY_S; i += i / 2) {
			time_t at = schedule_due_at(&s, i, T, T);

			assert_true(at > T);
			assert_true(schedule_is_due(&s, i, T, at));
		}
	}
}

static void
test_retry(void **state)
{
	int64_t last = 0;

	(void)state;
	for (unsigned n = 1; n < 100; n++) {
		int64_t s = schedule_retry_s(n);

		assert_true(s >= last);
		assert_in_range(s, 5, 10 * MINUTE_S);
		last = s;
	}
	assert_int_equal(schedule_retry_s(1), 5);
	assert_int_equal(schedule_retry_s(2), 10);
	assert_int_equal(last, 10 * MINUTE_S);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_due_at),
		cmocka_unit_test(test_spread),
		cmocka_unit_test(test_is_due),
		cmocka_unit_test(test_woken),
		cmocka_unit_test(test_retry),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
