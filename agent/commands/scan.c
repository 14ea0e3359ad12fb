/* scan.c - look at all that is configured, remember, alert */
#include <stdio.h>

#include "commands/commands.h"
#include "commands/journal.h"
#include "commands/line.h"
#include "commands/options.h"
#include "commands/output.h"
#include "commands/rooms.h"
#include "commands/round.h"

struct ask {
	struct round round;
	struct phases phases;
	const char *config;
};

static int
scan(const struct round *round, const char *path)
{
	cleanup(config_free) struct config *c = NULL;
	BUF_CLEANUP struct buf complaints = { 0 };

	if (config_load(path, command_rooms(), 0, &c, &complaints) == -1) {
		journal_lines(buf_str(&complaints));
		return STATUS_UNKNOWN;
	}
	return round_run(round, c);
}

static int
set_output(void *to, const char *name)
{
	struct ask *ask = to;

	return option_report(
		&command_scan, "--output", name, &ask->round.report);
}

static int
set_moment(void *to, const char *text)
{
	struct ask *ask = to;

	ask->round.rehearsal = true;
	return option_moment(&command_scan, text, &ask->round.now);
}

static int
add_verbosity(void *to, const char *none)
{
	struct ask *ask = to;

	(void)none;
	ask->round.show.verbose++;
	return STATUS_OK;
}

static int
set_phases(void *to, const char *none)
{
	struct ask *ask = to;

	(void)none;
	ask->round.phases = &ask->phases;
	return STATUS_OK;
}

static int
scan_command(int argc, char **argv)
{
	struct ask ask = { .config = CONFIG_DEFAULT_PATH,
		.round = {
			.now = time(NULL), .report = report_find("table") } };
	struct line line;
	int rc = line_read(&command_scan, &ask, argc, argv, &line);

	if (rc != STATUS_OK || line.answered)
		return rc;
	if (line.n > 0)
		return command_usage(&command_scan,
			"want no targets: they stand in the configuration; "
			"have \"%s\"",
			line.words[0]);
	output_terminal(&ask.round.show);
	return scan(&ask.round, ask.config);
}

static const struct option_row rows[] = {
	OPTION_CONFIG(struct ask),
	{ .name = "output",
		.letter = 'o',
		.value = { .word = "FORMAT",
			.completes = COMPLETES_WORD,
			.list = option_report_at },
		.lists = true,
		.help = "how to print it (table)",
		.set = set_output },
	{ .name = "quiet",
		.letter = 'q',
		.help = "print complaints alone",
		.to = offsetof(struct ask, round.quiet) },
	{ .name = "verbose",
		.letter = 'v',
		.help = "what to do, and notes",
		.set = add_verbosity },
	{ .name = "state",
		.value = { .word = "FILE", .completes = COMPLETES_FILE },
		.help = "in place of the configured state",
		.to = offsetof(struct ask, round.state) },
	{ .name = "fresh",
		.help = "read files that are unchanged since the last scan too",
		.to = offsetof(struct ask, round.fresh) },
	{ .name = "profile-phases",
		.help = "tell where the time went, in JSON too",
		.set = set_phases },
	{ .name = "at",
		.value = { .word = "TIME" },
		.help = "judge as of then: RFC 3339, epoch seconds, +30d; what "
			"it finds is remembered and told like any other",
		.set = set_moment },
	{ 0 },
};

static const struct option_group groups[] = { { NULL, rows }, { 0 } };

const struct command command_scan = {
	.name = "scan",
	.usage = "[--config FILE] [OPTIONS]",
	.help = "look at all that is configured, remember, alert",
	.options = groups,
	.above = "Look at all that the configuration names, remember what was "
		 "seen, and tell\n"
		 "what is new.\n",
	.below = "Exit status: 0 ok, 1 warning, 2 critical, 3 the agent could "
		 "not do its work.\n",
	.run = scan_command,
};
