/* record.c - remember a scan, all of it or nothing */
#include <stdlib.h>
#include <string.h>

#include "model/duration.h"
#include "state/outbox.h"
#include "state/recorder.h"
#include "state/routes.h"
#include "state/store.h"

#define KEEP_HISTORY_S (400 * DAY_S) /* a year and the month that follows */

static struct digest *
digest_new(const struct recorder *rec)
{
	struct digest *d = mem_alloc(sizeof(*d));

	d->host = str_dup(rec->host);
	d->time = rec->rs->time;
	return d;
}

static int
write_history(struct recorder *rec, const struct event *e, struct error *err)
{
	return store_run(rec->st, err, STMT_HISTORY_ADD, "itttttitiitt",
		(int64_t)rec->rs->time, e->target, event_name(e->kind),
		e->incident, e->finding, e->subject, (int64_t)e->severity,
		e->message, (int64_t)e->not_after, (int64_t)e->old_not_after,
		e->old_sha256, e->new_sha256);
}

int
recorder_tell(struct recorder *rec, const struct event *e, unsigned severities,
	struct error *err)
{
	digest_add(rec->all, e);
	for (size_t i = 0; i < rec->notifiers->n; i++) {
		if (!routes_lead_to(&rec->alerts->routes,
			    rec->notifiers->v[i].name, e->owner, severities))
			continue;
		if (rec->to[i] == NULL)
			rec->to[i] = digest_new(rec);
		digest_add(rec->to[i], e);
	}
	return write_history(rec, e, err);
}

static int
by_name(const void *a, const void *b)
{
	const struct result *const *x = a, *const *y = b;

	/* As SQLite compares TEXT, so that rows are met in key order. */
	return strcmp((*x)->target->name, (*y)->target->name);
}

/* The results by name, for free(); NULL and *err if two have the same. */
static const struct result **
sort_results(const struct results *rs, struct error *err)
{
	const struct result **v = mem_grow(NULL, rs->n, sizeof(*v));

	for (size_t i = 0; i < rs->n; i++)
		v[i] = rs->v[i];
	if (rs->n > 1)
		qsort(v, rs->n, sizeof(*v), by_name);
	for (size_t i = 1; i < rs->n; i++) {
		if (by_name(&v[i - 1], &v[i]) == 0) {
			error_set(err, ERROR_USAGE,
				"two targets are called \"%s\"",
				v[i]->target->name);
			free(v);
			return NULL;
		}
	}
	return v;
}

/* Names in the database that are not among the results. */
static int
find_departed(struct recorder *rec, const struct result **v,
	struct strlist *out, struct error *err)
{
	sqlite3_stmt *q = store_query(rec->st, err, STMT_TARGET_NAMES, "");
	size_t i = 0;
	int more = -1;

	while (q != NULL && (more = store_step(rec->st, q, err)) == 1) {
		const char *name = store_text(q, 0);

		while (i < rec->rs->n && strcmp(v[i]->target->name, name) < 0)
			i++;
		if (i == rec->rs->n || strcmp(v[i]->target->name, name) != 0)
			strlist_add(out, name);
	}
	return more;
}

/* What left the configuration is forgotten, and nobody is told. */
static int
drop_departed(struct recorder *rec, const struct result **v, struct error *err)
{
	struct strlist gone = { 0 };
	int result = find_departed(rec, v, &gone, err);

	for (size_t i = 0; i < gone.n && result == 0; i++)
		result = store_run(
			rec->st, err, STMT_TARGET_DROP, "t", gone.v[i]);
	strlist_release(&gone);
	return result;
}

static int
write_outbox(struct recorder *rec, struct error *err)
{
	for (size_t i = 0; i < rec->notifiers->n; i++) {
		struct digest *d = rec->to[i];

		if (d == NULL)
			continue;
		d->id = digest_new_id();
		digest_sort(d);
		if (outbox_add(rec->st, rec->notifiers->v[i].name, d, err) ==
			-1)
			return -1;
	}
	return 0;
}

static int
write_all(struct recorder *rec, const struct result **v, struct error *err)
{
	int64_t now = rec->rs->time;

	if (drop_departed(rec, v, err) == -1)
		return -1;
	for (size_t i = 0; i < rec->rs->n; i++) {
		time_t not_after = 0;

		if (recorder_target(rec, v[i], &not_after, err) == -1 ||
			recorder_incidents(rec, v[i], not_after, err) == -1)
			return -1;
	}
	if (write_outbox(rec, err) == -1 ||
		store_run(rec->st, err, STMT_HISTORY_PRUNE, "i",
			now - KEEP_HISTORY_S) == -1 ||
		outbox_prune(rec->st, rec->rs->time, err) == -1)
		return -1;
	return store_run(rec->st, err, STMT_SCAN_PUT, "it", now, rec->host);
}

static int
record(struct recorder *rec, const struct result **v, struct error *err)
{
	if (store_begin(rec->st, err) == -1)
		return -1;
	if (write_all(rec, v, err) == -1) {
		store_rollback(rec->st);
		return -1;
	}
	return store_commit(rec->st, err);
}

int
state_record(struct state *st, const struct results *rs,
	const struct alerts *alerts, const struct notifier_list *notifiers,
	const char *host, struct digest **events, struct error *err)
{
	struct recorder rec = { .st = st,
		.rs = rs,
		.alerts = alerts,
		.notifiers = notifiers,
		.host = host };
	const struct result **v = sort_results(rs, err);
	int result;

	if (v == NULL)
		return -1;
	rec.all = digest_new(&rec);
	rec.to = mem_alloc((notifiers->n + 1) * sizeof(struct digest *));
	result = record(&rec, v, err);
	if (result == 0 && events != NULL) {
		digest_sort(rec.all);
		*events = rec.all;
		rec.all = NULL;
	}
	for (size_t i = 0; i < notifiers->n; i++)
		digest_free(rec.to[i]);
	digest_free(rec.all);
	free(rec.to);
	free(v);
	return result;
}
