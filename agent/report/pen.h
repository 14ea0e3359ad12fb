/* pen.h - lines of text beside a tree: wrapped, coloured, or plain on a pipe */
#ifndef REPORT_PEN_H
#define REPORT_PEN_H

#include <stddef.h>

#include "report/report.h"

/* What stands in the gutter, left of the text. */
enum mark {
	MARK_NONE, /* there is no gutter: the text begins the line */
	MARK_CERT,
	MARK_ANCHOR,
	MARK_GAP, /* what should be there, and is not */
	MARK_ALONE, /* it is on no way */
	MARK_INSIDE, /* a line below one of those */
	MARK_BRANCH, /* another way begins */
	MARKS
};

/* A name beyond this pushes its own line's columns, not everybody's. */
#define PEN_NAME_COLUMNS 48

#define PEN_NO_NUMBER ((size_t)-1)
#define PEN_FIELD_COLUMNS 10 /* of a field's name and what follows it */

/* SGR codes; NULL is plain text. */
#define PEN_BOLD "1"
#define PEN_DIM "2"
#define PEN_BAD "1;31"
#define PEN_ODD "33"

struct pen {
	struct buf *out;
	const struct report_options *opt;
	size_t digits; /* of the numbers in the gutter */
	bool spine; /* the tree goes on below this certificate */

	enum mark mark; /* of the line that is being written */
	size_t column, indent;
	size_t blanks; /* that follow if something else does */
};

/* Begin a line; those that it wraps into are `indent` columns farther in. */
void pen_begin(struct pen *p, enum mark mark, size_t number, size_t indent);

/*
 * More text on it, raw: escaped, cut beyond `max` bytes, and wrapped at its
 * blanks where the terminal ends. It joins what is there without a blank of
 * its own.
 */
void pen_text(struct pen *p, const char *sgr, const char *raw, size_t max);
void pen_printf(struct pen *p, const char *sgr, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));
void pen_end(struct pen *p);
void pen_pad(struct pen *p, size_t column); /* with blanks, up to there */

/* A line that begins with the name of what follows. */
void pen_field(
	struct pen *p, enum mark mark, const char *sgr, const char *name);

/* Of a column of names that has `columns` so far, with `raw` in it as well. */
size_t pen_name_columns(size_t columns, const char *raw);

/* An empty line, but for the tree. */
void pen_blank(struct pen *p);

#endif
