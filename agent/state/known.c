/* known.c - what the last scans know of each target */
#include <stdlib.h>
#include <string.h>

#include "state/store.h"

void
known_targets_release(struct known_targets *ts)
{
	arena_free(ts->texts);
	free(ts->v);
	*ts = (struct known_targets){ 0 };
}

/* Of a file the address is the name: one copy does for both. */
static struct known_target
read_target(sqlite3_stmt *q, struct arena *texts)
{
	const char *address = store_text(q, 1);
	struct known_target t = {
		.name = store_keep_must(q, 0, texts),
		.owner = store_keep(q, 2, texts),
		.status = store_severity(q, 3),
		.message = store_keep(q, 4, texts),
		.observed_at = store_time(q, 5),
		.not_after = store_time(q, 6),
	};

	t.address = address != NULL && strcmp(address, t.name) == 0
		? t.name
		: store_keep_must(q, 1, texts);
	return t;
}

/* In the order of their key; where the time is NULL it is the last scan's. */
static int
read_targets(struct state *st, struct known_targets *out, struct error *err)
{
	sqlite3_stmt *q = store_query(st, err, STMT_TARGET_ALL, "");
	size_t room = 0;
	int more = -1;

	out->texts = arena_new();
	while (q != NULL && (more = store_step(st, q, err)) == 1) {
		struct known_target *t;

		if (out->n == room) {
			room = room == 0 ? 64 : room * 2;
			out->v = mem_grow(out->v, room, sizeof(*out->v));
		}
		t = &out->v[out->n++];
		*t = read_target(q, out->texts);
		if (sqlite3_column_type(q, 5) == SQLITE_NULL)
			t->observed_at = out->last_scan;
	}
	return more;
}

static int
worst_first(const void *a, const void *b)
{
	const struct known_target *x = a, *y = b;

	if (x->status != y->status)
		return x->status > y->status ? -1 : 1;
	if (x->not_after != y->not_after)
		return x->not_after < y->not_after ? -1 : 1;
	return strcmp(x->name, y->name);
}

/* The first column of the only row; 0 if there is none. */
static int
read_number(
	struct state *st, enum statement which, int64_t *out, struct error *err)
{
	sqlite3_stmt *q = store_query(st, err, which, "");
	int more = q == NULL ? -1 : store_step(st, q, err);

	if (more == -1)
		return -1;
	*out = more == 1 ? store_time(q, 0) : 0;
	sqlite3_reset(q);
	return 0;
}

int
state_last_scan(struct state *st, time_t *out, struct error *err)
{
	int64_t time = 0;

	if (read_number(st, STMT_SCAN_GET, &time, err) == -1)
		return -1;
	*out = time;
	return 0;
}

int
state_targets(struct state *st, struct known_targets *out, struct error *err)
{
	struct known_targets ts = { 0 };
	int64_t open = 0;

	if (state_last_scan(st, &ts.last_scan, err) == -1 ||
		read_targets(st, &ts, err) == -1 ||
		read_number(st, STMT_INCIDENT_COUNT, &open, err) == -1) {
		known_targets_release(&ts);
		return -1;
	}
	if (ts.n > 1)
		qsort(ts.v, ts.n, sizeof(*ts.v), worst_first);
	ts.open_incidents = (size_t)open;
	*out = ts;
	return 0;
}
