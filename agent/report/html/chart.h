/* chart.h - how many certificates end in which week, month or year */
#ifndef REPORT_HTML_CHART_H
#define REPORT_HTML_CHART_H

#include "report/html/axis.h"
#include "report/html/html.h"

enum chart_step { STEP_CRITICAL, STEP_WARNING, STEP_ORDER_BY, CHART_STEPS };

struct chart_end {
	time_t t;
	const struct result *result;
};

struct chart {
	struct axis axis;
	struct chart_end *ends; /* sorted */
	size_t n;
	size_t lanes_to; /* up to, and without, which column lanes are drawn */
	/* Ends by column, apart by how they are judged now. */
	size_t by_severity[SEV_UNKNOWN + 1][AXIS_COLUMNS];
	size_t steps[CHART_STEPS][AXIS_COLUMNS]; /* that are to come */
};

void chart_put_legend(struct buf *out);
/* The labels below bars, and above lanes: columns `from` and up to `to`. */
void chart_put_scale(
	struct buf *out, const struct axis *a, size_t from, size_t to);
void chart_put_bars(struct buf *out, const struct chart *c);
void chart_put_table(struct buf *out, const struct chart *c);

#endif
