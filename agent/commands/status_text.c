/* status_text.c - what the last scans know, for a person */
#include <stdlib.h>
#include <string.h>

#include "commands/status.h"
#include "model/text.h"
#include "report/pen.h"
#include "report/reports.h"

#define MAX_NAME 512
#define MAX_MESSAGE 1024

#define MARGIN 2
#define STATUS_COLUMNS 8
/* A terminal that leaves less for them has the texts below the names. */
#define MIN_TEXT_COLUMNS 40
#define INDENT 6 /* of lines that a line is wrapped into */

/* "3 days"; a clock that was set back makes no negative ages. */
static void
put_age(struct buf *out, int64_t seconds)
{
	duration_describe(out, seconds < 0 ? 0 : seconds);
}

static size_t
count_silenced(const struct memory *m)
{
	size_t n = 0;

	for (size_t i = 0; i < m->incidents.n; i++)
		n += m->incidents.v[i].silenced;
	return n;
}

static void
put_what_is_known(struct buf *out, const struct memory *m)
{
	const struct known_targets *ts = &m->targets;
	struct summary sum = { .worst = SEV_OK };
	size_t silenced = count_silenced(m);

	if (ts->last_scan == 0) {
		buf_puts(out, "No scan has been made yet.\n");
		return;
	}
	for (size_t i = 0; i < ts->n; i++)
		sum.n[ts->v[i].status]++;
	put_last_scan(out, ts->last_scan, m->now);
	put_summary(out, &sum);
	buf_puts(out, "; ");
	text_count(out, ts->open_incidents, "open incident", "open incidents");
	if (silenced > 0)
		buf_printf(out, ", %zu silenced", silenced);
	buf_putc(out, '\n');
}

static void
begin_below(struct pen *p)
{
	pen_end(p);
	pen_begin(p, MARK_NONE, PEN_NO_NUMBER, INDENT);
	pen_pad(p, INDENT);
}

/* "  critical  www.example.com  ", and there or below it is where text goes. */
static void
begin_line(struct pen *p, enum severity s, const char *name, size_t columns)
{
	size_t column = MARGIN;

	pen_begin(p, MARK_NONE, PEN_NO_NUMBER, INDENT);
	pen_pad(p, column);
	pen_text(p, report_colours[s], severity_name(s), STATUS_COLUMNS);
	column += STATUS_COLUMNS + 2;
	pen_pad(p, column);
	pen_text(p, PEN_BOLD, name, MAX_NAME);
	column += columns + 2;
	if (p->opt->width > 0 && p->opt->width < column + MIN_TEXT_COLUMNS) {
		begin_below(p);
	} else {
		pen_pad(p, column - 2);
		pen_text(p, NULL, "  ", 2);
	}
}

