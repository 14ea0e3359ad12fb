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

/* Render to stdout. Returns 0, or -1 when it could not be written. */
int output_report(const struct report *r, const struct results *rs,
	const struct report_options *opt);

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
