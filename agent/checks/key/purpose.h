/* purpose.h - may the certificates be used in their role */
#ifndef CHECKS_PURPOSE_H
#define CHECKS_PURPOSE_H

#include "model/cert.h"
#include "model/finding.h"

/* Note what limits the purposes of a self-signed anchor. */
void purpose_tell_root(const struct cert *root, struct findings *out);

#endif
