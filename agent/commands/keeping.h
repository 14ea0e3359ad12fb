/* keeping.h - what was made of unchanged files, from scan to scan */
#ifndef COMMANDS_KEEPING_H
#define COMMANDS_KEEPING_H

#include <stdbool.h>
#include <time.h>

#include "config/config.h"
#include "model/look.h"
#include "scan/scan.h"
#include "state/state.h"

/*
 * The looks for scan_options: those of earlier scans that stand at `now`, or,
 * `fresh`, none of them. Returns 0 and in *out what is for keeping_free(), or
 * NULL: there is nothing to keep, such as where a trust store has changed just
 * now; or -1 and *err.
 */
int keeping_begin(const struct config *c, const struct targets *targets,
	struct state *st, time_t now, bool fresh, struct looks **out,
	struct error *err);
void keeping_free(struct looks *looks); /* NULL does nothing */
DEFINE_CLEANUP(struct looks, keeping_free)

#endif
