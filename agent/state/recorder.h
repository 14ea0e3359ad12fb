/* recorder.h - one scan being remembered: where its events go */
#ifndef STATE_RECORDER_H
#define STATE_RECORDER_H

#include "model/alerts.h"
#include "model/digest.h"
#include "model/result.h"
#include "state/state.h"

struct recorder {
	struct state *st;
	const struct results *rs;
	const struct alerts *alerts;
	const struct notifier_list *notifiers;
	const char *host;
	struct digest *all; /* every event */
	struct digest **to; /* one a notifier; NULL: nothing to tell it */
};

/*
 * An event has happened: into the history, and to each notifier to which
 * news of one of `severities` (SEVERITY_BITs) of its target leads.
 */
int recorder_tell(struct recorder *rec, const struct event *e,
	unsigned severities, struct error *err);

/*
 * Judge the findings of `r` against the incidents known of its target, whose
 * row is written already. `not_after` is what is known of its leaf. Each
 * returns 0, or -1 and *err.
 */
int recorder_incidents(struct recorder *rec, const struct result *r,
	time_t not_after, struct error *err);

/* Remember the target itself and tell of a new certificate. */
int recorder_target(struct recorder *rec, const struct result *r,
	time_t *not_after, struct error *err);

#endif
