/* trail.h - which key is being read, and what is wrong with it */
#ifndef CONFIG_TRAIL_H
#define CONFIG_TRAIL_H

#include <stdbool.h>

#include "config/document.h"

struct reader;

/* A key and the keys above it, up to the root, whose name is NULL. */
struct trail {
	const struct trail *up;
	const char *name;
	const struct document *doc;
};

/*
 * A complaint on the key `name` below `t`, or on `t` itself where `name` is
 * NULL, at the place of `node`. The text is harmless already.
 */
void trail_complain(struct reader *r, const struct trail *t, const char *name,
	const yaml_node_t *node, const char *fmt, ...)
	__attribute__((format(printf, 5, 6)));

/* Is the node of this kind? Else a complaint: "want WANT, have a list". */
bool trail_expect(struct reader *r, const struct trail *t,
	const yaml_node_t *node, yaml_node_type_t kind, const char *want);

/* The text of a scalar that is not null, or NULL after a complaint. */
const char *trail_expect_text(struct reader *r, const struct trail *t,
	const yaml_node_t *node, const char *want);

/*
 * Count one more value; false, the first time after a complaint, when it is
 * one too many. Aliases let a small file stand for a huge one, so what is
 * walked has a bound beside what is read.
 */
bool trail_take(
	struct reader *r, const struct trail *t, const yaml_node_t *node);

#endif
