/* check.c - look at once, without a configuration, as a monitoring plugin */
#include <sys/socket.h>

#include <errno.h>
#include <getopt.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "commands/commands.h"
#include "commands/options.h"
#include "commands/output.h"
#include "model/hostname.h"
#include "probes/dialect.h"
#include "scan/scan.h"

enum long_only {
	OPT_SNI = 256,
	OPT_ADDRESS,
	OPT_NAME,
	OPT_TRUST,
	OPT_AT,
	OPT_OUTPUT,
	OPT_FINDING
};

static const struct option options[] = {
	{ "hostname", required_argument, NULL, 'H' },
	{ "port", required_argument, NULL, 'p' },
	{ "warning", required_argument, NULL, 'w' },
	{ "critical", required_argument, NULL, 'c' },
	{ "timeout", required_argument, NULL, 't' },
	{ "verbose", no_argument, NULL, 'v' },
	{ "version", no_argument, NULL, 'V' },
	{ "help", no_argument, NULL, 'h' },
	{ "sni", required_argument, NULL, OPT_SNI },
	{ "address", required_argument, NULL, OPT_ADDRESS },
	{ "name", required_argument, NULL, OPT_NAME },
	{ "trust", required_argument, NULL, OPT_TRUST },
	{ "at", required_argument, NULL, OPT_AT },
	{ "output", required_argument, NULL, OPT_OUTPUT },
	{ "finding", required_argument, NULL, OPT_FINDING },
	{ NULL, 0, NULL, 0 },
};

static const char help_text[] =
	"usage: certvigil check [OPTIONS] TARGET...\n"
	"\n"
	"Look at certificates once and answer as a monitoring plugin does. A TARGET is\n"
	"HOST[:PORT], [IPv6]:PORT, SCHEME://HOST[:PORT], a file, a folder or a pattern.\n"
	"\n"
	"  -H, --hostname HOST      one target more, with -p\n"
	"  -p, --port PORT          its port (443)\n"
	"  -w, --warning THRESHOLD  time left: 30 (days), 12h, 33%, min(30d,33%)\n"
	"  -c, --critical THRESHOLD likewise; 0 turns either off\n"
	"  -t, --timeout SECONDS    for a whole probe (10)\n"
	"  -4, -6                   IPv4 or IPv6 alone\n"
	"      --sni NAME           ask for, and expect, this name\n"
	"      --address IP         connect there instead of resolving the host\n"
	"      --name NAME          must be covered too (repeatable)\n"
	"      --trust FILE         trust exactly the certificates in FILE\n"
	"      --at TIME            judge as of then: RFC 3339, epoch seconds, +30d\n"
	"      --finding ID=WHAT    off, ok, warning or critical (repeatable)\n"
	"      --output FORMAT      nagios (default), table, json\n"
	"  -v, --verbose            more lines; -vv what to do, -vvv the chain\n"
	"  -V, --version   -h, --help\n"
	"\n"
	"Exit status: 0 ok, 1 warning, 2 critical, 3 unknown.\n";

struct ask {
	struct arena *arena;
	struct target base; /* what every target gets */
	struct words targets;
	struct words hosts; /* of -H */
	const char *port;
	bool thresholds[2]; /* warning, critical were given */
	time_t now;
	const struct report *report;
	struct report_options show;
};

static int
set_threshold(struct ask *ask, int which, const char *text)
{
	struct threshold *t = which == 0 ? &ask->base.set.warning
					 : &ask->base.set.critical;

	if (threshold_parse(text, t) == -1)
		return command_usage(&command_check,
			"-%c: want days, a span or a share such as 30, 12h, "
			"33%% or min(30d,33%%), have \"%s\"",
			which == 0 ? 'w' : 'c', text);
	ask->thresholds[which] = true;
	return STATUS_OK;
}

static int
set_timeout(struct ask *ask, const char *text)
{
	int64_t ms;

	if (duration_parse_ms(text, 1, &ms) == -1 || ms < 1 ||
		ms > HOUR_S * 1000)
		return command_usage(&command_check,
			"-t: want up to 3600 seconds, such as 10 or 500ms, "
			"have \"%s\"",
			text);
	ask->base.set.timeout_ms = ms;
	return STATUS_OK;
}

static int
set_trust(struct ask *ask, const char *path)
{
	if (strcmp(path, "system") != 0 && access(path, R_OK) == -1)
		return command_usage(&command_check, "--trust: %s: %s", path,
			strerror(errno));
	ask->base.set.trust = path;
	return STATUS_OK;
}

static int
set_option(struct ask *ask, int opt, const char *arg)
{
	const struct command *me = &command_check;

	switch (opt) {
	case 'H':
		words_add(ask->arena, &ask->hosts, arg);
		return STATUS_OK;
	case 'p':
		ask->port = arg;
		return STATUS_OK;
	case 'w':
	case 'c':
		return set_threshold(ask, opt == 'c', arg);
	case 't':
		return set_timeout(ask, arg);
	case '4':
		ask->base.family = AF_INET;
		return STATUS_OK;
	case '6':
		ask->base.family = AF_INET6;
		return STATUS_OK;
	case 'v':
		ask->show.verbose++;
		return STATUS_OK;
	case OPT_SNI:
		return option_hostname(
			me, "--sni", arg, ask->arena, false, &ask->base.sni);
	case OPT_ADDRESS:
		return option_address(me, "--address", arg, &ask->base.dial);
	case OPT_NAME:
		return option_add_name(me, arg, ask->arena, &ask->base.names);
	case OPT_TRUST:
		return set_trust(ask, arg);
	case OPT_AT:
		return option_moment(me, arg, &ask->now);
	case OPT_OUTPUT:
		return option_report(me, arg, &ask->report);
	case OPT_FINDING:
		return option_finding(
			me, arg, ask->arena, &ask->base.set.findings);
	default:
		return STATUS_UNKNOWN;
	}
}

