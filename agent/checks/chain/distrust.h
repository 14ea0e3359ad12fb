/* distrust.h - roots whose later certificates a root program refuses */
#ifndef CHECKS_DISTRUST_H
#define CHECKS_DISTRUST_H

#include <time.h>

#include "checks/chain/chain.h"

enum distrust_program {
	DISTRUST_CHROME, /* by the first SCT */
	DISTRUST_MOZILLA, /* by notBefore */
	DISTRUST_APPLE, /* by notBefore */
	DISTRUST_PROGRAMS
};

struct distrust_root {
	const char *name; /* as struct cert's label has it; NULL ends a table */
	const char *sha256; /* of the certificate, lower-case hex */
	const char *key_id; /* its subject key identifier; NULL: it has none */
	/* The last second that the program still takes; 0: it says nothing. */
	time_t last[DISTRUST_PROGRAMS];
};

/* All that is known: distrust_table.c. */
extern const struct distrust_root distrust_roots[];

/*
 * Is the strand's leaf a server's, its root one of `table`, and was it issued
 * too late for a program? A path that ends below its root is judged as well,
 * where the issuer's name and key identifier are those of a row.
 */
void distrust_judge(const struct distrust_root *table, const struct chain *ch,
	const struct strand *s, struct findings *out);

#endif
