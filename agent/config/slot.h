/* slot.h - the keys of a section, and what one map has for each */
#ifndef CONFIG_SLOT_H
#define CONFIG_SLOT_H

#include <stdbool.h>
#include <stddef.h>

#include "config/document.h"
#include "model/key.h"

#define SLOTS_MAX 64

/* A key that may stand in a map, and where it does. NULL: it does not. */
struct slot {
	const struct key *key;
	size_t offset; /* in the section's struct */
	bool inherited; /* filled already; has no default of its own */
	bool meant; /* by a key that nobody knows, as it seems */
	const yaml_node_t *name, *value;
	const yaml_node_t *file_name, *file; /* `x_file`, of a KEY_SECRET */
};

/* The keys of `section`, those that it inherits among them. */
size_t slots_of(const struct section *section, struct slot slots[SLOTS_MAX]);

/* The slot of the key that `name` is; *as_file if it is `x_file`. Or NULL. */
struct slot *slots_find(
	struct slot *slots, size_t n, const char *name, bool *as_file);

#endif
