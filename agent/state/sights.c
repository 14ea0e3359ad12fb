/* sights.c - what reports show of targets that have no look (model/look.h) */
#include <stdlib.h>
#include <string.h>

#include "model/hash.h"
#include "model/kept.h"
#include "model/look.h"
#include "state/sights.h"
#include "state/store.h"

/* A result for which there is to be a row. */
struct sight {
	int64_t id;
	const struct result *result;
	bool same; /* as what stands there */
};

struct sights {
	struct sight *v;
	size_t n;
	int64_t *gone; /* ids of rows that are nobody's */
	size_t n_gone;
};

#define SIGHTS_CLEANUP __attribute__((__cleanup__(sights_release)))

static void
sights_release(struct sights *s)
{
	free(s->v);
	free(s->gone);
}

static int
by_id(const void *a, const void *b)
{
	const struct sight *x = a, *y = b;

	if (x->id != y->id)
		return x->id < y->id ? -1 : 1;
	return strcmp(x->result->target->name, y->result->target->name);
}

/* Of several with one id, which chance will not make, the first is kept. */
static void
sort(struct sights *s)
{
	size_t n = 0;

	if (s->n > 1)
		qsort(s->v, s->n, sizeof(s->v[0]), by_id);
	for (size_t i = 0; i < s->n; i++) {
		if (n == 0 || s->v[n - 1].id != s->v[i].id)
			s->v[n++] = s->v[i];
	}
	s->n = n;
}

/* Is a row of `look` to hold it? Both come in the order of ids. */
static bool
has_look(const struct looks *looks, size_t *at, const struct sight *s)
{
	const struct look *l;

	if (looks == NULL)
		return false;
	while (*at < looks->n_order && looks->v[looks->order[*at]].id < s->id)
		(*at)++;
	if (*at == looks->n_order)
		return false;
	l = &looks->v[looks->order[*at]];
	return l->id == s->id && (l->known || l->kept) && l->result != NULL &&
		strcmp(l->name, s->result->target->name) == 0;
}

static void
gather(const struct results *rs, struct sights *out)
{
	size_t at = 0, n = 0;

	out->v = mem_grow(NULL, rs->n, sizeof(*out->v));
	for (size_t i = 0; i < rs->n; i++)
		out->v[out->n++] = (struct sight){
			.id = look_id(rs->v[i]->target->name),
			.result = rs->v[i],
		};
	sort(out);
	for (size_t i = 0; i < out->n; i++) {
		if (!has_look(rs->looks, &at, &out->v[i]))
			out->v[n++] = out->v[i];
	}
	out->n = n;
}

static void
note_gone(struct sights *s, int64_t id)
{
	if ((s->n_gone & (s->n_gone - 1)) == 0)
		s->gone = mem_grow(s->gone, s->n_gone == 0 ? 1 : s->n_gone * 2,
			sizeof(s->gone[0]));
	s->gone[s->n_gone++] = id;
}

/* A clock that was ahead for once has left what nobody could read till then. */
static bool
stands(const struct sight *s, sqlite3_stmt *q, time_t now)
{
	const char *name = store_text(q, 1);
	const void *kept = sqlite3_column_blob(q, 3);

	return name != NULL && strcmp(name, s->result->target->name) == 0 &&
		kept_stands(kept, (size_t)sqlite3_column_bytes(q, 3), now);
}

static bool
reads_the_same(const struct sight *s, sqlite3_stmt *q, struct buf *bytes)
{
	buf_reset(bytes);
	return (int64_t)kept_write(s->result, bytes) ==
		sqlite3_column_int64(q, 2);
}

/* Rows are not changed while they are walked. */
static int
compare(struct state *st, struct sights *s, time_t now, struct buf *bytes,
	struct error *err)
{
	sqlite3_stmt *q = store_query(st, err, STMT_SIGHT_ALL, "");
	size_t at = 0;
	int more = -1;

	while (q != NULL && (more = store_step(st, q, err)) == 1) {
		int64_t id = sqlite3_column_int64(q, 0);

		while (at < s->n && s->v[at].id < id)
			at++;
		if (at == s->n || s->v[at].id != id)
			note_gone(s, id);
		else
			s->v[at].same = stands(&s->v[at], q, now) &&
				(s->v[at].result->carried ||
					reads_the_same(&s->v[at], q, bytes));
	}
	return more;
}

static int
put(struct state *st, const struct sight *s, struct buf *bytes,
	struct error *err)
{
	struct store_blob result;
	int64_t sum;

	buf_reset(bytes);
	sum = (int64_t)kept_write(s->result, bytes);
	result = (struct store_blob){ bytes->s, bytes->len };
	return store_run(st, err, STMT_SIGHT_PUT, "itib", s->id,
		s->result->target->name, sum, &result);
}

int
sights_write(struct state *st, const struct results *rs, struct error *err)
{
	SIGHTS_CLEANUP struct sights s = { 0 };
	BUF_CLEANUP struct buf bytes = { 0 };

	gather(rs, &s);
	if (compare(st, &s, rs->time, &bytes, err) == -1)
		return -1;
	for (size_t i = 0; i < s.n_gone; i++) {
		if (store_run(st, err, STMT_SIGHT_DROP, "i", s.gone[i]) == -1)
			return -1;
	}
	for (size_t i = 0; i < s.n; i++) {
		if (!s.v[i].same && put(st, &s.v[i], &bytes, err) == -1)
			return -1;
	}
	return 0;
}
