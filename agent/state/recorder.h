/* recorder.h - one scan being remembered: where its events go */
#ifndef STATE_RECORDER_H
#define STATE_RECORDER_H

#include "model/alerts.h"
#include "model/digest.h"
#include "model/result.h"
#include "state/past.h"
#include "state/state.h"

/* A message that is put together, and to which notifier it goes. */
struct parcel {
	size_t notifier;
	struct digest *digest;
};

struct recorder {
	struct state *st;
	const struct results *rs;
	const struct alerts *alerts;
	const struct notifier_list *notifiers;
	const char *host;
	struct silences silences; /* of the configuration and the state */
	struct past past; /* at the target that is looked at */
	struct digest *all; /* every event that was not silenced */
	struct digest **to; /* one a notifier; NULL: nothing to tell it yet */
	struct parcel *parcels; /* complete */
	size_t n_parcels;
};

/* What is known of a target when its incidents are judged. */
struct target_news {
	time_t not_after; /* of its leaf; 0: not known */
	bool renewed; /* its certificate was never seen there before */
};

struct digest *recorder_digest(const struct recorder *rec);

/*
 * An event has happened at `t`: to each notifier to which news of one of
 * `severities` (SEVERITY_BITs) of it leads.
 */
void recorder_tell(struct recorder *rec, const struct target *t,
	const struct event *e, unsigned severities);

/* Into the history as `kind`, whose message it is. Returns 0, or -1, *err. */
int recorder_note(struct recorder *rec, const struct event *e, const char *kind,
	const char *message, struct error *err);

/* All of one target is told: a message may be complete. */
void recorder_end_target(struct recorder *rec);

/* All is told: into the outbox, what is worst first. */
int recorder_send(struct recorder *rec, struct error *err);
void recorder_release(struct recorder *rec);

/*
 * Remember the target itself and tell of a new certificate; targets come in
 * the order of their names. Then judge the findings of `r` against the
 * incidents known of it. Each returns 0, or -1 and *err.
 */
int recorder_target(struct recorder *rec, const struct result *r,
	struct target_news *news, struct error *err);
/* One that this scan did not look at: all that is known of it stays. */
int recorder_carry(
	struct recorder *rec, const struct result *r, struct error *err);
int recorder_incidents(struct recorder *rec, const struct result *r,
	const struct target_news *news, struct error *err);

#endif
