/* reader.h - walk the key table along a YAML document, fill structs */
#ifndef CONFIG_READER_H
#define CONFIG_READER_H

#include <stdbool.h>
#include <stddef.h>

#include "config/complaint.h"
#include "config/config.h"
#include "config/document.h"
#include "config/trail.h"
#include "config/value.h"

/* Values read, those behind an alias each time they are met. */
#define READER_MAX_VALUES 1000000

struct reader {
	struct value_source from;
	const struct config_rooms *rooms;
	const struct rule *rules; /* ends with section NULL */
	struct complaints *complaints;
	struct config *config; /* what is read so far */
	bool without_secrets;
	bool partial; /* a file is missing: names may be unknown for that */
	size_t secrets_missing;
	size_t values;
};

/* What a section's keys alone cannot say, checked once `dst` is filled. */
struct rule {
	const struct section *section;
	void (*check)(struct reader *r, const struct trail *t,
		const yaml_node_t *map, void *dst);
};

/* Fill `config` from the documents, the main file's first. */
void reader_root(struct reader *r, struct document *const *docs, size_t n);

/*
 * Fill the struct at `dst` from `map`; NULL: nothing is set, and what is
 * missing is told at the place of `at`.
 */
void reader_section(struct reader *r, const struct trail *t,
	const yaml_node_t *map, const yaml_node_t *at,
	const struct section *section, void *dst);

#endif
