/* incidents.h - what one look makes of one incident: rules, no database */
#ifndef STATE_INCIDENTS_H
#define STATE_INCIDENTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <time.h>

#include "model/alerts.h"
#include "model/digest.h"
#include "model/finding.h"

#define NO_STEP INT64_MAX /* no expiry step crossed */
#define NO_EXPIRY INT64_MAX /* the finding is about no date */

enum phase {
	PHASE_NONE, /* never seen, or over: there is nothing to keep */
	PHASE_PENDING, /* seen, and nobody told yet */
	PHASE_OPEN,
};

/* How an incident stands. */
struct standing {
	enum phase phase;
	enum severity severity; /* when last seen */
	unsigned told; /* SEVERITY_BITs of all that was told of it */
	int64_t scans; /* while pending: how many did not refute it */
	int64_t step; /* the smallest expiry step crossed, in seconds */
	time_t told_at;
};

/* What the look at its target found of it. */
struct sighting {
	bool looked; /* certificates were seen */
	bool found; /* of warning or worse; else only `looked` counts */
	bool network; /* a lost packet may have caused the finding */
	enum severity severity;
	int64_t seconds_left; /* NO_EXPIRY: not an expiry */
};

#define NO_EVENT (-1)

/*
 * Bring `s` up to date. Returns an enum event_kind to be told, or NO_EVENT.
 *
 * A finding opens an incident when it is first seen; one that says that
 * nothing could be seen only after `confirm` scans in a row. A scan whose
 * look failed in another way counts as one of them, but what it did not see
 * does not open then; a look that succeeds starts the count anew.
 *
 * It ends when a look succeeds and does not find it. So an endpoint that was
 * silent and now refuses keeps its first incident open beside the second,
 * and the first good look resolves both.
 *
 * A reminder comes only from a scan that has seen it: what is told is true.
 */
int incident_judge(struct standing *s, const struct sighting *now_seen,
	const struct alerts *rules, time_t now);

/* The look at one target as the rules see finding `f` of it, or none. */
struct sighting incident_sighting(bool looked, const struct finding *f);

/*
 * Is finding `a` the same trouble as `b` of another scan? Their ids and
 * subjects are equal, or one is the end of what the other announced: then
 * the incident goes on, as "expires in a day" is not resolved by expiring.
 */
bool incident_same(const char *id_a, const char *subject_a, const char *id_b,
	const char *subject_b);

#endif