static int
compare_names(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/*
 * Targets that are not ok and have no open incident, by which they would be
 * told below: what another scan has to confirm. Worst first, as all are.
 */
static void
put_unconfirmed(struct pen *p, const struct memory *m)
{
	const struct known_targets *ts = &m->targets;
	size_t n = m->incidents.n, columns = 0;
	const char **open = mem_alloc((n + 1) * sizeof(*open));
	const struct known_target **v = mem_alloc((ts->n + 1) * sizeof(*v));
	size_t left = 0;

	for (size_t i = 0; i < n; i++)
		open[i] = m->incidents.v[i].target;
	if (n > 0)
		qsort(open, n, sizeof(*open), compare_names);
	for (size_t i = 0; i < ts->n; i++) {
		const char *name = ts->v[i].name;

		if (ts->v[i].status == SEV_OK ||
			(n > 0 &&
				bsearch(&name, open, n, sizeof(*open),
					compare_names) != NULL))
			continue;
		columns = pen_name_columns(columns, name);
		v[left++] = &ts->v[i];
	}
	if (left > 0)
		buf_puts(p->out,
			"\nNot ok, and no incident until it is confirmed:\n");
	for (size_t i = 0; i < left; i++) {
		begin_line(p, v[i]->status, v[i]->name, columns);
		pen_text(p, NULL, v[i]->message != NULL ? v[i]->message : "",
			MAX_MESSAGE);
		pen_end(p);
		report_pass(p->out, p->opt);
	}
	free(open);
	free(v);
}

/* "open for 3 days, since 2026-11-18T10:00:00Z; silenced until ..." */
static void
put_standing(
	struct pen *p, const struct memory *m, const struct known_incident *i)
{
	BUF_CLEANUP struct buf text = { 0 };
	char moment[MOMENT_SIZE];

	buf_puts(&text, "open for ");
	put_age(&text, m->now - i->opened_at);
	buf_printf(&text, ", since %s", moment_format(i->opened_at, moment));
	if (!i->silenced) {
		if (i->told_at == 0)
			buf_puts(&text, "; nobody was told");
	} else if (i->silence == NULL) {
		buf_puts(&text, "; silenced");
	} else {
		buf_printf(&text, "; silenced until %s: %s",
			moment_format(i->silence->until, moment),
			i->silence->reason);
	}
	pen_text(p, NULL, buf_str(&text), MAX_MESSAGE);
}

static void
put_incidents(struct pen *p, const struct memory *m)
{
	const struct known_incidents *is = &m->incidents;
	size_t columns = 0;

	for (size_t i = 0; i < is->n; i++)
		columns = pen_name_columns(columns, is->v[i].target);
	if (is->n > 0)
		buf_puts(p->out, "\nOpen incidents:\n");
	for (size_t i = 0; i < is->n; i++) {
		const struct known_incident *k = &is->v[i];

		begin_line(p, k->severity, k->target, columns);
		pen_printf(p, NULL, "%s: ", k->finding);
		pen_text(p, NULL, k->message, MAX_MESSAGE);
		/* One line each for grep, two for who reads them. */
		if (p->opt->lines == LINES_NONE) {
			pen_text(p, NULL, "; ", 2);
		} else {
			begin_below(p);
		}
		put_standing(p, m, k);
		pen_end(p);
		report_pass(p->out, p->opt);
	}
}

/* Who waits for a message waits for ever. */
static void
put_nobody(struct buf *out, const struct memory *m)
{
	if (m->config != NULL && m->config->notifiers.n == 0 &&
		m->incidents.n > 0)
		buf_puts(out, "\nNo notifier is configured: nobody is told.\n");
}

static void
put_silences(struct buf *out, const struct memory *m)
{
	size_t now = 0, later = 0;

	for (size_t i = 0; i < m->silences.n; i++) {
		const struct silence *s = &m->silences.v[i];

		now += m->now >= s->from && m->now < s->until;
		later += m->now < s->from;
	}
	if (now + later == 0)
		return;
	buf_puts(out, "\n");
	text_count(out, now, "silence holds", "silences hold");
	if (later > 0)
		buf_printf(out, ", %zu %s later", later,
			later == 1 ? "begins" : "begin");
	buf_puts(out, "; `certvigil silence --list` tells which\n");
}

static void
put_message(struct pen *p, const struct message *m, time_t now)
{
	BUF_CLEANUP struct buf text = { 0 };

	pen_begin(p, MARK_NONE, PEN_NO_NUMBER, INDENT);
	pen_pad(p, MARGIN);
	pen_text(p, PEN_BOLD, m->notifier, MAX_NAME);
	buf_printf(&text, ": %s, ", m->id);
	if (m->attempts == 0)
		buf_puts(&text, "not tried for ");
	else
		text_count(&text, (size_t)m->attempts, "try in ", "tries in ");
	put_age(&text, now - m->created_at);
	pen_text(p, NULL, buf_str(&text), MAX_NAME);
	buf_reset(&text);
	if (m->gave_up) {
		pen_text(p, NULL, ", ", 2);
		pen_text(p, PEN_BAD, "given up", MAX_NAME);
	} else if (m->next_at > now) {
		buf_puts(&text, ", next in ");
		put_age(&text, m->next_at - now);
	} else {
		buf_puts(&text, ", next with the next scan");
	}
	if (m->last_answer != NULL)
		buf_printf(&text, ": %s", m->last_answer);
	pen_text(p, NULL, buf_str(&text), MAX_MESSAGE);
	pen_end(p);
}

/* Those that nobody tries any more are told apart: nobody will know. */
static void
put_messages(struct pen *p, const struct messages *ms, time_t now, bool gave_up)
{
	bool first = true;

	for (size_t i = 0; i < ms->n; i++) {
		if (ms->v[i].gave_up != gave_up)
			continue;
		if (first)
			buf_puts(p->out,
				gave_up ? "\nGiven up, not tried again:\n"
					: "\nNot delivered:\n");
		first = false;
		put_message(p, &ms->v[i], now);
	}
}

void
status_put_text(struct buf *out, const struct memory *m,
	const struct messages *messages, const struct report_options *show)
{
	struct pen pen = { .out = out, .opt = show };

	put_what_is_known(out, m);
	put_incidents(&pen, m);
	put_unconfirmed(&pen, m);
	put_nobody(out, m);
	put_silences(out, m);
	put_messages(&pen, messages, m->now, false);
	put_messages(&pen, messages, m->now, true);
}
