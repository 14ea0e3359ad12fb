/* timeline.c - when certificates end: the next ones, and all by week */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "report/html/axis.h"
#include "report/html/chart.h"
#include "report/html/html.h"

/* The next to end, each in a lane of its own; more are counted by week. */
#define MAX_LANES 16

static enum severity
severity_at(const struct result *r, time_t end, time_t now)
{
	if (now > end || (r->critical_at != 0 && now >= r->critical_at))
		return SEV_CRITICAL;
	if (r->warning_at != 0 && now >= r->warning_at)
		return SEV_WARNING;
	return SEV_OK;
}

/* What is still to come: what has begun already shows in the colours. */
static void
count_step(struct chart *c, enum chart_step step, time_t t, time_t now)
{
	if (t != 0 && t >= now)
		c->steps[step][axis_column(&c->axis, t)]++;
}

static int
by_end(const void *a, const void *b)
{
	const struct chart_end *x = a, *y = b;

	if (x->t != y->t)
		return x->t < y->t ? -1 : 1;
	return strcmp(x->result->target->name, y->result->target->name);
}

static void
gather(struct chart *c, const struct html_page *p)
{
	axis_init(&c->axis, p->now);
	c->ends = mem_grow(NULL, p->rs->n + 1, sizeof(*c->ends));
	for (size_t i = 0; i < p->rs->n; i++) {
		const struct result *r = p->rs->v[i];
		const struct cert *first = result_first_to_end(r);

		if (r->store || first == NULL)
			continue;
		c->by_severity[severity_at(r, first->not_after, p->now)]
			      [axis_column(&c->axis, first->not_after)]++;
		count_step(c, STEP_ORDER_BY, r->order_by, p->now);
		count_step(c, STEP_WARNING, r->warning_at, p->now);
		count_step(c, STEP_CRITICAL, r->critical_at, p->now);
		c->ends[c->n++] = (struct chart_end){ first->not_after, r };
	}
	if (c->n > 1)
		qsort(c->ends, c->n, sizeof(*c->ends), by_end);
}

/* One stretch of a lane, in thousandths of a unit. */
static void
put_stretch(struct buf *out, const char *class, int64_t from, int64_t to)
{
	if (to > from)
		buf_printf(out,
			"<rect class=\"%s\" x=\"%" PRId64 "\" width=\"%" PRId64
			"\" height=\"10\"/>",
			class, from, to - from);
}

static int64_t
place_of(const struct chart *c, time_t t, int64_t from, int64_t to)
{
	int64_t x = t == 0 ? to : axis_place(&c->axis, t);

	return x < from ? from : x > to ? to : x;
}

static void
put_bar(struct buf *out, const struct chart *c, const struct chart_end *e)
{
	const struct result *r = e->result;
	int64_t now = axis_place(&c->axis, c->axis.begin[1]);
	int64_t end = axis_place(&c->axis, e->t);
	int64_t critical = place_of(c, r->critical_at, now, end);
	int64_t warning = place_of(c, r->warning_at, now, critical);

	buf_printf(out,
		"<svg viewBox=\"%" PRId64 " 0 %" PRId64
		" 10\" preserveAspectRatio=\"none\" aria-hidden=\"true\">",
		now, (int64_t)axis_unit(c->lanes_to) * 1000 - now);
	put_stretch(out, "ok", now, warning);
	put_stretch(out, "warning", warning, critical);
	put_stretch(out, "critical", critical, end);
	/* What ends today is seen, too. */
	put_stretch(out, "end", end, end + 70);
	if (r->order_by != 0 && r->order_by >= c->axis.begin[1]) {
		int64_t x = axis_place(&c->axis, r->order_by);

		put_stretch(out, "order", x, x + 90);
	}
	buf_puts(out, "</svg>");
}

static void
put_step(struct html_page *p, const char *word, time_t t)
{
	if (t == 0)
		return;
	buf_printf(p->out, ", %s ", word);
	html_put_date(p->out, t);
}

static void
put_lane(struct html_page *p, const struct chart *c, const struct chart_end *e)
{
	const struct result *r = e->result;
	struct buf *out = p->out;

	buf_puts(out, "<li><a href=\"#");
	html_put_target_id(out, r->target->name);
	buf_puts(out, "\">");
	html_put(out, r->target->name, HTML_NAME);
	buf_puts(out, "</a> <span class=\"when\">");
	html_put_relative(out, e->t, p->now);
	buf_puts(out, "</span> ");
	put_bar(out, c, e);
	buf_puts(out, "<span class=\"note\">ends ");
	html_put_date(out, e->t);
	put_step(p, "critical from", r->critical_at);
	put_step(p, "warning from", r->warning_at);
	put_step(p, "order by", r->order_by);
	buf_puts(out, "</span></li>\n");
}

static void
put_lanes_of(struct html_page *p, struct chart *c, size_t first, size_t n)
{
	struct buf *out = p->out;

	/* Where all end within the weeks, these have all the room. */
	c->lanes_to = axis_column(&c->axis, c->ends[first + n - 1].t) <
			AXIS_FIRST_MONTH
		? AXIS_FIRST_MONTH
		: AXIS_COLUMNS;
	chart_put_legend(out);
	buf_puts(out, "<div class=\"lanes\">\n");
	chart_put_scale(out, &c->axis, 1, c->lanes_to);
	buf_puts(out, "<ol>\n");
	for (size_t i = first; i < first + n; i++)
		put_lane(p, c, &c->ends[i]);
	buf_puts(out, "</ol>\n</div>\n");
}

static void
put_lanes(struct html_page *p, struct chart *c)
{
	struct buf *out = p->out;
	size_t first = 0, n;

	while (first < c->n && c->ends[first].t < p->now)
		first++;
	n = c->n - first < MAX_LANES ? c->n - first : MAX_LANES;
	if (n == 0)
		return;
	buf_puts(out, "<h3>The next to end <span class=\"n\">");
	buf_printf(out, "%zu of ", n);
	html_put_count(out, c->n, "target", "targets");
	buf_puts(out, "</span></h3>\n");
	put_lanes_of(p, c, first, n);
}

void
html_put_timeline(struct html_page *p)
{
	struct chart c = { 0 };
	struct buf *out = p->out;

	gather(&c, p);
	buf_puts(out,
		"<section aria-labelledby=\"timeline\">\n"
		"<h2 id=\"timeline\">Timeline</h2>\n");
	if (c.n == 0)
		buf_puts(out,
			"<p class=\"calm\">No certificate with dates was "
			"seen.</p>\n");
	if (c.n > MAX_LANES)
		chart_put_bars(out, &c);
	put_lanes(p, &c);
	if (c.n > 0)
		chart_put_table(out, &c);
	buf_puts(out, "</section>\n");
	free(c.ends);
}
