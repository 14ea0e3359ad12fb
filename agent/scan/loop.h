/* loop.h - many waits at a time on one thread, each on a fiber of its own */
#ifndef SCAN_LOOP_H
#define SCAN_LOOP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "model/error.h"

struct loop_work {
	/* The next piece of work is *item; false: there is no more. */
	bool (*next)(void *arg, size_t *item);
	/* Do it, on a fiber; where it waits is up to it. */
	void (*run)(void *arg, size_t item);
	void *arg;

	size_t slots; /* pieces under way at a time, at the most */

	/*
	 * Of these, so many that are lively: who has been silent for long does
	 * not count, for he takes no time but his own. Dead endpoints cost
	 * slots, and the others do not wait for them. It is fewer where pieces
	 * would take more than a share of `limit_ms`, what the hastiest of
	 * them is given: then this machine or its network has no more to give,
	 * and who is begun with too early is only late.
	 */
	size_t busy;
	int64_t limit_ms;
};

/*
 * Do all of it. Returns 0, or -1 and *err where nothing could be done: there
 * are no descriptors or no memory for one stack.
 */
int loop_run(const struct loop_work *work, struct error *err);

/* Is this code running on a fiber of a loop? */
bool loop_is_here(void);

/*
 * Leave the thread to the others until `fd` has one of poll()'s `events`, or
 * until the deadline (CLOCK_MONOTONIC); `fd` -1: until then. Returns the
 * events, 0 at the deadline, or -1 and errno. What has arrived comes before
 * the deadline, however late it is looked at. Only where loop_is_here().
 */
int loop_wait(int fd, short events, int64_t deadline_ms);

#endif
