/* keys.c - the key table: every setting but those of the notifiers */
#include <sys/socket.h>

#include "config/config.h"
#include "config/keys.h"

/*
 * Keys are read in the order of their rows, so that what others build upon
 * stands above: `defaults` before `targets`, `notifiers` before `alerts`.
 */

#define SPAN_MAX (INT64_C(3650) * DAY_S)

static const struct choice words_of_trust[] = { { "system", 0 }, { NULL, 0 } };

static const struct choice families[] = {
	{ "any", AF_UNSPEC },
	{ "ipv4", AF_INET },
	{ "ipv6", AF_INET6 },
	{ NULL, 0 },
};

static const struct choice route_severities[] = {
	{ "any", ROUTE_ANY_SEVERITY },
	{ "warning", SEV_WARNING },
	{ "critical", SEV_CRITICAL },
	{ NULL, 0 },
};

static const struct key settings_keys[] = {
	{
		.name = "warning",
		.type = KEY_THRESHOLD,
		.offset = offsetof(struct settings, warning),
		.def = "min(30d, 33%)",
		.help = "warn when less time is left",
	},
	{
		.name = "critical",
		.type = KEY_THRESHOLD,
		.offset = offsetof(struct settings, critical),
		.def = "min(14d, 15%)",
		.help = "critical when less time is left",
	},
	{
		.name = "timeout",
		.type = KEY_DURATION_MS,
		.offset = offsetof(struct settings, timeout_ms),
		.def = "10s",
		.min = 100,
		.max = HOUR_S * 1000,
		.help = "for a whole probe, name resolution included",
	},
	{
		.name = "trust",
		.type = KEY_PATH,
		.offset = offsetof(struct settings, trust),
		.def = "system",
		.choices = words_of_trust,
		.help = "the system's trust store, or a bundle of anchors",
	},
	{
		.name = "retries",
		.type = KEY_UINT,
		.offset = offsetof(struct settings, retries),
		.def = "1",
		.max = 10,
		.help = "further tries at an endpoint that is not reached",
	},
	{
		.name = "findings",
		.type = KEY_FINDINGS,
		.offset = offsetof(struct settings, findings),
		.def = "{}",
		.help = "another severity for a finding: ok, warning, "
			"critical or off",
	},
	{ .name = NULL },
};

const struct section keys_settings = {
	.name = "defaults",
	.keys = settings_keys,
	.size = sizeof(struct settings),
	.help = "how targets are looked at and judged",
};

static const struct key target_keys[] = {
	{
		.name = "endpoint",
		.type = KEY_ENDPOINT,
		.help = "HOST[:PORT], [IPv6]:PORT or scheme://host[:port]"
			"[/path]",
	},
	{
		.name = "file",
		.type = KEY_PATH,
		.offset = offsetof(struct target, file),
		.help = "a file, a folder or a pattern, in place of an "
			"endpoint",
	},
	{
		.name = "name",
		.type = KEY_STRING,
		.offset = offsetof(struct target, name),
		.min = 1,
		.help = "what outputs call it; if unset, its host or path",
	},
	{
		.name = "names",
		.type = KEY_HOSTNAMES,
		.offset = offsetof(struct target, names),
		.def = "[]",
		.help = "names and addresses that the certificate must cover",
	},
	{
		.name = "owner",
		.type = KEY_STRING,
		.offset = offsetof(struct target, owner),
		.min = 1,
		.max = 255,
		.help = "who looks after it; routes pick by it",
	},
	{
		.name = "sni",
		.type = KEY_HOSTNAME,
		.offset = offsetof(struct target, sni),
		.flags = KEY_ENDPOINT_ONLY,
		.help = "name to ask for in place of the host",
	},
	{
		.name = "address",
		.type = KEY_HOSTNAME,
		.offset = offsetof(struct target, dial),
		.flags = KEY_ENDPOINT_ONLY,
		.help = "IP address to connect to in place of the host",
	},
	{
		.name = "family",
		.type = KEY_CHOICE,
		.offset = offsetof(struct target, family),
		.def = "any",
		.choices = families,
		.flags = KEY_ENDPOINT_ONLY,
		.help = "addresses to connect to",
	},
	{
		.name = "defaults",
		.type = KEY_INHERIT,
		.offset = offsetof(struct target, set),
		.section = &keys_settings,
	},
	{ .name = NULL },
};

const struct section keys_target = {
	.name = "target",
	.keys = target_keys,
	.size = sizeof(struct target),
	.help = "what is watched",
};

