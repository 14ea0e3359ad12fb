/* record_messages.c - what happened, parted into messages and written down */
#include <stdlib.h>

#include "state/outbox.h"
#include "state/recorder.h"
#include "state/routes.h"
#include "state/store.h"

struct digest *
recorder_digest(const struct recorder *rec)
{
	struct digest *d = mem_alloc(sizeof(*d));

	d->host = str_dup(rec->host);
	d->time = rec->rs->time;
	return d;
}

int
recorder_note(struct recorder *rec, const struct event *e, const char *kind,
	const char *message, struct error *err)
{
	return store_run(rec->st, err, STMT_HISTORY_ADD, "itttttitiitt",
		(int64_t)rec->rs->time, e->target, kind, e->incident,
		e->finding, e->subject, (int64_t)e->severity, message,
		(int64_t)e->not_after, (int64_t)e->old_not_after, e->old_sha256,
		e->new_sha256);
}

void
recorder_tell(struct recorder *rec, const struct target *t,
	const struct event *e, unsigned severities)
{
	struct event tagged = *e;

	tagged.tags = (struct strlist){ (char **)t->tags.v, t->tags.n };
	digest_add(rec->all, &tagged);
	/* Of many events one copy does for all. */
	tagged = rec->all->v[rec->all->n - 1];
	for (size_t i = 0; i < rec->notifiers->n; i++) {
		if (!routes_lead_to(&rec->alerts->routes,
			    rec->notifiers->v[i].name, t, severities))
			continue;
		if (rec->to[i] == NULL) {
			rec->to[i] = recorder_digest(rec);
			rec->to[i]->lent = true;
		}
		digest_add(rec->to[i], &tagged);
	}
}

/* What was gathered for each notifier is a message now. */
static void
close_digests(struct recorder *rec)
{
	for (size_t i = 0; i < rec->notifiers->n; i++) {
		size_t n = rec->n_parcels;

		if (rec->to[i] == NULL)
			continue;
		/* Grows by doubling: a target each may be many. */
		if ((n & (n - 1)) == 0)
			rec->parcels = mem_grow(rec->parcels,
				n == 0 ? 1 : n * 2, sizeof(*rec->parcels));
		rec->parcels[rec->n_parcels++] = (struct parcel){ i,
			rec->to[i] };
		digest_sort(rec->to[i]);
		rec->to[i] = NULL;
	}
}

void
recorder_end_target(struct recorder *rec)
{
	if (rec->alerts->group == GROUP_TARGET)
		close_digests(rec);
}

static int
worse_first(const void *a, const void *b)
{
	const struct parcel *x = a, *y = b;
	int order = digest_compare(x->digest, y->digest);

	if (order != 0 || x->notifier == y->notifier)
		return order;
	return x->notifier < y->notifier ? -1 : 1;
}

int
recorder_send(struct recorder *rec, struct error *err)
{
	close_digests(rec);
	if (rec->n_parcels > 1)
		qsort(rec->parcels, rec->n_parcels, sizeof(*rec->parcels),
			worse_first);
	for (size_t i = 0; i < rec->n_parcels; i++) {
		const struct parcel *p = &rec->parcels[i];

		p->digest->id = digest_new_id();
		if (outbox_add(rec->st, rec->notifiers->v[p->notifier].name,
			    p->digest, err) == -1)
			return -1;
	}
	return 0;
}

void
recorder_release(struct recorder *rec)
{
	for (size_t i = 0; i < rec->notifiers->n; i++)
		digest_free(rec->to[i]);
	for (size_t i = 0; i < rec->n_parcels; i++)
		digest_free(rec->parcels[i].digest);
	digest_free(rec->all);
	free(rec->to);
	free(rec->parcels);
}
