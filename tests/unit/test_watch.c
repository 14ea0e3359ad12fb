/* test_watch.c - what a resident agent says of itself */
#include "unit.h"

#include <stdlib.h>

#include "commands/watch/watch.h"

#define NOW 1800000000 /* 2027-01-15T08:00:00Z */

/* Believed up to the moment, and not a moment longer. */
static void
test_pulse(void **state)
{
	struct pulse p = { 0 };

	(void)state;
	assert_false(pulse_is_kept(&p, 1000));
	pulse_promise(&p, 1000, 500);
	assert_true(pulse_is_kept(&p, 1000));
	assert_true(pulse_is_kept(&p, 1500));
	assert_false(pulse_is_kept(&p, 1501));
	/* A later one counts, also where it reaches less far. */
	pulse_promise(&p, 1600, 10000);
	pulse_promise(&p, 1700, 100);
	assert_true(pulse_is_kept(&p, 1800));
	assert_false(pulse_is_kept(&p, 1801));
}

#define KNOWN                                                                  \
	{                                                                      \
		.last = NOW - 60, .sum = {.n = { 38, 1, 2, 0 } }               \
	}

static const struct status_row {
	struct watch w;
	const char *text;
} status_rows[] = {
	{ { .working = false }, "No scan yet" },
	{ { .told = KNOWN, .next = NOW + 1800 },
		"Last scan 07:59: 2 critical, 1 warning, 38 ok; next at "
		"08:30" },
	{ { .told = KNOWN, .next = NOW + 86400 },
		"Last scan 07:59: 2 critical, 1 warning, 38 ok; next at "
		"2027-01-16 08:00" },
	{ { .told = { .last = NOW - 60,
		    .sum = { .n = { 1, 0, 0, 2 } },
		    .n_waiting = 1,
		    .n_given_up = 2 },
		  .next = NOW },
		"Last scan 07:59: 0 critical, 0 warning, 2 unknown, 1 ok; 1 "
		"message waits; 2 messages were given up; next at 08:00" },
	{ { .told = KNOWN,
		  .working = true,
		  .work = WISH_DUE,
		  .since = NOW - 3600 },
		"Last scan 07:59: 2 critical, 1 warning, 38 ok; scanning "
		"since 07:00" },
	{ { .working = true, .work = WISH_DELIVERIES, .since = NOW },
		"No scan yet; delivering since 08:00" },
	{ { .told = { .failed = true, .why = { .text = "no\nroom" } },
		  .retry_s = 600,
		  .next = NOW },
		"No scan yet; failed: no\\x0aroom; again at 08:10" },
	{ { .told = KNOWN, .stopping = true, .working = true },
		"Last scan 07:59: 2 critical, 1 warning, 38 ok; stopping" },
	{ { .told = KNOWN, .next = NOW, .refused = LENT("c.yaml:1:2: \x1b") },
		"Last scan 07:59: 2 critical, 1 warning, 38 ok; next at "
		"08:00; a newer configuration is refused, the one before "
		"stays in force: c.yaml:1:2: \\x1b" },
};

static void
test_status(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(status_rows); i++) {
		BUF_CLEANUP struct buf out = { 0 };

		watch_status(&out, &status_rows[i].w, NOW);
		assert_string_equal(buf_str(&out), status_rows[i].text);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_pulse),
		cmocka_unit_test(test_status),
	};

	(void)setenv("TZ", "UTC", 1);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