static const struct key route_keys[] = {
	{
		.name = "owner",
		.type = KEY_STRING,
		.offset = offsetof(struct route, owner),
		.min = 1,
		.max = 255,
		.help = "only targets of this owner; if unset, of any",
	},
	{
		.name = "severity",
		.type = KEY_CHOICE,
		.offset = offsetof(struct route, severity),
		.def = "any",
		.choices = route_severities,
		.help = "only events of this severity or worse",
	},
	{
		.name = "notify",
		.type = KEY_WORDS,
		.offset = offsetof(struct route, notify),
		.flags = KEY_REQUIRED,
		.help = "names of notifiers; [] tells nobody",
	},
	{
		.name = "continue",
		.type = KEY_BOOL,
		.offset = offsetof(struct route, proceed),
		.def = "false",
		.help = "look at the routes below as well",
	},
	{ .name = NULL },
};

const struct section keys_route = {
	.name = "route",
	.keys = route_keys,
	.size = sizeof(struct route),
	.help = "who is told of which events",
};

static const struct key alerts_keys[] = {
	{
		.name = "steps",
		.type = KEY_DURATIONS,
		.offset = offsetof(struct alerts, steps),
		.def = "[30d, 14d, 7d, 3d, 1d]",
		.min = 1,
		.max = SPAN_MAX,
		.help = "time left at which an expiry is told again",
	},
	{
		.name = "repeat",
		.type = KEY_DURATION,
		.offset = offsetof(struct alerts, repeat_s),
		.def = "7d",
		.max = SPAN_MAX,
		.help = "reminder while a critical incident is open; 0s "
			"never",
	},
	{
		.name = "confirm",
		.type = KEY_UINT,
		.offset = offsetof(struct alerts, confirm),
		.def = "2",
		.min = 1,
		.max = 100,
		.help = "scans an endpoint must fail before anyone is told",
	},
	{
		.name = "routes",
		.type = KEY_LIST,
		.offset = offsetof(struct alerts, routes),
		.def = "[]",
		.section = &keys_route,
		.help = "the first that fits decides; without routes, all "
			"are told",
	},
	{
		.name = "give_up",
		.type = KEY_DURATION,
		.offset = offsetof(struct alerts, give_up_s),
		.def = "3d",
		.min = MINUTE_S,
		.max = SPAN_MAX,
		.help = "how long an undelivered message is tried",
	},
	{
		.name = "notify_timeout",
		.type = KEY_DURATION_MS,
		.offset = offsetof(struct alerts, notify_timeout_ms),
		.def = "30s",
		.min = 1000,
		.max = HOUR_S * 1000,
		.help = "for all deliveries of one scan",
	},
	{ .name = NULL },
};

const struct section keys_alerts = {
	.name = "alerts",
	.keys = alerts_keys,
	.size = sizeof(struct alerts),
	.help = "who is told what, and how often",
};

static const struct key root_keys[] = {
	{
		.name = "include",
		.type = KEY_INCLUDE,
		.def = "[]",
		.help = "more files, such as conf.d/*.yaml",
	},
	{
		.name = "defaults",
		.type = KEY_SECTION,
		.offset = offsetof(struct config, defaults),
		.section = &keys_settings,
		.help = "for all targets; each may set its own",
	},
	{
		.name = "targets",
		.type = KEY_LIST,
		.offset = offsetof(struct config, targets),
		.def = "[]",
		.section = &keys_target,
		.help = "what is watched",
	},
	{
		.name = "notifiers",
		.type = KEY_NOTIFIERS,
		.offset = offsetof(struct config, notifiers),
		.def = "{}",
		.help = "who is told, and by which way",
	},
	{
		.name = "alerts",
		.type = KEY_SECTION,
		.offset = offsetof(struct config, alerts),
		.section = &keys_alerts,
		.help = "who is told what, and how often",
	},
	{
		.name = "state",
		.type = KEY_PATH,
		.offset = offsetof(struct config, state),
		.def = "/var/lib/certvigil/state.db",
		.help = "the database; $STATE_DIRECTORY/state.db where that "
			"is set",
	},
	{
		.name = "workers",
		.type = KEY_UINT,
		.offset = offsetof(struct config, workers),
		.def = "0",
		.max = 1024,
		.help = "probes at a time; 0 lets the agent choose",
	},
	{ .name = NULL },
};

const struct section config_root = {
	.name = "configuration",
	.keys = root_keys,
	.size = sizeof(struct config),
	.help = "the whole file",
};

const struct key *
keys_inherited(const struct key *k)
{
	const struct key *common = root_keys;

	if (k->type != KEY_INHERIT)
		return NULL;
	while (common->name != NULL && common->section != k->section)
		common++;
	return common->name != NULL ? common : NULL;
}
