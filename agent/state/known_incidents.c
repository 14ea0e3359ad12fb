/* known_incidents.c - what is open now */
#include <stdlib.h>

#include "state/store.h"

void
known_incidents_release(struct known_incidents *is)
{
	arena_free(is->texts);
	free(is->v);
	*is = (struct known_incidents){ 0 };
}

static struct known_incident
read_incident(sqlite3_stmt *q, struct arena *texts)
{
	return (struct known_incident){
		.id = store_keep_must(q, 0, texts),
		.target = store_keep_must(q, 1, texts),
		.finding = store_keep_must(q, 2, texts),
		.subject = store_keep_must(q, 3, texts),
		.message = store_keep_must(q, 4, texts),
		.address = store_keep_must(q, 5, texts),
		.owner = store_keep(q, 6, texts),
		.severity = store_severity(q, 7),
		.opened_at = store_time(q, 8),
		.told_at = store_time(q, 9),
		.silenced = sqlite3_column_int64(q, 10) != 0,
	};
}

int
state_incidents(
	struct state *st, struct known_incidents *out, struct error *err)
{
	sqlite3_stmt *q = store_query(st, err, STMT_INCIDENT_OPEN, "");
	struct known_incidents is = { .texts = arena_new() };
	size_t room = 0;
	int more = -1;

	while (q != NULL && (more = store_step(st, q, err)) == 1) {
		if (is.n == room) {
			room = room == 0 ? 16 : room * 2;
			is.v = mem_grow(is.v, room, sizeof(*is.v));
		}
		is.v[is.n++] = read_incident(q, is.texts);
	}
	if (more == -1) {
		known_incidents_release(&is);
		return -1;
	}
	*out = is;
	return 0;
}
