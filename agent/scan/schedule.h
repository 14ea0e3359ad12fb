/* schedule.h - which target is to be looked at when */
#ifndef SCAN_SCHEDULE_H
#define SCAN_SCHEDULE_H

#include <stdbool.h>
#include <stdint.h>
#include <time.h>

/*
 * No clock in here: moments are wall time, for that is what looks are dated by
 * in the state, and so a restart begins nothing anew.
 */
struct schedule {
	int64_t every_s; /* in place of each target's own interval; 0: theirs */
	uint64_t seed; /* another agent's looks come at other moments */
};

/*
 * When a target is due that is looked at each `interval_s`: that long after
 * its `last` look, or up to a tenth earlier, which is the same for all looks
 * of one moment, and differs from agent to agent. `now`: it was never looked at
 * (0), or its look is dated ahead of the clock, which was set back since.
 */
time_t schedule_due_at(
	const struct schedule *s, int64_t interval_s, time_t last, time_t now);

/*
 * Is it due at `now`? Also if it will be in a moment, by the measure of its
 * interval: then it goes along with the others, instead of being alone later.
 */
bool schedule_is_due(
	const struct schedule *s, int64_t interval_s, time_t last, time_t now);

/*
 * Seconds until what has failed so often (1 and more) is tried again: soon at
 * first, later seldom.
 */
int64_t schedule_retry_s(unsigned failures);

#endif
