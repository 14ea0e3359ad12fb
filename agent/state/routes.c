/* routes.c - which notifier hears of what */
#include <string.h>

#include "state/routes.h"

static bool
route_fits(const struct route *r, const char *owner, enum severity severity)
{
	if (r->owner != NULL && (owner == NULL || strcmp(r->owner, owner) != 0))
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

static bool
lead_to(const struct routes *routes, const char *notifier, const char *owner,
	enum severity severity)
{
	for (size_t i = 0; i < routes->n; i++) {
		const struct route *r = &routes->v[i];

		if (!route_fits(r, owner, severity))
			continue;
		if (route_names(r, notifier))
			return true;
		if (!r->proceed)
			return false;
	}
	return routes->n == 0;
}

bool
routes_lead_to(const struct routes *routes, const char *notifier,
	const char *owner, unsigned severities)
{
	for (enum severity s = SEV_OK; s <= SEV_UNKNOWN; s++) {
		if ((severities & SEVERITY_BIT(s)) != 0 &&
			lead_to(routes, notifier, owner, s))
			return true;
	}
	return false;
}
