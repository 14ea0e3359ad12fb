/* nameset.c - names to look up: in lower case, sorted, each once */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "checks/nameset.h"
#include "model/hostname.h"

static int
compare_names(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

void
nameset_from(struct nameset *set, struct strlist *names)
{
	size_t n = 0;

	*set = (struct nameset){ .v = names->v, .n = names->n };
	*names = (struct strlist){ 0 };
	if (set->n == 0)
		return;
	for (size_t i = 0; i < set->n; i++) {
		for (char *p = set->v[i]; *p != '\0'; p++)
			*p = (char)tolower((unsigned char)*p);
	}
	qsort(set->v, set->n, sizeof(*set->v), compare_names);
	for (size_t i = 0; i < set->n; i++) {
		if (n > 0 && strcmp(set->v[n - 1], set->v[i]) == 0)
			free(set->v[i]);
		else
			set->v[n++] = set->v[i];
	}
	set->n = n;
}

void
nameset_of(struct nameset *set, const struct cert *c)
{
	struct strlist names = { 0 };

	for (size_t i = 0; i < c->names.n; i++) {
		if (!hostname_is_address(c->names.v[i]))
			strlist_add(&names, c->names.v[i]);
	}
	nameset_from(set, &names);
}

void
nameset_release(struct nameset *set)
{
	for (size_t i = 0; i < set->n; i++)
		free(set->v[i]);
	free(set->v);
	*set = (struct nameset){ 0 };
}

bool
nameset_has(const struct nameset *set, const char *prefix, const char *name)
{
	struct buf key BUF_CLEANUP = { 0 };

	if (set->n == 0)
		return false;
	buf_puts(&key, prefix);
	buf_puts(&key, name);
	return bsearch(&key.s, set->v, set->n, sizeof(*set->v),
		       compare_names) != NULL;
}
