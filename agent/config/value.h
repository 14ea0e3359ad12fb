/* value.h - one row for each type of key: how its text is read and written */
#ifndef CONFIG_VALUE_H
#define CONFIG_VALUE_H

#include <stdbool.h>

#include "model/alloc.h"
#include "model/buf.h"
#include "model/key.h"
#include "model/target.h"

/* What reading a value needs to know. */
struct value_source {
	struct arena *arena; /* where what it points to goes */
	const char *folder; /* where relative paths begin; absolute */
	scheme_at schemes;
};

struct value_type {
	const char *name; /* what manuals call it */
	bool list; /* parse() adds one item */

	/*
	 * Read `text` into what `dst` points to, as model/key.h says. Returns
	 * 0, or -1 and in `why` "want ..., have ...", with dst untouched.
	 * NULL: not a scalar, nor a list of them.
	 */
	int (*parse)(const struct value_source *from, const struct key *key,
		const char *text, void *dst, struct buf *why);

	/* The value as YAML that parses again. False if it is not set. */
	bool (*format)(struct buf *out, const struct key *key, const void *src);
};

const struct value_type *value_type(enum key_type type);

/* What a key's value may be, for manuals: "number 0 to 1024". */
void value_describe(struct buf *out, const struct key *key);

/* `path` as seen from `folder`. */
const char *value_path(struct arena *a, const char *folder, const char *path);

/* Lists are { T *v; size_t n; }, so one function lets all of them grow. */
void *value_append(struct arena *a, void *list, size_t size); /* zeroed */
void value_clear(void *list);
size_t value_count(const void *list);
const void *value_item(const void *list, size_t size, size_t i);

#define VALUE_MASK "********"

#endif
