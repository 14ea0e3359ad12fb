/* digest.h - what is told: events, and the message that carries them */
#ifndef MODEL_DIGEST_H
#define MODEL_DIGEST_H

#include <stdbool.h>
#include <stddef.h>
#include <time.h>

#include <jansson.h>

#include "model/alloc.h"
#include "model/buf.h"
#include "model/error.h"
#include "model/finding.h"

enum event_kind {
	EVENT_OPENED,
	EVENT_ESCALATED, /* a higher severity, or an expiry step crossed */
	EVENT_REPEATED, /* still open, and `repeat` has passed */
	EVENT_RESOLVED,
	EVENT_RENEWED, /* another certificate than last time */
	EVENT_TEST,
};
#define EVENT_KINDS (EVENT_TEST + 1)

const char *event_name(enum event_kind k); /* "opened", ... */

/*
 * One thing that happened to one target. Strings are its own; those marked *
 * may be NULL.
 */
struct event {
	enum event_kind kind;
	char *incident; /* stable while the incident is open; * when renewed */
	char *target, *address;
	char *owner; /* * */
	struct strlist tags; /* of the target; none in digests of old */
	char *finding; /* id; * when renewed */
	char *subject; /* * */
	enum severity severity; /* of the finding; of a resolved one: before */
	char *message;
	char *hint; /* * */
	time_t opened_at;
	time_t not_after; /* of the target's leaf now; 0: not known */
	time_t old_not_after; /* renewed: what it was; 0: not known */
	char *old_sha256, *new_sha256; /* renewed; * */
};

/* One message to one notifier: all that one scan has to tell it. */
struct digest {
	char *id; /* "msg_...": the same on every try (Standard Webhooks) */
	char *host; /* the machine that scanned */
	time_t time; /* of the scan */
	struct event *v; /* worst first */
	size_t n;
	/* What the events point to is another digest's, which outlives it. */
	bool lent;
};

void event_copy(struct event *dst, const struct event *src);
void event_release(struct event *e);
/* A copy, or, where `d` is lent, the event alone. */
void digest_add(struct digest *d, const struct event *e);
/*
 * Trouble first: by severity, news before reminders, by what ends first; then
 * by target.
 */
void digest_sort(struct digest *d);
/* The same of two sorted ones, by what leads each; none is empty. */
int digest_compare(const struct digest *a, const struct digest *b);
void digest_free(struct digest *d); /* NULL does nothing; frees d itself */
DEFINE_CLEANUP(struct digest, digest_free)

/* "msg_" and 128 random bits in hex; the caller's to free(). */
char *digest_new_id(void);

/* The worst severity that is news: opened, escalated or repeated. */
enum severity digest_worst(const struct digest *d);
/* How many events are of this kind. */
size_t digest_count(const struct digest *d, enum event_kind k);

/*
 * One line on the worst of it and the count, such as "CRITICAL:
 * www.example.com: expired 3 days ago (+2 more)". The caller's to free().
 */
char *digest_subject(const struct digest *d);

/* The form in which the outbox keeps a digest, and webhooks carry it. */
json_t *digest_to_json(const struct digest *d);
/* Its compact text, without the whole of it in memory as a tree. */
void digest_print(struct buf *out, const struct digest *d);
/* Returns a digest for digest_free(), or NULL and *err. */
struct digest *digest_from_json(const json_t *j, struct error *err);

#endif
