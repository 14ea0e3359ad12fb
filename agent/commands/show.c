/* show.c - everything about a chain, for a person */
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
	struct scan_options opt = { .now = ask->now, .account = true };
	struct results results;
	struct summary sum;
	struct error err;
	int rc;

	if (ask_scan(ask, &opt, &results, &err) == -1)
		return command_fail("%s", err.text);
	sum = results_summary(&results);
	rc = output_report(ask->report, &results, &ask->show);
	results_release(&results);
	if (rc == -1)
		return output_failed();
	/* Then the agent itself could not do its work. */
	return sum.worst == SEV_UNKNOWN ? STATUS_UNKNOWN : STATUS_OK;
}

static const struct asker asker = {
	.command = &command_show,
	.report = &report_show,
	.run = look,
};

static int
show_run(int argc, char **argv)
{
	return ask_run(&asker, argc, argv);
}

static const struct option_row output[] = {
	ASK_REPORT_ROWS("what check prints instead",
		"all names, full subjects, what to do about notes"),
	{ 0 },
};

static const struct option_group groups[] = {
	{ "What if:", ask_judging },
	ASK_TARGET_GROUPS,
	{ NULL, output },
	{ 0 },
};

const struct command command_show = {
	.name = "show",
	.usage = "[OPTIONS] TARGET...",
	.help = "everything about a chain, for a person",
	.options = groups,
	.operands = ask_targets,
	.above = "Show the certificates of a TARGET in the order of the chain, "
		 "which path was\n"
		 "chosen and which were not, and beside each certificate what "
		 "is wrong with it.\n"
		 "A TARGET is HOST[:PORT], [IPv6]:PORT, SCHEME://HOST[:PORT], "
		 "a file, a folder or\n"
		 "a pattern.\n",
	.below = "Exit status: 0 it was shown, whatever is wrong with it; 3 it "
		 "could not be.\n",
	.run = show_run,
};
