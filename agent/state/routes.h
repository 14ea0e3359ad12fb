/* routes.h - which notifier hears of what */
#ifndef STATE_ROUTES_H
#define STATE_ROUTES_H

#include <stdbool.h>

#include "model/alerts.h"
#include "model/finding.h"

#define SEVERITY_BIT(s) (1U << (s))

/*
 * Does `notifier` hear of news of target `t` that counts as each of
 * `severities`, a set of SEVERITY_BITs? It is enough that one of them leads
 * there: so the end of an incident reaches all who were told of it, whatever
 * its severity was then.
 *
 * Routes are tried in their order, each severity for itself: the first that
 * fits decides, or with `continue` the ones below as well. Those that are the
 * default are tried, likewise, once no other has fitted, wherever they stand.
 * A route that fits and names nobody has fitted, too.
 */
bool routes_lead_to(const struct routes *routes, const char *notifier,
	const struct target *t, unsigned severities);

#endif
