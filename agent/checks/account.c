/* account.c - how the path of each leaf was chosen, for a person */
#include <stdlib.h>
#include <string.h>

#include "checks/account.h"
#include "checks/chain/chain.h"
#include "checks/parts.h"
#include "checks/path/memo.h"
#include "checks/path/reason.h"

struct teller {
	struct account *out;
	const struct observation *all; /* steps are counted in its certs */
	const struct chain *ch;
	const struct path *chosen; /* of the leaf that is at hand */
	struct journey *journey;
};

static struct way_step
step_of(const struct teller *t, const struct step *s)
{
	struct way_step to = { .stored = s->cert == NULL };
	struct cert own;

	if (!to.stored) {
		to.at = (size_t)(s->cert - t->all->certs);
		return to;
	}
	memo_copy_cert(&own, s->x509);
	to.at = account_store(t->out, &own);
	return to;
}

static enum way_end
end_of(const struct teller *t, const struct path *p)
{
	switch (p->end) {
	case PATH_ANCHORED:
		break;
	case PATH_GAP:
		return WAY_GAP;
	case PATH_ROOT:
		return WAY_ROOT;
	case PATH_SIGNATURE:
		return WAY_SIGNATURE;
	}
	return t->ch->pol->trust != NULL ? WAY_ANCHORED : WAY_OPEN;
}

static void
fill(const struct teller *t, const struct path *p, struct way *r)
{
	for (size_t i = 0; i < p->n; i++)
		way_add(r, step_of(t, &p->steps[i]));
	r->end = end_of(t, p);
	r->known = p->gap_is_known;
}

/* Is it the chosen one, or one of those that are told already? */
static bool
is_told(const struct journey *j, const struct way *r)
{
	if (r->n == j->chosen.n && way_common(r, &j->chosen) == r->n)
		return true;
	for (size_t i = 0; i + 1 < j->n_others; i++) {
		const struct way *o = &j->others[i];

		if (r->n == o->n && way_common(r, o) == r->n)
			return true;
	}
	return false;
}

static void
see(void *arg, const struct path *p, const struct step *refused)
{
	struct teller *t = arg;
	struct way *r = journey_add(t->journey);
	struct buf why BUF_CLEANUP = { 0 };

	fill(t, p, r);
	if (refused != NULL) {
		way_add(r, step_of(t, refused));
		r->end = WAY_REFUSED;
	}
	if (is_told(t->journey, r)) {
		journey_drop(t->journey);
		return;
	}
	reason_tell(&why, p, refused, t->chosen, t->ch->pol->trust, t->ch->now);
	r->why = buf_detach(&why);
}

/* The leaves of `ob`, which is `all` or a part of it. */
static void
add(struct account *out, const struct observation *all,
	const struct observation *ob, const struct policy *pol, time_t now)
{
	struct chain ch;
	struct teller t = { .out = out, .all = all, .ch = &ch };

	chain_open(&ch, ob, pol, now);
	for (size_t i = 0; i < ch.n; i++) {
		const struct strand *s = &ch.strands[i];

		t.journey = account_add(out);
		t.chosen = &s->path;
		fill(&t, &s->path, &t.journey->chosen);
		t.journey->more = !path_each(ob, s->leaf, pol->trust,
			chain_purpose(pol->target, s->leaf), now, see, &t);
	}
	if (ch.n_others > 0)
		out->all = false;
	chain_close(&ch);
}

struct account *
checks_account(
	const struct observation *ob, const struct policy *pol, time_t now)
{
	struct account *out = account_new();

	if (pol->trust != NULL)
		out->trust = str_dup(pol->trust->name);
	if (ob->n_parts == 0)
		add(out, ob, ob, pol, now);
	for (size_t i = 0; i < ob->n_parts; i++) {
		struct part_view v;

		parts_view(&v, ob, pol, i);
		add(out, ob, &v.ob, &v.policy, now);
	}
	return out;
}
