/* bell.h - what a resident agent is woken by */
#ifndef COMMANDS_WATCH_BELL_H
#define COMMANDS_WATCH_BELL_H

#include <stdbool.h>
#include <stdint.h>

#include "model/error.h"

struct bell {
	int signals; /* signalfd(2) */
	int alarm; /* timerfd of CLOCK_BOOTTIME: a machine asleep goes on */
	int clock; /* timerfd that tells when the wall clock is set */
	int done; /* eventfd: the work beside it has ended */
};

/* What it was. */
struct bell_rings {
	bool stop; /* SIGTERM, SIGINT */
	int stopped_by; /* which of them */
	bool reload; /* SIGHUP */
	bool now; /* SIGUSR1 */
	bool alarm;
	bool clock; /* it was set, or the machine has slept */
	bool done;
};

/*
 * From now on the signals are waited for, by this thread and those that it
 * begins. Returns 0, or -1 and *err; bell_release() either way.
 */
int bell_init(struct bell *b, struct error *err);
void bell_release(struct bell *b);

/* In so many seconds; another one set before rings no more. */
void bell_set(struct bell *b, int64_t in_s);

/* For another thread: the work is done. */
void bell_ring_done(struct bell *b);

/* Wait, for `timeout_ms` at most (-1: for ever). */
void bell_wait(struct bell *b, int64_t timeout_ms, struct bell_rings *out);

#endif
