/* check.c - look at once, without a configuration, as a monitoring plugin */
#include "commands/ask.h"
#include "commands/ask_rows.h"
#include "commands/ask_set.h"
#include "commands/commands.h"
#include "commands/options.h"
#include "commands/output.h"
#include "report/reports.h"

static int
look(struct ask *ask)
{
	struct scan_options opt = { .now = ask->now };
	struct results results;
	struct summary sum;
	struct error err;
	int rc;

	if (ask_scan(ask, &opt, &results, &err) == -1)
		return command_unknown(err.text);
	sum = results_summary(&results);
	rc = output_report(ask->report, &results, &ask->show);
	results_release(&results);
	if (rc == -1)
		return output_failed();
	return (int)sum.worst;
}

static const struct asker asker = {
	.command = &command_check,
	.report = &report_nagios,
	.run = look,
};

static int
check_run(int argc, char **argv)
{
	return ask_run(&asker, argc, argv);
}

static const struct option_row hosts[] = {
	{ .name = "hostname",
		.letter = 'H',
		.value = { .word = "HOST" },
		.help = "one target more",
		.set = ask_add_host },
	{ .name = "port",
		.letter = 'p',
		.value = { .word = "PORT" },
		.help = "the port of that one (443)",
		.to = offsetof(struct ask, port) },
	{ 0 },
};

static const struct option_row output[] = {
	ASK_REPORT_ROWS("how to print it (nagios)",
		"more lines; -vv what to do, -vvv the chain"),
	{ 0 },
};

static const struct option_group groups[] = {
	{ NULL, hosts },
	{ NULL, ask_judging },
	ASK_TARGET_GROUPS,
	{ NULL, output },
	{ 0 },
};

const struct command command_check = {
	.name = "check",
	.alias = "check_certvigil",
	.usage = "[OPTIONS] TARGET...",
	.help = "look at targets once, as a monitoring plugin",
	.plugin = true,
	.options = groups,
	.operands = ask_targets,
	.above = "Look at certificates once and answer as a monitoring plugin "
		 "does. A TARGET is\n"
		 "HOST[:PORT], [IPv6]:PORT, SCHEME://HOST[:PORT], a file, a "
		 "folder or a pattern.\n",
	.below = "Exit status: 0 ok, 1 warning, 2 critical, 3 unknown.\n",
	.run = check_run,
};
