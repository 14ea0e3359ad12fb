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
#include "report/reports.h"
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

/* "3 days"; a clock that was set back makes no negative ages. */
static void
put_age(struct buf *out, int64_t seconds)
{
	duration_describe(out, seconds < 0 ? 0 : seconds);
}

static void
put_last_scan(struct buf *out, const struct known_targets *ts, time_t now)
{
	struct summary sum = { .worst = SEV_OK };
	char moment[MOMENT_SIZE];

	if (ts->last_scan == 0) {
		buf_puts(out, "No scan has been made yet.\n");
		return;
	}
	for (size_t i = 0; i < ts->n; i++)
		sum.n[ts->v[i].status]++;
	buf_printf(
		out, "Last scan: %s, ", moment_format(ts->last_scan, moment));
	put_age(out, now - ts->last_scan);
	buf_puts(out, " ago\n");
	put_summary(out, &sum);
	buf_puts(out, "; ");
	text_count(out, ts->open_incidents, "open incident", "open incidents");
	buf_putc(out, '\n');
}

/* A name beyond this pushes its own line's columns, not everybody's. */
#define MAX_NAME_COLUMNS 48

static void
put_target(struct buf *out, const struct known_target *t, size_t columns)
{
	BUF_CLEANUP struct buf name = { 0 };
	char date[MOMENT_SIZE];

	text_plain(&name, t->name);
	buf_printf(out, "  %-8s  %s", severity_name(t->status), buf_str(&name));
	for (size_t n = text_width(buf_str(&name)); n < columns; n++)
		buf_putc(out, ' ');
	buf_printf(out, "  %-10s  ",
		t->not_after != 0 ? moment_date(t->not_after, date) : "-");
	text_plain(out, t->message != NULL ? t->message : "");
	buf_putc(out, '\n');
}

static void
put_targets(struct buf *out, const struct known_targets *ts)
{
	size_t n = 0, columns = 0;

	/* Worst first, so the good ones are all at the end. */
	for (; n < ts->n && ts->v[n].status != SEV_OK; n++) {
		BUF_CLEANUP struct buf name = { 0 };
		size_t wide;

		text_plain(&name, ts->v[n].name);
		wide = text_width(buf_str(&name));
		if (wide > columns)
			columns = wide;
	}
	if (columns > MAX_NAME_COLUMNS)
		columns = MAX_NAME_COLUMNS;
	if (n > 0)
		buf_puts(out, "\nNot ok:\n");
	for (size_t i = 0; i < n; i++)
		put_target(out, &ts->v[i], columns);
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
	put_age(out, now - m->created_at);
	if (m->gave_up) {
		buf_puts(out, ", given up");
	} else if (m->next_at > now) {
		buf_puts(out, ", next in ");
		put_age(out, m->next_at - now);
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
		put_last_scan(&out, &targets, now);
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
