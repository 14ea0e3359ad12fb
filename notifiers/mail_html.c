/* mail_html.c - a digest as one HTML page that any mail reader shows */
#include <stdbool.h>
#include <string.h>

#include "model/alloc.h"
#include "model/text.h"
#include "notifiers/mail.h"
#include "notifiers/outline.h"

/*
 * Styles stand in the elements, for mail readers drop style sheets. Text and
 * ground keep the reader's own colours, light or dark; what is coloured reads
 * well on either.
 */
#define BODY_STYLE                                                             \
	"font-family:sans-serif;font-size:15px;line-height:1.4;"               \
	"max-width:44em;margin:0 auto;padding:8px;overflow-wrap:anywhere"
#define QUIET_STYLE "font-size:13px;opacity:0.75"
#define CELL_STYLE "padding:0 12px 0 0;vertical-align:top"
#define LABEL_STYLE CELL_STYLE ";opacity:0.75;white-space:nowrap"
#define BADGE_STYLE "color:#ffffff;border-radius:3px;padding:1px 6px"
#define PART_STYLE "font-size:19px;margin:32px 0 0"
#define CODE_STYLE "font-family:monospace"

static const char *const colours[] = {
	[SEV_OK] = "#2e7d32",
	[SEV_WARNING] = "#8f5400",
	[SEV_CRITICAL] = "#c62828",
	[SEV_UNKNOWN] = "#6a1b9a",
};

static void
add_text(struct buf *out, const char *text)
{
	BUF_CLEANUP struct buf cut = { 0 };

	outline_cut(&cut, text);
	text_html(out, buf_str(&cut));
}

static void
add_element(
	struct buf *out, const char *tag, const char *style, const char *text)
{
	buf_printf(out, "<%s style=\"%s\">", tag, style);
	add_text(out, text);
	buf_printf(out, "</%s>\n", tag);
}

/* One label and its value, as a row of a table. */
static void
add_fact(struct buf *out, const char *label, const char *value)
{
	if (value == NULL || value[0] == '\0')
		return;
	buf_printf(out, "<tr><td style=\"" LABEL_STYLE "\">%s</td>", label);
	add_element(out, "td", CELL_STYLE, value);
	buf_puts(out, "</tr>\n");
}

static void
add_target(struct buf *out, const struct digest *d, const struct event *e)
{
	BUF_CLEANUP struct buf owner = { 0 }, expiry = { 0 };

	add_element(out, "h2", "font-size:17px;margin:24px 0 0", e->target);
	if (strcmp(e->address, e->target) != 0 && e->address[0] != '\0')
		add_element(out, "div", QUIET_STYLE, e->address);
	if (e->kind != EVENT_RENEWED) /* told as old -> new */
		outline_expiry(&expiry, d, e);
	if (expiry.len > 0)
		add_element(out, "div", QUIET_STYLE, expiry.s);
	if (e->owner == NULL)
		return;
	buf_printf(&owner, "owner: %s", e->owner);
	add_element(out, "div", QUIET_STYLE, owner.s);
}

/* A bar at the left, and what it is on ground of the same colour. */
static void
open_finding(struct buf *out, const struct outline_row *row)
{
	bool over = row->part == PART_RESOLVED;
	const char *colour = colours[over ? SEV_OK : row->event->severity];

	buf_printf(out,
		"<div style=\"border-left:4px solid %s;margin:12px 0;"
		"padding:0 0 0 12px\">\n<div><strong style=\"background:%s;" BADGE_STYLE
		"\">%s</strong> ",
		colour, colour,
		over ? "RESOLVED" : outline_severity(row->event));
}

/* Trouble, and trouble that is over. */
static void
add_finding(struct buf *out, const struct outline_row *row)
{
	const struct event *e = row->event;
	BUF_CLEANUP struct buf since = { 0 };

	outline_since(&since, e);
	open_finding(out, row);
	if (row->part == PART_RESOLVED)
		buf_printf(out, "was %s: ", outline_severity(e));
	add_text(out, e->message);
	buf_puts(out, "</div>\n<table style=\"font-size:14px\">\n");
	add_fact(out, "since", since.s);
	if (row->part == PART_TROUBLE)
		add_fact(out, "to do", outline_hint(e));
	add_fact(out, "finding", e->finding);
	buf_puts(out, "</table>\n</div>\n");
}

