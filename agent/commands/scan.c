/* scan.c - look at all that is configured, remember, alert */
#include <getopt.h>
#include <stdio.h>

#include "commands/commands.h"
#include "commands/options.h"
#include "commands/output.h"
#include "commands/rooms.h"
#include "commands/round.h"

enum long_only { OPT_AT = 256, OPT_STATE, OPT_FRESH, OPT_PROFILE };

static const struct option options[] = {
	{ "config", required_argument, NULL, 'c' },
	{ "output", required_argument, NULL, 'o' },
	{ "quiet", no_argument, NULL, 'q' },
	{ "verbose", no_argument, NULL, 'v' },
	{ "help", no_argument, NULL, 'h' },
	{ "at", required_argument, NULL, OPT_AT },
	{ "state", required_argument, NULL, OPT_STATE },
	{ "fresh", no_argument, NULL, OPT_FRESH },
	{ "profile-phases", no_argument, NULL, OPT_PROFILE },
	{ NULL, 0, NULL, 0 },
};

static const char help_text[] =
	"usage: certvigil scan [OPTIONS]\n"
	"\n"
	"Look at all that the configuration names, remember what was seen, and tell\n"
	"what is new.\n"
	"\n"
	"  -c, --config FILE    (" CONFIG_DEFAULT_PATH ")\n"
	"  -o, --output FORMAT  table (default), json, nagios\n"
	"  -q, --quiet          print complaints alone\n"
	"  -v, --verbose        what to do, and notes\n"
	"      --state FILE     in place of the configured state\n"
	"      --fresh          read files that are unchanged since the last scan too\n"
	"      --profile-phases tell where the time went, in JSON too\n"
	"      --at TIME        judge as of then: RFC 3339, epoch seconds, +30d;\n"
	"                       what it finds is remembered and told like any other\n"
	"  -h, --help\n"
	"\n"
	"Exit status: 0 ok, 1 warning, 2 critical, 3 the agent could not do its work.\n";

static int
scan(const struct round *round, const char *path)
{
	cleanup(config_free) struct config *c = NULL;
	BUF_CLEANUP struct buf complaints = { 0 };

	if (config_load(path, command_rooms(), 0, &c, &complaints) == -1) {
		fputs(buf_str(&complaints), stderr);
		return STATUS_UNKNOWN;
	}
	return round_run(round, c);
}

static int
scan_command(int argc, char **argv)
{
	struct round round = { .now = time(NULL) };
	const char *config = CONFIG_DEFAULT_PATH;
	struct phases phases = { 0 };
	int opt, rc = STATUS_OK;

	round.report = report_find("table");
	optind = 0;
	opterr = 0;
	while (rc == STATUS_OK &&
		(opt = getopt_long(argc, argv, ":c:o:qvh", options, NULL)) !=
			-1) {
		switch (opt) {
		case 'c':
			config = optarg;
			break;
		case 'o':
			rc = option_report(
				&command_scan, optarg, &round.report);
			break;
		case 'q':
			round.quiet = true;
			break;
		case 'v':
			round.show.verbose++;
			break;
		case 'h':
			fputs(help_text, stdout);
			return STATUS_OK;
		case OPT_AT:
			rc = option_moment(&command_scan, optarg, &round.now);
			round.rehearsal = true;
			break;
		case OPT_STATE:
			round.state = optarg;
			break;
		case OPT_FRESH:
			round.fresh = true;
			break;
		case OPT_PROFILE:
			round.phases = &phases;
			break;
		default:
			rc = option_wrong(&command_scan, opt, argv);
		}
	}
	if (rc != STATUS_OK)
		return rc;
	if (optind < argc)
		return command_usage(&command_scan,
			"want no targets: they stand in the configuration; "
			"have \"%s\"",
			argv[optind]);
	output_terminal(&round.show);
	return scan(&round, config);
}

const struct command command_scan = {
	.name = "scan",
	.usage = "[--config FILE] [OPTIONS]",
	.help = "look at all that is configured, remember, alert",
	.run = scan_command,
};
