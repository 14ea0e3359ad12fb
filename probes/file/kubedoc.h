/* kubedoc.h - a kubeconfig's YAML, bounded before it takes memory */
#ifndef PROBES_KUBEDOC_H
#define PROBES_KUBEDOC_H

#include <yaml.h>

#include "model/observation.h"

struct kubedoc {
	yaml_document_t yaml;
};

/*
 * Load the first document of `text`, which is all that kubectl reads; JSON is
 * YAML. Returns 0 and in *d a document for kubedoc_release(), or -1 with a
 * fault in `ob`: FAULT_FILE_DAMAGED with its line where it is not YAML,
 * FAULT_FILE_UNREADABLE where it is beyond any use.
 */
int kubedoc_load(struct kubedoc *d, const char *text, size_t len,
	struct observation *ob);
void kubedoc_release(struct kubedoc *d); /* wiped: it may hold keys */

const yaml_node_t *kubedoc_root(const struct kubedoc *d); /* or NULL */

/* The value of `key` in `map`; NULL: it is none, or has no such key. */
const yaml_node_t *kubedoc_find(
	const struct kubedoc *d, const yaml_node_t *map, const char *key);

/* The i-th item of a list; NULL past the last, or if it is none. */
const yaml_node_t *kubedoc_item(
	const struct kubedoc *d, const yaml_node_t *list, size_t i);

/* Not there, or nothing behind its colon: "", "~" or "null". */
bool kubedoc_is_unset(const yaml_node_t *n);

/* The text of a scalar and its length; NULL: it is a list or a map. */
const char *kubedoc_text(const yaml_node_t *n, size_t *len);

size_t kubedoc_line(const yaml_node_t *n); /* from 1 */

#endif
