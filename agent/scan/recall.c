/* recall.c - what was made of files that are unchanged since */
#include <stdlib.h>
#include <string.h>

#include "model/alloc.h"
#include "model/duration.h"
#include "model/kept.h"
#include "model/shelf.h"
#include "scan/recall.h"
#include "scan/stamp.h"
#include "state/looks.h"

/* What secrets open, or others lend to, is looked at each time. */
static bool
may_be_kept(const struct target *t)
{
	return t->kind == TARGET_FILE && t->passphrase == NULL &&
		t->intermediates == NULL;
}

/* In the order of the targets, in which they lie on disk. */
static void
take_stamps(struct looks *looks, const struct recall_request *request)
{
	const struct targets *ts = request->targets;
	BUF_CLEANUP struct buf stamp = { 0 };

	for (size_t i = 0; i < ts->n; i++) {
		struct look *l = &looks->v[i];

		buf_reset(&stamp);
		if (!may_be_kept(ts->v[i]) ||
			!stamp_take(ts->v[i], request->clock, &stamp))
			continue;
		l->name = ts->v[i]->name;
		/* Two that have the same are met in sort(). */
		l->id = look_id(l->name);
		l->n_stamp = stamp.len;
		l->stamp = mem_grow(NULL, stamp.len, 1);
		memcpy(l->stamp, stamp.s, stamp.len);
		looks->order[looks->n_order++] = i;
	}
}

static int
by_id(const void *a, const void *b, void *arg)
{
	const struct looks *looks = arg;
	const struct look *x = &looks->v[*(const size_t *)a];
	const struct look *y = &looks->v[*(const size_t *)b];

	if (x->id != y->id)
		return x->id < y->id ? -1 : 1;
	return strcmp(x->name, y->name);
}

/* Of several with one id the first is kept. */
static void
sort(struct looks *looks)
{
	size_t n = 0;

	if (looks->n_order > 1)
		qsort_r(looks->order, looks->n_order, sizeof(looks->order[0]),
			by_id, looks);
	for (size_t i = 0; i < looks->n_order; i++) {
		struct look *l = &looks->v[looks->order[i]];

		if (n > 0 && looks->v[looks->order[n - 1]].id == l->id)
			l->name = NULL;
		else
			looks->order[n++] = looks->order[i];
	}
	looks->n_order = n;
}

/* The looks and the rows, side by side. */
struct merge {
	const struct recall_request *request;
	struct looks *looks;
	size_t at; /* of looks->order */
};

static void
note_gone(struct looks *looks, int64_t id)
{
	if ((looks->n_gone & (looks->n_gone - 1)) == 0)
		looks->gone = mem_grow(looks->gone,
			looks->n_gone == 0 ? 1 : looks->n_gone * 2,
			sizeof(looks->gone[0]));
	looks->gone[looks->n_gone++] = id;
}

static bool
holds(const struct merge *m, const struct look *l, const struct stored_look *s)
{
	return !m->request->fresh && m->request->now < s->until &&
		s->n_stamp == l->n_stamp &&
		memcmp(s->stamp, l->stamp, l->n_stamp) == 0 &&
		s->name != NULL && strcmp(s->name, l->name) == 0;
}

static void
use(const struct merge *m, size_t i, const struct stored_look *s)
{
	struct look *l = &m->looks->v[i];

	if (s->result != NULL) {
		l->result = kept_read_of(s->result, s->n_result,
			m->request->targets->v[i], m->request->now,
			m->looks->shelf);
		if (l->result == NULL)
			return;
	}
	l->known = true;
	l->until = s->until;
	/* It was for comparing, and for storing. */
	free(l->stamp);
	l->stamp = NULL;
}

static void
met(void *arg, const struct stored_look *s)
{
	struct merge *m = arg;
	const struct looks *looks = m->looks;
	struct look *l;

	while (m->at < looks->n_order &&
		looks->v[looks->order[m->at]].id < s->id)
		m->at++;
	if (m->at == looks->n_order ||
		looks->v[looks->order[m->at]].id != s->id) {
		note_gone(m->looks, s->id);
		return;
	}
	l = &looks->v[looks->order[m->at]];
	l->stored = true;
	if (holds(m, l, s))
		use(m, looks->order[m->at], s);
}

int
recall(struct state *st, const struct recall_request *request,
	struct looks *out, struct error *err)
{
	size_t n = request->targets->n;
	struct looks looks = { .n = n, .now = request->now };
	struct merge m = { .request = request, .looks = &looks };

	looks.shelf = shelf_new();
	looks.v = mem_alloc((n + 1) * sizeof(*looks.v));
	looks.order = mem_grow(NULL, n, sizeof(*looks.order));
	memcpy(looks.basis, request->basis, LOOKS_BASIS);
	take_stamps(&looks, request);
	sort(&looks);
	if (state_looks(st, looks.basis, met, &m, &looks.anew, err) == -1) {
		recall_release(&looks);
		return -1;
	}
	*out = looks;
	return 0;
}

void
recall_release(struct looks *looks)
{
	for (size_t i = 0; i < looks->n; i++)
		free(looks->v[i].stamp);
	free(looks->v);
	free(looks->order);
	free(looks->gone);
	shelf_free(looks->shelf);
	*looks = (struct looks){ 0 };
}

void
recall_note(struct looks *looks, size_t i, const struct result *r, time_t until)
{
	struct look *l = &looks->v[i];
	/* All were looked at together; they need not be again. */
	time_t latest = looks->now +
		(time_t)(RECALL_MAX_S - l->id % (RECALL_MAX_S / 4));

	l->result = r;
	l->until = until < latest ? until : latest;
	l->kept = l->name != NULL && l->until > looks->now &&
		(r == NULL || kept_fits(r));
}
