/* watch.c - stay resident, and scan on a schedule */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <systemd/sd-daemon.h>

#include "commands/commands.h"
#include "commands/journal.h"
#include "commands/line.h"
#include "commands/options.h"
#include "commands/rooms.h"
#include "commands/watch/watch.h"
#include "model/alloc.h"
#include "model/hash.h"

#define EVERY_MOST_S (30 * DAY_S)

struct ask {
	const char *config, *state;
	int64_t every_s;
	bool quiet;
};

/* What another scan has for the moment will be had later. */
static int
check_state(const struct watch *w)
{
	struct state *st = NULL;
	struct error err;

	if (state_open(w->state != NULL ? w->state : w->config->state, 0, &st,
		    &err) == -1 &&
		err.kind != ERROR_BUSY)
		return command_fail("%s", err.text);
	state_close(st);
	return STATUS_OK;
}

/* The name of the machine: another one's looks come at other moments. */
static uint64_t
seed(void)
{
	char host[256] = "";

	if (gethostname(host, sizeof(host) - 1) == -1)
		host[0] = '\0';
	return hash_bytes(host, strlen(host));
}

static int
load(struct watch *w)
{
	BUF_CLEANUP struct buf complaints = { 0 };

	if (config_load(w->path, command_rooms(), 0, &w->config, &complaints) ==
		-1) {
		journal_lines(buf_str(&complaints));
		return STATUS_UNKNOWN;
	}
	return check_state(w);
}

static int
watch(struct watch *w)
{
	struct error err;
	uint64_t watchdog_us = 0;
	int rc;

	/* First of all: a SIGHUP that comes while it begins would end it. */
	if (bell_init(&w->bell, &err) == -1)
		return command_fail("%s", err.text);
	rc = load(w);
	if (rc != STATUS_OK)
		return rc;
	if (sd_watchdog_enabled(0, &watchdog_us) > 0)
		w->watchdog_ms = (int64_t)(watchdog_us / 1000);
	watch_notify(w, "READY=1\n");
	return watch_go_on(w);
}

static void
release(struct watch *w)
{
	config_free(w->config);
	config_free(w->pending);
	str_free(w->refused);
	bell_release(&w->bell);
}

static int
set_every(void *to, const char *text)
{
	struct ask *ask = to;

	return option_span(&command_watch, "--every", text, 1, EVERY_MOST_S,
		"1s to 30d", &ask->every_s);
}

static int
watch_command(int argc, char **argv)
{
	struct ask ask = { .config = CONFIG_DEFAULT_PATH };
	struct watch w = { .bell = { -1, -1, -1, -1 } };
	struct line line;
	int rc = line_read(&command_watch, &ask, argc, argv, &line);

	if (rc != STATUS_OK || line.answered)
		return rc;
	if (line.n > 0)
		return command_usage(&command_watch,
			"want no targets: they stand in the configuration; "
			"have \"%s\"",
			line.words[0]);
	w.path = ask.config;
	w.state = ask.state;
	w.schedule = (struct schedule){ ask.every_s, seed() };
	if (!ask.quiet) {
		(void)setvbuf(stdout, NULL, _IOLBF, 0);
		journal_aloud();
	}
	rc = watch(&w);
	release(&w);
	return rc;
}

static const struct option_row rows[] = {
	OPTION_CONFIG(struct ask),
	OPTION_STATE(struct ask, "in place of the configured state"),
	{ .name = "every",
		.value = { .word = "SPAN" },
		.help = "look at all targets so often, whatever their interval",
		.set = set_every },
	{ .name = "quiet",
		.letter = 'q',
		.help = "print complaints alone",
		.to = offsetof(struct ask, quiet) },
	{ 0 },
};

static const struct option_group groups[] = { { NULL, rows }, { 0 } };

const struct command command_watch = {
	.name = "watch",
	.usage = "[--config FILE] [OPTIONS]",
	.help = "stay resident and scan on a schedule",
	.options = groups,
	.above = "Look at each target as often as its `interval` says, "
		 "remember what was seen,\n"
		 "and tell what is new, until SIGTERM. SIGHUP has the "
		 "configuration read again,\n"
		 "SIGUSR1 looks at everything at once.\n",
	.below = "Exit status: 0 it was stopped, 3 it could not begin.\n",
	.run = watch_command,
};
