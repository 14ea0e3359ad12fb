/* keys.c - the key table: the whole file, and who is told of what */
#include "config/keys.h"
#include "config/config.h"
#include "model/compat.h"

/*
 * Keys are read in the order of their rows, so that what others build upon
 * stands above: `defaults` before `targets`, `notifiers` before `alerts`.
 */

#define SPAN_MAX (INT64_C(3650) * DAY_S)

static const struct choice route_severities[] = {
	{ "any", ROUTE_ANY_SEVERITY },
	{ "warning", SEV_WARNING },
	{ "critical", SEV_CRITICAL },
	{ NULL, 0 },
};

static const struct choice groupings[] = {
	{ "scan", GROUP_SCAN },
	{ "target", GROUP_TARGET },
	{ NULL, 0 },
};

static const struct choice compat_names[] = {
	{ "ssl_exporter", COMPAT_SSL_EXPORTER },
	{ "x509_exporter", COMPAT_X509_EXPORTER },
	{ "blackbox", COMPAT_BLACKBOX },
	{ NULL, 0 },
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
		.name = "tags",
		.type = KEY_WORDS,
		.offset = offsetof(struct route, tags),
		.def = "[]",
		.help = "only targets with one of these tags; [] any",
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
	{
		.name = "default",
		.type = KEY_BOOL,
		.offset = offsetof(struct route, otherwise),
		.def = "false",
		.help = "only what no other route fits; without owner, tags",
	},
	{ .name = NULL },
};

const struct section keys_route = {
	.name = "route",
	.keys = route_keys,
	.size = sizeof(struct route),
	.help = "who is told of which events",
};

#define TEXT_MAX 255

static const struct key silence_keys[] = {
	{
		.name = "target",
		.type = KEY_STRING,
		.offset = offsetof(struct silence, target),
		.min = 1,
		.max = TEXT_MAX,
		.flags = KEY_REQUIRED,
		.help = "glob of names or addresses, such as \"*.example.net\"",
	},
	{
		.name = "finding",
		.type = KEY_STRING,
		.offset = offsetof(struct silence, finding),
		.def = "*",
		.min = 1,
		.max = TEXT_MAX,
		.help = "glob of findings, such as \"expiry.*\"",
	},
	{
		.name = "from",
		.type = KEY_MOMENT,
		.offset = offsetof(struct silence, from),
		.help = "when it begins; if unset, it has begun",
	},
	{
		.name = "until",
		.type = KEY_MOMENT,
		.offset = offsetof(struct silence, until),
		.flags = KEY_REQUIRED,
		.help = "when it ends; a date is its first second, in UTC",
	},
	{
		.name = "reason",
		.type = KEY_STRING,
		.offset = offsetof(struct silence, reason),
		.min = 1,
		.max = TEXT_MAX,
		.flags = KEY_REQUIRED,
		.help = "for whoever asks later",
	},
	{ .name = NULL },
};

const struct section keys_silence = {
	.name = "silence",
	.keys = silence_keys,
	.size = sizeof(struct silence),
	.help = "known trouble that is told to nobody for a while",
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
		.name = "silences",
		.type = KEY_LIST,
		.offset = offsetof(struct alerts, silences),
		.def = "[]",
		.section = &keys_silence,
		.help = "beside those of certvigil silence",
	},
	{
		.name = "group",
		.type = KEY_CHOICE,
		.offset = offsetof(struct alerts, group),
		.def = "scan",
		.choices = groupings,
		.help = "what is one message to a notifier",
	},
	{
		.name = "history",
		.type = KEY_DURATION,
		.offset = offsetof(struct alerts, history_s),
		.def = "400d",
		.max = SPAN_MAX,
		.help = "how long what happened is kept; 0s for ever",
	},
	{
		.name = "heartbeat",
		.type = KEY_SECRET,
		.offset = offsetof(struct alerts, heartbeat),
		.flags = KEY_PRIVATE,
		.help = "URL that is fetched after each complete scan",
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
	{
		.name = "textfile",
		.type = KEY_TEXTFILE,
		.offset = offsetof(struct config, textfile),
		.help = "metrics for node_exporter, after each complete scan",
	},
	{
		.name = "compat",
		.type = KEY_CHOICES,
		.offset = offsetof(struct config, compat),
		.def = "[]",
		.choices = compat_names,
		.help = "of metrics: names of other tools beside our own",
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
