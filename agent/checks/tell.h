/* tell.h - a finding about one certificate of several */
#ifndef CHECKS_TELL_H
#define CHECKS_TELL_H

#include "model/cert.h"
#include "model/finding.h"

/*
 * Add a finding whose subject is `c`. The message is `text`; where `c` is not
 * the `leaf` that the target stands for (or there is none) it begins with
 * "'label': ", or "'label' (line 31): " in a file. The pointer is good until
 * the next finding.
 */
struct finding *tell_certificate(struct findings *out, const char *id,
	const struct cert *c, const struct cert *leaf, const char *text);

#endif
