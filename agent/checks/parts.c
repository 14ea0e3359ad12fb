/* parts.c - a file of several chains, each judged by itself */
#include <stdlib.h>
#include <string.h>

#include "checks/gather.h"
#include "checks/parts.h"

/* What was found so far, and of which parts. */
struct told {
	struct findings found; /* messages without labels */
	struct buf *labels; /* "user 'a', user 'b'", one for each */
};

static void
add(struct told *told, const char *label, struct finding *f)
{
	struct finding *there = gather_find(&told->found, f);
	struct buf *labels;

	/* One certificate that two users have is one finding. */
	if (there != NULL && strcmp(there->message, f->message) == 0) {
		labels = &told->labels[there - told->found.v];
		buf_printf(labels, ", %s", label);
		return;
	}
	gather_one(&told->found, f);
	told->labels = mem_grow(
		told->labels, told->found.n, sizeof(*told->labels));
	labels = &told->labels[told->found.n - 1];
	*labels = (struct buf){ 0 };
	buf_puts(labels, label);
}

static void
hand_over(struct told *told, struct findings *out)
{
	for (size_t i = 0; i < told->found.n; i++) {
		struct finding *f = &told->found.v[i];
		char *message = str_fmt(
			"%s: %s", buf_str(&told->labels[i]), f->message);

		free(f->message);
		f->message = message;
		gather_one(out, f);
		buf_release(&told->labels[i]);
	}
	free(told->labels);
	findings_release(&told->found);
}

/* What the target's word on the role means for a part. */
static enum role
role_of_part(const struct part *part, const struct target *t)
{
	enum role role = (enum role)t->role;

	/* A cluster's CA is no client because the users are. */
	return role != ROLE_AUTO && role_is_ca(role) == role_is_ca(part->role)
		? role
		: part->role;
}

/* Did a CA of another part, such as the user's cluster, issue one of these? */
static bool
is_issued_by_others(const struct observation *ob, size_t first, size_t n)
{
	for (size_t i = 0; i < ob->n_certs; i++) {
		if ((i >= first && i - first < n) || !ob->certs[i].is_ca)
			continue;
		for (size_t k = first; k < first + n; k++) {
			if (cert_issued_by(&ob->certs[k], &ob->certs[i]))
				return true;
		}
	}
	return false;
}

void
parts_view(struct part_view *v, const struct observation *ob,
	const struct policy *pol, size_t i)
{
	const struct part *part = &ob->parts[i];
	size_t cert = 0, key = 0;

	for (size_t k = 0; k < i; k++) {
		cert += ob->parts[k].n_certs;
		key += ob->parts[k].n_keys;
	}
	v->ob = *ob;
	v->ob.certs = part->n_certs > 0 ? &ob->certs[cert] : NULL;
	v->ob.n_certs = part->n_certs;
	v->ob.keys = part->n_keys > 0 ? &ob->keys[key] : NULL;
	v->ob.n_keys = part->n_keys;
	v->ob.n_faults = v->ob.n_parts = 0;
	v->target = *pol->target;
	v->target.role = role_of_part(part, pol->target);
	v->policy = (struct policy){ .target = &v->target };
	if (pol->trust != NULL && pol->trust->exact &&
		!is_issued_by_others(ob, cert, part->n_certs))
		v->policy.trust = pol->trust;
}

void
parts_run(const struct observation *ob, const struct policy *pol, time_t now,
	struct findings *out,
	void (*run)(const struct observation *ob, const struct policy *pol,
		time_t now, struct findings *out))
{
	struct told told = { 0 };

	for (size_t i = 0; i < ob->n_parts; i++) {
		struct findings found = { 0 };
		struct part_view v;

		parts_view(&v, ob, pol, i);
		run(&v.ob, &v.policy, now, &found);
		for (size_t k = 0; k < found.n; k++)
			add(&told, ob->parts[i].label, &found.v[k]);
		findings_release(&found);
	}
	hand_over(&told, out);
}
