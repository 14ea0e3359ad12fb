/* axis.c - the line of time that bars and lanes are drawn along */
#include <inttypes.h>
#include <stdbool.h>

#include "model/calendar.h"
#include "model/duration.h"
#include "report/html/axis.h"

#define YEAR_S (365 * DAY_S)
/* A rest of a month that is shorter belongs to the one that follows. */
#define LEAST_MONTH_S (10 * DAY_S)

/* The first second of the month that follows the one of `t`. */
static int64_t
next_month(int64_t t)
{
	time_t at = (time_t)t;
	struct tm tm;

	if (gmtime_r(&at, &tm) == NULL)
		return t + 30 * DAY_S;
	tm = (struct tm){
		.tm_year = tm.tm_year, .tm_mon = tm.tm_mon + 1, .tm_mday = 1
	};
	return timegm(&tm);
}

static int64_t
next_monday(int64_t t)
{
	int64_t day = calendar_day((time_t)t);

	/* Day 0 was a Thursday. */
	return calendar_begin(day + 7 - ((day + 3) % 7 + 7) % 7);
}

void
axis_init(struct axis *a, time_t now)
{
	int64_t t = next_monday(now);

	a->begin[0] = INT64_MIN;
	a->begin[1] = now;
	for (size_t i = 2; i < AXIS_FIRST_MONTH; i++, t += 7 * DAY_S)
		a->begin[i] = t;
	for (size_t i = AXIS_FIRST_MONTH; i < AXIS_FIRST_YEAR; i++) {
		int64_t end = next_month(t);

		a->begin[i] = t;
		t = end - t < LEAST_MONTH_S ? next_month(end) : end;
	}
	a->begin[AXIS_FIRST_YEAR] = t;
	a->begin[AXIS_FIRST_YEAR + 1] = now + 2 * YEAR_S;
	a->begin[AXIS_FIRST_YEAR + 2] = now + 5 * YEAR_S;
}

size_t
axis_column(const struct axis *a, int64_t t)
{
	size_t i = AXIS_COLUMNS - 1;

	while (i > 0 && t < a->begin[i])
		i--;
	return i;
}

size_t
axis_units(size_t column)
{
	return column == 0 || column >= AXIS_FIRST_YEAR ? 2 : 1;
}

size_t
axis_unit(size_t column)
{
	size_t unit = 0;

	for (size_t i = 0; i < column; i++)
		unit += axis_units(i);
	return unit;
}

int64_t
axis_place(const struct axis *a, int64_t t)
{
	size_t column = axis_column(a, t);
	int64_t unit = (int64_t)axis_unit(column) * 1000;
	int64_t width = (int64_t)axis_units(column) * 1000, span;

	/* What has ended did so a moment ago, as far as can be drawn. */
	if (column == 0)
		return width;
	span = column + 1 < AXIS_COLUMNS
		? a->begin[column + 1] - a->begin[column]
		: 25 * YEAR_S;
	t -= a->begin[column];
	return unit + (t >= span ? width : t * 1000 / span * width / 1000);
}

static const char *const months[] = { "Jan", "Feb", "Mar", "Apr", "May", "Jun",
	"Jul", "Aug", "Sep", "Oct", "Nov", "Dec" };

static void
put_short(struct buf *out, int64_t t, bool with_day)
{
	time_t at = (time_t)t;
	struct tm tm;

	if (gmtime_r(&at, &tm) == NULL)
		return;
	if (with_day)
		buf_printf(out, "%d ", tm.tm_mday);
	buf_puts(out, months[tm.tm_mon]);
}

static const char *const year_labels[AXIS_YEARS] = { "1 y+", "2 y+", "5 y+" };

void
axis_put_label(struct buf *out, const struct axis *a, size_t column)
{
	if (column == 0)
		buf_puts(out, "past");
	else if (column == 1)
		buf_puts(out, "now");
	else if (column < AXIS_FIRST_MONTH)
		put_short(out, a->begin[column], true);
	else if (column < AXIS_FIRST_YEAR)
		/* By what lies in its middle: it may begin in a week's rest. */
		put_short(out, (a->begin[column] + a->begin[column + 1]) / 2,
			false);
	else
		buf_puts(out, year_labels[column - AXIS_FIRST_YEAR]);
}

void
axis_put_period(struct buf *out, const struct axis *a, size_t column)
{
	char date[MOMENT_SIZE];

	if (column == 0) {
		buf_puts(out, "before now");
		return;
	}
	buf_puts(out, moment_date((time_t)a->begin[column], date));
	if (column + 1 == AXIS_COLUMNS) {
		buf_puts(out, " and later");
		return;
	}
	buf_puts(out, " to ");
	buf_puts(out, moment_date((time_t)a->begin[column + 1] - 1, date));
}
