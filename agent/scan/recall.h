/* recall.h - what was made of files that are unchanged since */
#ifndef SCAN_RECALL_H
#define SCAN_RECALL_H

#include "model/look.h"
#include "scan/scan.h"
#include "state/state.h"

/* No look stands for longer; each for up to a quarter less, by its name. */
#define RECALL_MAX_S (24 * HOUR_S)

struct recall_request {
	const struct targets *targets; /* borrowed by what comes of it */
	const unsigned char *basis; /* basis.h */
	time_t now; /* the moment to judge for */
	time_t clock; /* the time that it is */
	bool fresh; /* nothing stands */
};

/*
 * Find the files that need not be read: neither they nor what their looks rest
 * on have changed, and nothing will read differently at `now`. Then v[i].known,
 * and v[i].result is the result of that target, as of `now`, on out->shelf.
 * Returns 0 and *out for recall_release(), or -1 and *err: the state cannot be
 * read.
 */
int recall(struct state *st, const struct recall_request *request,
	struct looks *out, struct error *err);
void recall_release(struct looks *looks);

/*
 * Target `i` was looked at, its stamp being of before: `r`, NULL for nothing,
 * holds until `until`. The result must live until the looks are written.
 */
void recall_note(
	struct looks *looks, size_t i, const struct result *r, time_t until);

#endif
