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

/* For a Nagios line: as text_plain(), and '|' as "/": it parts the perfdata. */
void text_nagios(struct buf *out, const char *s);

/* For HTML text and double-quoted attributes. */
void text_html(struct buf *out, const char *s);

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
