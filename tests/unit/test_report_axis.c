/* test_report_axis.c - the line of time that the page draws along */
#include "tests/unit/unit.h"

#include "model/duration.h"
#include "report/html/axis.h"

#define NOW 1795132800 /* 2026-11-20T00:00:00Z, a Friday */

/* Weeks keep their room, whatever lasts for thirty years. */
static void
its_columns(void **state)
{
	static const struct {
		int64_t after_s;
		size_t column;
	} rows[] = {
		{ -1, 0 },
		{ -9000 * DAY_S, 0 },
		{ 0, 1 },
		{ 3 * DAY_S - 1, 1 }, /* Sunday */
		{ 3 * DAY_S, 2 },
		{ 10 * DAY_S, 3 },
		{ 3 * DAY_S + 12 * 7 * DAY_S - 1, AXIS_WEEKS },
		{ 3 * DAY_S + 12 * 7 * DAY_S, AXIS_FIRST_MONTH },
		{ 400 * DAY_S, AXIS_FIRST_YEAR },
		{ 1000 * DAY_S, AXIS_FIRST_YEAR + 1 },
		{ 9000 * DAY_S, AXIS_FIRST_YEAR + 2 },
		{ 900000 * DAY_S, AXIS_FIRST_YEAR + 2 },
	};
	struct axis a;
	int64_t before = 0;

	(void)state;
	axis_init(&a, NOW);
	for (size_t i = 0; i < COUNT(rows); i++)
		assert_int_equal(
			axis_column(&a, NOW + rows[i].after_s), rows[i].column);
	for (int64_t day = 0; day < 20000; day++) {
		int64_t place = axis_place(&a, NOW + day * DAY_S);

		assert_true(place >= before && place <= AXIS_UNITS * 1000);
		before = place;
	}
	/* Ninety days have more than a third of the room. */
	assert_true(axis_place(&a, NOW + 90 * DAY_S) > AXIS_UNITS * 1000 / 3);
	/* Each column begins behind the one before it, on any day. */
	for (int64_t day = 0; day < 1500; day++) {
		axis_init(&a, NOW + day * DAY_S);
		for (size_t i = 1; i < AXIS_COLUMNS; i++)
			assert_true(a.begin[i] > a.begin[i - 1]);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(its_columns),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
