/* chart.c - how many certificates end in which week, month or year */
#include "report/html/chart.h"

static const char *const step_titles[CHART_STEPS] = {
	[STEP_CRITICAL] = "Turn critical",
	[STEP_WARNING] = "Turn into a warning",
	[STEP_ORDER_BY] = "Order by",
};
static const char *const step_classes[CHART_STEPS] = {
	[STEP_CRITICAL] = "critical",
	[STEP_WARNING] = "warning",
	[STEP_ORDER_BY] = "order",
};

/* Bars stand on it, the worst lowest. */
static const enum severity stack[] = { SEV_CRITICAL, SEV_WARNING, SEV_OK };
#define STACK (sizeof(stack) / sizeof(stack[0]))

#define HEIGHT 1000

static size_t
ends_in(const struct chart *c, size_t column)
{
	size_t n = 0;

	for (size_t i = 0; i < STACK; i++)
		n += c->by_severity[stack[i]][column];
	return n;
}

/*
 * The full height is that of the busiest week or month: what has ended, and
 * all that lasts for years, is cut off there, for it has its number above.
 */
static size_t
most_of(const struct chart *c)
{
	size_t most = 0, any = 1;

	for (size_t i = 0; i < AXIS_COLUMNS; i++) {
		size_t n = ends_in(c, i);

		if (i > 0 && i < AXIS_FIRST_YEAR && n > most)
			most = n;
		if (n > any)
			any = n;
	}
	return most > 0 ? most : any;
}

/* Every fourth week, but not so that its label runs into the first month's. */
static bool
is_labelled(size_t column)
{
	return column == 0 || column >= AXIS_FIRST_MONTH ||
		(column % 4 == 1 && column + 2 < AXIS_FIRST_MONTH);
}

static const char *
class_of(size_t column)
{
	if (axis_units(column) == 2)
		return " class=\"two\"";
	/* Where there is no room for all labels, these go first. */
	if (column < AXIS_FIRST_MONTH)
		return is_labelled(column) ? "" : " class=\"none\"";
	return (column - AXIS_FIRST_MONTH) % 2 == 1 ? "" : " class=\"minor\"";
}

void
chart_put_scale(struct buf *out, const struct axis *a, size_t from, size_t to)
{
	buf_puts(out, "<div class=\"scale\" aria-hidden=\"true\">");
	for (size_t i = from; i < to; i++) {
		buf_printf(out, "<span%s>", class_of(i));
		if (is_labelled(i))
			axis_put_label(out, a, i);
		buf_puts(out, "</span>");
	}
	buf_puts(out, "</div>\n");
}

void
chart_put_legend(struct buf *out)
{
	buf_puts(out,
		"<p class=\"legend\" aria-hidden=\"true\">"
		"<span class=\"ok\">well</span> "
		"<span class=\"warning\">warning</span> "
		"<span class=\"critical\">critical</span> "
		"<span class=\"order\">order by</span></p>\n");
}

static void
put_column(struct buf *out, const struct chart *c, size_t column, size_t most)
{
	size_t x = axis_unit(column) * 100, width = axis_units(column) * 100;
	size_t y = HEIGHT, n = ends_in(c, column);
	size_t whole = n < most ? most : n;

	for (size_t i = 0; i < STACK; i++) {
		size_t part = c->by_severity[stack[i]][column];
		size_t height = part * HEIGHT / whole;

		if (part == 0)
			continue;
		/* One of thousands is seen, too. */
		if (height < HEIGHT / 60)
			height = HEIGHT / 60;
		if (height > y)
			height = y;
		y -= height;
		buf_printf(out,
			"<rect class=\"%s\" x=\"%zu\" y=\"%zu\" width=\"%zu\" "
			"height=\"%zu\"/>",
			severity_name(stack[i]), x + 8, y, width - 16, height);
	}
	if (n > most)
		buf_printf(out,
			"<rect class=\"cut\" x=\"%zu\" y=\"90\" width=\"%zu\" "
			"height=\"25\"/>",
			x, width);
}

