/* tell.h - a finding about one certificate of several */
#ifndef CHECKS_TELL_H
#define CHECKS_TELL_H

#include "model/finding.h"
#include "model/observation.h"

/*
 * Add a finding whose subject is `c`. The message is `text`; where `c` is not
 * the `only` leaf (see leaf_only()) it begins with "'label': ", or "'label'
 * (line 31): " in a file. The pointer is good until the next finding.
 */
struct finding *tell_certificate(struct findings *out, const char *id,
	const struct cert *c, const struct cert *only, const char *text);

/* "'label'", or "'label' (line 31)" where others of the file have it too. */
void tell_label(
	struct buf *out, const struct observation *ob, const struct cert *c);

/* The same and a blank, before what is told of a leaf that is not the only. */
void tell_leaf(struct buf *out, const struct observation *ob,
	const struct cert *c, const struct cert *only);

/* Where in the file `c` begins, for machines. */
void tell_line(struct finding *f, const struct cert *c);

#endif
