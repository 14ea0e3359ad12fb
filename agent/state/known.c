/* known.c - what the last scans know of each target */
#include <stdlib.h>

#include "state/store.h"

void
known_targets_release(struct known_targets *ts)
{
	for (size_t i = 0; i < ts->n; i++) {
		free(ts->v[i].name);
		free(ts->v[i].address);
		free(ts->v[i].owner);
		free(ts->v[i].message);
	}
	free(ts->v);
	*ts = (struct known_targets){ 0 };
}

static int
read_targets(struct state *st, struct known_targets *out, struct error *err)
{
	sqlite3_stmt *q = store_query(st, err, STMT_TARGET_LIST, "");
	size_t room = 0;
	int more = -1;

	while (q != NULL && (more = store_step(st, q, err)) == 1) {
		if (out->n == room) {
			room = room == 0 ? 64 : room * 2;
			out->v = mem_grow(out->v, room, sizeof(*out->v));
		}
		out->v[out->n++] = (struct known_target){
			.name = store_must(q, 0),
			.address = store_must(q, 1),
			.owner = store_dup(q, 2),
			.status = store_severity(q, 3),
			.message = store_dup(q, 4),
			.observed_at = store_time(q, 5),
			.not_after = store_time(q, 6),
		};
	}
	return more;
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
state_targets(struct state *st, struct known_targets *out, struct error *err)
{
	struct known_targets ts = { 0 };
	int64_t last_scan = 0, open = 0;

	if (read_targets(st, &ts, err) == -1 ||
		read_number(st, STMT_SCAN_GET, &last_scan, err) == -1 ||
		read_number(st, STMT_INCIDENT_COUNT, &open, err) == -1) {
		known_targets_release(&ts);
		return -1;
	}
	ts.last_scan = last_scan;
	ts.open_incidents = (size_t)open;
	*out = ts;
	return 0;
}
