/* checks.c - the table of checks, and the operator's last word */
#include "checks/check.h"

extern const struct check check_look, check_certificate, check_expiry,
	check_name, check_chain;

const struct check *const check_table[] = {
	&check_look,
	&check_certificate,
	&check_expiry,
	&check_name,
	&check_chain,
	NULL,
};

/* The last one of the list: a target's come after the defaults'. */
static const struct override *
override_of(const struct overrides *list, const struct finding_kind *kind)
{
	for (size_t i = list->n; i > 0; i--) {
		if (list->v[i - 1].kind == kind)
			return &list->v[i - 1];
	}
	return NULL;
}

static void
apply_overrides(const struct overrides *list, struct findings *fs)
{
	for (size_t i = 0; i < fs->n;) {
		const struct override *o = override_of(list, fs->v[i].kind);

		if (o != NULL && o->off) {
			findings_remove(fs, i);
			continue;
		}
		if (o != NULL)
			fs->v[i].severity = o->severity;
		i++;
	}
}

void
checks_run(const struct observation *ob, const struct policy *pol, time_t now,
	struct findings *out)
{
	for (const struct check *const *c = check_table; *c != NULL; c++)
		(*c)->run(ob, pol, now, out);
	apply_overrides(&pol->target->set.findings, out);
}
