/* report.c - what the last scans know, in any output */
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "commands/commands.h"
#include "commands/line.h"
#include "commands/memory.h"
#include "commands/options.h"
#include "commands/output.h"
#include "report/reports.h"

struct ask {
	const char *config, *state, *write;
	const struct report *report;
	struct report_options show;
};

static int
print(const struct ask *ask, const struct results *rs,
	struct report_options show)
{
	output_terminal(&show);
	return output_report(ask->report, rs, &show) == 0 ? STATUS_OK
							  : output_failed();
}

static int
write_file(const struct ask *ask, const struct results *rs,
	const struct report_options *show)
{
	struct error err;

	if (output_file(ask->write, true, ask->report, rs, show, &err) == -1)
		return command_fail("%s", err.text);
	return STATUS_OK;
}

static int
read_all(struct state *st, struct memory *m, struct messages *messages,
	struct remembered *known, struct error *err)
{
	if (memory_read(m, st, time(NULL), err) == -1 ||
		outbox_pending(st, messages, err) == -1)
		return -1;
	return state_results(st, known, err);
}

static int
tell(const struct ask *ask, const struct memory *m,
	const struct messages *messages, const struct results *rs)
{
	const struct standing standing = memory_standing(m, messages);
	struct report_options show = ask->show;

	show.standing = &standing;
	if (m->config != NULL)
		show.compat = (unsigned)m->config->compat;
	return ask->write != NULL ? write_file(ask, rs, &show)
				  : print(ask, rs, show);
}

static int
report(const struct ask *ask)
{
	struct memory m = { 0 };
	struct messages messages = { 0 };
	struct remembered known = { 0 };
	struct state *st = NULL;
	struct error err;
	int rc = STATUS_UNKNOWN;

	if (memory_find_or_tell(&m, ask->config, ask->state) == 0) {
		if (state_open_reader(m.path, &st, &err) == -1 ||
			read_all(st, &m, &messages, &known, &err) == -1)
			rc = command_fail("%s", err.text);
		else
			rc = tell(ask, &m, &messages, &known.results);
	}
	remembered_release(&known);
	messages_release(&messages);
	state_close(st);
	memory_release(&m);
	return rc;
}

static int
set_format(void *to, const char *text)
{
	struct ask *ask = to;

	return option_report(&command_report, "--format", text, &ask->report);
}

static int
add_verbosity(void *to, const char *none)
{
	struct ask *ask = to;

	(void)none;
	ask->show.verbose++;
	return STATUS_OK;
}

static int
report_run(int argc, char **argv)
{
	struct ask ask = { .report = &report_table_text };
	struct line line;
	int rc = line_read(&command_report, &ask, argc, argv, &line);

	if (rc != STATUS_OK || line.answered)
		return rc;
	if (line.n > 0)
		return command_usage(&command_report,
			"want options alone, have \"%s\"", line.words[0]);
	if (ask.write != NULL && *ask.write == '\0')
		return command_usage(
			&command_report, "--write: want a path, have nothing");
	if (ask.write != NULL && strcmp(ask.write, "-") == 0)
		ask.write = NULL;
	return report(&ask);
}

static const struct option_row rows[] = {
	{ .name = "format",
		.letter = 'f',
		.value = { .word = "FORMAT",
			.completes = COMPLETES_WORD,
			.list = option_report_at },
		.lists = true,
		.help = "how to print it (table)",
		.set = set_format },
	{ .name = "output",
		.letter = 'o',
		.hidden = true,
		.value = { .word = "FORMAT",
			.completes = COMPLETES_WORD,
			.list = option_report_at },
		.set = set_format },
	{ .name = "write",
		.letter = 'w',
		.value = { .word = "FILE", .completes = COMPLETES_FILE },
		.help = "put it there, whole or not at all, in place of "
			"standard output",
		.to = offsetof(struct ask, write) },
	{ .name = "verbose",
		.letter = 'v',
		.help = "what to do, and notes, where the format leaves them "
			"out",
		.set = add_verbosity },
	OPTION_CONFIG(struct ask),
	OPTION_STATE(struct ask, "read this state; no configuration is needed"),
	{ 0 },
};

static const struct option_group groups[] = { { NULL, rows }, { 0 } };

const struct command command_report = {
	.name = "report",
	.usage = "--format FORMAT [--write FILE] [--config FILE | --state "
		 "FILE]",
	.help = "what the last scans know, as a page, a calendar, a table ...",
	.options = groups,
	.above = "Print what the last scans know of every target, without "
		 "looking again.\n",
	.below = "Exit status: 0, or 3 if the state cannot be read or the "
		 "output not be written.\n",
	.run = report_run,
};
