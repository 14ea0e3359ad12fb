/* happenings.c - what has happened so far */
#include <stdlib.h>
#include <string.h>

#include "model/alerts.h"
#include "state/store.h"

/* The rows of the history that are asked for, by number. */
struct rows {
	int64_t *v;
	size_t n, room;
};

static void
rows_release(struct rows *rs)
{
	free(rs->v);
}

#define ROWS_CLEANUP __attribute__((__cleanup__(rows_release)))

static void
add_row(struct rows *rs, int64_t seq)
{
	if (rs->n == rs->room) {
		rs->room = rs->room == 0 ? 64 : rs->room * 2;
		rs->v = mem_grow(rs->v, rs->room, sizeof(*rs->v));
	}
	rs->v[rs->n++] = seq;
}

static int
add_rows_of(struct state *st, const char *target, struct rows *out,
	struct error *err)
{
	sqlite3_stmt *q = store_query(st, err, STMT_HISTORY_OF, "t", target);
	int more = -1;

	while (q != NULL && (more = store_step(st, q, err)) == 1)
		add_row(out, sqlite3_column_int64(q, 0));
	return more;
}

/* How much of a glob is to be taken to the letter. */
static size_t
literal_part(const char *glob)
{
	return strcspn(glob, "*?[\\");
}

/*
 * What happened to targets whose names the glob fits, those that have left the
 * configuration too. They stand side by side in the index, from the literal
 * part of it on: each is looked at once.
 */
static int
add_by_name(
	struct state *st, const char *glob, struct rows *out, struct error *err)
{
	size_t literal = literal_part(glob);
	cleanup(str_free) char *first = str_ndup(glob, literal);
	sqlite3_stmt *q = store_query(st, err, STMT_HISTORY_FROM, "t", first);
	BUF_CLEANUP struct buf last = { 0 };
	bool fits = false;
	int more = -1;

	while (q != NULL && (more = store_step(st, q, err)) == 1) {
		const char *name = store_text(q, 0);

		if (strncmp(name, first, literal) != 0) {
			sqlite3_reset(q);
			return 0;
		}
		if (last.len == 0 || strcmp(name, last.s) != 0) {
			buf_reset(&last);
			buf_puts(&last, name);
			fits = silence_fits(glob, name);
		}
		if (fits)
			add_row(out, sqlite3_column_int64(q, 1));
	}
	return more;
}

/* The same of those whose addresses it fits, and whose names it does not. */
static int
add_by_address(
	struct state *st, const char *glob, struct rows *out, struct error *err)
{
	sqlite3_stmt *q = store_query(st, err, STMT_TARGET_ALL, "");
	int more = -1;

	while (q != NULL && (more = store_step(st, q, err)) == 1) {
		const char *name = store_text(q, 0), *at = store_text(q, 1);

		if (name == NULL || at == NULL || !silence_fits(glob, at) ||
			silence_fits(glob, name))
			continue;
		if (add_rows_of(st, name, out, err) == -1) {
			sqlite3_reset(q);
			return -1;
		}
	}
	return more;
}

static int
find_rows(
	struct state *st, const char *glob, struct rows *out, struct error *err)
{
	/* Nothing but stars: every name fits. */
	bool every = *glob != '\0' && glob[strspn(glob, "*")] == '\0';
	bool one = glob[literal_part(glob)] == '\0';
	int rc = one ? add_rows_of(st, glob, out, err)
		     : add_by_name(st, glob, out, err);

	return rc == -1 || every ? rc : add_by_address(st, glob, out, err);
}

static int
latest_first(const void *a, const void *b)
{
	const int64_t *x = a, *y = b;

	return *x > *y ? -1 : *x < *y;
}

/* Nothing, if a scan has forgotten it by now. */
static int
read_row(struct state *st, int64_t seq, struct happenings *out,
	struct error *err)
{
	sqlite3_stmt *q = store_query(st, err, STMT_HISTORY_GET, "i", seq);
	int more = q == NULL ? -1 : store_step(st, q, err);

	if (more != 1)
		return more;
	out->v[out->n++] = (struct happening){
		.target = store_keep_must(q, 0, out->texts),
		.time = store_time(q, 1),
		.kind = store_keep_must(q, 2, out->texts),
		.incident = store_keep(q, 3, out->texts),
		.finding = store_keep(q, 4, out->texts),
		.subject = store_keep(q, 5, out->texts),
		.severity = store_severity(q, 6),
		.message = store_keep_must(q, 7, out->texts),
		.not_after = store_time(q, 8),
		.old_not_after = store_time(q, 9),
	};
	sqlite3_reset(q);
	return 0;
}

void
happenings_release(struct happenings *hs)
{
	arena_free(hs->texts);
	free(hs->v);
	*hs = (struct happenings){ 0 };
}

int
state_history(struct state *st, const char *target, size_t most,
	struct happenings *out, struct error *err)
{
	ROWS_CLEANUP struct rows rows = { 0 };
	struct happenings hs = { 0 };
	size_t n;

	if (find_rows(st, target, &rows, err) == -1)
		return -1;
	if (rows.n > 1)
		qsort(rows.v, rows.n, sizeof(*rows.v), latest_first);
	n = rows.n < most ? rows.n : most;
	hs.v = mem_grow(NULL, n, sizeof(*hs.v));
	hs.texts = arena_new();
	hs.left_out = rows.n - n;
	for (size_t i = 0; i < n; i++) {
		if (read_row(st, rows.v[i], &hs, err) == -1) {
			happenings_release(&hs);
			return -1;
		}
	}
	*out = hs;
	return 0;
}
