/* alerts.h - who is told what, and how often */
#ifndef MODEL_ALERTS_H
#define MODEL_ALERTS_H

#include <stdbool.h>
#include <stdint.h>
#include <time.h>

#include "model/finding.h"
#include "model/target.h"

/* Severities a route may ask for: this one and worse. */
enum { ROUTE_ANY_SEVERITY = 0 };

/* The first route that fits takes the event, unless it says `continue`. */
struct route {
	const char *owner; /* NULL: any */
	struct words tags; /* the target has one of these; none: any */
	int64_t severity; /* enum severity: this and worse; 0: any */
	struct words notify; /* names of notifiers; none: nobody is told */
	bool proceed; /* `continue`: look at the routes below as well */
	bool otherwise; /* `default`: only for what no other route fits */
};

struct routes {
	struct route *v;
	size_t n;
};

struct durations {
	int64_t *v; /* seconds */
	size_t n;
};

/*
 * Trouble that is known: recorded, and told to nobody from `from` until, and
 * not including, `until`. Each pattern is a glob (fnmatch(3), `*` also fits a
 * slash): `target` of names or addresses, `finding` of ids.
 */
struct silence {
	const char *id; /* "sil_..."; NULL: the configuration's own */
	const char *target, *finding;
	const char *reason;
	const char *by; /* who asked for it; NULL: the configuration */
	time_t from, until;
};

struct silences {
	struct silence *v;
	size_t n;
};

/* Is `text` what the glob means, or the very same text? */
bool silence_fits(const char *glob, const char *text);

/*
 * The silence that holds at `now` for a finding of a target, or NULL; of
 * several the one that lasts longest. `finding` NULL asks for one of the whole
 * target, whose own pattern is "*".
 */
const struct silence *silences_find(const struct silences *all,
	const char *target, const char *address, const char *finding,
	time_t now);

/* What is one message. */
enum grouping { GROUP_SCAN, GROUP_TARGET };

struct alerts {
	struct durations steps; /* a new message as each is crossed */
	int64_t repeat_s; /* while a critical one stays open; 0: never */
	int64_t confirm; /* scans an endpoint must fail before it counts */
	struct routes routes; /* none: every event goes to every notifier */
	struct silences silences; /* the configuration's own */
	int64_t group; /* enum grouping */
	int64_t history_s; /* how long what happened is kept; 0: for ever */
	const char *heartbeat; /* URL fetched after a complete scan, or NULL */
	int64_t give_up_s; /* a message is tried for so long */
	int64_t notify_timeout_ms; /* for all deliveries of one scan */
};

#endif