static void
put_numbers(struct buf *out, const size_t *v, const char *class)
{
	buf_printf(out, "<div class=\"numbers %s\">", class);
	for (size_t i = 0; i < AXIS_COLUMNS; i++) {
		buf_puts(out,
			axis_units(i) == 2 ? "<span class=\"two\">" : "<span>");
		/* There is room for four characters. */
		if (v[i] >= 10000)
			buf_printf(out, "<b>%zuk</b>", v[i] / 1000);
		else if (v[i] >= 1000)
			buf_printf(out, "<b>%zu.%zuk</b>", v[i] / 1000,
				v[i] % 1000 / 100);
		else if (v[i] > 0)
			buf_printf(out, "<b>%zu</b>", v[i]);
		buf_puts(out, "</span>");
	}
	buf_puts(out, "</div>\n");
}

static void
put_steps(struct buf *out, const struct chart *c)
{
	for (size_t s = 0; s < CHART_STEPS; s++) {
		size_t n = 0;

		for (size_t i = 0; i < AXIS_COLUMNS; i++)
			n += c->steps[s][i];
		if (n == 0)
			continue;
		buf_printf(out, "<p>%s</p>\n", step_titles[s]);
		put_numbers(out, c->steps[s], step_classes[s]);
	}
}

void
chart_put_bars(struct buf *out, const struct chart *c)
{
	size_t most = most_of(c), totals[AXIS_COLUMNS];

	for (size_t i = 0; i < AXIS_COLUMNS; i++)
		totals[i] = ends_in(c, i);
	buf_puts(out, "<h3>All by the week they end <span class=\"n\">");
	html_put_count(out, c->n, "target", "targets");
	buf_puts(out,
		"</span></h3>\n"
		"<p class=\"note\">Thirteen weeks, then months, then years; "
		"the table below has the numbers.</p>\n");
	chart_put_legend(out);
	buf_puts(out, "<div class=\"chart\" aria-hidden=\"true\">\n");
	put_numbers(out, totals, "ends");
	buf_printf(out,
		"<svg viewBox=\"0 0 %d %d\" preserveAspectRatio=\"none\">",
		AXIS_UNITS * 100, HEIGHT);
	for (size_t i = 0; i < AXIS_COLUMNS; i++)
		put_column(out, c, i, most);
	buf_puts(out, "</svg>\n");
	chart_put_scale(out, &c->axis, 0, AXIS_COLUMNS);
	put_steps(out, c);
	buf_puts(out, "</div>\n");
}

static void
put_number(struct buf *out, size_t n)
{
	buf_puts(out, "<td>");
	if (n > 0)
		html_put_count(out, n, NULL, NULL);
	buf_puts(out, "</td>");
}

void
chart_put_table(struct buf *out, const struct chart *c)
{
	buf_puts(out,
		"<details class=\"numbers-table\"><summary>The timeline in "
		"numbers</summary>\n<section class=\"wide\" tabindex=\"0\" aria-label=\"Numbers\">"
		"<table class=\"plain sums\">\n<caption>Targets whose certificate ends, turns "
		"critical, turns into a warning, or is to be ordered, by "
		"time</caption>\n<thead><tr><th scope=\"col\">When</th>"
		"<th scope=\"col\">End</th>");
	for (size_t s = 0; s < CHART_STEPS; s++)
		buf_printf(out, "<th scope=\"col\">%s</th>", step_titles[s]);
	buf_puts(out, "</tr></thead>\n<tbody>\n");
	for (size_t i = 0; i < AXIS_COLUMNS; i++) {
		size_t n = ends_in(c, i);
		size_t any = n;

		for (size_t s = 0; s < CHART_STEPS; s++)
			any += c->steps[s][i];
		if (any == 0)
			continue;
		buf_puts(out, "<tr><th scope=\"row\">");
		axis_put_period(out, &c->axis, i);
		buf_puts(out, "</th>");
		put_number(out, n);
		for (size_t s = 0; s < CHART_STEPS; s++)
			put_number(out, c->steps[s][i]);
		buf_puts(out, "</tr>\n");
	}
	buf_puts(out, "</tbody>\n</table></section>\n</details>\n");
}
