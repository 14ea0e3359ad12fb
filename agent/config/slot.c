/* slot.c - the keys of a section, and what one map has for each */
#include <assert.h>
#include <string.h>

#include "config/keys.h"
#include "config/slot.h"

static size_t
add_keys(const struct key *keys, size_t base, bool inherited,
	struct slot *slots, size_t n)
{
	for (const struct key *k = keys; k->name != NULL; k++) {
		if (k->type == KEY_INHERIT) {
			n = add_keys(k->section->keys, base + k->offset,
				keys_inherited(k) != NULL, slots, n);
			continue;
		}
		assert(n < SLOTS_MAX);
		slots[n++] = (struct slot){
			.key = k,
			.offset = base + k->offset,
			.inherited = inherited,
		};
	}
	return n;
}

size_t
slots_of(const struct section *section, struct slot slots[SLOTS_MAX])
{
	return add_keys(section->keys, 0, false, slots, 0);
}

struct slot *
slots_find(struct slot *slots, size_t n, const char *name, bool *as_file)
{
	for (size_t i = 0; i < n; i++) {
		const struct key *k = slots[i].key;
		size_t len = strlen(k->name);

		if (strncmp(name, k->name, len) != 0)
			continue;
		*as_file = k->type == KEY_SECRET &&
			strcmp(name + len, "_file") == 0;
		if (*as_file || name[len] == '\0')
			return &slots[i];
	}
	return NULL;
}
