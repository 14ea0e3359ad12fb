/* table.c - results for a person: worst first, one target a row */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "model/text.h"
#include "report/pen.h"
#include "report/reports.h"

/* A terminal that leaves less for them has the texts below their rows. */
#define MIN_TEXT_COLUMNS 40
#define BELOW_INDENT 10

#define STATUS_COLUMNS 8
#define DATE_COLUMNS 10
#define LEFT_COLUMNS 6
#define NAME_HEADING 6 /* "TARGET" */
#define DATES_COLUMNS (DATE_COLUMNS + 1 + LEFT_COLUMNS)

struct layout {
	const struct report_options *opt;
	size_t name_columns;
	size_t indent; /* of the text column */
	bool below; /* it begins on a line of its own */
};

static void
pad(struct buf *out, size_t have, size_t want)
{
	if (have < want)
		buf_pad(out, want - have, ' ');
}

static void
put_status(struct buf *out, enum severity s, const struct layout *l)
{
	const char *word = report_words[s];

	if (l->opt->colour)
		buf_printf(out, "\033[%sm%s\033[0m", report_colours[s], word);
	else
		buf_puts(out, word);
	pad(out, strlen(word), STATUS_COLUMNS);
}

/* `s`, escaped already, in the text column, broken at blanks. */
static void
put_wrapped(
	struct buf *out, const char *s, const struct layout *l, size_t extra)
{
	size_t indent = l->indent + extra, room, column = 0;

	if (l->opt->width <= indent) {
		buf_puts(out, s);
		buf_putc(out, '\n');
		return;
	}
	room = l->opt->width - indent;
	while (*s != '\0') {
		size_t n = strcspn(s, " ");
		cleanup(str_free) char *word = str_ndup(s, n);
		size_t columns = text_width(word);

		if (column > 0 && column + 1 + columns > room) {
			buf_putc(out, '\n');
			pad(out, 0, indent);
			column = 0;
		} else if (column > 0) {
			buf_putc(out, ' ');
			column++;
		}
		buf_puts(out, word);
		column += columns;
		s += n;
		s += strspn(s, " ");
	}
	buf_putc(out, '\n');
}

static void
put_text(struct buf *out, const char *raw, const struct layout *l, size_t extra)
{
	BUF_CLEANUP struct buf text = { 0 };

	text_plain(&text, raw);
	put_wrapped(out, buf_str(&text), l, extra);
}

static void
put_dates(struct buf *out, const struct result *r, time_t now)
{
	const struct cert *c = result_first_to_end(r);
	BUF_CLEANUP struct buf cell = { 0 };
	char date[MOMENT_SIZE];

	if (c != NULL) {
		buf_puts(&cell, moment_date(c->not_after, date));
		pad(&cell, cell.len, DATE_COLUMNS + 1);
		buf_printf(&cell, "%*" PRId64 "d", LEFT_COLUMNS - 1,
			((int64_t)c->not_after - now) / DAY_S);
	} else {
		buf_putc(&cell, '-');
	}
	buf_add(out, cell.s, cell.len);
	pad(out, cell.len, DATES_COLUMNS);
}

static void
end_row(struct buf *out)
{
	while (out->len > 0 && out->s[out->len - 1] == ' ')
		out->s[--out->len] = '\0';
	buf_putc(out, '\n');
}

/* The first text of a row stands behind its dates, others below it. */
static void
begin_text(struct buf *out, const struct layout *l, bool *first)
{
	if (*first && l->below)
		end_row(out);
	if (*first && !l->below)
		buf_puts(out, "  ");
	else
		pad(out, 0, l->indent);
	*first = false;
}

static void
put_finding(struct buf *out, const struct finding *f, const struct layout *l)
{
	BUF_CLEANUP struct buf text = { 0 };

	if (l->opt->verbose > 0)
		buf_printf(&text, "%s: ", f->kind->id);
	buf_puts(&text, f->message);
	put_text(out, buf_str(&text), l, 0);
	if (l->opt->verbose > 0 && f->severity > SEV_OK) {
		pad(out, 0, l->indent + 2);
		put_text(out, finding_remedy(f), l, 2);
	}
}

