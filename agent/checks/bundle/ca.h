/* ca.h - is a certificate a CA's, and does it say so */
#ifndef CHECKS_CA_H
#define CHECKS_CA_H

#include <stdbool.h>

#include "model/finding.h"
#include "model/observation.h"

/* Why nobody takes it for a CA's, such as "it has no basicConstraints"; or
 * NULL. */
const char *ca_refusal(const struct cert *c);

/* Is it taken for a CA's although no basicConstraints say so? */
bool ca_is_unsaid(const struct cert *c);

/* Tell chain.no-constraints of such a one of ob->certs. */
void ca_tell_unsaid(const struct observation *ob, const struct cert *c,
	struct findings *out);

#endif
