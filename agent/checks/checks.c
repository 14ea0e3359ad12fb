/* checks.c - the table of checks, and the operator's last word */
#include <string.h>

#include "checks/addresses.h"
#include "checks/check.h"
#include "checks/client/preflight.h"
#include "checks/gather.h"
#include "checks/parts.h"

extern const struct check check_look, check_certificate, check_expiry,
	check_lifetime, check_order, check_name, check_siblings, check_san,
	check_purpose, check_keys, check_strength, check_chain, check_bundle,
	check_deploy, check_addresses, check_client;

const struct check *const check_table[] = {
	&check_look,
	&check_client,
	&check_certificate,
	&check_expiry,
	&check_lifetime,
	&check_order,
	&check_name,
	&check_siblings,
	&check_san,
	&check_purpose,
	&check_keys,
	&check_strength,
	&check_chain,
	&check_bundle,
	&check_deploy,
	&check_addresses,
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

/* What a vendor's service makes of a finding. */
static void
apply_profile(const struct profile *profile, struct findings *fs)
{
	for (const struct profile_severity *s = profile->severities;
		s->id != NULL; s++) {
		for (size_t i = 0; i < fs->n; i++) {
			if (strcmp(fs->v[i].kind->id, s->id) == 0)
				fs->v[i].severity = s->severity;
		}
	}
}

static void
have_last_word(const struct target *t, struct findings *fs)
{
	if (t->profile != NULL)
		apply_profile(t->profile, fs);
	apply_overrides(&t->set.findings, fs);
}

/* All but how the look itself went: it is at the whole file, or the server. */
static void
run_rest(const struct observation *ob, const struct policy *pol, time_t now,
	struct findings *out)
{
	for (const struct check *const *c = check_table; *c != NULL; c++) {
		if (*c != &check_look && *c != &check_client)
			(*c)->run(ob, pol, now, out);
	}
}

void
checks_run(const struct observation *ob, const struct policy *pol, time_t now,
	struct findings *out)
{
	struct policy look = *pol;

	/* Of parts the system's trust is not asked. */
	if (ob->n_parts > 0 && strcmp(pol->target->set.trust, "system") == 0)
		look.trust_problem = NULL;
	check_look.run(ob, &look, now, out);
	check_client.run(ob, pol, now, out);
	if (ob->n_parts > 0)
		parts_run(ob, pol, now, out, run_rest);
	else
		run_rest(ob, pol, now, out);
	preflight_run(ob, pol, now, out, run_rest);
	addresses_run(ob, pol, now, out, run_rest);
	have_last_word(pol->target, out);
}

void
checks_run_deploy(const struct observation *ob, const struct policy *pol,
	time_t now, struct findings *out)
{
	struct findings found = { 0 };

	check_deploy.run(ob, pol, now, &found);
	have_last_word(pol->target, &found);
	gather_worst(out, &found);
}
