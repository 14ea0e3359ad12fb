/* scan.h - targets to results: expand, probe, judge, on many at a time */
#ifndef SCAN_SCAN_H
#define SCAN_SCAN_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <time.h>

#include "model/error.h"
#include "model/phases.h"
#include "model/result.h"
#include "model/target.h"

/* How far a scan is. */
struct scan_progress {
	size_t done, total; /* targets */
	size_t under_way[PHASES]; /* of them, those in each phase now */
};

struct scan_options {
	unsigned workers; /* probes at a time; 0: chosen */
	time_t now; /* the moment to judge for */
	bool account; /* tell how paths were chosen too: result->account */
	/* Called from one thread at a time as targets are done; or NULL. */
	void (*progress)(void *arg, const struct scan_progress *p);
	void *progress_arg;
	/* Where the time went is added to it; NULL: nobody asks. */
	struct phases *phases;
	/*
	 * Of the same targets (recall.h): what they know is taken, and what
	 * is found out is noted in them. NULL: all is looked at.
	 */
	struct looks *looks;
	/*
	 * What is known of targets that are not looked at, in the order of the
	 * targets, and NULL for the others; NULL: all are. They are taken, and
	 * so is the shelf on which they lie.
	 */
	struct result **carried;
	struct shelf *carried_shelf;
	/*
	 * Once it is true no other target is begun with, and where one was
	 * left out the scan fails. NULL: nothing stops it.
	 */
	const atomic_bool *stop;
};

/* A folder or a pattern of which not all was looked at: a bound came first. */
struct shortfall {
	struct target *target; /* by which it is told */
	const struct target *origin; /* as it was configured */
	const char *text; /* what was wanted, and what there is */
};

struct targets {
	struct target **v;
	size_t n;
	struct shortfall *missed;
	size_t n_missed;
};

/*
 * Files, folders and patterns become the files they stand for (walk.h), each
 * with the path of its key; two targets of one name become "name" and "name
 * (2)". New targets, and out->missed, live in `a`. What names nothing stays,
 * for the probe to tell. `v` is borrowed for as long as the results live.
 * Release with free(out->v).
 */
void scan_expand(
	struct arena *a, const struct target *v, size_t n, struct targets *out);

/*
 * Add to the results of scan_run() what scan_expand() did not look at, so
 * that nobody takes it for good.
 */
void scan_tell_missed(
	const struct targets *targets, time_t now, struct results *rs);

/*
 * Look at each and judge. One result a target, in their order; a target that
 * cannot be looked at has findings that say so. A listed file that holds no
 * certificate has no result; a folder or pattern of such files alone has one.
 * Returns 0 and *out for results_release(), or -1 and *err if the agent itself
 * could not work.
 */
int scan_run(const struct targets *targets, const struct scan_options *opt,
	struct results *out, struct error *err);

#endif
