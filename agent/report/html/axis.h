/* axis.h - the line of time that bars and lanes are drawn along */
#ifndef REPORT_HTML_AXIS_H
#define REPORT_HTML_AXIS_H

#include <stddef.h>
#include <stdint.h>
#include <time.h>

#include "model/buf.h"

/*
 * What has ended; thirteen weeks, for that is where people act; nine months;
 * and years, of which one that lasts thirty takes no more than its share.
 */
#define AXIS_WEEKS 13
#define AXIS_MONTHS 9
#define AXIS_YEARS 3
#define AXIS_FIRST_MONTH (1 + AXIS_WEEKS)
#define AXIS_FIRST_YEAR (AXIS_FIRST_MONTH + AXIS_MONTHS)
#define AXIS_COLUMNS (AXIS_FIRST_YEAR + AXIS_YEARS)
/* Columns of years, and of what has ended, are of two units. */
#define AXIS_UNITS (AXIS_COLUMNS + 1 + AXIS_YEARS)

struct axis {
	/* Where each column begins; the first has no beginning. */
	int64_t begin[AXIS_COLUMNS];
};

/* Weeks begin on Mondays, all in UTC; the first one now. */
void axis_init(struct axis *a, time_t now);
size_t axis_column(const struct axis *a, int64_t t);
size_t axis_units(size_t column); /* how wide it is */
size_t axis_unit(size_t column); /* where it begins */
/* Where `t` stands, in thousandths of a unit. */
int64_t axis_place(const struct axis *a, int64_t t);

/* "past", "23 Nov", "Mar", "5 y+": no more than fits below a column. */
void axis_put_label(struct buf *out, const struct axis *a, size_t column);
/* "2026-11-23 to 2026-11-29", "later": the row of a table. */
void axis_put_period(struct buf *out, const struct axis *a, size_t column);

#endif
