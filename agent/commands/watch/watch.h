/* watch.h - the parts of `certvigil watch` */
#ifndef COMMANDS_WATCH_WATCH_H
#define COMMANDS_WATCH_WATCH_H

#include <pthread.h>
#include <stdatomic.h>

#include "commands/round.h"
#include "commands/watch/bell.h"
#include "commands/watch/pulse.h"
#include "model/buf.h"

/* What is to be done next; each includes those before it. */
enum watch_wish {
	WISH_NOTHING,
	WISH_DELIVERIES, /* messages whose next try has come */
	WISH_DUE, /* a round of what is due */
	WISH_ALL, /* a round of everything */
};

struct watch {
	/* as it was called */
	const char *path; /* of the configuration */
	const char *state; /* in place of the configured one, or NULL */
	struct schedule schedule;

	struct config *config; /* in force */
	struct config *pending; /* taken up when the work has ended, or NULL */
	char *refused; /* what is wrong with a newer one; NULL: nothing */

	struct bell bell;
	enum watch_wish wish;
	time_t next; /* when a target is due */
	time_t next_delivery; /* 0: no message waits */
	int64_t retry_s; /* what has failed is tried again; 0: nothing has */
	enum watch_wish again; /* which was that */
	unsigned failures; /* in a row */

	/*
	 * The work is done on a thread of its own, so that signals and the
	 * watchdog are answered meanwhile. Until it has ended, what stands here
	 * is its own, but for what is atomic.
	 */
	bool working;
	enum watch_wish work; /* which */
	pthread_t thread;
	struct round round;
	struct round_outcome outcome;
	struct pulse pulse;
	_Atomic enum round_stage stage;
	atomic_bool stop;

	struct round_outcome told; /* by the last that has ended */
	time_t since; /* when the work was begun */
	bool stuck; /* which has been told */
	int64_t watchdog_ms; /* 0: there is none */
	bool stopping;
	int64_t stopped_ms; /* since when; CLOCK_MONOTONIC */
};

/* Until it is to end: on SIGTERM or SIGINT. Returns the exit status. */
int watch_go_on(struct watch *w);

/* Begin w->wish on the thread; it rings when it has ended. */
void watch_work_begin(struct watch *w);
/* It has: take what came of it, and wait for what comes next. */
void watch_work_end(struct watch *w);

/* What it does, for systemctl status. */
void watch_status(struct buf *out, const struct watch *w, time_t now);
/* Tell the service manager that, and `more` lines before it, such as READY=1 */
void watch_notify(const struct watch *w, const char *more);

#endif
