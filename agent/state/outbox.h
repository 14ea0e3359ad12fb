/* outbox.h - messages on their way; state.h has what others need of it */
#ifndef STATE_OUTBOX_H
#define STATE_OUTBOX_H

#include "model/digest.h"
#include "model/error.h"
#include "state/state.h"

/*
 * Put `d`, whose id is set, into the outbox for `notifier`, due at once.
 * Within the caller's transaction. Returns 0, or -1 and *err.
 */
int outbox_add(struct state *st, const char *notifier, const struct digest *d,
	struct error *err);

/* Forget what was given up long ago. */
int outbox_prune(struct state *st, time_t now, struct error *err);

/*
 * Seconds to wait after the `attempts`-th failed try, `chance` of 0 to
 * UINT32_MAX being the jitter.
 */
int64_t outbox_delay(int64_t attempts, uint32_t chance);

#endif
