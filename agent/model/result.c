/* result.c - one target, looked at and judged */
#include <stdlib.h>
#include <string.h>

#include "model/result.h"

void
result_free(struct result *r)
{
	if (r == NULL)
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
	return &r->seen->certs[0];
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

/* When the leaf ends; 0: nothing was seen, which is worse than any date. */
static int64_t
end_of(const struct result *r)
{
	const struct cert *leaf = result_leaf(r);

	if (r->store)
		return INT64_MAX;
	return leaf != NULL && leaf->has_dates ? leaf->not_after : 0;
}

static int
worse_first(const void *a, const void *b, void *arg)
{
	const struct results *rs = arg;
	const struct result *x = rs->v[*(const size_t *)a];
	const struct result *y = rs->v[*(const size_t *)b];

	if (x->status != y->status)
		return x->status > y->status ? -1 : 1;
	if (end_of(x) != end_of(y))
		return end_of(x) < end_of(y) ? -1 : 1;
	return strcmp(x->target->name, y->target->name);
}

size_t *
results_worst_first(const struct results *rs)
{
	size_t *order = mem_grow(NULL, rs->n, sizeof(*order));

	for (size_t i = 0; i < rs->n; i++)
		order[i] = i;
	qsort_r(order, rs->n, sizeof(*order), worse_first, (void *)rs);
	return order;
}

void
results_release(struct results *rs)
{
	for (size_t i = 0; i < rs->n; i++)
		result_free(rs->v[i]);
	free(rs->v);
	*rs = (struct results){ 0 };
}
