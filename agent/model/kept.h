/* kept.h - a judged file as bytes, from which the next scan has it again */
#ifndef MODEL_KEPT_H
#define MODEL_KEPT_H

#include <stdbool.h>
#include <stddef.h>

#include "model/buf.h"
#include "model/shelf.h"

/*
 * Is all that `r` holds, but its target, in what kept_write() makes of it?
 * Endpoints, files of several chains, and looks that had faults are not.
 */
bool kept_fits(const struct result *r);

/* Append it to `out`. */
void kept_write(const struct result *r, struct buf *out);

/*
 * What was written of `t`, as though it had been judged for `now` (horizon.h),
 * on the shelf; or NULL: it was judged for a later moment, it is damaged, or of
 * another program.
 */
struct result *kept_read(const void *bytes, size_t n, const struct target *t,
	time_t now, struct shelf *shelf);

#endif