/* The worst first, as the row's status says. False: there is nothing. */
static bool
put_texts(struct buf *out, const struct result *r, const struct layout *l)
{
	BUF_CLEANUP struct buf role = { 0 };
	bool first = true;

	for (int s = SEV_UNKNOWN; s >= SEV_OK; s--) {
		for (size_t i = 0; i < r->findings.n; i++) {
			const struct finding *f = &r->findings.v[i];

			if ((int)f->severity != s ||
				(s == SEV_OK && l->opt->verbose == 0 &&
					f != result_client(r)))
				continue;
			begin_text(out, l, &first);
			put_finding(out, f, l);
		}
	}
	if (l->opt->verbose >= 3)
		put_role(&role, r);
	if (role.len > 0) {
		begin_text(out, l, &first);
		put_text(out, role.s, l, 0);
	}
	return !first;
}

/*
 * Up to the column of dates. Behind a name so long that the terminal would
 * break them, on a line of their own.
 */
static void
put_gap(struct buf *out, size_t name, const struct layout *l)
{
	size_t before = STATUS_COLUMNS + 2;

	if (name > l->name_columns && l->opt->width > 0 &&
		before + name + 2 + DATES_COLUMNS > l->opt->width) {
		buf_putc(out, '\n');
		pad(out, 0, before);
		name = 0;
	}
	pad(out, name, l->name_columns);
	buf_puts(out, "  ");
}

static void
put_row(struct buf *out, const struct result *r, time_t now,
	const struct layout *l)
{
	BUF_CLEANUP struct buf name = { 0 };

	text_plain(&name, r->target->name);
	put_status(out, r->status, l);
	buf_puts(out, "  ");
	buf_puts(out, buf_str(&name));
	put_gap(out, text_width(buf_str(&name)), l);
	put_dates(out, r, now);
	if (!put_texts(out, r, l))
		end_row(out);
}

static void
put_heading(struct buf *out, const struct layout *l)
{
	if (l->opt->colour)
		buf_puts(out, "\033[1m");
	buf_puts(out, "STATUS    TARGET");
	pad(out, NAME_HEADING, l->name_columns);
	buf_puts(out,
		l->below ? "  EXPIRES      LEFT"
			 : "  EXPIRES      LEFT   FINDINGS");
	buf_puts(out, l->opt->colour ? "\033[0m\n" : "\n");
}

/* The dates fit beside them; a longer name has its own below it. */
static size_t
narrow_names(size_t columns, size_t width)
{
	size_t others = STATUS_COLUMNS + 2 + 2 + DATES_COLUMNS;

	if (width == 0 || columns + others <= width)
		return columns;
	return width > others + NAME_HEADING ? width - others : NAME_HEADING;
}

static void
table_render(struct buf *out, const struct results *rs,
	const struct report_options *opt)
{
	struct summary s = results_summary(rs);
	struct layout l = { .opt = opt, .name_columns = NAME_HEADING };
	size_t *order = results_worst_first(rs);

	for (size_t i = 0; i < rs->n && l.name_columns < PEN_NAME_COLUMNS; i++)
		l.name_columns = pen_name_columns(
			l.name_columns, rs->v[i]->target->name);
	l.name_columns = narrow_names(l.name_columns, opt->width);
	l.indent = STATUS_COLUMNS + 2 + l.name_columns + 2 + DATES_COLUMNS + 2;
	l.below = opt->width > 0 && opt->width < l.indent + MIN_TEXT_COLUMNS;
	if (l.below)
		l.indent = BELOW_INDENT;
	put_heading(out, &l);
	for (size_t i = 0; i < rs->n; i++) {
		put_row(out, rs->v[order[i]], rs->time, &l);
		report_pass(out, opt);
	}
	buf_putc(out, '\n');
	put_summary(out, &s);
	buf_putc(out, '\n');
	/* Nobody shall take an old story for today's. */
	if (opt->standing != NULL)
		put_last_scan(
			out, opt->standing->last_scan, opt->standing->now);
	free(order);
}

const struct report report_table_text = {
	.name = "table",
	.help = "for a person: worst first, one target a row",
	.render = table_render,
};
