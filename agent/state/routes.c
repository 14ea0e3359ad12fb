/* routes.c - which notifier hears of what */
#include <string.h>

#include "state/routes.h"

static bool
words_meet(const struct words *a, const struct words *b)
{
	for (size_t i = 0; i < a->n; i++) {
		for (size_t k = 0; k < b->n; k++) {
			if (strcmp(a->v[i], b->v[k]) == 0)
				return true;
		}
	}
	return false;
}

static bool
route_fits(
	const struct route *r, const struct target *t, enum severity severity)
{
	if (r->owner != NULL &&
		(t->owner == NULL || strcmp(r->owner, t->owner) != 0))
		return false;
	if (r->tags.n > 0 && !words_meet(&r->tags, &t->tags))
		return false;
	return (int64_t)severity >= r->severity;
}

static bool
route_names(const struct route *r, const char *notifier)
{
	for (size_t i = 0; i < r->notify.n; i++) {
		if (strcmp(r->notify.v[i], notifier) == 0)
			return true;
	}
	return false;
}

/* By the default routes, or by the others; did one of them fit: *fitted? */
static bool
lead_by(const struct routes *routes, bool otherwise, const char *notifier,
	const struct target *t, enum severity severity, bool *fitted)
{
	for (size_t i = 0; i < routes->n; i++) {
		const struct route *r = &routes->v[i];

		if (r->otherwise != otherwise || !route_fits(r, t, severity))
			continue;
		*fitted = true;
		if (route_names(r, notifier))
			return true;
		if (!r->proceed)
			return false;
	}
	return false;
}

static bool
lead_to(const struct routes *routes, const char *notifier,
	const struct target *t, enum severity severity)
{
	bool fitted = false;

	if (routes->n == 0 ||
		lead_by(routes, false, notifier, t, severity, &fitted))
		return true;
	return !fitted && lead_by(routes, true, notifier, t, severity, &fitted);
}

bool
routes_lead_to(const struct routes *routes, const char *notifier,
	const struct target *t, unsigned severities)
{
	for (enum severity s = SEV_OK; s <= SEV_UNKNOWN; s++) {
		if ((severities & SEVERITY_BIT(s)) != 0 &&
			lead_to(routes, notifier, t, s))
			return true;
	}
	return false;
}
