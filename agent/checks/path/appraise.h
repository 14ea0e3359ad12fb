/* appraise.h - how good one path is, by all the rules */
#ifndef CHECKS_APPRAISE_H
#define CHECKS_APPRAISE_H

#include <stdbool.h>
#include <time.h>

#include "checks/path/path.h"
#include "checks/path/signatures.h"

struct yardstick {
	const struct trust *trust; /* NULL: trust is not judged */
	int purpose; /* one of X509_PURPOSE_, or 0 */
	time_t now;
	struct signatures *signatures; /* those that were verified */
};

/*
 * Find what the path breaks, whose steps and end are known, into p->breaches.
 * `by_signature`: each of its links was verified before. `before` is a path
 * that was appraised without, or an empty one: the same need not be judged
 * twice. Returns its cost: 0 is a good path, and of two the one with the lower
 * cost is better.
 */
unsigned long path_appraise(struct path *p, const struct yardstick *by,
	const struct path *before, bool by_signature);

#endif
