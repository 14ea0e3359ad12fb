/* memory.h - what a command knows without looking at any target */
#ifndef COMMANDS_MEMORY_H
#define COMMANDS_MEMORY_H

#include <stdbool.h>
#include <time.h>

#include "config/config.h"
#include "state/state.h"

/*
 * Begins as { 0 }, and ends with memory_release(). Of several silences that
 * say the same the state's stand first.
 */
struct memory {
	const struct config *config; /* NULL: only the state was named */
	struct config *loaded; /* that, where memory_find() has read it */
	const char *path; /* of the state; borrowed */
	time_t now;

	struct known_targets targets;
	struct known_incidents incidents;
	struct silences own; /* the state's */
	struct silences silences; /* those and the configured; borrowed */
};

/*
 * Which state: `state` where it is not NULL, else the configured one. The
 * configuration is read unless `state` alone is given. Returns 0, or -1 and
 * what is wrong with it in `complaints`.
 */
int memory_find(struct memory *m, const char *config, const char *state,
	struct buf *complaints);

/* memory_find(), and what is wrong is told on stderr. */
int memory_find_or_tell(
	struct memory *m, const char *config, const char *state);

/*
 * All of it as of `now`; `st` NULL: there is no state yet. Returns 0, or -1
 * and *err.
 */
int memory_read(
	struct memory *m, struct state *st, time_t now, struct error *err);
void memory_release(struct memory *m);

/* For outputs that want it; it borrows from both. */
struct standing memory_standing(
	const struct memory *m, const struct messages *messages);

/* How many open incidents `s` covers, whenever it begins. */
size_t memory_covered(const struct memory *m, const struct silence *s);

/* Does the glob fit a target that is known, or is configured? */
bool memory_fits_target(const struct memory *m, const char *glob);

/* "; did you mean "x"?", or a few targets that there are. */
void memory_suggest_target(
	struct buf *out, const struct memory *m, const char *glob);

#endif