/* A threshold given alone bounds the other's default. */
static int
settle_thresholds(struct ask *ask)
{
	struct settings *set = &ask->base.set;
	const struct threshold *w = &set->warning, *c = &set->critical;

	if (ask->thresholds[0] && !ask->thresholds[1] && w->share_ppm == -1 &&
		w->seconds < c->seconds)
		set->critical.seconds = w->seconds;
	if (!ask->thresholds[0] && ask->thresholds[1] && c->share_ppm == -1 &&
		c->seconds > w->seconds)
		set->warning = *c;
	if (ask->thresholds[0] && ask->thresholds[1] && w->share_ppm == -1 &&
		c->share_ppm == -1 && w->seconds < c->seconds &&
		w->seconds != 0)
		return command_usage(&command_check,
			"want a warning threshold that comes before the "
			"critical one, have -w below -c");
	return STATUS_OK;
}

/* A target of -H and -p; a bare IPv6 address gets its brackets. */
static const char *
target_of_host(const struct ask *ask, const char *host)
{
	bool bare = hostname_is_address(host) && strchr(host, ':') != NULL;
	const char *text = arena_fmt(ask->arena, bare ? "[%s]" : "%s", host);

	if (ask->port == NULL)
		return text;
	return arena_fmt(ask->arena, "%s:%s", text, ask->port);
}

static int
parse_targets(struct ask *ask, struct target **out)
{
	struct target *v;

	if (ask->port != NULL && ask->hosts.n == 0)
		return command_usage(&command_check,
			"-p: want it with -H HOST, or TARGET as HOST:PORT");
	for (size_t i = 0; i < ask->hosts.n; i++)
		words_add(ask->arena, &ask->targets,
			target_of_host(ask, ask->hosts.v[i]));
	if (ask->targets.n == 0)
		return command_usage(
			&command_check, "want a TARGET or -H HOST, have none");
	v = arena_alloc(ask->arena, ask->targets.n * sizeof(*v));
	for (size_t i = 0; i < ask->targets.n; i++) {
		const char *text = ask->targets.v[i];
		struct error err;

		v[i] = ask->base;
		if (target_parse(ask->arena, text, dialect_scheme,
			    access(text, F_OK) == 0, &v[i], &err) == -1)
			return command_usage(
				&command_check, "%s: %s", text, err.text);
	}
	/* One endpoint asked for by another name goes by that name. */
	if (ask->targets.n == 1 && v[0].kind == TARGET_ENDPOINT &&
		v[0].sni != NULL)
		v[0].name = v[0].sni;
	*out = v;
	return STATUS_OK;
}

static int
run(struct ask *ask, const struct target *v)
{
	struct scan_options opt = { .now = ask->now };
	struct targets targets;
	struct results results;
	struct summary sum;
	struct error err;
	int rc;

	scan_expand(ask->arena, v, ask->targets.n, &targets);
	rc = scan_run(&targets, &opt, &results, &err);
	free(targets.v);
	if (rc == -1)
		return command_unknown(err.text);
	sum = results_summary(&results);
	rc = output_report(ask->report, &results, &ask->show);
	results_release(&results);
	if (rc == -1)
		return command_fail("the output could not be written");
	return (int)sum.worst;
}

static int
check_run(int argc, char **argv)
{
	cleanup(arena_free) struct arena *arena = arena_new();
	struct ask ask = { .arena = arena, .now = time(NULL) };
	struct target *v = NULL;
	int opt, rc;

	settings_init(&ask.base.set);
	ask.report = report_find("nagios");
	optind = 0;
	opterr = 0;
	while ((opt = getopt_long(
			argc, argv, ":H:p:w:c:t:46vVh", options, NULL)) != -1) {
		/* The guidelines want 3 for both (section "Help"). */
		if (opt == 'h') {
			fputs(help_text, stdout);
			return STATUS_UNKNOWN;
		}
		if (opt == 'V') {
			puts("certvigil " CERTVIGIL_VERSION);
			return STATUS_UNKNOWN;
		}
		if (opt == '?' || opt == ':')
			rc = option_wrong(&command_check, opt, argv);
		else
			rc = set_option(&ask, opt, optarg);
		if (rc != STATUS_OK)
			return rc;
	}
	for (; optind < argc; optind++)
		words_add(arena, &ask.targets, argv[optind]);
	rc = settle_thresholds(&ask);
	if (rc == STATUS_OK)
		rc = parse_targets(&ask, &v);
	if (rc != STATUS_OK)
		return rc;
	output_terminal(&ask.show);
	return run(&ask, v);
}

const struct command command_check = {
	.name = "check",
	.usage = "[OPTIONS] TARGET...",
	.help = "look at targets once, as a monitoring plugin",
	.plugin = true,
	.run = check_run,
};
