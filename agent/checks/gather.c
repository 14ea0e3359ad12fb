/* gather.c - findings of several looks at one target become one list */
#include <string.h>

#include "checks/gather.h"
#include "model/alloc.h"

void
gather_one(struct findings *out, struct finding *f)
{
	out->v = mem_grow(out->v, out->n + 1, sizeof(*out->v));
	out->v[out->n++] = *f;
	*f = (struct finding){ 0 };
}

struct finding *
gather_find(struct findings *fs, const struct finding *like)
{
	for (size_t i = 0; i < fs->n; i++) {
		if (fs->v[i].kind == like->kind &&
			strcmp(fs->v[i].subject, like->subject) == 0)
			return &fs->v[i];
	}
	return NULL;
}

void
gather_worst(struct findings *out, struct findings *from)
{
	for (size_t i = 0; i < from->n; i++) {
		struct finding *f = &from->v[i];
		struct finding *there = gather_find(out, f);

		if (there == NULL) {
			gather_one(out, f);
		} else if (f->severity > there->severity) {
			struct finding milder = *there;

			*there = *f;
			*f = milder;
		}
	}
	findings_release(from);
}
