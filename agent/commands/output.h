/* output.h - what a terminal is told, and what a pipe is */
#ifndef COMMANDS_OUTPUT_H
#define COMMANDS_OUTPUT_H

#include "report/report.h"
#include "scan/scan.h"

/*
 * Colour, width and lines, if stdout is a terminal (NO_COLOR, TERM and the
 * locale's name are honoured).
 */
void output_terminal(struct report_options *opt);

/* Render to opt->to, or, NULL, to stdout: 0, or -1 if that takes no more. */
int output_report(const struct report *r, const struct results *rs,
	const struct report_options *opt);

/*
 * What stdout no longer took, by errno, is told, unless nobody is left there to
 * read. Returns STATUS_UNKNOWN.
 */
int output_failed(void);

/*
 * Render to a file that takes the place of `path`, whole or not at all;
 * `through`: as aside_open_through() finds it. Returns 0, or -1 and *err.
 */
int output_file(const char *path, bool through, const struct report *r,
	const struct results *rs, const struct report_options *opt,
	struct error *err);

/* A line on stderr that is rewritten as a scan goes on; none on a pipe. */
struct progress {
	int on;
	int64_t begin_ms, shown_ms;
};

void progress_init(struct progress *p);
/* scan_options.progress: `arg` is a struct progress. */
void progress_show(void *arg, const struct scan_progress *now);
void progress_clear(struct progress *p);

#endif
