/* status.c - what the last scans know, and what could not be told */
#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "commands/commands.h"
#include "commands/options.h"
#include "commands/output.h"
#include "commands/status.h"

#define MIN_AGE_S MINUTE_S
#define MAX_AGE_S (10 * 365 * DAY_S)

enum long_only { OPT_STATE = 256, OPT_MAX_AGE };

static const struct option options[] = {
	{ "config", required_argument, NULL, 'c' },
	{ "state", required_argument, NULL, OPT_STATE },
	{ "max-age", required_argument, NULL, OPT_MAX_AGE },
	{ "output", required_argument, NULL, 'o' },
	{ "help", no_argument, NULL, 'h' },
	{ NULL, 0, NULL, 0 },
};

static const char help_text[] =
	"usage: certvigil status [OPTIONS]\n"
	"\n"
	"Print what the last scan knows: the incidents that are open, worst first, the\n"
	"targets that are not ok and not confirmed, how many silences there are, and the\n"
	"messages that are not delivered, with the reason.\n"
	"\n"
	"      --max-age SPAN   only tell whether the agent is at work, in one line, as a\n"
	"                       Nagios plugin does: critical if the last complete scan is\n"
	"                       older, such as 2h; a warning if messages were given up,\n"
	"                       or have waited for longer than that\n"
	"  -o, --output FORMAT  text (default) or json\n"
	"  -c, --config FILE    (" CONFIG_DEFAULT_PATH ")\n"
	"      --state FILE     read this state; no configuration is needed\n"
	"  -h, --help\n"
	"\n"
	"Exit status: 0, or 3 if the state cannot be read; with --max-age also 1 and 2.\n";

struct ask {
	const char *config, *state;
	const char *max_age; /* as it was written; NULL: not asked for */
	int64_t max_age_s;
	bool json;
};

/* Of several lines the first, on stdout too where a plugin is run. */
static int
fail(const struct ask *ask, const char *message)
{
	cleanup(str_free) char *line = str_ndup(
		message, strcspn(message, "\n"));

	return ask->max_age != NULL ? command_unknown(line) : STATUS_UNKNOWN;
}

static int
tell(const struct ask *ask, const struct memory *m, const struct messages *ms)
{
	struct report_options show = { .to = stdout };
	BUF_CLEANUP struct buf out = { 0 };
	int rc = STATUS_OK;

	output_terminal(&show);
	if (ask->max_age != NULL)
		rc = status_put_age(&out, m, ms, ask->max_age_s);
	else if (ask->json)
		status_put_json(&out, m, ms, &show);
	else
		status_put_text(&out, m, ms, &show);
	if (fputs(buf_str(&out), stdout) == EOF || fflush(stdout) == EOF ||
		ferror(stdout) != 0)
		return command_fail("the output could not be written");
	return rc;
}

/* What is to be told: of the agent's own health only when it was at work. */
static int
read_all(const struct ask *ask, struct memory *m, struct state *st,
	struct messages *messages, struct error *err)
{
	int rc = ask->max_age != NULL
		? state_last_scan(st, &m->targets.last_scan, err)
		: memory_read(m, st, m->now, err);

	return rc == -1 ? -1 : outbox_pending(st, messages, err);
}

static int
show(const struct ask *ask, struct memory *m)
{
	struct messages messages = { 0 };
	struct state *st = NULL;
	struct error err;
	int rc;

	m->now = time(NULL);
	/* That no scan was ever made is what --max-age is there to tell. */
	if (ask->max_age != NULL && access(m->path, F_OK) == -1 &&
		errno == ENOENT)
		return tell(ask, m, &messages);
	if (state_open_reader(m->path, &st, &err) == -1 ||
		read_all(ask, m, st, &messages, &err) == -1) {
		command_fail("%s", err.text);
		rc = fail(ask, err.text);
	} else {
		rc = tell(ask, m, &messages);
	}
	messages_release(&messages);
	state_close(st);
	return rc;
}

static int
status(const struct ask *ask)
{
	BUF_CLEANUP struct buf complaints = { 0 };
	struct memory m = { 0 };
	int rc;

	if (memory_find(&m, ask->config, ask->state, &complaints) == 0) {
		rc = show(ask, &m);
	} else {
		fputs(buf_str(&complaints), stderr);
		rc = fail(ask, buf_str(&complaints));
	}
	memory_release(&m);
	return rc;
}

static int
read_max_age(struct ask *ask, const char *text)
{
	ask->max_age = text;
	return option_span(&command_status, "--max-age", text, MIN_AGE_S,
		MAX_AGE_S, "1m to 10y", &ask->max_age_s);
}

static int
read_option(struct ask *ask, int opt, char **argv)
{
	switch (opt) {
	case 'c':
		ask->config = optarg;
		return STATUS_OK;
	case 'o':
		return option_json(&command_status, optarg, &ask->json);
	case OPT_STATE:
		ask->state = optarg;
		return STATUS_OK;
	case OPT_MAX_AGE:
		return read_max_age(ask, optarg);
	default:
		return option_wrong(&command_status, opt, argv);
	}
}

static int
status_run(int argc, char **argv)
{
	struct ask ask = { 0 };
	int opt, rc = STATUS_OK;

	optind = 0;
	opterr = 0;
	while (rc == STATUS_OK &&
		(opt = getopt_long(argc, argv, ":c:o:h", options, NULL)) !=
			-1) {
		if (opt == 'h') {
			fputs(help_text, stdout);
			return STATUS_OK;
		}
		rc = read_option(&ask, opt, argv);
	}
	if (rc == STATUS_OK && optind < argc)
		rc = command_usage(&command_status,
			"want options alone, have \"%s\"", argv[optind]);
	if (rc == STATUS_OK && ask.json && ask.max_age != NULL)
		rc = command_usage(&command_status,
			"--max-age prints one line: it goes with no --output "
			"json");
	if (rc != STATUS_OK)
		return fail(&ask, "wrong usage; see certvigil status --help");
	return status(&ask);
}

const struct command command_status = {
	.name = "status",
	.usage = "[--max-age SPAN | --output json] [--config FILE | "
		 "--state FILE]",
	.help = "what the last scans know, and what could not be told",
	.run = status_run,
};
