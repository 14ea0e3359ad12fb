/* expiry.h - dates of certificates that are not the leaf */
#ifndef CHECKS_EXPIRY_H
#define CHECKS_EXPIRY_H

#include <time.h>

#include "model/cert.h"
#include "model/finding.h"
#include "model/policy.h"

/*
 * An issuer on the chosen path, which only the chain check knows: expired,
 * close to it, ending before `leaf`, or not valid yet. "Close" is what it is
 * for the leaf: a third of a root's lifetime is many years.
 */
void expiry_judge_issuer(const struct cert *issuer, const struct cert *leaf,
	const struct policy *pol, time_t now, struct findings *out);

/* Does expiry_judge_issuer() have nothing to say? Spares decoding it. */
bool expiry_is_far(const X509 *issuer, const struct cert *leaf,
	const struct policy *pol, time_t now);

#endif
