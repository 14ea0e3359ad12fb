/* missed.c - tell what was not looked at because a bound came first */
#include "scan/scan.h"

/* A configured severity counts here as for what the checks find. */
static bool
settle(const struct overrides *o, struct finding *f)
{
	for (size_t i = o->n; i > 0; i--) {
		if (o->v[i - 1].kind != f->kind)
			continue;
		f->severity = o->v[i - 1].severity;
		return !o->v[i - 1].off;
	}
	return true;
}

static void
add_finding(struct result *r, const struct shortfall *s)
{
	struct finding *f = findings_add(&r->findings, "file.unreadable",
		s->origin->address, "%s", s->text);

	/* Nothing that is known is broken: no reason to get up at night. */
	f->severity = SEV_WARNING;
	finding_hint(f,
		"Leave out what holds no certificates of yours "
		"(exclude), or name its folders as targets of their "
		"own.");
	if (!settle(&s->target->set.findings, f))
		findings_remove(&r->findings, r->findings.n - 1);
	r->status = findings_worst(&r->findings);
}

/* None of its files held a certificate: then it is a result itself. */
static struct result *
result_of(const struct results *rs, const struct target *origin)
{
	for (size_t i = 0; i < rs->n; i++) {
		if (rs->v[i]->target == origin)
			return rs->v[i];
	}
	return NULL;
}

void
scan_tell_missed(const struct targets *targets, time_t now, struct results *rs)
{
	for (size_t i = 0; i < targets->n_missed; i++) {
		const struct shortfall *s = &targets->missed[i];
		struct result *r = result_of(rs, s->origin);

		if (r == NULL) {
			rs->v = mem_grow(rs->v, rs->n + 1, sizeof(rs->v[0]));
			r = mem_alloc(sizeof(*r));
			r->target = s->target;
			r->observed_at = now;
			r->seen = observation_new();
			rs->v[rs->n++] = r;
		}
		add_finding(r, s);
	}
}
