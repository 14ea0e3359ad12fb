/* incidents.h - what one look makes of one incident: rules, no database */
#ifndef STATE_INCIDENTS_H
#define STATE_INCIDENTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <time.h>

#include "model/alerts.h"
#include "model/digest.h"
#include "model/duration.h"
#include "model/finding.h"

#define NO_STEP INT64_MAX /* no expiry step crossed */
#define NO_EXPIRY INT64_MAX /* the finding is about no date */

/* For so long what is resolved is remembered, and comes back as the same. */
#define INCIDENT_MEMORY_S (7 * DAY_S)
#define INCIDENT_MAX_PATIENCE 16 /* good looks in a row */

enum phase {
	PHASE_NONE, /* never seen, or forgotten: there is nothing to keep */
	PHASE_PENDING, /* seen, and not open yet */
	PHASE_OPEN,
	PHASE_RESTING, /* resolved, and remembered */
};

/* How an incident stands. */
struct incident_standing {
	enum phase phase;
	bool silenced; /* while open: when last looked at */
	enum severity severity; /* when last seen */
	enum severity level; /* the worst of it that has not eased */
	int64_t step; /* the smallest expiry step crossed, in seconds */
	int64_t scans; /* before it opens: how many did not refute it */

	unsigned told; /* SEVERITY_BITs of all that was told; 0: nothing yet */
	enum severity told_level; /* as level and step when last told */
	int64_t told_step;
	time_t told_at;

	int64_t turns; /* how often it got better */
	int64_t good; /* looks in a row that did not find it */
	time_t good_at; /* the first of them */
	int64_t calm; /* looks in a row that found it milder than `level` */
	time_t resolved_at; /* 0: it is not resolved */
};

/* What the look at its target found of it. */
struct sighting {
	bool looked; /* certificates were seen */
	bool found; /* of warning or worse; else only `looked` counts */
	bool network; /* a lost packet may have caused the finding */
	bool silenced; /* a silence holds for it now */
	bool renewed; /* the target has a certificate never seen there */
	enum severity severity;
	int64_t seconds_left; /* NO_EXPIRY: not an expiry */
};

#define NO_EVENT (-1)

/* Each an enum event_kind, or NO_EVENT. */
struct verdict {
	int happened; /* for the history */
	int tell; /* for whoever is told of such things */
};

/*
 * Bring `s` up to date.
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
 * What comes and goes (one of two servers behind a name has the wrong
 * certificate, an endpoint fails now and then) is one incident, told a few
 * times and then no more: what comes back within INCIDENT_MEMORY_S of its end
 * has the id it had, and each time it got better doubles the number of good
 * looks in a row that it takes to call it better again: 1, 2, 4, 8, 16. By
 * turns at each scan that makes three messages: opened, resolved, opened.
 * The same count holds for one that only becomes milder, and worse again.
 * Good looks alone for INCIDENT_MEMORY_S are enough, however few; and where a
 * certificate has come that was never seen at this target, somebody has acted:
 * the first good look resolves it.
 *
 * While it is silenced nothing is told, but its end to those who were told of
 * it. When the silence is over, what is still so and was not told, is told
 * with the next look that finds it: that it opened, or that it became worse.
 *
 * A reminder comes only from a scan that has seen it: what is told is true.
 */
struct verdict incident_judge(struct incident_standing *s,
	const struct sighting *now_seen, const struct alerts *rules,
	time_t now);

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
