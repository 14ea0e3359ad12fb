/* rules.h - from the outcomes of the connections to a verdict */
#ifndef CHECKS_RULES_H
#define CHECKS_RULES_H

#include "checks/client/compare.h"
#include "model/finding.h"

struct rule {
	/* Sets of bits: 1 << comparison.expect, 1 << enum client_outcome. */
	unsigned expect, asked; /* of `asked` 1 << false, 1 << true */
	unsigned ours, without, stranger;
	const char *id; /* NULL: nothing is told */
	int severity; /* enum severity, or -1: the catalogue's */
	/* Appends the message, and what is to be done if that is special. */
	void (*tell)(
		const struct comparison *c, struct buf *text, struct buf *hint);
	bool go_on; /* those below may have something to add */
};

/*
 * The first rule from `from` on that fits, or NULL where none does; the first
 * of all where `from` is NULL.
 */
const struct rule *rule_next(
	const struct comparison *c, const struct rule *from);

#endif
