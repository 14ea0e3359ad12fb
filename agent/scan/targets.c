/* targets.c - files, folders and patterns become the files they stand for */
#include <sys/stat.h>

#include <dirent.h>
#include <errno.h>
#include <glob.h>
#include <stdlib.h>
#include <string.h>

#include "model/buf.h"
#include "scan/scan.h"

/* A folder in a folder, and so on; further down is not looked. */
#define MAX_DEPTH 8
#define MAX_FILES 1000000

static void
add(struct targets *ts, struct target *t)
{
	if ((ts->n & (ts->n - 1)) == 0)
		ts->v = mem_grow(
			ts->v, ts->n == 0 ? 1 : ts->n * 2, sizeof(ts->v[0]));
	ts->v[ts->n++] = t;
}

static struct target *
copy(struct arena *a, const struct target *from)
{
	struct target *t = arena_alloc(a, sizeof(*t));

	*t = *from;
	return t;
}

static void
add_file(struct arena *a, const struct target *from, const char *path,
	struct targets *out)
{
	struct target *t = copy(a, from);

	t->file = t->name = t->address = arena_dup(a, path);
	t->listed = true;
	t->origin = from;
	add(out, t);
}

static int
not_a_dot(const struct dirent *d)
{
	return strcmp(d->d_name, ".") != 0 && strcmp(d->d_name, "..") != 0;
}

/*
 * Files below `path`, in order of name. Links to files are followed, as in
 * certbot's live/; links to folders are not, for they multiply. A folder that
 * cannot be read becomes a target itself, so that the probe tells it.
 */
static void
add_folder(struct arena *a, const struct target *from, const char *path,
	int depth, struct targets *out)
{
	struct dirent **entries = NULL;
	int n = scandir(path, &entries, not_a_dot, alphasort);

	if (n == -1) {
		add_file(a, from, path, out);
		return;
	}
	for (int i = 0; i < n; i++) {
		cleanup(str_free) char *sub = str_fmt(
			"%s/%s", path, entries[i]->d_name);
		struct stat st;

		free(entries[i]);
		if (out->n >= MAX_FILES)
			continue;
		/* A dangling link, or gone again: the probe tells which. */
		if (stat(sub, &st) == -1 || S_ISREG(st.st_mode))
			add_file(a, from, sub, out);
		else if (lstat(sub, &st) == 0 && S_ISDIR(st.st_mode) &&
			depth < MAX_DEPTH)
			add_folder(a, from, sub, depth + 1, out);
	}
	free(entries);
}

static void
expand_pattern(struct arena *a, const struct target *from, struct targets *out)
{
	glob_t g = { 0 };
	struct stat st;
	size_t before = out->n;

	if (glob(from->file, GLOB_NOSORT | GLOB_BRACE, NULL, &g) == 0) {
		for (size_t i = 0; i < g.gl_pathc; i++) {
			if (stat(g.gl_pathv[i], &st) == -1 ||
				S_ISREG(st.st_mode))
				add_file(a, from, g.gl_pathv[i], out);
		}
	}
	globfree(&g);
	/* A pattern that names nothing is told as a missing file. */
	if (out->n == before)
		add(out, copy(a, from));
}

static void
expand_file(struct arena *a, const struct target *from, struct targets *out)
{
	cleanup(str_free) char *path = str_dup(from->file);
	struct stat st;
	size_t n = strlen(path), before = out->n;

	if (stat(path, &st) == 0) {
		if (!S_ISDIR(st.st_mode)) {
			add(out, copy(a, from));
			return;
		}
		while (n > 1 && path[n - 1] == '/')
			path[--n] = '\0';
		add_folder(a, from, path, 0, out);
		if (out->n == before)
			add(out, copy(a, from));
	} else if (target_is_pattern(path)) {
		expand_pattern(a, from, out);
	} else {
		add(out, copy(a, from));
	}
}

static int
by_name(const void *a, const void *b)
{
	const struct target *x = *(struct target *const *)a;
	const struct target *y = *(struct target *const *)b;
	int order = strcmp(x->name, y->name);

	/* qsort() is not stable: the address decides, then the place. */
	if (order == 0)
		order = strcmp(x->address, y->address);
	return order != 0 ? order : (x < y ? -1 : x > y);
}

/* State and incidents go by name, so a name stands for one target only. */
static void
make_names_unique(struct arena *a, struct targets *ts)
{
	struct target **sorted;
	unsigned twin = 1;

	if (ts->n < 2)
		return;
	sorted = mem_grow(NULL, ts->n, sizeof(*sorted));
	memcpy(sorted, ts->v, ts->n * sizeof(*sorted));
	qsort(sorted, ts->n, sizeof(*sorted), by_name);
	for (size_t i = 1, first = 0; i < ts->n; i++) {
		if (strcmp(sorted[i]->name, sorted[first]->name) != 0) {
			first = i;
			twin = 1;
			continue;
		}
		sorted[i]->name = arena_fmt(
			a, "%s (%u)", sorted[i]->name, ++twin);
	}
	free(sorted);
}

void
scan_expand(
	struct arena *a, const struct target *v, size_t n, struct targets *out)
{
	*out = (struct targets){ 0 };
	for (size_t i = 0; i < n; i++) {
		if (v[i].kind == TARGET_FILE)
			expand_file(a, &v[i], out);
		else
			add(out, copy(a, &v[i]));
	}
	make_names_unique(a, out);
}
