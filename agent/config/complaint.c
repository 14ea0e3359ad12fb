/* complaint.c - all that is wrong with the configuration, each at its place */
#include <stdlib.h>

#include "config/complaint.h"
#include "model/alloc.h"
#include "model/text.h"

struct complaint {
	struct place at;
	size_t number; /* in the order of finding */
	char *text;
};

void
complaints_add(struct complaints *cs, const struct place *at, const char *text)
{
	if (cs->n == COMPLAINTS_MAX) {
		cs->untold++;
		return;
	}
	cs->v = mem_grow(cs->v, cs->n + 1, sizeof(*cs->v));
	cs->v[cs->n] = (struct complaint){
		.at = *at,
		.number = cs->n,
		.text = str_dup(text),
	};
	cs->n++;
}

static int
compare(const void *a, const void *b)
{
	const struct complaint *x = a, *y = b;

	if (x->at.file != y->at.file)
		return x->at.file < y->at.file ? -1 : 1;
	if (x->at.line != y->at.line)
		return x->at.line < y->at.line ? -1 : 1;
	if (x->at.column != y->at.column)
		return x->at.column < y->at.column ? -1 : 1;
	return x->number < y->number ? -1 : 1;
}

void
complaints_tell(struct buf *out, struct complaints *cs)
{
	if (cs->n > 0)
		qsort(cs->v, cs->n, sizeof(*cs->v), compare);
	for (size_t i = 0; i < cs->n; i++) {
		const struct complaint *c = &cs->v[i];

		text_plain(out, c->at.path);
		if (c->at.line > 0)
			buf_printf(out, ":%zu:%zu", c->at.line, c->at.column);
		buf_printf(out, ": %s\n", c->text);
	}
	if (cs->untold > 0)
		buf_printf(out, "and %zu more\n", cs->untold);
}

void
complaints_release(struct complaints *cs)
{
	for (size_t i = 0; i < cs->n; i++)
		free(cs->v[i].text);
	free(cs->v);
	*cs = (struct complaints){ 0 };
}
