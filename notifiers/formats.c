/* formats.c - the table of webhook formats */
#include <stdlib.h>

#include "model/alloc.h"
#include "notifiers/format.h"

#define ROW(name) { #name, FORMAT_##name },
const struct choice format_choices[] = { FORMAT_ROWS{ NULL, 0 } };
#undef ROW

#define ROW(name) [FORMAT_##name] = &format_##name,
const struct format *const format_table[FORMATS] = { FORMAT_ROWS };
#undef ROW

static const struct field {
	unsigned bit;
	const char *name;
	size_t offset;
} fields[] = {
	{ ACCOUNT_URL, "url", offsetof(struct account, url) },
	{ ACCOUNT_TOKEN, "token", offsetof(struct account, token) },
	{ ACCOUNT_TO, "to", offsetof(struct account, to) },
	{ ACCOUNT_SECRET, "secret", offsetof(struct account, secret) },
	{ ACCOUNT_TEMPLATE, "template", offsetof(struct account, template) },
};

int
format_check(
	enum format_index which, const struct account *a, struct error *err)
{
	const struct format *f = format_table[which];
	const char *name = format_choices[which].name;
	unsigned takes = f->needs | f->takes | ACCOUNT_URL;
	unsigned needs = f->needs | (f->url == NULL ? ACCOUNT_URL : 0);

	for (size_t i = 0; i < sizeof(fields) / sizeof(fields[0]); i++) {
		const struct field *k = &fields[i];
		bool has = *(const char *const *)((const char *)a +
				   k->offset) != NULL;

		if (!has && (needs & k->bit) != 0)
			return error_set(err, ERROR_USAGE,
				"%s: the format %s needs it", k->name, name);
		if (has && (takes & k->bit) == 0)
			return error_set(err, ERROR_USAGE,
				"%s: the format %s has no use for it", k->name,
				name);
	}
	return f->check != NULL ? f->check(a, err) : 0;
}

struct post *
posts_add(struct posts *ps, char *body)
{
	struct post *p;

	ps->v = mem_grow(ps->v, ps->n + 1, sizeof(*ps->v));
	p = &ps->v[ps->n++];
	*p = (struct post){ .body = body };
	return p;
}

void
posts_release(struct posts *ps)
{
	for (size_t i = 0; i < ps->n; i++) {
		free(ps->v[i].url);
		strlist_release(&ps->v[i].headers);
		free(ps->v[i].body);
	}
	free(ps->v);
	*ps = (struct posts){ 0 };
}

char *
format_dump(json_t *j)
{
	char *text = j != NULL ? json_dumps(j, JSON_COMPACT) : NULL;

	json_decref(j);
	if (text == NULL)
		mem_exhausted();
	return text;
}
