/* record.c - remember a scan, all of it or nothing */
#include <stdlib.h>
#include <string.h>

#include "state/incidents.h"
#include "state/looks.h"
#include "state/outbox.h"
#include "state/recorder.h"
#include "state/sights.h"
#include "state/store.h"

/* A result and its target's name, which sorting looks at again and again. */
struct entry {
	const char *name;
	const struct result *result;
};

static int
by_name(const void *a, const void *b)
{
	const struct entry *x = a, *y = b;

	/* As SQLite compares TEXT, so that rows are met in key order. */
	return strcmp(x->name, y->name);
}

/* The first that comes at or before the one in front of it; `n`: none. */
static size_t
find_unsorted(const struct entry *v, size_t n)
{
	size_t i = 1;

	while (i < n && by_name(&v[i - 1], &v[i]) < 0)
		i++;
	return i < n ? i : n;
}

/* The results by name, for free(); NULL and *err if two have the same. */
static struct entry *
sort_results(const struct results *rs, struct error *err)
{
	struct entry *v = mem_grow(NULL, rs->n, sizeof(*v));
	size_t twice;

	for (size_t i = 0; i < rs->n; i++)
		v[i] = (struct entry){ rs->v[i]->target->name, rs->v[i] };
	/* A folder's files come sorted. */
	if (find_unsorted(v, rs->n) < rs->n)
		qsort(v, rs->n, sizeof(*v), by_name);
	twice = find_unsorted(v, rs->n);
	if (twice == rs->n)
		return v;
	error_set(err, ERROR_USAGE, "two targets are called \"%s\"",
		v[twice].name);
	free(v);
	return NULL;
}

/* Those of the configuration and of the state, whose texts are `stored`'s. */
static int
gather_silences(
	struct recorder *rec, struct silences *stored, struct error *err)
{
	const struct silences *own = &rec->alerts->silences;
	struct silences *all = &rec->silences;

	if (state_silences(rec->st, rec->rs->time, stored, err) == -1)
		return -1;
	all->v = mem_grow(NULL, own->n + stored->n, sizeof(*all->v));
	for (size_t i = 0; i < own->n; i++)
		all->v[all->n++] = own->v[i];
	for (size_t i = 0; i < stored->n; i++)
		all->v[all->n++] = stored->v[i];
	return 0;
}

/*
 * Forget what is old. The moment of the last scan counts if it is earlier: a
 * clock that has jumped ahead for once takes no history with it.
 */
static int
prune(struct recorder *rec, struct error *err)
{
	sqlite3_stmt *q = store_query(rec->st, err, STMT_SCAN_GET, "");
	int64_t now = rec->rs->time, last = now, keep_s;
	int more = q == NULL ? -1 : store_step(rec->st, q, err);

	if (more == -1)
		return -1;
	if (more == 1) {
		last = store_time(q, 0);
		sqlite3_reset(q);
	}
	if (last > now)
		last = now;
	keep_s = rec->alerts->history_s;
	if (keep_s > 0 &&
		(store_run(rec->st, err, STMT_HISTORY_PRUNE, "i",
			 last - keep_s) == -1 ||
			store_run(rec->st, err, STMT_SILENCE_PRUNE, "i",
				last - keep_s) == -1))
		return -1;
	return outbox_prune(rec->st, last, err);
}

static int
write_targets(struct recorder *rec, const struct entry *v, struct error *err)
{
	if (past_begin(&rec->past, rec->st, err) == -1)
		return -1;
	for (size_t i = 0; i < rec->rs->n; i++) {
		const struct result *r = v[i].result;
		struct target_news news = { 0 };

		if (r->carried) {
			if (recorder_carry(rec, r, err) == -1)
				return -1;
			continue;
		}
		if (recorder_target(rec, r, &news, err) == -1 ||
			recorder_incidents(rec, r, &news, err) == -1)
			return -1;
		recorder_end_target(rec);
	}
	return past_end(&rec->past, err);
}

static int
write_all(struct recorder *rec, const struct entry *v, struct error *err)
{
	int64_t now = rec->rs->time;

	if (store_run(rec->st, err, STMT_INCIDENT_FORGET, "i",
		    now - INCIDENT_MEMORY_S) == -1 ||
		write_targets(rec, v, err) == -1 ||
		looks_write(rec->st, rec->rs->looks, err) == -1 ||
		sights_write(rec->st, rec->rs, err) == -1 ||
		recorder_send(rec, err) == -1 || prune(rec, err) == -1)
		return -1;
	return store_run(rec->st, err, STMT_SCAN_PUT, "it", now, rec->host);
}

static int
record(struct recorder *rec, const struct entry *v, struct error *err)
{
	struct silences stored = { 0 };
	int result;

	if (store_begin(rec->st, err) == -1)
		return -1;
	result = gather_silences(rec, &stored, err);
	if (result == 0)
		result = write_all(rec, v, err);
	free(rec->silences.v);
	silences_release(&stored);
	if (result == 0)
		return store_commit(rec->st, err);
	store_rollback(rec->st);
	return -1;
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
	struct entry *v = sort_results(rs, err);
	int result;

	if (v == NULL)
		return -1;
	rec.all = recorder_digest(&rec);
	rec.to = mem_alloc((notifiers->n + 1) * sizeof(struct digest *));
	result = record(&rec, v, err);
	if (result == 0 && events != NULL) {
		digest_sort(rec.all);
		*events = rec.all;
		rec.all = NULL;
	}
	recorder_release(&rec);
	free(v);
	return result;
}
