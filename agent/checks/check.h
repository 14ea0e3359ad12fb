/* check.h - judge an observation: no I/O, no clock */
#ifndef CHECKS_CHECK_H
#define CHECKS_CHECK_H

#include <time.h>

#include "model/finding.h"
#include "model/observation.h"
#include "model/policy.h"

struct check {
	const char *name;

	/* Append what is found of `ob`, by `pol`, at the moment `now`. */
	void (*run)(const struct observation *ob, const struct policy *pol,
		time_t now, struct findings *out);
};

extern const struct check *const check_table[]; /* NULL-terminated */

/*
 * All checks in order; then the severities of the target's profile, then its
 * own. A file in parts is judged part by part.
 */
void checks_run(const struct observation *ob, const struct policy *pol,
	time_t now, struct findings *out);

/*
 * The check of what should be served alone, for an `ob` whose `deployed` was
 * not known yet when the others ran. It needs no decoded certificates.
 */
void checks_run_deploy(const struct observation *ob, const struct policy *pol,
	time_t now, struct findings *out);

#endif
