/* outbox.c - messages on their way: kept, retried, given up */
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#include "model/duration.h"
#include "state/outbox.h"
#include "state/store.h"

#define JITTER_SHARE 10 /* up to a tenth is added to a delay */
#define MAX_RETRY_AFTER_S DAY_S /* whatever a receiver asks for */
#define MAX_WAIT_S (DAY_S + DAY_S / JITTER_SHARE)
#define KEEP_GIVEN_UP_S (30 * DAY_S) /* to be seen in `status` */

int64_t
outbox_delay(int64_t attempts, uint32_t chance)
{
	/* Standard Webhooks, "Deliverability and reliability". */
	static const int64_t schedule[] = { 0, 5, 5 * MINUTE_S, 30 * MINUTE_S,
		2 * HOUR_S, 5 * HOUR_S, 10 * HOUR_S, 14 * HOUR_S, 20 * HOUR_S,
		24 * HOUR_S };
	int64_t last = sizeof(schedule) / sizeof(schedule[0]) - 1;
	int64_t delay = schedule[attempts < last ? attempts : last];

	return delay +
		(int64_t)((double)delay / JITTER_SHARE * chance / UINT32_MAX);
}

int
outbox_add(struct state *st, const char *notifier, const struct digest *d,
	struct error *err)
{
	BUF_CLEANUP struct buf body = { 0 };

	digest_print(&body, d);
	return store_run(st, err, STMT_OUTBOX_ADD, "ttit", d->id, notifier,
		(int64_t)d->time, body.s);
}

int
outbox_prune(struct state *st, time_t now, struct error *err)
{
	return store_run(st, err, STMT_OUTBOX_PRUNE, "i",
		(int64_t)now - KEEP_GIVEN_UP_S);
}

void
messages_release(struct messages *ms)
{
	for (size_t i = 0; i < ms->n; i++) {
		free(ms->v[i].id);
		free(ms->v[i].notifier);
		free(ms->v[i].last_answer);
		digest_free(ms->v[i].digest);
	}
	free(ms->v);
	*ms = (struct messages){ 0 };
}

/* NULL if it is damaged; another's id would be the wrong one on each try. */
static struct digest *
read_body(const char *id, const char *body)
{
	json_t *json = body != NULL ? json_loads(body, 0, NULL) : NULL;
	struct digest *d = json != NULL ? digest_from_json(json, NULL) : NULL;

	json_decref(json);
	if (d != NULL && strcmp(d->id, id) != 0) {
		digest_free(d);
		d = NULL;
	}
	return d;
}

/* All rows of `q`, whose ninth column, if there is one, is the body. */
static int
read_messages(struct state *st, sqlite3_stmt *q, struct messages *out,
	struct error *err)
{
	struct messages ms = { 0 };
	size_t room = 0;
	int more = -1;

	while (q != NULL && (more = store_step(st, q, err)) == 1) {
		struct message *m;

		if (ms.n == room) {
			room = room == 0 ? 16 : room * 2;
			ms.v = mem_grow(ms.v, room, sizeof(*ms.v));
		}
		m = &ms.v[ms.n++];
		*m = (struct message){
			.id = store_must(q, 0),
			.notifier = store_must(q, 1),
			.attempts = store_count(q, 2),
			.created_at = store_time(q, 3),
			.next_at = store_time(q, 4),
			.gave_up = sqlite3_column_int64(q, 5) != 0,
			.last_answer = store_dup(q, 6),
		};
		if (sqlite3_column_count(q) > 7)
			m->digest = read_body(m->id, store_text(q, 7));
	}
	if (more == -1) {
		messages_release(&ms);
		return -1;
	}
	*out = ms;
	return 0;
}

int
outbox_due(
	struct state *st, time_t now, struct messages *out, struct error *err)
{
	return read_messages(st,
		store_query(st, err, STMT_OUTBOX_DUE, "ii", (int64_t)now,
			MAX_WAIT_S),
		out, err);
}

int
outbox_pending(struct state *st, struct messages *out, struct error *err)
{
	return read_messages(
		st, store_query(st, err, STMT_OUTBOX_PENDING, ""), out, err);
}

/* What happened to it stands in the history; the message itself may go. */
int
outbox_delivered(
	struct state *st, const char *id, time_t now, struct error *err)
{
	(void)now;
	return store_run(st, err, STMT_OUTBOX_DROP, "t", id);
}

static uint32_t
roll(void)
{
	uint32_t chance = 0;

	/* Without randomness there is no jitter, and nothing worse. */
	(void)!getrandom(&chance, sizeof(chance), GRND_NONBLOCK);
	return chance;
}

/* When to try again after the `attempts`-th try failed at `now`. */
static time_t
next_try(time_t now, int64_t attempts, int64_t retry_after_s)
{
	int64_t wait = outbox_delay(attempts, roll());

	if (retry_after_s > MAX_RETRY_AFTER_S)
		retry_after_s = MAX_RETRY_AFTER_S;
	return now + (wait > retry_after_s ? wait : retry_after_s);
}

/*
 * Since when it counts as tried: a wait counts for no more than the longest of
 * the schedule. So neither a machine that was off nor a clock that jumped ahead
 * gives up what was hardly tried. Made in the future, by a clock set back
 * since, it ages from now.
 */
static time_t
begin_of_tries(time_t created_at, time_t due_at, time_t now)
{
	if (created_at > now)
		return now;
	if (due_at < now - MAX_WAIT_S)
		created_at += now - MAX_WAIT_S - due_at;
	return created_at;
}

int
outbox_failed(struct state *st, const char *id, time_t now,
	int64_t retry_after_s, int64_t give_up_s, const char *answer,
	bool *gave_up, struct error *err)
{
	sqlite3_stmt *q = store_query(st, err, STMT_OUTBOX_GET, "t", id);
	int64_t attempts, next_at;
	time_t created_at;
	bool over;
	int more;

	if (q == NULL || (more = store_step(st, q, err)) == -1)
		return -1;
	if (more == 0)
		return error_set(err, ERROR_USAGE,
			"%s: no message %s in the outbox", st->path, id);
	attempts = store_count(q, 0) + 1;
	/* Nobody tried what waited behind another one. */
	created_at = begin_of_tries(
		store_time(q, 1), store_time(q, attempts > 1 ? 2 : 1), now);
	sqlite3_reset(q);
	over = now - created_at >= give_up_s;
	next_at = (int64_t)next_try(now, attempts, retry_after_s);
	if (store_run(st, err, STMT_OUTBOX_RETRY, "tiiizt", id, attempts,
		    (int64_t)created_at, next_at, over ? (int64_t)now : 0,
		    answer) == -1 ||
		(!over &&
			store_run(st, err, STMT_OUTBOX_HOLD, "ti", id,
				next_at) == -1))
		return -1;
	*gave_up = over;
	return 0;
}
