/* exclusion.h - patterns of what is passed over */
#ifndef SCAN_EXCLUSION_H
#define SCAN_EXCLUSION_H

#include "scan/pattern.h"

struct exclusion {
	struct pattern *v;
	size_t n;
	size_t n_paths; /* those of more than the name; they come first */
};

/*
 * One that begins with '/' fits a whole path; one that holds a '/' elsewhere,
 * the end of a path; any other, the last name of it. -1 if it has more
 * alternatives or parts than pattern.h allows; what fits these bounds counts.
 */
int exclusion_add(struct exclusion *x, const char *text);

/* `name` is the last part of `path`. */
bool exclusion_fits(
	const struct exclusion *x, const char *path, const char *name);
void exclusion_release(struct exclusion *x);

#endif
