/* carry.c - what a scan does not look at, because it is not due */
#include <stdlib.h>
#include <string.h>

#include "commands/carry.h"
#include "model/alloc.h"

static int
by_name(const void *name, const void *result)
{
	const struct result *const *r = result;

	return strcmp(name, (*r)->target->name);
}

static struct result *
find(const struct remembered *known, const char *name)
{
	const struct results *rs = &known->results;
	struct result **found = rs->n == 0
		? NULL
		: bsearch(name, rs->v, rs->n, sizeof(rs->v[0]), by_name);

	return found != NULL ? *found : NULL;
}

/* A file costs little, unless a key has to be made of a passphrase first. */
static bool
may_have_changed(const struct target *t, const struct look *l)
{
	return t->kind == TARGET_FILE && t->passphrase == NULL &&
		(l == NULL || !l->known);
}

static bool
is_due(const struct carry_request *request, const struct target *t,
	const struct look *l, const struct result *r)
{
	if (request->all || r == NULL || r->seen == NULL ||
		may_have_changed(t, l))
		return true;
	return schedule_is_due(request->schedule, t->set.interval_s,
		r->observed_at, request->now);
}

static void
choose(struct carry *c, const struct carry_request *request)
{
	size_t seen = 0;

	for (size_t i = 0; i < request->targets->n; i++) {
		const struct target *t = request->targets->v[i];
		const struct look *l = request->looks != NULL
			? &request->looks->v[i]
			: NULL;
		struct result *r = find(&c->known, t->name);
		bool known = l != NULL && l->known;

		if (r != NULL) {
			r->target = t;
			seen++;
		}
		/* An unchanged file without anything of ours. */
		if (known && l->result == NULL)
			continue;
		if (is_due(request, t, l, r)) {
			c->n_due++;
		} else if (!known) {
			r->carried = true;
			/* What it was paired with is known as it was. */
			if (!target_is_paired(t))
				r->deployed = target_deployed(t);
			c->v[i] = r;
		}
	}
	c->n_gone = c->known.results.n - seen;
}

int
carry_begin(struct carry *c, const struct carry_request *request,
	struct state *st, struct error *err)
{
	struct carry_request r = *request;

	/* Without looks nobody knows whether it is another. */
	if (request->looks == NULL || request->looks->anew)
		r.all = true;
	if (state_results(st, &c->known, err) == -1)
		return -1;
	c->v = mem_alloc((request->targets->n + 1) * sizeof(c->v[0]));
	choose(c, &r);
	return 0;
}

void
carry_hand_over(struct carry *c)
{
	c->known.results.n = 0;
	c->known.results.shelf = NULL;
}

void
carry_release(struct carry *c)
{
	free(c->v);
	remembered_release(&c->known);
	*c = (struct carry){ 0 };
}
