/* timing.h - where the time of a scan went */
#ifndef COMMANDS_TIMING_H
#define COMMANDS_TIMING_H

#include "scan/stopwatch.h"

/* A part of the scan that is no target's. */
struct timing {
	struct timesheet sheet;
	struct stopwatch watch;
	struct phases *sum;
};

/* A NULL `sum`: nobody asks, and nothing is measured. */
void timing_begin(struct timing *p, struct phases *sum, enum phase phase);
void timing_end(struct timing *p);

/* A table on stderr. */
void timing_print(const struct phases *phases);

#endif
