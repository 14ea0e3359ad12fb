/* text.h - hostile text made harmless: one function for each destination */
#ifndef MODEL_TEXT_H
#define MODEL_TEXT_H

#include <stddef.h>

#include "model/buf.h"

/*
 * Text from certificates and servers is kept as it came and escaped where it
 * leaves the program. Each appends to `out`; invalid UTF-8 becomes "\xNN".
 */

/*
 * For a terminal, a log, a mail's plain text: control characters, line
 * breaks and Unicode's bidirectional and invisible controls as "\xNN" and
 * "\u{NNNN}".
 */
void text_plain(struct buf *out, const char *s);

/*
 * For a Nagios line: as text_plain(), and "/" for '|', which parts the
 * perfdata, and for the backslash of "\n", which passive results and Checkmk
 * have for a line's end.
 */
void text_nagios(struct buf *out, const char *s);

/* For HTML text and double-quoted attributes. */
void text_html(struct buf *out, const char *s);

/*
 * For the value of a label in Prometheus's text format, without its quotes.
 * Who reads it sees text_plain() of `s`, and "\x5c" for a backslash before
 * 'x' or 'u': values that differ stay so, and no two series become one.
 */
void text_label(struct buf *out, const char *s);

/*
 * One cell of a CSV file, its quotes with it (RFC 4180), on one line: what a
 * spreadsheet would take for a formula begins with an apostrophe.
 */
void text_csv(struct buf *out, const char *s);

/*
 * For a calendar's values of type TEXT (RFC 5545, 3.3.11), not folded. Some
 * programs show the description as HTML: '<' is escaped too. The backslash of
 * "\n" becomes "/", as in text_nagios().
 */
void text_ics(struct buf *out, const char *s);

/*
 * For JSON that was written already, `n` bytes of it, no character broken: what
 * text_plain() would not show as it is becomes "\uNNNN", which is the same to
 * whoever reads JSON. Documents are looked at on terminals too.
 */
void text_json(struct buf *out, const char *s, size_t n);

/*
 * For the value of a mail header: RFC 2047 encoded words where it is not
 * plain ASCII, folded; never a line break of its own making by `s`.
 */
void text_header(struct buf *out, const char *s);

/* Columns that `s`, already escaped, takes on a terminal, in any locale. */
size_t text_width(const char *s);

/* "1 target", "3 targets" */
void text_count(
	struct buf *out, size_t n, const char *singular, const char *plural);

#endif
