/* report.h - show results: one file an output, one row here */
#ifndef REPORT_REPORT_H
#define REPORT_REPORT_H

#include <stdbool.h>
#include <stdio.h>

#include "model/buf.h"
#include "model/result.h"
#include "model/standing.h"

/* With what lines between one thing and the next are drawn. */
enum report_lines {
	LINES_NONE, /* a pipe */
	LINES_ASCII,
	LINES_UTF8,
};

struct report_options {
	unsigned verbose; /* 0 to 3 */
	bool colour;
	size_t width; /* of the terminal in columns; 0: as wide as needed */
	enum report_lines lines;
	/* What is known beside the results; NULL: a look without a state. */
	const struct standing *standing;
	/* Of `prometheus`: whose names are told as well (model/compat.h). */
	unsigned compat;
	/*
	 * Where the text goes as it grows, so that what is told of many targets
	 * is never whole in memory; NULL: all of it stays in `out`.
	 */
	FILE *to;
};

/* To opt->to, once it is worth a call; what fails is left to ferror(). */
void report_pass(struct buf *out, const struct report_options *opt);

struct report {
	const char *name; /* what --output calls it */
	const char *help;
	/* It tells opt->standing: a scan shows it once messages are sent. */
	bool tells_standing;
	void (*render)(struct buf *out, const struct results *rs,
		const struct report_options *opt);
};

extern const struct report *const report_table[]; /* NULL-terminated */
const struct report *report_find(const char *name); /* or NULL */

#endif
