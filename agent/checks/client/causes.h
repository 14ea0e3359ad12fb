/* causes.h - why a server refuses our client certificate, as far as it shows */
#ifndef CHECKS_CAUSES_H
#define CHECKS_CAUSES_H

#include "checks/client/compare.h"

struct cause; /* a row of the table */

/*
 * The likeliest cause of the refusal in c->with: what more or less of a chain
 * has proved, then what is wrong with ours by itself, then what the alert's
 * number or the HTTP status is worth.
 */
const struct cause *cause_find(const struct comparison *c);

/* Append it in words, such as "it expired 3 days ago (2027-01-12)". */
void cause_describe(
	const struct cause *cause, const struct comparison *c, struct buf *out);
/* What to do, and on which side. */
void cause_advise(
	const struct cause *cause, const struct comparison *c, struct buf *out);

#endif
