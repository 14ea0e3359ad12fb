/* strength.h - is a key strong enough that nobody presented */
#ifndef CHECKS_STRENGTH_H
#define CHECKS_STRENGTH_H

#include "model/cert.h"
#include "model/finding.h"

/* Tell key.weak of an anchor on which a path ends, if it is so. */
void strength_tell_anchor(const struct cert *anchor, struct findings *out);

#endif
