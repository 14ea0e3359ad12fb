/* prometheus.h - what the parts of the Prometheus output hand to one another */
#ifndef REPORT_PROMETHEUS_PROMETHEUS_H
#define REPORT_PROMETHEUS_PROMETHEUS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "model/buf.h"
#include "model/compat.h"
#include "report/reports.h"

struct exposition;

/*
 * All series of one name. The text format wants them together, so each family
 * is one pass over the results, and nothing of them is copied.
 */
struct family {
	const char *name; /* NULL ends the table */
	const char *help; /* one line of our own: no backslash, no line break */
	unsigned compat; /* whose name it is (enum compat); 0: ours */
	/* One of the two: what it has of the whole, and of each target. */
	void (*tell)(struct exposition *e);
	void (*tell_of)(struct exposition *e, const struct result *r);
};

struct exposition {
	struct buf *out;
	const struct results *rs;
	const struct report_options *opt;
	time_t now;
	const struct family *family; /* whose turn it is */
	bool headed; /* it has a series already */
	bool labelled; /* the series that is being written has a label */
};

/*
 * A series: begun, given labels, and ended by its value. One whose value is
 * NULL or "" is left out, which means the same to Prometheus. Values are raw.
 */
void series_begin(struct exposition *e);
void series_label(struct exposition *e, const char *name, const char *value);
/* Cut to a length that every store of series takes, never in a character. */
void series_label_cut(
	struct exposition *e, const char *name, const char *value);
void series_number(struct exposition *e, const char *name, uint64_t value);
void series_end(struct exposition *e, int64_t value);
void series_end_ms(struct exposition *e, int64_t ms); /* as seconds */

/* As strcmp() does; 0 also where series_label_cut() might make them one. */
int series_compare_cut(const char *a, const char *b);

/* series_begin(), with the labels that say which target it is. */
void series_of(struct exposition *e, const struct result *r);

/* The certificates that a target presented; none of an empty look. */
size_t shown_certs(const struct result *r);
/* The same where their dates are anybody's to mind: not of a store of roots. */
size_t dated_certs(const struct result *r);

/*
 * Would a client of the kind that it serves accept it: chain, dates, name and
 * purpose? Where it would not, *reason is the finding that says so. VERIFIED_NA
 * of what is no chain, or was not seen.
 */
enum verified { VERIFIED_NA, VERIFIED_NO, VERIFIED_YES };
enum verified result_verified(const struct result *r, const char **reason);

/*
 * Of an RFC 2253 text what Go calls a name's CommonName (the most specific
 * one), and of another type the first of the DER form, or all of them in that
 * order: ",a,b,".
 */
void name_common(struct buf *out, const char *dn);
void name_first(struct buf *out, const char *dn, const char *type);
void name_all(struct buf *out, const char *dn, const char *type);

/* Of the names of its SAN the addresses, or the others: "a,b". */
void names_joined(struct buf *out, const struct cert *c, bool addresses);
/* In decimal, as Go's math/big has it; what was cut stays as it is. */
void serial_decimal(struct buf *out, const char *hex);
/* "TLS 1.3", "unknown" */
const char *version_name(int version);

/*
 * Of a verified endpoint: the presented certificates of its path, from the
 * leaf up, at most `most`; their number.
 */
size_t path_certs(
	const struct result *r, const struct cert **path, size_t most);

/*
 * A series of each of the first `n` certificates that has dates, its labels by
 * `put`; of those with the same labels, of the one that ends first.
 */
typedef void (*put_labels)(struct exposition *e, const struct result *r,
	const struct cert *c, size_t i);
typedef int64_t (*cert_value)(const struct exposition *e, const struct cert *c);
void series_of_certs(struct exposition *e, const struct result *r, size_t n,
	put_labels put, cert_value value);

int64_t cert_end(const struct exposition *e, const struct cert *c);
int64_t cert_begin(const struct exposition *e, const struct cert *c);

extern const struct family prometheus_scan[];
extern const struct family prometheus_targets[];
extern const struct family prometheus_certs[];
extern const struct family prometheus_ssl[];
extern const struct family prometheus_x509[];
extern const struct family prometheus_blackbox[];

#endif
