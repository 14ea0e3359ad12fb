/* compare.h - the connections of a test of client certificates, side by side */
#ifndef CHECKS_COMPARE_H
#define CHECKS_COMPARE_H

#include <time.h>

#include "checks/client/outcome.h"
#include "model/observation.h"
#include "model/policy.h"

/* Nobody said a word on client certificates, and none is to be tried. */
#define EXPECT_NOTHING 3

struct comparison {
	const struct observation *ob; /* the endpoint's own look */
	const struct target *target;
	time_t now;
	unsigned expect; /* enum client_expect, or EXPECT_NOTHING */
	/* What was seen; NULL: no certificate was to be tried. */
	const struct client_test *test;
	const struct handshake *with; /* ours; NULL with `test` */

	enum client_outcome ours, without, stranger, other;
	bool asked; /* for a certificate, in any of the connections */
	/* The answers with and without ours are one, as far as can be told. */
	bool alike;
	/* Refused by another answer than ours, such as a redirection. */
	bool paged;
	unsigned facts; /* facts.h: what is wrong with ours by itself */
};

/*
 * Each outcome by itself, and then what one says about the other. An answer
 * without a certificate that differs from the one with ours is a refusal where
 * its status says so (3xx or 4xx), or where a stranger gets it too, to the
 * letter; else the page may merely change from one moment to the next.
 */
void compare_make(struct comparison *c, const struct observation *ob,
	const struct policy *pol, time_t now);

/* Does the test's other chain have more certificates than the file's? */
bool compare_is_longer(const struct comparison *c);

#endif
