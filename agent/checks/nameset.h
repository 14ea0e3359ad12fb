/* nameset.h - names to look up: in lower case, sorted, each once */
#ifndef CHECKS_NAMESET_H
#define CHECKS_NAMESET_H

#include <stdbool.h>
#include <stddef.h>

#include "model/cert.h"

struct nameset {
	char **v;
	size_t n;
};

/* The DNS names of `c`; addresses are left out. nameset_release() it. */
void nameset_of(struct nameset *set, const struct cert *c);
/* Takes over the strings of `names` and empties it. */
void nameset_from(struct nameset *set, struct strlist *names);
void nameset_release(struct nameset *set);

#define NAMESET_CLEANUP __attribute__((__cleanup__(nameset_release)))

/* Is prefix + name, in lower case, in the set? */
bool nameset_has(
	const struct nameset *set, const char *prefix, const char *name);

#endif
