/* include.c - the main file and all that it includes */
#include <errno.h>
#include <glob.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "config/include.h"
#include "config/quote.h"
#include "config/value.h"
#include "model/text.h"

struct includer {
	struct arena *arena;
	struct complaints *complaints;
	struct documents *docs;
	size_t nodes_left;
	size_t depth;
	bool full; /* told already */
};

static void include_file(struct includer *inc, const char *path,
	const struct document *by, const yaml_node_t *at);

static int
complain(struct includer *inc, const struct document *by, const yaml_node_t *at,
	const char *want, const char *path, const char *why)
{
	struct place place = document_place(by, at);
	BUF_CLEANUP struct buf text = { 0 };

	buf_printf(&text, "include: want %s", want);
	if (path != NULL) {
		buf_puts(&text, ", have ");
		quote_message(&text, path);
	}
	if (why != NULL) {
		buf_puts(&text, ": ");
		text_plain(&text, why);
	}
	complaints_add(inc->complaints, &place, text.s);
	inc->docs->partial = true;
	return -1;
}

static const struct document *
find_same(const struct documents *ds, const struct document *d)
{
	for (size_t i = 0; i < ds->n; i++) {
		if (ds->v[i]->ino == d->ino && ds->v[i]->dev == d->dev)
			return ds->v[i];
	}
	return NULL;
}

/* The folder of the file that includes, any glob characters in it escaped. */
static void
add_folder(struct buf *out, const char *path)
{
	const char *slash = strrchr(path, '/');

	for (const char *p = path; slash != NULL && p <= slash; p++) {
		if (strchr("*?[\\", *p) != NULL)
			buf_putc(out, '\\');
		buf_putc(out, *p);
	}
}

static int
compare_paths(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static void
include_pattern(struct includer *inc, const char *pattern,
	const struct document *by, const yaml_node_t *at)
{
	BUF_CLEANUP struct buf full = { 0 };
	bool literal = strpbrk(pattern, "*?[") == NULL;
	glob_t found = { 0 };
	int rc;

	if (*pattern != '/')
		add_folder(&full, by->path);
	buf_puts(&full, pattern);
	rc = glob(full.s, GLOB_NOSORT, NULL, &found);
	if (rc == GLOB_NOSPACE)
		mem_exhausted();
	if (rc != 0 && literal)
		complain(inc, by, at, "a file", pattern, strerror(ENOENT));
	/* Not glob()'s order, which hangs on the locale. */
	if (rc == 0)
		qsort(found.gl_pathv, found.gl_pathc, sizeof(*found.gl_pathv),
			compare_paths);
	for (size_t i = 0; rc == 0 && i < found.gl_pathc; i++)
		include_file(
			inc, arena_dup(inc->arena, found.gl_pathv[i]), by, at);
	globfree(&found);
}

static void
include_item(struct includer *inc, const struct document *by,
	const yaml_node_t *item)
{
	if (item->type != YAML_SCALAR_NODE || node_is_null(item) ||
		*node_text(item) == '\0' ||
		strlen(node_text(item)) != item->data.scalar.length)
		complain(inc, by, item, "a path, a pattern or a list of them",
			NULL, NULL);
	else
		include_pattern(inc, node_text(item), by, item);
}

/* What one document includes. */
static void
include_from(struct includer *inc, const struct document *by)
{
	const yaml_node_t *value = NULL;

	if (by->root != NULL && by->root->type == YAML_MAPPING_NODE)
		value = document_find(by, by->root, "include", NULL);
	if (value == NULL)
		return;
	if (value->type != YAML_SEQUENCE_NODE) {
		include_item(inc, by, value);
		return;
	}
	for (const yaml_node_item_t *i = value->data.sequence.items.start;
		i < value->data.sequence.items.top && !inc->full; i++)
		include_item(inc, by, document_node(by, *i));
}

/* May one more file be included here? */
static bool
has_room(struct includer *inc, const struct document *by, const yaml_node_t *at,
	const char *path)
{
	if (inc->full)
		return false;
	if (inc->docs->n == INCLUDE_MAX_FILES) {
		inc->full = true;
		complain(inc, by, at, "at most 10000 files", path, NULL);
		return false;
	}
	if (inc->depth == INCLUDE_MAX_DEPTH) {
		complain(inc, by, at, "at most 8 levels", path, NULL);
		return false;
	}
	return true;
}

/* `by` NULL: the main file. */
static void
include_file(struct includer *inc, const char *path, const struct document *by,
	const yaml_node_t *at)
{
	struct documents *ds = inc->docs;
	struct document *d;
	const struct document *same;

	if (!has_room(inc, by, at, path))
		return;
	d = document_load(path, ds->n, &inc->nodes_left, inc->complaints);
	if (d == NULL) {
		ds->partial = true;
		return;
	}
	/* So that no file can include itself, over however many others. */
	same = find_same(ds, d);
	if (same != NULL) {
		complain(inc, by, at, "each file once", path,
			"it is read already");
		document_free(d);
		return;
	}
	if ((ds->n & (ds->n - 1)) == 0)
		ds->v = mem_grow(
			ds->v, ds->n == 0 ? 1 : ds->n * 2, sizeof(*ds->v));
	ds->v[ds->n++] = d;
	inc->depth++;
	include_from(inc, d);
	inc->depth--;
}

void
include_all(struct arena *a, const char *path, struct complaints *complaints,
	struct documents *out)
{
	struct includer inc = {
		.arena = a,
		.complaints = complaints,
		.docs = out,
		.nodes_left = DOCUMENT_MAX_NODES,
	};

	include_file(&inc, path, NULL, NULL);
}

void
documents_release(struct documents *ds)
{
	for (size_t i = 0; i < ds->n; i++)
		document_free(ds->v[i]);
	free(ds->v);
	*ds = (struct documents){ 0 };
}
