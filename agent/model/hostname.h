/* hostname.h - host names and addresses as the wire knows them */
#ifndef MODEL_HOSTNAME_H
#define MODEL_HOSTNAME_H

#include <stdbool.h>

#include "model/alloc.h"
#include "model/error.h"

/*
 * The A-label form of `name`, in lower case, without a final dot; an address
 * comes back in its canonical form. "*." in front is kept where `wildcard`.
 * Returns a string of the arena, or NULL and *err (RFC 1123, 2.1; RFC 5891).
 */
const char *hostname_canonical(
	struct arena *a, const char *name, bool wildcard, struct error *err);

bool hostname_is_address(const char *s); /* IPv4 or IPv6, no brackets */

#endif
