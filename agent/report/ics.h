/* ics.h - what an entry of the calendar says of a certificate */
#ifndef REPORT_ICS_H
#define REPORT_ICS_H

#include "model/result.h"

/*
 * Append the value of a DESCRIPTION, not folded: which certificate `c` of `r`
 * is, when it ends, and what to do in the words of the finding of this id.
 */
void ics_describe(struct buf *line, const struct result *r,
	const struct cert *c, const char *finding);

#endif
