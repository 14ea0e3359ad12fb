/* looks.c - what was made of files, until they change */
#include <string.h>

#include "model/buf.h"
#include "model/kept.h"
#include "state/looks.h"
#include "state/store.h"

static int
check_basis(struct state *st, const unsigned char basis[LOOKS_BASIS],
	bool *anew, struct error *err)
{
	sqlite3_stmt *q = store_query(st, err, STMT_BASIS_GET, "");
	int more = q == NULL ? -1 : store_step(st, q, err);
	const void *stored;

	*anew = true;
	if (more != 1)
		return more;
	stored = sqlite3_column_blob(q, 0);
	*anew = sqlite3_column_bytes(q, 0) != LOOKS_BASIS ||
		memcmp(stored, basis, LOOKS_BASIS) != 0;
	sqlite3_reset(q);
	return 0;
}

/* SQLite wants the pointer to be asked for before the length. */
static const void *
read_blob(sqlite3_stmt *q, int i, size_t *n)
{
	const void *bytes = sqlite3_column_blob(q, i);

	*n = (size_t)sqlite3_column_bytes(q, i);
	return bytes;
}

int
state_looks(struct state *st, const unsigned char basis[LOOKS_BASIS],
	void (*met)(void *arg, const struct stored_look *l), void *arg,
	bool *anew, struct error *err)
{
	sqlite3_stmt *q;
	int more = -1;

	if (check_basis(st, basis, anew, err) == -1)
		return -1;
	if (*anew)
		return 0;
	q = store_query(st, err, STMT_LOOK_ALL, "");
	while (q != NULL && (more = store_step(st, q, err)) == 1) {
		struct stored_look l = {
			.id = sqlite3_column_int64(q, 0),
			.name = store_text(q, 1),
			.until = sqlite3_column_int64(q, 3),
		};

		l.stamp = read_blob(q, 2, &l.n_stamp);
		l.result = read_blob(q, 4, &l.n_result);
		met(arg, &l);
	}
	return more;
}

static int
put(struct state *st, const struct look *l, struct buf *bytes,
	struct error *err)
{
	const struct store_blob stamp = { l->stamp, l->n_stamp };
	struct store_blob result = { 0 };

	if (l->result != NULL) {
		buf_reset(bytes);
		kept_write(l->result, bytes);
		result = (struct store_blob){ bytes->s, bytes->len };
	}
	return store_run(st, err, STMT_LOOK_PUT, "itbib", l->id, l->name,
		&stamp, (int64_t)l->until, &result);
}

static int
write_one(struct state *st, const struct look *l, struct buf *bytes,
	struct error *err)
{
	if (l->known)
		return 0;
	if (l->kept)
		return put(st, l, bytes, err);
	return l->stored ? store_run(st, err, STMT_LOOK_DROP, "i", l->id) : 0;
}

/* Rows on which nothing stands any more. */
static int
clear(struct state *st, const struct looks *looks, struct error *err)
{
	const struct store_blob basis = { looks->basis, LOOKS_BASIS };

	if (looks->anew)
		return store_run(st, err, STMT_LOOK_CLEAR, "") == -1 ||
				store_run(st, err, STMT_BASIS_PUT, "b",
					&basis) == -1
			? -1
			: 0;
	for (size_t i = 0; i < looks->n_gone; i++) {
		if (store_run(st, err, STMT_LOOK_DROP, "i", looks->gone[i]) ==
			-1)
			return -1;
	}
	return 0;
}

int
looks_write(struct state *st, const struct looks *looks, struct error *err)
{
	BUF_CLEANUP struct buf bytes = { 0 };

	if (looks == NULL)
		return 0;
	if (clear(st, looks, err) == -1)
		return -1;
	for (size_t i = 0; i < looks->n_order; i++) {
		const struct look *l = &looks->v[looks->order[i]];

		if (write_one(st, l, &bytes, err) == -1)
			return -1;
	}
	return 0;
}
