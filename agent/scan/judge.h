/* judge.h - one target to one result */
#ifndef SCAN_JUDGE_H
#define SCAN_JUDGE_H

#include <time.h>

#include "model/result.h"
#include "scan/library.h"
#include "scan/stopwatch.h"

/* What a worker looks with. */
struct looker {
	struct library *library;
	struct stopwatch *stopwatch; /* NULL: nobody asks for times */
};

/*
 * Probe `t`, again up to its `retries` while it cannot be reached and the
 * deadline allows, and judge what was seen for the moment `now`. Never
 * fails: where the agent itself could not work, the status is unknown and a
 * finding says why. `account`: tell how paths were chosen, too. *until, if it
 * is asked for, is how long an unchanged file would be judged the same; `now`
 * if that cannot be told.
 */
struct result *judge_target(const struct target *t, const struct looker *by,
	time_t now, bool account, time_t *until);

/*
 * Only look, at all that is to be seen. Returns 0, or -1 and *err; either way
 * *seen, NULL before, may have become an observation for observation_free().
 */
int judge_look(const struct target *t, const struct looker *by,
	struct observation **seen, struct error *err);

/* A folder or pattern none of whose files holds a certificate says so. */
struct result *judge_nothing(const struct target *origin, time_t now);

#endif
