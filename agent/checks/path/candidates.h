/* candidates.h - which of what was presented may stand on a leaf's path */
#ifndef CHECKS_CANDIDATES_H
#define CHECKS_CANDIDATES_H

#include <stdbool.h>
#include <stddef.h>

#include "model/observation.h"

/*
 * The leaf first, then by name its issuers, theirs, and so on, each once and
 * those of a name in their order. Returns how many.
 */
size_t candidates_find(const struct cert *out[CHAIN_MAX_CERTS],
	const struct observation *ob, const struct cert *leaf);

/* Is `issuer` by name the one that issued `c`? */
bool candidates_are_linked(const struct cert *c, const struct cert *issuer);

#endif