static const char *const headings[OUTLINE_PARTS] = {
	[PART_RESOLVED] = "Resolved",
	[PART_RENEWED] = "Renewed",
};

static void
add_row(struct buf *out, const struct digest *d, const struct outline_row *row)
{
	const struct event *e = row->event;
	BUF_CLEANUP struct buf dates = { 0 };

	if (row->new_part && headings[row->part] != NULL)
		add_element(out, "h2", PART_STYLE, headings[row->part]);
	if (row->new_target && row->part != PART_TEST)
		add_target(out, d, e);
	switch (row->part) {
	case PART_TEST:
		add_element(out, "p", "margin:16px 0", e->message);
		break;
	case PART_TROUBLE:
	case PART_RESOLVED:
		add_finding(out, row);
		break;
	case PART_RENEWED:
		outline_renewal(&dates, e);
		buf_puts(out, "<table style=\"font-size:14px\">\n");
		add_fact(out, "end of life", dates.s);
		buf_puts(out, "</table>\n");
		break;
	}
}

/* What is further down in a long mail: which it is, and what is wrong. */
static void
add_brief(struct buf *out, const struct outline_row *row, bool first)
{
	BUF_CLEANUP struct buf line = { 0 };

	if (row->new_part && headings[row->part] != NULL)
		add_element(out, "h2", PART_STYLE, headings[row->part]);
	else if (first)
		add_element(out, "h2", PART_STYLE, "And in short");
	outline_brief(&line, row);
	if (row->part == PART_TROUBLE || row->part == PART_RESOLVED)
		open_finding(out, row);
	else
		buf_puts(out, "<div><div>");
	text_html(out, line.s);
	buf_puts(out, "</div></div>\n");
}

static void
add_footer(struct buf *out, const struct digest *d, const struct outline *o)
{
	BUF_CLEANUP struct buf line = { 0 };
	const char *finding = outline_finding(o);

	buf_puts(out, "<hr>\n");
	buf_printf(&line, "certvigil " CERTVIGIL_VERSION " on %s, %s ", d->host,
		outline_occasion(d));
	outline_moment(&line, d->time);
	add_element(out, "div", QUIET_STYLE, line.s);
	if (finding == NULL)
		return;
	buf_puts(out, "<table style=\"" QUIET_STYLE "\">\n");
	buf_reset(&line);
	buf_printf(&line, "certvigil explain %s", finding);
	add_fact(out, "What a finding means", line.s);
	buf_reset(&line);
	outline_silence(&line, o);
	add_fact(out, "To silence it a while", buf_str(&line));
	buf_puts(out, "</table>\n");
}

void
mail_html(struct buf *out, const struct digest *d, size_t most)
{
	BUF_CLEANUP struct buf summary = { 0 };
	cleanup(str_free) char *subject = digest_subject(d);
	struct outline o;

	outline_make(&o, d, most);
	buf_puts(out,
		"<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n"
		"<meta charset=\"utf-8\">\n"
		"<meta name=\"viewport\" content=\"width=device-width\">\n"
		"<meta name=\"color-scheme\" content=\"light dark\">\n"
		"<title>");
	add_text(out, subject);
	buf_puts(out, "</title>\n</head>\n<body style=\"" BODY_STYLE "\">\n");
	outline_summary(&summary, d);
	add_element(out, "h1", "font-size:20px;margin:0", summary.s);
	for (size_t i = 0; i < o.n; i++) {
		if (i < MAIL_DETAILED)
			add_row(out, d, &o.v[i]);
		else
			add_brief(out, &o.v[i], i == MAIL_DETAILED);
	}
	if (o.left_out > 0)
		buf_printf(out,
			"<p>... and %zu more; <span style=\"" CODE_STYLE
			"\">certvigil status</span> tells all.</p>\n",
			o.left_out);
	add_footer(out, d, &o);
	buf_puts(out, "</body>\n</html>\n");
	outline_release(&o);
}
