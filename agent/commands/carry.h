/* carry.h - what a scan does not look at, because it is not due */
#ifndef COMMANDS_CARRY_H
#define COMMANDS_CARRY_H

#include <stdbool.h>

#include "model/look.h"
#include "scan/scan.h"
#include "scan/schedule.h"
#include "state/state.h"

struct carry_request {
	const struct targets *targets;
	const struct looks *looks; /* of the same targets; or NULL */
	const struct schedule *schedule;
	bool all; /* all of them are due */
	time_t now;
};

/* Begins as { 0 }, and ends with carry_release(). */
struct carry {
	struct result **v; /* for scan_options.carried; NULL: nothing is */
	/* Until carry_hand_over(); those of targets point to these. */
	struct remembered known;
	size_t n_due; /* targets that are */
	size_t n_gone; /* that are remembered, and are there no more */
};

/*
 * Who is due: by the schedule; what no scan has seen yet; files that may have
 * changed since they were read (recall.h), whenever anything is; and all where
 * the configuration, the program or a trust store is another than at the last
 * scan, or nobody knows (a trust store that was changed this moment, or is not
 * there), so that a change of it tells at once. Of the others what is known is
 * in c->v, by target. Returns 0, or -1 and *err.
 */
int carry_begin(struct carry *c, const struct carry_request *request,
	struct state *st, struct error *err);
/* scan_run() has taken what is in c->v, and their shelf. */
void carry_hand_over(struct carry *c);
void carry_release(struct carry *c);

#endif
