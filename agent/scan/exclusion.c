/* exclusion.c - patterns of what is passed over */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "model/alloc.h"
#include "scan/exclusion.h"

/* Names in a path: PATH_MAX has room for no more. */
#define MAX_NAMES 2048

/* All of it is parts; at the end of any path, unless it begins with '/'. */
static int
parse(const char *text, bool whole_path, struct pattern *out)
{
	cleanup(str_free) char *below = str_fmt(
		"%s/%s", whole_path ? "*" : "**", text);
	struct pattern p;

	if (pattern_parse(below, &p) == -1)
		return -1;
	if (whole_path) {
		free(p.v[0].text);
		memmove(p.v, p.v + 1, (p.n - 1) * sizeof(*p.v));
		p.n--;
		free(p.base);
		p.base = str_dup("/");
	}
	p.hidden = true;
	*out = p;
	return 0;
}

static int
add_one(struct exclusion *x, const char *alternative)
{
	cleanup(str_free) char *text = str_dup(alternative);
	size_t n = strlen(text);
	struct pattern p;

	/* "old/" means the folder, which then nobody enters. */
	while (n > 0 && text[n - 1] == '/')
		text[--n] = '\0';
	if (strspn(text, "./") == n)
		return 0; /* no name in it */
	if (parse(text, *text == '/', &p) == -1)
		return -1;
	x->v = mem_grow(x->v, x->n + 1, sizeof(*x->v));
	x->v[x->n++] = p;
	if (strchr(text, '/') != NULL) {
		x->v[x->n - 1] = x->v[x->n_paths];
		x->v[x->n_paths++] = p;
	}
	return 0;
}

int
exclusion_add(struct exclusion *x, const char *text)
{
	struct strlist all = { 0 };
	int rc = pattern_alternatives(text, &all);

	for (size_t i = 0; i < all.n; i++) {
		if (add_one(x, all.v[i]) == -1)
			rc = -1;
	}
	strlist_release(&all);
	return rc;
}

/* Do the parts fit all names, "**" any number of them? */
static bool
fits(const struct pattern *p, char *const names[], size_t n)
{
	size_t part = 0, name = 0;
	size_t again = SIZE_MAX, from = 0; /* the last "**", what it took */

	while (name < n) {
		if (part < p->n && p->v[part].kind == PATTERN_FOLDERS) {
			again = ++part;
			from = name;
		} else if (part < p->n &&
			pattern_part_fits(p, part, names[name])) {
			part++;
			name++;
		} else if (again != SIZE_MAX) {
			part = again;
			name = ++from;
		} else {
			return false;
		}
	}
	return part == p->n;
}

static size_t
split(char *path, char *names[MAX_NAMES])
{
	size_t n = 0;
	char *rest = NULL;

	for (char *s = strtok_r(path, "/", &rest); s != NULL && n < MAX_NAMES;
		s = strtok_r(NULL, "/", &rest)) {
		if (strcmp(s, ".") != 0)
			names[n++] = s;
	}
	return n;
}

static bool
path_fits(const struct exclusion *x, const char *path)
{
	cleanup(str_free) char *copy = str_dup(path);
	char *names[MAX_NAMES];
	size_t n = split(copy, names);

	for (size_t i = 0; i < x->n_paths; i++) {
		if (*x->v[i].base == '/' && *path != '/')
			continue;
		if (fits(&x->v[i], names, n))
			return true;
	}
	return false;
}

bool
exclusion_fits(const struct exclusion *x, const char *path, const char *name)
{
	for (size_t i = x->n_paths; i < x->n; i++) {
		/* The part behind the "**" that all of them begin with. */
		if (pattern_part_fits(&x->v[i], 1, name))
			return true;
	}
	return x->n_paths > 0 && path_fits(x, path);
}

void
exclusion_release(struct exclusion *x)
{
	for (size_t i = 0; i < x->n; i++)
		pattern_release(&x->v[i]);
	free(x->v);
	*x = (struct exclusion){ 0 };
}
