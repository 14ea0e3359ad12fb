/* result.c - one target, looked at and judged */
#include <stdlib.h>
#include <string.h>

#include "model/calendar.h"
#include "model/result.h"
#include "model/shelf.h"

void
result_free(struct result *r)
{
	if (r == NULL)
		return;
	account_free(r->account);
	r->account = NULL;
	if (r->shelved)
		return;
	observation_free(r->seen);
	findings_release(&r->findings);
	free(r);
}

const struct cert *
result_leaf(const struct result *r)
{
	if (r->seen == NULL || r->seen->n_certs == 0)
		return NULL;
	/* A cluster's CA stands before its users, or the order is wrong. */
	if (r->target->kind == TARGET_FILE && !role_is_ca(r->role)) {
		for (size_t i = 0; i < r->seen->n_certs; i++) {
			if (!r->seen->certs[i].is_ca)
				return &r->seen->certs[i];
		}
	}
	return &r->seen->certs[0];
}

/* Is its end but a note, as that of a CA whose renewal is in the file? */
static bool
is_noted(const struct result *r, const struct cert *c)
{
	for (size_t i = 0; i < r->findings.n; i++) {
		const struct finding *f = &r->findings.v[i];

		if (f->severity == SEV_OK &&
			strncmp(f->kind->id, "expiry.", 7) == 0 &&
			strcmp(f->subject, c->sha256) == 0)
			return true;
	}
	return false;
}

static const struct cert *
first_to_end(const struct result *r, const struct cert *leaf, bool noted)
{
	bool cas = role_is_ca(r->role);
	const struct cert *first = NULL;

	for (size_t i = 0; i < r->seen->n_certs; i++) {
		const struct cert *c = &r->seen->certs[i];

		if (!c->has_dates || (!cas && c->is_ca != leaf->is_ca) ||
			(first != NULL && c->not_after >= first->not_after))
			continue;
		if (noted || !cas || !is_noted(r, c))
			first = c;
	}
	return first;
}

const struct cert *
result_first_to_end(const struct result *r)
{
	const struct cert *leaf = result_leaf(r), *first;

	if (leaf == NULL)
		return NULL;
	if (r->target->kind == TARGET_ENDPOINT)
		return leaf->has_dates ? leaf : NULL;
	first = first_to_end(r, leaf, false);
	return first != NULL ? first : first_to_end(r, leaf, true);
}

/* `end` less what is wanted of a lifetime; 0: nothing is. */
static time_t
moment_before(const struct cert *c, const struct threshold *t)
{
	int64_t span = threshold_seconds(
		t, (int64_t)c->not_after - c->not_before);

	return span > 0 ? c->not_after - span : 0;
}

void
result_set_moments(struct result *r)
{
	const struct cert *c = r->store ? NULL : result_first_to_end(r);
	const struct settings *set = &r->target->set;
	int64_t lead = target_order_lead(r->target);

	if (c == NULL)
		return;
	r->warning_at = moment_before(c, &set->warning);
	r->critical_at = moment_before(c, &set->critical);
	if (lead > 0)
		r->order_by = calendar_begin(calendar_order_day(
			calendar_day(c->not_after), lead, &set->holidays));
}

const struct finding *
result_client(const struct result *r)
{
	if (r->client == NULL || !client_is_asked_for(&r->target->client))
		return NULL;
	for (size_t i = 0; i < r->findings.n; i++) {
		const struct finding *f = &r->findings.v[i];

		if (f->severity == SEV_OK &&
			strcmp(f->kind->id, r->client) == 0)
			return f;
	}
	return NULL;
}

struct summary
results_summary(const struct results *rs)
{
	struct summary s = { .worst = SEV_OK };

	for (size_t i = 0; i < rs->n; i++) {
		enum severity status = rs->v[i]->status;

		s.n[status]++;
		if (status > s.worst)
			s.worst = status;
	}
	return s;
}

/* When it ends; 0: nothing was seen, which is worse than any date. */
static int64_t
end_of(const struct result *r)
{
	const struct cert *first = result_first_to_end(r);

	if (r->store)
		return INT64_MAX;
	return first != NULL ? first->not_after : 0;
}

/* What is found out of a result once, and compared many times. */
struct rank {
	enum severity status;
	int64_t end;
	const char *name;
	size_t at;
};

static int
worse_first(const void *a, const void *b)
{
	const struct rank *x = a, *y = b;

	if (x->status != y->status)
		return x->status > y->status ? -1 : 1;
	if (x->end != y->end)
		return x->end < y->end ? -1 : 1;
	return strcmp(x->name, y->name);
}

size_t *
results_worst_first(const struct results *rs)
{
	struct rank *ranks = mem_grow(NULL, rs->n, sizeof(*ranks));
	size_t *order = mem_grow(NULL, rs->n, sizeof(*order));

	for (size_t i = 0; i < rs->n; i++) {
		const struct result *r = rs->v[i];

		ranks[i] = (struct rank){ r->status, end_of(r), r->target->name,
			i };
	}
	qsort(ranks, rs->n, sizeof(*ranks), worse_first);
	for (size_t i = 0; i < rs->n; i++)
		order[i] = ranks[i].at;
	free(ranks);
	return order;
}

void
results_release(struct results *rs)
{
	for (size_t i = 0; i < rs->n; i++)
		result_free(rs->v[i]);
	free(rs->v);
	shelf_free(rs->shelf);
	*rs = (struct results){ 0 };
}
