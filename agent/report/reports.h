/* reports.h - the rows of the table of outputs, and what they share */
#ifndef REPORT_REPORTS_H
#define REPORT_REPORTS_H

#include <jansson.h>

#include "report/report.h"

extern const struct report report_table_text;
extern const struct report report_nagios;
extern const struct report report_json;

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
 * What a file's certificates are for, and in which format they lie: "role:
 * client-ca (inferred), PEM". Nothing where neither is known, or of an
 * endpoint, which is a server always.
 */
void put_role(struct buf *out, const struct result *r);

/* For machines: the ways of r->account, which is there. */
json_t *paths_json(const struct result *r);

/* "6 targets: 2 critical, 1 warning, 3 ok" */
void put_summary(struct buf *out, const struct summary *s);

#endif
