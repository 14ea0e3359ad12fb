/* deliver.h - empty the outbox */
#ifndef SCAN_DELIVER_H
#define SCAN_DELIVER_H

#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>
#include <time.h>

#include "model/alerts.h"
#include "model/error.h"
#include "model/key.h"
#include "state/state.h"

struct delivery_note {
	const char *notifier;
	const char *id;
	const char *answer;
	int delivered, gave_up;
};

struct deliver_options {
	time_t now;
	int64_t timeout_ms; /* for all of it */
	int64_t give_up_s;
	/* Called for each try, one at a time; or NULL. */
	void (*note)(void *arg, const struct delivery_note *n);
	void *note_arg;
	/* Once it is true no other try is begun; NULL: nothing stops it. */
	const atomic_bool *stop;
};

/*
 * Send what is due, each notifier on a thread of its own, so that a dead
 * receiver delays no other; between two messages it is left alone for as long
 * as its notifier says. What fails stays, and so does what is behind it,
 * unless only that message was refused; and what there is no time for.
 * Returns 0, or -1 and *err if the state could not be read or written.
 */
int deliver_due(struct state *st, const struct notifier_list *notifiers,
	const struct deliver_options *opt, struct error *err);

#endif
