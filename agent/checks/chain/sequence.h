/* sequence.h - do certificates stand in the order in which they are read */
#ifndef CHECKS_SEQUENCE_H
#define CHECKS_SEQUENCE_H

#include <stdbool.h>
#include <stddef.h>

#include "model/finding.h"
#include "model/observation.h"

/* "'a', 'b' and 3 more": the certificates at these places, by tell_label(). */
void sequence_list(struct buf *out, const struct observation *ob,
	const size_t *at, size_t n);

/*
 * Tell chain.order where the places `want` do not ascend: others may stand
 * between, but an issuer comes after what it signed. The finding is about
 * the first. Returns whether it was told.
 */
bool sequence_judge(const struct observation *ob, const size_t *want, size_t n,
	struct findings *out);

#endif
