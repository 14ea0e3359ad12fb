/* status.c - what the last scans know, and what could not be told */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "commands/commands.h"
#include "commands/line.h"
#include "commands/options.h"
#include "commands/output.h"
#include "commands/status.h"

#define MIN_AGE_S MINUTE_S
#define MAX_AGE_S (10 * 365 * DAY_S)

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
		return output_failed();
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
set_max_age(void *to, const char *text)
{
	struct ask *ask = to;

	ask->max_age = text;
	return option_span(&command_status, "--max-age", text, MIN_AGE_S,
		MAX_AGE_S, "1m to 10y", &ask->max_age_s);
}

static int
set_output(void *to, const char *text)
{
	struct ask *ask = to;

	return option_json(&command_status, text, &ask->json);
}

static int
status_run(int argc, char **argv)
{
	struct ask ask = { 0 };
	struct line line;
	int rc = line_read(&command_status, &ask, argc, argv, &line);

	if (line.answered)
		return rc;
	if (rc == STATUS_OK && line.n > 0)
		rc = command_usage(&command_status,
			"want options alone, have \"%s\"", line.words[0]);
	if (rc == STATUS_OK && ask.json && ask.max_age != NULL)
		rc = command_usage(&command_status,
			"--max-age prints one line: it goes with no --output "
			"json");
	if (rc != STATUS_OK)
		return fail(&ask, "wrong usage; see certvigil status --help");
	return status(&ask);
}

static const struct option_row rows[] = {
	{ .name = "max-age",
		.value = { .word = "SPAN" },
		.help = "only tell whether the agent is at work, in one line, "
			"as a Nagios plugin does: critical if the last "
			"complete scan is older, such as 2h; a warning if "
			"messages were given up, or have waited for longer "
			"than that",
		.set = set_max_age },
	OPTION_FORM(set_output),
	OPTION_CONFIG(struct ask),
	OPTION_STATE(struct ask, "read this state; no configuration is needed"),
	{ 0 },
};

static const struct option_group groups[] = { { NULL, rows }, { 0 } };

const struct command command_status = {
	.name = "status",
	.usage = "[--output FORMAT] [--config FILE | --state FILE]\n"
		 "--max-age SPAN [--config FILE | --state FILE]",
	.help = "what the last scans know, and what could not be told",
	.options = groups,
	.above = "Print what the last scan knows: the incidents that are open, "
		 "worst first, the\n"
		 "targets that are not ok and not confirmed, how many silences "
		 "there are, and the\n"
		 "messages that are not delivered, with the reason.\n",
	.below = "Exit status: 0, or 3 if the state cannot be read; with "
		 "--max-age also 1 and 2.\n",
	.run = status_run,
};
