/* scan.c - look at all that is configured, remember, alert */
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "commands/commands.h"
#include "commands/journal.h"
#include "commands/keeping.h"
#include "commands/options.h"
#include "commands/output.h"
#include "commands/rooms.h"
#include "commands/timing.h"
#include "model/text.h"
#include "notifiers/heartbeat.h"
#include "scan/deliver.h"
#include "scan/scan.h"

/* How long another scan, or a writer of the state, is waited for. */
#define STATE_WAIT_MS 10000

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

struct ask {
	const char *config, *state;
	const struct report *report;
	struct report_options show;
	bool quiet;
	bool fresh; /* unchanged files are read again */
	struct phases *phases; /* where the time goes; NULL: nobody asks */
	time_t now;
	bool rehearsal; /* `now` is not the time that it is */
};

static void
note_delivery(void *arg, const struct delivery_note *n)
{
	(void)arg;
	if (n->delivered)
		return;
	command_fail("%s: message %s is not delivered: %s%s", n->notifier,
		n->id, n->answer,
		n->gave_up ? "; it is given up" : "; it will be tried again");
	journal_undelivered(n);
}

static int
look(const struct ask *ask, const struct config *c,
	const struct targets *targets, struct looks *looks, struct results *out,
	struct error *err)
{
	struct progress progress;
	struct scan_options opt = { .workers = (unsigned)c->workers,
		.now = ask->now,
		.progress = progress_show,
		.progress_arg = &progress,
		.looks = looks,
		.phases = ask->phases };
	int rc;

	progress_init(&progress);
	if (ask->quiet)
		opt.progress = NULL;
	rc = scan_run(targets, &opt, out, err);
	out->phases = ask->phases;
	if (rc == 0)
		scan_tell_missed(targets, ask->now, out);
	progress_clear(&progress);
	return rc;
}

/*
 * NULL: none is due. Whoever waits for it must not take a scan of another day
 * for today's.
 */
static struct heartbeat *
start_heartbeat(const struct ask *ask, const struct config *c,
	enum severity worst, const char *host)
{
	if (c->alerts.heartbeat == NULL || ask->rehearsal)
		return NULL;
	return heartbeat_start(c->alerts.heartbeat, worst, host, HEARTBEAT_MS);
}

/* A failure is told and changes no exit status: the scan did its work. */
static void
end_heartbeat(struct heartbeat *h)
{
	struct delivery d;

	if (h == NULL)
		return;
	heartbeat_end(h, &d);
	if (d.outcome == DELIVERED)
		return;
	command_fail("heartbeat: %s", d.answer);
	journal_heartbeat(d.answer);
}

/* Remember first, then show, then tell: what is told is never forgotten. */
static int
conclude(const struct ask *ask, const struct config *c, struct state *st,
	const struct results *rs)
{
	struct deliver_options deliver = { .now = ask->now,
		.timeout_ms = c->alerts.notify_timeout_ms,
		.give_up_s = c->alerts.give_up_s,
		.note = note_delivery };
	cleanup(digest_free) struct digest *events = NULL;
	struct summary sum = results_summary(rs);
	struct heartbeat *heartbeat;
	char host[256] = "";
	struct error err;
	struct timing timing;
	int shown = STATUS_OK, delivered, rc;

	if (gethostname(host, sizeof(host) - 1) == -1)
		host[0] = '\0';
	timing_begin(&timing, ask->phases, PHASE_STORE);
	rc = state_record(
		st, rs, &c->alerts, &c->notifiers, host, &events, &err);
	timing_end(&timing);
	if (rc == -1)
		return command_fail("%s", err.text);
	journal_events(events);
	journal_scanned(&sum);
	heartbeat = start_heartbeat(ask, c, sum.worst, host);
	if (!ask->quiet && output_report(ask->report, rs, &ask->show) == -1)
		shown = command_fail("the output could not be written");
	if (ask->phases != NULL && strcmp(ask->report->name, "json") != 0)
		timing_print(ask->phases);
	delivered = deliver_due(st, &c->notifiers, &deliver, &err);
	end_heartbeat(heartbeat);
	if (delivered == -1)
		return command_fail("%s", err.text);
	return shown != STATUS_OK ? shown : (int)sum.worst;
}

static int
scan(const struct ask *ask)
{
	cleanup(config_free) struct config *c = NULL;
	BUF_CLEANUP struct buf complaints = { 0 }, status = { 0 };
	struct targets targets = { 0 };
	cleanup(keeping_free) struct looks *looks = NULL;
	struct results results = { 0 };
	struct state *st = NULL;
	struct timing timing;
	struct summary sum;
	struct error err;
	int rc;

	if (config_load(ask->config, command_rooms(), 0, &c, &complaints) ==
		-1) {
		fputs(buf_str(&complaints), stderr);
		return STATUS_UNKNOWN;
	}
	if (state_open(ask->state != NULL ? ask->state : c->state,
		    STATE_WAIT_MS, &st, &err) == -1)
		return command_fail("%s", err.text);
	scan_expand(c->arena, c->targets.v, c->targets.n, &targets);
	buf_puts(&status, "Scanning ");
	text_count(&status, targets.n, "target", "targets");
	journal_status(buf_str(&status));
	timing_begin(&timing, ask->phases, PHASE_RECALL);
	rc = keeping_begin(c, &targets, st, ask->now, ask->fresh, &looks, &err);
	timing_end(&timing);
	if (rc == 0)
		rc = look(ask, c, &targets, looks, &results, &err);
	if (rc == -1) {
		rc = command_fail("%s", err.text);
	} else {
		rc = conclude(ask, c, st, &results);
		sum = results_summary(&results);
		buf_reset(&status);
		buf_printf(&status,
			"Last scan: %zu critical, %zu warning, %zu ok",
			sum.n[SEV_CRITICAL], sum.n[SEV_WARNING], sum.n[SEV_OK]);
		journal_status(buf_str(&status));
	}
	state_close(st);
	results_release(&results);
	free(targets.v);
	return rc;
}

static int
scan_command(int argc, char **argv)
{
	struct ask ask = { .config = CONFIG_DEFAULT_PATH, .now = time(NULL) };
	struct phases phases = { 0 };
	int opt, rc = STATUS_OK;

	ask.report = report_find("table");
	optind = 0;
	opterr = 0;
	while (rc == STATUS_OK &&
		(opt = getopt_long(argc, argv, ":c:o:qvh", options, NULL)) !=
			-1) {
		switch (opt) {
		case 'c':
			ask.config = optarg;
			break;
		case 'o':
			rc = option_report(&command_scan, optarg, &ask.report);
			break;
		case 'q':
			ask.quiet = true;
			break;
		case 'v':
			ask.show.verbose++;
			break;
		case 'h':
			fputs(help_text, stdout);
			return STATUS_OK;
		case OPT_AT:
			rc = option_moment(&command_scan, optarg, &ask.now);
			ask.rehearsal = true;
			break;
		case OPT_STATE:
			ask.state = optarg;
			break;
		case OPT_FRESH:
			ask.fresh = true;
			break;
		case OPT_PROFILE:
			ask.phases = &phases;
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
	output_terminal(&ask.show);
	return scan(&ask);
}

const struct command command_scan = {
	.name = "scan",
	.usage = "[--config FILE] [OPTIONS]",
	.help = "look at all that is configured, remember, alert",
	.run = scan_command,
};
