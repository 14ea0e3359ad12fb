/* endpointhint.h - what to do about an endpoint that could not be looked at */
#ifndef CHECKS_ENDPOINTHINT_H
#define CHECKS_ENDPOINTHINT_H

#include "model/finding.h"
#include "model/observation.h"
#include "model/target.h"

/*
 * Give `f`, made of a fault of `kind`, the hint that fits how the connection
 * ended, where the catalogue's remedy for all cases can be bettered; and the
 * step, the ending and the alert as details.
 */
void endpoint_hint(struct finding *f, enum fault_kind kind,
	const struct handshake *hs, const struct target *t);

#endif
