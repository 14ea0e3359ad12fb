/* check_options.h - what `certvigil check` is asked for */
#ifndef COMMANDS_CHECK_OPTIONS_H
#define COMMANDS_CHECK_OPTIONS_H

#include <stdbool.h>
#include <time.h>

#include "model/target.h"
#include "report/report.h"

struct ask {
	struct arena *arena;
	struct target base; /* what every target gets, if it is of its kind */
	struct words targets; /* as written */
	struct words hosts; /* of -H */
	const char *port; /* of -p, or NULL */
	bool thresholds[2]; /* warning, critical were given */
	const char *for_files, *for_endpoints; /* an option that was, or NULL */
	time_t now;
	const struct report *report;
	struct report_options show;
};

extern const char check_help[]; /* check_help.c */

/*
 * Read the command line into *ask, defaults first. Returns STATUS_OK, what
 * command_usage() returns, or STATUS_UNKNOWN after -h and -V, which plugins
 * answer so.
 */
int check_options_read(struct ask *ask, int argc, char **argv);

#endif
