/* results.c - the results of the last scans, as they are remembered */
#include <stdlib.h>
#include <string.h>

#include "model/kept.h"
#include "model/look.h"
#include "model/shelf.h"
#include "state/store.h"

/* What is kept of `name` in either table: 1 and *r, 0: nothing; or -1, *err. */
static int
read_kept(struct state *st, enum statement which, const char *name, time_t now,
	struct shelf *shelf, struct kept_target *kept, struct result **r,
	struct error *err)
{
	sqlite3_stmt *q = store_query(st, err, which, "i", look_id(name));
	int more = q == NULL ? -1 : store_step(st, q, err);
	const void *bytes;
	const char *own;

	if (more != 1)
		return more;
	own = store_text(q, 0);
	if (own != NULL && strcmp(own, name) == 0) {
		bytes = sqlite3_column_blob(q, 1);
		if (bytes != NULL)
			*r = kept_read(bytes,
				(size_t)sqlite3_column_bytes(q, 1), now, shelf,
				kept);
	}
	sqlite3_reset(q);
	return *r != NULL;
}

/* Of what an earlier version remembered there is but the status. */
static struct result *
bare_result(struct shelf *shelf)
{
	struct result *r = shelf_alloc(shelf, sizeof(*r));

	r->shelved = true;
	r->duration_ms = -1;
	return r;
}

/* Where the time is NULL it is the last scan's. */
static int
read_result(struct state *st, sqlite3_stmt *q, struct remembered *out,
	struct error *err)
{
	struct results *rs = &out->results;
	struct target *t = arena_alloc(out->texts, sizeof(*t));
	struct kept_target kept = { .kind = TARGET_FILE };
	struct result *r = NULL;
	time_t observed_at, now;
	int found;

	t->name = store_keep_must(q, 0, out->texts);
	t->address = store_keep_must(q, 1, out->texts);
	t->owner = store_keep(q, 2, out->texts);
	observed_at = sqlite3_column_type(q, 5) == SQLITE_NULL
		? rs->time
		: store_time(q, 5);
	/* The clock may have been put right a little since. */
	now = observed_at > rs->time ? observed_at : rs->time;
	found = read_kept(
		st, STMT_SIGHT_GET, t->name, now, rs->shelf, &kept, &r, err);
	if (found == 0)
		found = read_kept(st, STMT_LOOK_GET, t->name, now, rs->shelf,
			&kept, &r, err);
	if (found == -1)
		return -1;
	if (r == NULL)
		r = bare_result(rs->shelf);
	settings_init(&t->set);
	t->kind = kept.kind;
	t->role = kept.role;
	t->tags = kept.tags;
	t->client.expects = kept.client_wanted;
	if (t->kind == TARGET_FILE)
		t->file = t->address;
	r->target = t;
	r->status = store_severity(q, 3);
	r->observed_at = observed_at;
	rs->v[rs->n++] = r;
	return 0;
}

static int
read_all(struct state *st, struct remembered *out, struct error *err)
{
	struct results *rs = &out->results;
	sqlite3_stmt *q = store_query(st, err, STMT_TARGET_ALL, "");
	size_t room = 0;
	int more = -1;

	while (q != NULL && (more = store_step(st, q, err)) == 1) {
		if (rs->n == room) {
			room = room == 0 ? 64 : room * 2;
			rs->v = mem_grow(rs->v, room, sizeof(rs->v[0]));
		}
		if (read_result(st, q, out, err) == -1) {
			sqlite3_reset(q);
			return -1;
		}
	}
	return more;
}

int
state_results(struct state *st, struct remembered *out, struct error *err)
{
	struct remembered all = { .texts = arena_new() };

	all.results.shelf = shelf_new();
	if (state_last_scan(st, &all.results.time, err) == -1 ||
		read_all(st, &all, err) == -1) {
		remembered_release(&all);
		return -1;
	}
	*out = all;
	return 0;
}

void
remembered_release(struct remembered *r)
{
	results_release(&r->results);
	arena_free(r->texts);
	*r = (struct remembered){ 0 };
}
