/* parts.h - a file of several chains, each judged by itself */
#ifndef CHECKS_PARTS_H
#define CHECKS_PARTS_H

#include "checks/check.h"

/* One part as an observation of its own; all it holds is borrowed. */
struct part_view {
	struct observation ob;
	struct target target;
	struct policy policy;
};

/*
 * ob->parts[i] with its certificates and keys, without the file's faults, and
 * in its role. The system's trust is not asked: what such chains lead to is
 * known to the other side. Nor is the operator's where a CA of another part
 * has issued the chain.
 */
void parts_view(struct part_view *v, const struct observation *ob,
	const struct policy *pol, size_t i);

/*
 * Put each part before `run`. Its label stands before each message, such as
 * "user 'admin': ".
 */
void parts_run(const struct observation *ob, const struct policy *pol,
	time_t now, struct findings *out,
	void (*run)(const struct observation *ob, const struct policy *pol,
		time_t now, struct findings *out));

#endif
