/* status.c - what the last scans know, and what could not be told */
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "commands/commands.h"
#include "commands/options.h"
#include "commands/rooms.h"
#include "config/config.h"
#include "model/text.h"
#include "state/state.h"

enum long_only { OPT_STATE = 256 };

static const struct option options[] = {
	{ "config", required_argument, NULL, 'c' },
	{ "state", required_argument, NULL, OPT_STATE },
	{ "help", no_argument, NULL, 'h' },
	{ NULL, 0, NULL, 0 },
};

static const char help_text[] =
	"usage: certvigil status [OPTIONS]\n"
	"\n"
	"Print what the last scan knows: the targets that are not ok, worst first, the\n"
	"number of open incidents, and the messages that are not delivered.\n"
	"\n"
	"  -c, --config FILE  (" CONFIG_DEFAULT_PATH ")\n"
	"      --state FILE   read this state; no configuration is needed\n"
	"  -h, --help\n"
	"\n"
	"Exit status: 0, or 3 if the state cannot be read.\n";

/* "3 days", in the largest unit that it fills; never below zero. */
static void
put_span(struct buf *out, int64_t seconds)
{
	static const struct unit {
		int64_t seconds;
		const char *one, *many;
	} units[] = {
		{ DAY_S, "day", "days" },
		{ HOUR_S, "hour", "hours" },
		{ MINUTE_S, "minute", "minutes" },
		{ 1, "second", "seconds" },
	};
	size_t i = 0;

	if (seconds < 0)
		seconds = 0;
	while (units[i].seconds > 1 && seconds < units[i].seconds)
		i++;
	text_count(out, (size_t)(seconds / units[i].seconds), units[i].one,
		units[i].many);
}

static void
put_summary(struct buf *out, const struct known_targets *ts, time_t now)
{
	size_t n[SEV_UNKNOWN + 1] = { 0 };
	char moment[MOMENT_SIZE];

	if (ts->last_scan == 0) {
		buf_puts(out, "No scan has been made yet.\n");
		return;
	}
	for (size_t i = 0; i < ts->n; i++)
		n[ts->v[i].status]++;
	buf_printf(
		out, "Last scan: %s, ", moment_format(ts->last_scan, moment));
	put_span(out, now - ts->last_scan);
	buf_puts(out, " ago\n");
	text_count(out, ts->n, "target: ", "targets: ");
	buf_printf(out, "%zu critical, %zu warning, %zu ok", n[SEV_CRITICAL],
		n[SEV_WARNING], n[SEV_OK]);
	if (n[SEV_UNKNOWN] > 0)
		buf_printf(out, ", %zu unknown", n[SEV_UNKNOWN]);
	buf_puts(out, "; ");
	text_count(out, ts->open_incidents, "open incident", "open incidents");
	buf_putc(out, '\n');
}

static void
put_target(struct buf *out, const struct known_target *t)
{
	char date[MOMENT_SIZE];

	buf_printf(out, "  %-8s  ", severity_name(t->status));
	text_plain(out, t->name);
	buf_puts(out, ": ");
	text_plain(out, t->message != NULL ? t->message : "");
	if (t->not_after != 0)
		buf_printf(out, " (valid until %s)",
			moment_date(t->not_after, date));
	buf_putc(out, '\n');
}

static void
put_targets(struct buf *out, const struct known_targets *ts)
{
	/* Worst first, so the good ones are all at the end. */
	if (ts->n == 0 || ts->v[0].status == SEV_OK)
		return;
	buf_puts(out, "\nNot ok:\n");
	for (size_t i = 0; i < ts->n && ts->v[i].status != SEV_OK; i++)
		put_target(out, &ts->v[i]);
}

static void
put_message(struct buf *out, const struct message *m, time_t now)
{
	buf_puts(out, "  ");
	text_plain(out, m->notifier);
	buf_puts(out, ": ");
	text_plain(out, m->id);
	buf_puts(out, ", ");
	text_count(out, (size_t)m->attempts, "try", "tries");
	buf_puts(out, " in ");
	put_span(out, now - m->created_at);
	if (m->gave_up) {
		buf_puts(out, ", given up");
	} else if (m->next_at > now) {
		buf_puts(out, ", next in ");
		put_span(out, m->next_at - now);
	} else {
		buf_puts(out, ", next with the next scan");
	}
	if (m->last_answer != NULL) {
		buf_puts(out, ": ");
		text_plain(out, m->last_answer);
	}
	buf_putc(out, '\n');
}

static void
put_messages(struct buf *out, const struct messages *ms, time_t now)
{
	if (ms->n == 0)
		return;
	buf_puts(out, "\nNot delivered:\n");
	for (size_t i = 0; i < ms->n; i++)
		put_message(out, &ms->v[i], now);
}

static int
show(const char *path, time_t now)
{
	BUF_CLEANUP struct buf out = { 0 };
	struct known_targets targets = { 0 };
	struct messages messages = { 0 };
	struct state *st = NULL;
	struct error err;
	int rc = -1;

	if (state_open_reader(path, &st, &err) == 0 &&
		state_targets(st, &targets, &err) == 0)
		rc = outbox_pending(st, &messages, &err);
	if (rc == 0) {
		put_summary(&out, &targets, now);
		put_targets(&out, &targets);
		put_messages(&out, &messages, now);
	}
	messages_release(&messages);
	known_targets_release(&targets);
	state_close(st);
	if (rc == -1)
		return command_fail("%s", err.text);
	if (fputs(buf_str(&out), stdout) == EOF || fflush(stdout) == EOF)
		return command_fail("the output could not be written");
	return STATUS_OK;
}

static int
show_configured(const char *path)
{
	cleanup(config_free) struct config *c = NULL;
	BUF_CLEANUP struct buf complaints = { 0 };

	if (config_load(path, command_rooms(), 1, &c, &complaints) == -1) {
		fputs(buf_str(&complaints), stderr);
		return STATUS_UNKNOWN;
	}
	return show(c->state, time(NULL));
}

static int
status_run(int argc, char **argv)
{
	const char *config = CONFIG_DEFAULT_PATH, *state = NULL;
	int opt;

	optind = 0;
	opterr = 0;
	while ((opt = getopt_long(argc, argv, ":c:h", options, NULL)) != -1) {
		switch (opt) {
		case 'c':
			config = optarg;
			break;
		case 'h':
			fputs(help_text, stdout);
			return STATUS_OK;
		case OPT_STATE:
			state = optarg;
			break;
		default:
			return option_wrong(&command_status, opt, argv);
		}
	}
	if (optind < argc)
		return command_usage(&command_status,
			"want options alone, have \"%s\"", argv[optind]);
	return state != NULL ? show(state, time(NULL))
			     : show_configured(config);
}

const struct command command_status = {
	.name = "status",
	.usage = "[--config FILE | --state FILE]",
	.help = "what the last scans know, and what could not be told",
	.run = status_run,
};
