/* test_stopwatch.c - where the time of a scan goes */
#include "tests/unit/unit.h"

#include <string.h>
#include <time.h>

#include "scan/stopwatch.h"

static int64_t
cpu_us(void)
{
	struct timespec ts;

	(void)clock_gettime(CLOCK_THREAD_CPUTIME_ID, &ts);
	return (int64_t)ts.tv_sec * 1000000 + ts.tv_nsec / 1000;
}

static void
burn(int64_t us)
{
	int64_t until = cpu_us() + us;

	while (cpu_us() < until)
		;
}

static void
test_phases_by_turns(void **state)
{
	struct timesheet sheet;
	struct stopwatch w, other;
	struct phases sum = { 0 };

	(void)state;
	timesheet_begin(&sheet, true);
	stopwatch_begin(&w, &sheet);
	stopwatch_begin(&other, &sheet);
	stopwatch_enter(&w, PHASE_CONNECT);
	stopwatch_enter(&other, PHASE_CONNECT);
	assert_int_equal(2, sheet.under_way[PHASE_CONNECT]);
	burn(2000);
	/* Again the same: nothing begins. */
	stopwatch_enter(&w, PHASE_CONNECT);
	/* What others burn meanwhile is not its own. */
	stopwatch_pause(&w);
	burn(50000);
	stopwatch_go_on(&w);
	stopwatch_enter(&w, PHASE_JUDGE);
	burn(3000);
	stopwatch_enter(&w, PHASE_CONNECT);
	stopwatch_enter(&w, PHASES);
	assert_int_equal(1, sheet.under_way[PHASE_CONNECT]);
	assert_int_equal(0, sheet.under_way[PHASE_JUDGE]);
	/* What is not over is not told. */
	timesheet_end(&sheet, &sum);
	assert_int_equal(2, sum.v[PHASE_CONNECT].n);
	assert_int_equal(1, sum.v[PHASE_JUDGE].n);
	assert_int_equal(0, sum.v[PHASE_RESOLVE].n);
	assert_int_equal(0, sum.v[PHASE_RESOLVE].wall_us);
	assert_in_range(sum.v[PHASE_CONNECT].cpu_us, 2000, 49999);
	assert_true(sum.v[PHASE_CONNECT].wall_us >= 50000);
	assert_true(sum.v[PHASE_JUDGE].cpu_us >= 3000);
	assert_true(sum.v[PHASE_JUDGE].wall_us >= 3000);
}

static void
test_sums(void **state)
{
	struct phases sum = { 0 };

	(void)state;
	for (size_t i = 0; i < 3; i++) {
		struct timesheet sheet;
		struct stopwatch w;

		timesheet_begin(&sheet, i < 2);
		stopwatch_begin(&w, &sheet);
		stopwatch_enter(&w, PHASE_STORE);
		burn(1000);
		stopwatch_enter(&w, PHASES);
		/* Over is over. */
		stopwatch_enter(&w, PHASES);
		timesheet_end(&sheet, i < 2 ? &sum : NULL);
		assert_int_equal(i < 2, sheet.spent.v[PHASE_STORE].n);
	}
	assert_int_equal(2, sum.v[PHASE_STORE].n);
	assert_true(sum.v[PHASE_STORE].cpu_us >= 2000);
}

static void
test_nobody_asks(void **state)
{
	struct stopwatch w;

	(void)state;
	stopwatch_enter(NULL, PHASE_READ);
	stopwatch_pause(NULL);
	stopwatch_go_on(NULL);
	stopwatch_begin(&w, NULL);
	stopwatch_enter(&w, PHASE_READ);
	stopwatch_pause(&w);
	stopwatch_go_on(&w);
	stopwatch_enter(&w, PHASES);
	assert_int_equal(0, w.spent.v[PHASE_READ].n);
}

static void
test_words(void **state)
{
	(void)state;
	for (int i = 0; i < PHASES; i++) {
		assert_true(strlen(phase_name((enum phase)i)) > 0);
		assert_true(strlen(phase_doing((enum phase)i)) > 0);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_phases_by_turns),
		cmocka_unit_test(test_sums),
		cmocka_unit_test(test_nobody_asks),
		cmocka_unit_test(test_words),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
