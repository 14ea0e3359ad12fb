/* chain.h - what the parts of the chain check hand to one another */
#ifndef CHECKS_CHAIN_H
#define CHECKS_CHAIN_H

#include <time.h>

#include "checks/path/path.h"
#include "model/finding.h"

/* A leaf and the way up from it. */
struct strand {
	const struct cert *leaf;
	struct path path;
};

struct chain {
	const struct observation *ob;
	const struct policy *pol;
	time_t now;
	struct strand *strands; /* the leaf's that counts as the first is [0] */
	size_t n;
	/* Leaves beyond the bound, as indices of ob->certs. */
	const size_t *others;
	size_t n_others;
};

#endif
