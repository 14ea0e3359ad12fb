/* round.h - one whole scan: look, remember, show, tell */
#ifndef COMMANDS_ROUND_H
#define COMMANDS_ROUND_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <time.h>

#include "config/config.h"
#include "model/error.h"
#include "model/result.h"
#include "report/report.h"
#include "scan/schedule.h"

/* How far it is, for who would end it: what is not recorded yet may be lost. */
enum round_stage { ROUND_LOOKS, ROUND_TELLS };

/* What came of it; all is as it was where it did not get so far. */
struct round_outcome {
	bool scanned; /* a scan is recorded; else nothing was due, or: */
	bool failed; /* it could not do its work, and has said so: */
	struct error why;
	time_t last; /* when the last scan was */
	struct summary sum; /* what it, or those before it, found */
	time_t next; /* when the next target is due; 0: there is none */
	time_t next_delivery; /* when a message is to be tried; 0: none waits */
	size_t n_waiting, n_given_up; /* messages */
};

struct round {
	const char *state; /* in place of the configured one, or NULL */
	const struct report *report;
	struct report_options show;
	bool quiet; /* complaints alone */
	bool fresh; /* unchanged files are read again */
	struct phases *phases; /* where the time goes; NULL: nobody asks */
	time_t now;
	bool rehearsal; /* `now` is not the time that it is */

	/* For who stays resident; each may be left out. */
	const struct schedule *schedule; /* who is due; NULL: all are */
	bool all; /* are due, whatever the schedule says */
	const atomic_bool *stop; /* once it is true nothing more is begun */
	/* It goes on, and will be heard of again within that time. */
	void (*alive)(void *arg, enum round_stage stage, int64_t within_ms);
	void *alive_arg;
	struct round_outcome *outcome; /* with a schedule, or NULL */
};

/*
 * Look at all that `c` names, remember it, and tell what is new. Complaints go
 * to stderr. Returns the exit status: that of the worst target, or
 * STATUS_UNKNOWN where the agent could not do its work.
 */
int round_run(const struct round *round, const struct config *c);

/* Deliver what is due, and nothing else. */
int round_deliver(const struct round *round, const struct config *c);

#endif
