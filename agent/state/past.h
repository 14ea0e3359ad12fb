/* past.h - what the last scans left, read once beside the results of this one
 */
#ifndef STATE_PAST_H
#define STATE_PAST_H

#include "state/store.h"

/*
 * The rows of `target` and `incident` in the order of names (strcmp), in which
 * they are asked for: a scan of many targets costs one pass, not a search for
 * each. A row that was read, and those before it, may be changed while the pass
 * goes on (sqlite.org/isolation.html, "no isolation between operations on the
 * same database connection"); its text stays until the next name is asked for.
 */
struct past {
	struct state *st;
	sqlite3_stmt *targets, *incidents; /* at a row; NULL: past the last */
	const char *name; /* asked for last; borrowed */
	bool met; /* the row of `targets` is its own */
};

/* Each returns -1 and *err if the state cannot be read or written. */
int past_begin(struct past *p, struct state *st, struct error *err);

/*
 * Go on to `name`, which comes behind those asked for before and lives as long
 * as `p`. Whatever lies between is in the configuration no more: its row goes,
 * and its incidents with it. 1: `targets` is at the row of `name`; 0: there is
 * none.
 */
int past_target(struct past *p, const char *name, struct error *err);

/* 1: `incidents` is at the next row of p->name; 0: there is no other. */
int past_incident(struct past *p, struct error *err);
/* To the row behind that, once it is read. Returns 0. */
int past_incident_step(struct past *p, struct error *err);

/* What is left belongs to no target. Returns 0. */
int past_end(struct past *p, struct error *err);

#endif
