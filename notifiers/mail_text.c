/* mail_text.c - a digest as plain text for a terminal of 80 columns */
#include <stdbool.h>
#include <string.h>

#include "model/alloc.h"
#include "model/text.h"
#include "notifiers/mail.h"
#include "notifiers/outline.h"

#define WIDTH 76

/*
 * Append `lead`, then `text` made harmless, parted at blanks into lines of
 * WIDTH columns; all but the first are set in by as much as `lead` takes. A
 * word that is too long for any line has one of its own.
 */
static void
add_wrapped(struct buf *out, const char *lead, const char *text)
{
	BUF_CLEANUP struct buf cut = { 0 }, plain = { 0 };
	size_t indent = text_width(lead), column = indent;
	const char *s;

	outline_cut(&cut, text);
	text_plain(&plain, buf_str(&cut));
	buf_puts(out, lead);
	s = buf_str(&plain);
	for (s += strspn(s, " "); *s != '\0'; s += strspn(s, " ")) {
		size_t n = strcspn(s, " ");
		cleanup(str_free) char *word = str_ndup(s, n);
		size_t width = text_width(word);

		if (column > indent && column + 1 + width > WIDTH) {
			buf_printf(out, "\n%*s", (int)indent, "");
			column = indent;
		} else if (column > indent) {
			buf_putc(out, ' ');
			column++;
		}
		buf_puts(out, word);
		column += width;
		s += n;
	}
	buf_putc(out, '\n');
}

static void
add_target(struct buf *out, const struct digest *d, const struct event *e)
{
	BUF_CLEANUP struct buf expiry = { 0 };

	buf_putc(out, '\n');
	add_wrapped(out, "", e->target);
	if (strcmp(e->address, e->target) != 0 && e->address[0] != '\0')
		add_wrapped(out, "", e->address);
	if (e->kind != EVENT_RENEWED) /* told as old -> new */
		outline_expiry(&expiry, d, e);
	if (expiry.len > 0)
		add_wrapped(out, "", expiry.s);
	if (e->owner != NULL)
		add_wrapped(out, "owner: ", e->owner);
}

static void
add_trouble(struct buf *out, const struct event *e)
{
	BUF_CLEANUP struct buf lead = { 0 }, since = { 0 };
	const char *hint = outline_hint(e);

	buf_putc(out, '\n');
	buf_printf(&lead, "  %s: ", outline_severity(e));
	add_wrapped(out, lead.s, e->message);
	outline_since(&since, e);
	add_wrapped(out, "    since:   ", since.s);
	if (hint != NULL)
		add_wrapped(out, "    to do:   ", hint);
	if (e->finding != NULL)
		add_wrapped(out, "    finding: ", e->finding);
}

static void
add_resolved(struct buf *out, const struct event *e)
{
	BUF_CLEANUP struct buf lead = { 0 }, since = { 0 };

	buf_putc(out, '\n');
	outline_since(&since, e);
	buf_printf(&lead, "  was %s: ", outline_severity(e));
	add_wrapped(out, lead.s, e->message);
	add_wrapped(out, "    since:   ", since.s);
	if (e->finding != NULL)
		add_wrapped(out, "    finding: ", e->finding);
}

static const char *const headings[OUTLINE_PARTS] = {
	[PART_RESOLVED] = "\nRESOLVED\n",
	[PART_RENEWED] = "\nRENEWED\n",
};

static void
add_row(struct buf *out, const struct digest *d, const struct outline_row *row)
{
	const struct event *e = row->event;
	BUF_CLEANUP struct buf dates = { 0 };

	if (row->new_part && headings[row->part] != NULL)
		buf_puts(out, headings[row->part]);
	if (row->new_target && row->part != PART_TEST)
		add_target(out, d, e);
	switch (row->part) {
	case PART_TEST:
		buf_putc(out, '\n');
		add_wrapped(out, "", e->message);
		break;
	case PART_TROUBLE:
		add_trouble(out, e);
		break;
	case PART_RESOLVED:
		add_resolved(out, e);
		break;
	case PART_RENEWED:
		outline_renewal(&dates, e);
		buf_putc(out, '\n');
		add_wrapped(out, "  end of life: ", dates.s);
		break;
	}
}

/* What is further down in a long mail: which it is, and what is wrong. */
static void
add_brief(struct buf *out, const struct outline_row *row, bool first)
{
	const struct event *e = row->event;
	BUF_CLEANUP struct buf lead = { 0 }, line = { 0 };

	if (row->new_part && headings[row->part] != NULL)
		buf_printf(out, "%s\n", headings[row->part]);
	else if (first)
		buf_puts(out, "\nAND IN SHORT\n\n");
	buf_puts(&lead, "  ");
	if (row->part == PART_RESOLVED)
		buf_puts(&lead, "was ");
	if (row->part == PART_RESOLVED || row->part == PART_TROUBLE)
		buf_printf(&lead, "%s: ", outline_severity(e));
	outline_brief(&line, row);
	add_wrapped(out, lead.s, line.s);
}

static void
add_footer(struct buf *out, const struct digest *d, const struct outline *o)
{
	BUF_CLEANUP struct buf line = { 0 };
	const char *finding = outline_finding(o);

	buf_puts(out, "\n-- \n"); /* RFC 3676, 4.3 */
	buf_printf(&line, "certvigil " CERTVIGIL_VERSION " on %s, %s ", d->host,
		outline_occasion(d));
	outline_moment(&line, d->time);
	add_wrapped(out, "", line.s);
	if (finding == NULL)
		return;
	buf_reset(&line);
	buf_printf(&line, "certvigil explain %s", finding);
	add_wrapped(out, "What a finding means:  ", line.s);
	buf_reset(&line);
	outline_silence(&line, o);
	if (line.len > 0)
		add_wrapped(out, "To silence it a while: ", line.s);
}

void
mail_text(struct buf *out, const struct digest *d, size_t most)
{
	BUF_CLEANUP struct buf summary = { 0 };
	struct outline o;

	outline_make(&o, d, most);
	outline_summary(&summary, d);
	add_wrapped(out, "", summary.s);
	for (size_t i = 0; i < o.n; i++) {
		if (i < MAIL_DETAILED)
			add_row(out, d, &o.v[i]);
		else
			add_brief(out, &o.v[i], i == MAIL_DETAILED);
	}
	if (o.left_out > 0)
		buf_printf(out,
			"\n... and %zu more; `certvigil status` tells all.\n",
			o.left_out);
	add_footer(out, d, &o);
	outline_release(&o);
}
