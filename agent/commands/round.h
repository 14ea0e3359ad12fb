/* round.h - one whole scan: look, remember, show, tell */
#ifndef COMMANDS_ROUND_H
#define COMMANDS_ROUND_H

#include <stdbool.h>
#include <time.h>

#include "config/config.h"
#include "report/report.h"

struct round {
	const char *state; /* in place of the configured one, or NULL */
	const struct report *report;
	struct report_options show;
	bool quiet; /* complaints alone */
	bool fresh; /* unchanged files are read again */
	struct phases *phases; /* where the time goes; NULL: nobody asks */
	time_t now;
	bool rehearsal; /* `now` is not the time that it is */
};

/*
 * Look at all that `c` names, remember it, and tell what is new. Complaints go
 * to stderr. Returns the exit status: that of the worst target, or
 * STATUS_UNKNOWN where the agent could not do its work.
 */
int round_run(const struct round *round, const struct config *c);

#endif
