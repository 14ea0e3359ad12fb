/* kept.h - a judged target as bytes, from which it is had again */
#ifndef MODEL_KEPT_H
#define MODEL_KEPT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "model/buf.h"
#include "model/shelf.h"

/*
 * Is all that `r` holds, but its target, in what kept_write() makes of it? Of
 * endpoints, files of several chains, and looks that had faults only what is
 * shown of them is.
 */
bool kept_fits(const struct result *r);

/*
 * Append it to `out`. Returns a hash of all but the moment that it was judged
 * for: two looks that tell the same have the same.
 */
uint64_t kept_write(const struct result *r, struct buf *out);

/* What was kept of the target itself. */
struct kept_target {
	enum target_kind kind;
	enum role role;
	bool client_wanted; /* client_is_asked_for() */
	struct words tags; /* on the shelf */
};

/*
 * What was written, as though it had been judged for `now` (horizon.h), on the
 * shelf, without a target; or NULL: it was judged for a later moment, it is
 * damaged, or of another program.
 */
struct result *kept_read(const void *bytes, size_t n, time_t now,
	struct shelf *shelf, struct kept_target *kept);

/* Is there anything to be had of it by then? Damage is found all the same. */
bool kept_stands(const void *bytes, size_t n, time_t now);

/* The same of a target that is there: another kind's is NULL too. */
struct result *kept_read_of(const void *bytes, size_t n, const struct target *t,
	time_t now, struct shelf *shelf);

#endif
