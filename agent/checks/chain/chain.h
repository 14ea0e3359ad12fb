/* chain.h - what the parts of the chain check hand to one another */
#ifndef CHECKS_CHAIN_H
#define CHECKS_CHAIN_H

#include <time.h>

#include "checks/leaf.h"
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
	struct leaves leaves;
};

/*
 * Find the path of each leaf of `ob`, if there is one. Both are borrowed.
 * Release with chain_close().
 */
void chain_open(struct chain *ch, const struct observation *ob,
	const struct policy *pol, time_t now);
void chain_close(struct chain *ch);

/*
 * What a leaf's issuers must be good for: one of X509_PURPOSE_, or 0. A file
 * whose role nobody tells may hold a certificate for any purpose, unless that
 * names just one of these.
 */
int chain_purpose(const struct target *t, const struct cert *leaf);

#endif
