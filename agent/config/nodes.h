/* nodes.h - the value of one key, by the key's type */
#ifndef CONFIG_NODES_H
#define CONFIG_NODES_H

#include "config/trail.h"
#include "model/key.h"

/* Read `node` as the value of `key` into `dst`, or complain. */
typedef void node_reader(struct reader *r, const struct trail *t,
	const struct key *key, const yaml_node_t *node, void *dst);

node_reader nodes_read; /* any type */
node_reader nodes_read_text; /* a scalar, or one item of a list of them */

#endif
