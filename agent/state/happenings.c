/* happenings.c - what is open now, and what has happened so far */
#include <stdlib.h>

#include "model/alerts.h"
#include "state/store.h"

void
known_incidents_release(struct known_incidents *is)
{
	for (size_t i = 0; i < is->n; i++) {
		free(is->v[i].id);
		free(is->v[i].target);
		free(is->v[i].finding);
		free(is->v[i].subject);
		free(is->v[i].message);
		free(is->v[i].owner);
	}
	free(is->v);
	*is = (struct known_incidents){ 0 };
}

int
state_incidents(
	struct state *st, struct known_incidents *out, struct error *err)
{
	sqlite3_stmt *q = store_query(st, err, STMT_INCIDENT_OPEN, "");
	struct known_incidents is = { 0 };
	size_t room = 0;
	int more = -1;

	while (q != NULL && (more = store_step(st, q, err)) == 1) {
		if (is.n == room) {
			room = room == 0 ? 16 : room * 2;
			is.v = mem_grow(is.v, room, sizeof(*is.v));
		}
		is.v[is.n++] = (struct known_incident){
			.id = store_must(q, 0),
			.target = store_must(q, 1),
			.finding = store_must(q, 2),
			.subject = store_must(q, 3),
			.message = store_must(q, 4),
			.owner = store_dup(q, 5),
			.severity = store_severity(q, 6),
			.opened_at = store_time(q, 7),
			.told_at = store_time(q, 8),
			.silenced = sqlite3_column_int64(q, 9) != 0,
		};
	}
	if (more == -1) {
		known_incidents_release(&is);
		return -1;
	}
	*out = is;
	return 0;
}

void
happenings_release(struct happenings *hs)
{
	for (size_t i = 0; i < hs->n; i++) {
		free(hs->v[i].target);
		free(hs->v[i].kind);
		free(hs->v[i].incident);
		free(hs->v[i].finding);
		free(hs->v[i].subject);
		free(hs->v[i].message);
	}
	free(hs->v);
	*hs = (struct happenings){ 0 };
}

/* A target that has left the configuration has no address any more. */
static bool
row_fits(sqlite3_stmt *q, const char *glob)
{
	const char *name = store_text(q, 0), *address = store_text(q, 1);

	return (name != NULL && silence_fits(glob, name)) ||
		(address != NULL && silence_fits(glob, address));
}

static struct happening
read_row(sqlite3_stmt *q)
{
	return (struct happening){
		.target = store_must(q, 0),
		.time = store_time(q, 2),
		.kind = store_must(q, 3),
		.incident = store_dup(q, 4),
		.finding = store_dup(q, 5),
		.subject = store_dup(q, 6),
		.severity = store_severity(q, 7),
		.message = store_must(q, 8),
		.not_after = store_time(q, 9),
		.old_not_after = store_time(q, 10),
	};
}

int
state_history(struct state *st, const char *target, size_t most,
	struct happenings *out, struct error *err)
{
	sqlite3_stmt *q = store_query(st, err, STMT_HISTORY_LIST, "");
	struct happenings hs = { 0 };
	size_t room = 0;
	int more = -1;

	while (q != NULL && (more = store_step(st, q, err)) == 1) {
		if (!row_fits(q, target))
			continue;
		if (hs.n == most) {
			hs.left_out++;
			continue;
		}
		if (hs.n == room) {
			room = room == 0 ? 16 : room * 2;
			hs.v = mem_grow(hs.v, room, sizeof(*hs.v));
		}
		hs.v[hs.n++] = read_row(q);
	}
	if (more == -1) {
		happenings_release(&hs);
		return -1;
	}
	*out = hs;
	return 0;
}
