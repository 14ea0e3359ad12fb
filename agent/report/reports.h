/* reports.h - the rows of the table of outputs, and what they share */
#ifndef REPORT_REPORTS_H
#define REPORT_REPORTS_H

#include <jansson.h>

#include "report/report.h"

extern const struct report report_table_text;
extern const struct report report_nagios;
extern const struct report report_json;
extern const struct report report_checkmk;
extern const struct report report_prometheus;
extern const struct report report_ics;
extern const struct report report_csv;
extern const struct report report_html;

/*
 * `certvigil show`: the chain as a person reads it. It stands in no table, as
 * it wants results with an account.
 */
extern const struct report report_show;

/* By severity: "ok", "WARNING" ..., at most 8 columns; and SGR codes. */
extern const char *const report_words[];
extern const char *const report_colours[];

/* The worst finding in words, else the expiry: raw text, to be escaped. */
void put_headline(struct buf *out, const struct result *r, time_t now);

/*
 * Escaped text of at most `max` bytes, 16 or more: what is longer ends in
 * "...", never within a character or its escape.
 */
void line_cut(struct buf *line, size_t max);

/* How long a target's certificates last, in seconds. */
struct time_left {
	int64_t seconds; /* below 0: ended */
	int64_t warning, critical; /* judged so below them; 0: never */
	int64_t lifetime;
};

/* False where there is nothing to graph: no dates, or a store of roots. */
bool time_left_of(const struct result *r, time_t now, struct time_left *out);

/*
 * ";warn:;crit:;0;lifetime", the ranges of the Monitoring Plugins guidelines
 * (2.6): "2592000:" alerts below it. Checkmk reads it as a lower level.
 */
void put_levels(struct buf *out, const struct time_left *left);

/*
 * What a file's certificates are for, and in which format they lie: "role:
 * client-ca (inferred), PEM". Nothing where neither is known, or of an
 * endpoint, which is a server always.
 */
void put_role(struct buf *out, const struct result *r);

/* For machines: the ways of r->account, which is there. */
json_t *paths_json(const struct result *r);

/* "6 targets: 2 critical, 1 warning, 3 ok" */
void put_summary(struct buf *out, const struct summary *s);

/* "Last scan: 2026-11-21T10:00:00Z, 3 minutes ago", and the line's end. */
void put_last_scan(struct buf *out, time_t last, time_t now);

#endif
