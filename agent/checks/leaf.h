/* leaf.h - which of the certificates is judged as the leaf */
#ifndef CHECKS_LEAF_H
#define CHECKS_LEAF_H

#include "model/observation.h"
#include "model/policy.h"

/*
 * The leaf, or NULL: nothing was seen, or a file holds CA certificates only.
 *
 * Of an endpoint it is the first certificate, even if that is a CA's: it is
 * what clients see. Of a file it is the first one too, unless that is a CA
 * certificate and no name is configured that it should cover. Such a file is
 * a bundle of CAs, or a chain in the wrong order: then it holds exactly one
 * other certificate, issued by name by one of the CAs.
 */
const struct cert *leaf_of(
	const struct observation *ob, const struct target *target);

/* Is certs[i] byte for byte one of those before it? */
bool leaf_is_repeated(const struct observation *ob, size_t i);

#endif
