/* judge.h - one target to one result */
#ifndef SCAN_JUDGE_H
#define SCAN_JUDGE_H

#include <time.h>

#include "model/result.h"
#include "scan/library.h"

/*
 * Probe `t`, again up to its `retries` while it cannot be reached and the
 * deadline allows, and judge what was seen for the moment `now`. Never
 * fails: where the agent itself could not work, the status is unknown and a
 * finding says why.
 */
struct result *judge_target(
	const struct target *t, struct library *lib, time_t now);

/* A folder or pattern none of whose files holds a certificate says so. */
struct result *judge_nothing(const struct target *origin, time_t now);

#endif
