/* html.h - the parts of the page, and what they share; for html*.c alone */
#ifndef REPORT_HTML_HTML_H
#define REPORT_HTML_HTML_H

#include "report/reports.h"

/* What was told of a result, apart from what somebody wants silence on. */
struct html_concern {
	enum severity loud; /* the worst that is not silenced */
	bool hushed; /* something is */
};

/* A CA's certificate, which is shown once, however many chains hold it. */
struct html_authority {
	const struct cert *cert;
	size_t n_targets; /* whose chains or files hold it */
	size_t last; /* the index of the last of them, and 1 */
};

struct html_authorities {
	struct html_authority *v;
	size_t n;
	size_t *slots, n_slots; /* by fingerprint: a place in v, and 1 */
};

/* Built by html_page_begin(), and borrowed by all parts. */
struct html_page {
	struct buf *out;
	const struct results *rs;
	const struct report_options *opt;
	const struct standing *standing; /* NULL: nothing is known beside */
	time_t now; /* by which "in 12 days" is told */
	size_t *order; /* indices of rs->v, worst first */
	struct html_concern *concerns; /* one for each of rs->v */
	const struct known_incident **incidents; /* sorted by their keys */
	size_t n_incidents;
	struct html_authorities authorities;
};

void html_page_begin(struct html_page *p, struct buf *out,
	const struct results *rs, const struct report_options *opt);
void html_page_end(struct html_page *p);

/* The open one of a finding of `r`, or NULL. */
const struct known_incident *html_incident_of(const struct html_page *p,
	const struct result *r, const struct finding *f);
/* That holds now for the finding, or NULL. */
const struct silence *html_silence_of(const struct html_page *p,
	const struct result *r, const struct finding *f);

/* The style sheet and the script: files of their own, put in by the build. */
extern const char html_style[], html_script[];
/* "sha256-..." of one of them, as a policy names it (CSP Level 3, 2.3.1). */
void html_put_hash(struct buf *out, const char *embedded);

/* --- words */

#define HTML_NAME 256 /* bytes of a name that are shown, */
#define HTML_TEXT 2048 /* and of a sentence */

/* Escaped, also for attributes; what is longer than `max` ends in "…". */
void html_put(struct buf *out, const char *raw, size_t max);

/* "2026-12-02"; "2026-12-02 18:00 UTC" */
void html_put_date(struct buf *out, time_t t);
void html_put_moment(struct buf *out, time_t t);
/* "in 12 days", "3 days ago" */
void html_put_relative(struct buf *out, time_t t, time_t now);
/* "1,234 targets"; `plural` NULL: the number alone */
void html_put_count(
	struct buf *out, size_t n, const char *singular, const char *plural);
/* ids that stay the same from page to page: "t-...", "a-..." */
void html_put_target_id(struct buf *out, const char *name);
void html_put_authority_id(struct buf *out, const struct cert *c);

/* --- parts, in the order of the page */

void html_put_overview(struct html_page *p);
void html_put_attention(struct html_page *p);
void html_put_timeline(struct html_page *p);
void html_put_inventory(struct html_page *p);
void html_put_standing(struct html_page *p);
void html_put_authorities(struct html_page *p);

/* What a row of the inventory opens. */
void html_put_body(struct html_page *p, const struct result *r);
/* A line: whose it is (or NULL), open since when, silenced until when. */
void html_put_circumstances(struct html_page *p, const struct result *r,
	const struct finding *f, const char *owner);
/* Rows of a list of facts on a certificate. */
void html_put_cert(struct buf *out, const struct cert *c);
/* "EC prime256v1"; "RSA 2048" */
void html_put_key(struct buf *out, const struct cert *c);

/* --- the CA certificates of all chains (authorities.c) */

void html_authorities_gather(
	struct html_authorities *as, const struct results *rs);
void html_authorities_release(struct html_authorities *as);
/* Is it shown there, so that a chain may point to it? */
bool html_is_authority(const struct cert *c);

#endif
