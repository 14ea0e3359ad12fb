/* stopwatch.h - where the time of a scan goes */
#ifndef SCAN_STOPWATCH_H
#define SCAN_STOPWATCH_H

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>

#include "model/phases.h"

/* What all targets of a scan spend. */
struct timesheet {
	atomic_size_t under_way[PHASES]; /* targets that are in it now */
	bool wanted; /* times: they cost a little themselves */
	pthread_mutex_t lock; /* for what follows */
	struct phases spent;
};

/* `wanted`: are times asked for? Released by timesheet_end(). */
void timesheet_begin(struct timesheet *sheet, bool wanted);
/* What was spent is added to *sum, unless that is NULL. */
void timesheet_end(struct timesheet *sheet, struct phases *sum);

/* One target's. A NULL stopwatch, or one without a sheet, measures nothing. */
struct stopwatch {
	struct timesheet *sheet;
	enum phase phase; /* PHASES: none */
	int64_t wall_us, cpu_us; /* when it was entered, or last went on */
	struct phases spent;
};

void stopwatch_begin(struct stopwatch *w, struct timesheet *sheet);
/* On to `p`; PHASES: it is over, and all is added to the sheet. */
void stopwatch_enter(struct stopwatch *w, enum phase p);
/* Around a wait, in which others have the thread. */
void stopwatch_pause(struct stopwatch *w);
void stopwatch_go_on(struct stopwatch *w);

#endif
