/* silences.c - silences that were asked for, with an end and a reason */
#include <stdlib.h>
#include <string.h>

#include "model/digest.h"
#include "state/store.h"

#define ID_DIGITS 12 /* enough to be unlike, short enough to be typed */

void
silences_release(struct silences *ss)
{
	for (size_t i = 0; i < ss->n; i++) {
		free((char *)ss->v[i].id);
		free((char *)ss->v[i].target);
		free((char *)ss->v[i].finding);
		free((char *)ss->v[i].reason);
		free((char *)ss->v[i].by);
	}
	free(ss->v);
	*ss = (struct silences){ 0 };
}

int
state_silences(
	struct state *st, time_t now, struct silences *out, struct error *err)
{
	sqlite3_stmt *q = store_query(
		st, err, STMT_SILENCE_LIST, "i", (int64_t)now);
	struct silences ss = { 0 };
	int more = -1;

	while (q != NULL && (more = store_step(st, q, err)) == 1) {
		ss.v = mem_grow(ss.v, ss.n + 1, sizeof(*ss.v));
		ss.v[ss.n++] = (struct silence){
			.id = store_must(q, 0),
			.target = store_must(q, 1),
			.finding = store_must(q, 2),
			.reason = store_must(q, 3),
			.by = store_dup(q, 4),
			.from = store_time(q, 5),
			.until = store_time(q, 6),
		};
	}
	if (more == -1) {
		silences_release(&ss);
		return -1;
	}
	*out = ss;
	return 0;
}

static char *
new_id(void)
{
	cleanup(str_free) char *id = digest_new_id();

	return str_fmt("sil_%.*s", ID_DIGITS, strchr(id, '_') + 1);
}

static bool
check_text(const char *what, const char *s, struct error *err)
{
	size_t n = s != NULL ? strlen(s) : 0;

	if (n > 0 && n <= SILENCE_TEXT_MAX)
		return true;
	error_set(err, ERROR_USAGE, "silence: %s: want 1 to %d bytes, have %zu",
		what, SILENCE_TEXT_MAX, n);
	return false;
}

int
state_silence_add(
	struct state *st, const struct silence *s, char **id, struct error *err)
{
	cleanup(str_free) char *own = new_id();

	if (!check_text("target", s->target, err) ||
		!check_text("finding", s->finding, err) ||
		!check_text("reason", s->reason, err))
		return -1;
	if (s->until <= s->from)
		return error_set(err, ERROR_USAGE,
			"silence: want an end after its beginning");
	if (store_run(st, err, STMT_SILENCE_ADD, "tttttii", own, s->target,
		    s->finding, s->reason, s->by, (int64_t)s->from,
		    (int64_t)s->until) == -1)
		return -1;
	*id = own;
	own = NULL;
	return 0;
}

int
state_silence_end(
	struct state *st, const char *id, time_t now, struct error *err)
{
	if (store_run(st, err, STMT_SILENCE_END, "ti", id, (int64_t)now) == -1)
		return -1;
	return sqlite3_changes(st->db) > 0 ? 0 : 1;
}
