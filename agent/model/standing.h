/* standing.h - what is known beside results: incidents, silences, messages */
#ifndef MODEL_STANDING_H
#define MODEL_STANDING_H

#include <stdbool.h>
#include <stddef.h>
#include <time.h>

#include "model/alerts.h"
#include "model/alloc.h"
#include "model/finding.h"

struct known_incident {
	char *id, *target, *finding, *subject, *message;
	char *address, *owner; /* the target's */
	enum severity severity;
	time_t opened_at, told_at; /* told_at 0: nobody was told yet */
	bool silenced; /* now, or, as far as is known, by the last scan */
	const struct silence *silence; /* that holds now; NULL: not known */
};

struct known_incidents {
	struct known_incident *v;
	size_t n;
	struct arena *texts; /* in which their strings live */
};

/* All borrowed. */
struct standing {
	time_t now; /* the time that it is: reports are read then */
	time_t last_scan; /* 0: never */
	const struct known_incidents *incidents; /* open, worst first */
	const struct silences *silences; /* that hold, or begin later */
	size_t n_waiting; /* messages that will be tried again */
	size_t n_given_up; /* that will not */
};

#endif
