/* document.h - one YAML file, bounded before it takes memory, then loaded */
#ifndef CONFIG_DOCUMENT_H
#define CONFIG_DOCUMENT_H

#include <sys/types.h>

#include <stdbool.h>

#include <yaml.h>

#include "config/complaint.h"
#include "model/alloc.h"

#define DOCUMENT_MAX_SIZE (16 << 20)
#define DOCUMENT_MAX_NODES 1000000 /* in all files of a configuration */
#define DOCUMENT_MAX_DEPTH 32
#define DOCUMENT_MAX_ANCHORS 1000
#define DOCUMENT_MAX_ALIASES 10000

struct document {
	const char *path;
	size_t number; /* in the order of reading; 0: the main file */
	mode_t mode; /* whether a secret may stand in it */
	dev_t dev;
	ino_t ino;
	yaml_document_t yaml;
	const yaml_node_t *root; /* NULL: it holds nothing but comments */
};

/*
 * Read the file at `path` (which must outlive it) as number `number`. What it
 * takes is taken from *nodes_left. Returns a document for document_free(), or
 * NULL after a complaint: it cannot be read, is too large or too deep, binary,
 * not YAML, more than one document, or bears a tag of someone's own.
 */
struct document *document_load(const char *path, size_t number,
	size_t *nodes_left, struct complaints *complaints);
void document_free(struct document *d); /* NULL does nothing */
DEFINE_CLEANUP(struct document, document_free)

/* The node of a sequence's item or of a mapping's pair. */
const yaml_node_t *document_node(const struct document *d, int index);

/* The place of a node; NULL: the file as a whole. */
struct place document_place(const struct document *d, const yaml_node_t *n);

/*
 * The value of `key` in `map` and, if `name` is not NULL, the key's own node.
 * NULL if there is none, or if it is null: "key:" with nothing after it.
 */
const yaml_node_t *document_find(const struct document *d,
	const yaml_node_t *map, const char *key, const yaml_node_t **name);

/* Nothing, "~" or "null", without quotes. */
bool node_is_null(const yaml_node_t *n);
const char *node_text(const yaml_node_t *n); /* of a scalar */
bool node_is_text(const yaml_node_t *n, const char *text); /* this scalar? */

#endif
