/* account.c - which way from a leaf was chosen, and which were not */
#include <stdlib.h>
#include <string.h>

#include "model/account.h"

const char *
way_end_name(enum way_end end)
{
	static const char *const names[] = {
		[WAY_ANCHORED] = "anchored",
		[WAY_OPEN] = "open",
		[WAY_GAP] = "gap",
		[WAY_ROOT] = "root",
		[WAY_SIGNATURE] = "signature",
		[WAY_REFUSED] = "refused",
	};

	return names[end];
}

struct account *
account_new(void)
{
	struct account *a = mem_alloc(sizeof(*a));

	a->all = true;
	return a;
}

static void
way_release(struct way *w)
{
	free(w->steps);
	free(w->why);
}

void
account_free(struct account *a)
{
	if (a == NULL)
		return;
	for (size_t i = 0; i < a->n; i++) {
		struct journey *j = &a->v[i];

		way_release(&j->chosen);
		for (size_t k = 0; k < j->n_others; k++)
			way_release(&j->others[k]);
		free(j->others);
	}
	for (size_t i = 0; i < a->n_stored; i++)
		cert_release(&a->stored[i]);
	free(a->v);
	free(a->stored);
	free(a->trust);
	free(a);
}

struct journey *
account_add(struct account *a)
{
	a->v = mem_grow(a->v, a->n + 1, sizeof(*a->v));
	a->v[a->n] = (struct journey){ 0 };
	return &a->v[a->n++];
}

struct way *
journey_add(struct journey *j)
{
	j->others = mem_grow(j->others, j->n_others + 1, sizeof(*j->others));
	j->others[j->n_others] = (struct way){ 0 };
	return &j->others[j->n_others++];
}

void
journey_drop(struct journey *j)
{
	way_release(&j->others[--j->n_others]);
}

void
way_add(struct way *w, struct way_step step)
{
	w->steps = mem_grow(w->steps, w->n + 1, sizeof(*w->steps));
	w->steps[w->n++] = step;
}

size_t
account_store(struct account *a, struct cert *own)
{
	for (size_t i = 0; i < a->n_stored; i++) {
		if (strcmp(a->stored[i].sha256, own->sha256) == 0) {
			cert_release(own);
			return i;
		}
	}
	cert_forget_x509(own);
	a->stored = mem_grow(a->stored, a->n_stored + 1, sizeof(*a->stored));
	a->stored[a->n_stored] = *own;
	*own = (struct cert){ 0 };
	return a->n_stored++;
}

const struct cert *
account_cert(const struct account *a, const struct observation *seen,
	const struct way_step *step)
{
	return step->stored ? &a->stored[step->at] : &seen->certs[step->at];
}

size_t
way_common(const struct way *a, const struct way *b)
{
	size_t n = 0;

	while (n < a->n && n < b->n &&
		a->steps[n].stored == b->steps[n].stored &&
		a->steps[n].at == b->steps[n].at)
		n++;
	return n;
}
