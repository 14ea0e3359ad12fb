/* alerts.h - who is told what, and how often */
#ifndef MODEL_ALERTS_H
#define MODEL_ALERTS_H

#include <stdint.h>

#include "model/finding.h"
#include "model/target.h"

/* Severities a route may ask for: this one and worse. */
enum { ROUTE_ANY_SEVERITY = 0 };

/* The first route that fits takes the event, unless it says `continue`. */
struct route {
	const char *owner; /* NULL: any */
	int64_t severity; /* enum severity: this and worse; 0: any */
	struct words notify; /* names of notifiers; none: nobody is told */
	bool proceed; /* `continue`: look at the routes below as well */
};

struct routes {
	struct route *v;
	size_t n;
};

struct durations {
	int64_t *v; /* seconds */
	size_t n;
};

struct alerts {
	struct durations steps; /* a new message as each is crossed */
	int64_t repeat_s; /* while a critical one stays open; 0: never */
	int64_t confirm; /* scans an endpoint must fail before it counts */
	struct routes routes; /* none: every event goes to every notifier */
	int64_t give_up_s; /* a message is tried for so long */
	int64_t notify_timeout_ms; /* for all deliveries of one scan */
};

#endif
