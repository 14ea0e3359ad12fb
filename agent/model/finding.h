/* finding.h - one judged fact, with a stable id such as expiry.soon */
#ifndef MODEL_FINDING_H
#define MODEL_FINDING_H

#include <stdbool.h>
#include <stddef.h>

#include <jansson.h>

/* In this order the worst of several counts; the values are exit statuses. */
enum severity { SEV_OK, SEV_WARNING, SEV_CRITICAL, SEV_UNKNOWN };

const char *severity_name(enum severity s); /* "ok", "warning", ... */
int severity_parse(const char *s, enum severity *out); /* 0, or -1 */

/*
 * What is known of a finding id: one row of the catalogue, from which
 * `certvigil explain` and certvigil-findings(7) are made.
 */
struct finding_kind {
	const char *id;
	enum severity severity; /* unless a check or the configuration says */
	bool network; /* a lost packet may cause it: alerts.confirm counts */
	const char *title; /* half a line */
	const char *meaning; /* what it means and how it was judged */
	const char *remedy; /* what to do */
};

/* The i-th row of the catalogue, area by area, or NULL past the last. */
const struct finding_kind *finding_kind_at(size_t i);
const struct finding_kind *finding_kind(const char *id); /* or NULL */
size_t finding_kind_place(const struct finding_kind *kind); /* that `i` */

struct finding {
	const struct finding_kind *kind;
	enum severity severity;
	/*
	 * What it is about, the same from scan to scan: a fingerprint, a name
	 * or an address. With the target and the id it is an incident's key.
	 */
	char *subject;
	char *message; /* what is wrong, want and have; without the target */
	char *hint; /* what to do; NULL: kind->remedy */
	char *details; /* for machines, or NULL: see finding_details() */
};

struct findings {
	struct finding *v;
	size_t n;
};

/*
 * Append one finding of catalogue id `id` (our mistake if it is not there)
 * with its default severity. Strings are copied. The pointer is good until
 * the next call.
 */
struct finding *findings_add(struct findings *fs, const char *id,
	const char *subject, const char *fmt, ...)
	__attribute__((format(printf, 4, 5)));
void finding_hint(struct finding *f, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));
const char *finding_remedy(const struct finding *f); /* hint or remedy */
/* Takes over `value`. A key is a word of our own, and told once. */
void finding_detail(struct finding *f, const char *key, json_t *value);
/* What was told, an object for json_decref(); without any an empty one. */
json_t *finding_details(const struct finding *f);

enum severity findings_worst(const struct findings *fs);
/* The first of the worst ones, or NULL. */
const struct finding *findings_lead(const struct findings *fs);
void findings_remove(struct findings *fs, size_t i);
void findings_release(struct findings *fs);

#endif
