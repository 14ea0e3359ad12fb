/* outline.h - a digest in the order and the words in which a mail tells it */
#ifndef NOTIFIERS_OUTLINE_H
#define NOTIFIERS_OUTLINE_H

#include "model/buf.h"
#include "model/digest.h"

enum outline_part { PART_TEST, PART_TROUBLE, PART_RESOLVED, PART_RENEWED };
#define OUTLINE_PARTS (PART_RENEWED + 1)

struct outline_row {
	const struct event *event; /* borrowed from the digest */
	enum outline_part part;
	bool new_part, new_target; /* a heading is due */
};

struct outline {
	struct outline_row *v;
	size_t n;
	size_t left_out; /* events that did not fit */
};

/* Part by part, the digest's order within, what is of one target together. */
void outline_make(struct outline *o, const struct digest *d, size_t most);
void outline_release(struct outline *o);

/*
 * Words; each appends raw text, to be escaped by whoever uses it. None is
 * longer than a few hundred bytes, whatever a certificate says.
 */
void outline_cut(struct buf *out, const char *s); /* "..." where it is cut */
void outline_cut_to(struct buf *out, const char *s, size_t most);
/* "1 critical, 2 warning, 1 resolved", or "a test" */
void outline_summary(struct buf *out, const struct digest *d);
/*
 * "expires 2026-12-02 (in 12 days)"; nothing if it is not known, or if the
 * event's message tells the date.
 */
void outline_expiry(
	struct buf *out, const struct digest *d, const struct event *e);
/* "2026-11-20 18:00 UTC (new)" */
void outline_since(struct buf *out, const struct event *e);
/* "www.example.com: expired 3 days ago" */
void outline_brief(struct buf *out, const struct outline_row *row);
/* "2026-12-02 -> 2027-03-01", and whether that is a step back */
void outline_renewal(struct buf *out, const struct event *e);
/* What to do: the event's own hint, or the catalogue's; NULL: none. */
const char *outline_hint(const struct event *e);
const char *outline_severity(const struct event *e); /* "CRITICAL" */
/* "scan of", or of a test "sent": what the digest's time is that of. */
const char *outline_occasion(const struct digest *d);
/* The command that silences the first trouble told; nothing of none. */
void outline_silence(struct buf *out, const struct outline *o);
/* The first finding id told, or NULL: what `certvigil explain` can explain. */
const char *outline_finding(const struct outline *o);
/* "2026-11-20 18:00 UTC" */
void outline_moment(struct buf *out, time_t t);

#endif
