/* crew.h - the threads that look at targets: loops, and readers of files */
#ifndef SCAN_CREW_H
#define SCAN_CREW_H

#include "scan/library.h"
#include "scan/scan.h"

/*
 * Look at all targets and judge them: endpoints in a loop (loop.h) on each
 * core, files one after the other on a thread for each. results[i] becomes
 * that of targets->v[i], which lies on `shelf`, or NULL for a listed file that
 * holds nothing of ours.
 * Returns 0 and in *library one for library_free(), or NULL where there was
 * nothing to do; or -1 and *err where the agent itself could not work.
 */
int crew_run(const struct targets *targets, const struct scan_options *opt,
	struct result **results, struct shelf *shelf, struct library **library,
	struct error *err);

#endif
