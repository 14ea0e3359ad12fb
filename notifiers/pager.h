/* pager.h - what formats share that keep one alert an incident */
#ifndef NOTIFIERS_PAGER_H
#define NOTIFIERS_PAGER_H

#include <stddef.h>

#include <jansson.h>

#include "model/buf.h"
#include "model/digest.h"
#include "model/error.h"
#include "notifiers/format.h"

/*
 * Events of one message that become requests of their own. All of them
 * share the message's timeout, and a try that fails begins anew, so more
 * would never arrive; services take about 120 in a minute.
 */
#define PAGER_MOST 50

/* Borrowed from the digest; renewals are nothing that anybody is paged for. */
struct pager_pick {
	const struct event *v[PAGER_MOST];
	size_t n; /* trouble, worst first; then what is over */
	size_t more, more_resolved; /* for which there was no room */
};

/*
 * Half of the room is for each, trouble and what is over, unless the other
 * has no need of it.
 */
void pager_pick(struct pager_pick *out, const struct digest *d);

/* "and 12 more ...": what there was no room for, and where to see it. */
void pager_more(
	struct buf *out, const struct digest *d, const struct pager_pick *p);

/*
 * `s` on one line, without control and hidden characters, "..." where it is
 * cut to `max` characters: code units of UTF-16, of which no service counts
 * fewer than characters.
 */
void pager_text(struct buf *out, const char *s, size_t max);

/* The same as a string of a JSON object; nothing if `s` is NULL or empty. */
void pager_put(json_t *object, const char *key, const char *s, size_t max);

/* The moment, unless it is not known or in a year that RFC 3339 lacks. */
void pager_put_moment(json_t *object, const char *key, time_t t);

/* "www.example.com: expired 3 days ago" */
void pager_summary(struct buf *out, const struct event *e, size_t max);

/* By which the service knows the incident again. */
const char *pager_key(const struct digest *d, const struct event *e);

/*
 * `url` with `path` behind its own, unless it ends so already, and `query`
 * if that is not NULL. For free(); NULL if `url` is none.
 */
char *pager_url(const char *url, const char *path, const char *query);

/* "NAME: VALUE" among the headers. */
void pager_header(struct post *p, const char *name, const char *scheme,
	const char *token);

/* Can the token stand in a header? 0, or -1 and *err. */
int pager_check_token(const struct account *a, struct error *err);

/* The target's tags as one text, "production, shop"; nothing if it has none. */
void pager_tags(struct buf *out, const struct event *e);

#endif
