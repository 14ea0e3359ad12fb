/* history.c - what was seen when: renewals, incidents, silences */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "commands/commands.h"
#include "commands/line.h"
#include "commands/memory.h"
#include "commands/options.h"
#include "commands/output.h"
#include "model/json.h"
#include "model/text.h"
#include "report/pen.h"
#include "report/reports.h"

#define DEFAULT_LIMIT 100
#define MAX_LIMIT 100000

#define MAX_NAME 512
#define MAX_MESSAGE 1024
#define TIME_COLUMNS 20
#define AGE_COLUMNS 5 /* "1234d" */
#define KIND_COLUMNS 10
#define STATUS_COLUMNS 8
#define INDENT 4

#define SCHEMA_VERSION 1

struct ask {
	const char *config, *state, *target;
	size_t limit;
	bool json;
};

/* How wide the column of names is; 0: all is of one target. */
static size_t
name_columns(const struct happenings *hs)
{
	size_t columns = 0, different = 0;

	for (size_t i = 0; i < hs->n; i++) {
		columns = pen_name_columns(columns, hs->v[i].target);
		different += strcmp(hs->v[i].target, hs->v[0].target) != 0;
	}
	return different > 0 ? columns : 0;
}

/* Of a renewal both ends, whatever words it was told in. */
static void
put_what(struct pen *p, const struct happening *h)
{
	char now[MOMENT_SIZE], before[MOMENT_SIZE];

	if (strcmp(h->kind, event_name(EVENT_RENEWED)) == 0) {
		pen_printf(p, NULL, "valid until %s, the one before until %s",
			h->not_after != 0 ? moment_date(h->not_after, now)
					  : "an unreadable date",
			h->old_not_after != 0
				? moment_date(h->old_not_after, before)
				: "an unreadable date");
		return;
	}
	if (h->finding != NULL && *h->finding != '\0')
		pen_printf(p, NULL, "%s: ", h->finding);
	pen_text(p, NULL, h->message != NULL ? h->message : "", MAX_MESSAGE);
}

static void
put_happening(
	struct pen *p, const struct happening *h, size_t columns, time_t now)
{
	size_t column = TIME_COLUMNS + 2;
	BUF_CLEANUP struct buf age = { 0 };
	char moment[MOMENT_SIZE];

	pen_begin(p, MARK_NONE, PEN_NO_NUMBER, INDENT);
	pen_printf(p, NULL, "%s", moment_format(h->time, moment));
	/* The clock may have been set back since. */
	duration_shorten(&age, now > h->time ? now - h->time : 0);
	column += AGE_COLUMNS;
	pen_pad(p, column - text_width(buf_str(&age)));
	pen_text(p, PEN_DIM, buf_str(&age), AGE_COLUMNS);
	column += 2;
	pen_pad(p, column);
	pen_text(p, PEN_BOLD, h->kind, MAX_NAME);
	column += KIND_COLUMNS + 2;
	pen_pad(p, column);
	pen_text(p, report_colours[h->severity], severity_name(h->severity),
		STATUS_COLUMNS);
	column += STATUS_COLUMNS + 2;
	pen_pad(p, column);
	if (columns > 0) {
		pen_text(p, NULL, h->target, MAX_NAME);
		pen_pad(p, column + columns);
		pen_text(p, NULL, "  ", 2);
	}
	put_what(p, h);
	pen_end(p);
}

static void
put_text(struct buf *out, const struct happenings *hs)
{
	struct report_options show = { .to = stdout };
	struct pen pen = { .out = out, .opt = &show };
	size_t columns = name_columns(hs);
	time_t now = time(NULL);

	output_terminal(&show);
	for (size_t i = 0; i < hs->n; i++) {
		put_happening(&pen, &hs->v[i], columns, now);
		report_pass(out, &show);
	}
	if (hs->left_out > 0)
		buf_printf(out, "and %zu older; --limit N shows more\n",
			hs->left_out);
}

static json_t *
moment_or_null(time_t t)
{
	char moment[MOMENT_SIZE];

	return t != 0 ? json_string(moment_format(t, moment)) : json_null();
}

static json_t *
happening_json(const struct happening *h)
{
	json_t *j = json_object();

	json_put(j, "time", moment_or_null(h->time));
	json_put(j, "event", json_text(h->kind));
	json_put(j, "target", json_text(h->target));
	json_put(j, "incident", json_text(h->incident));
	json_put(j, "finding", json_text(h->finding));
	json_put(j, "subject", json_text(h->subject));
	json_put(j, "severity", json_string(severity_name(h->severity)));
	json_put(j, "message", json_text(h->message));
	json_put(j, "not_after", moment_or_null(h->not_after));
	json_put(j, "old_not_after", moment_or_null(h->old_not_after));
	return j;
}

static json_t *
head_json(const struct ask *ask, const struct memory *m,
	const struct happenings *hs)
{
	json_t *j = json_object();

	json_put(j, "version", json_integer(SCHEMA_VERSION));
	json_put(j, "program", json_string("certvigil " CERTVIGIL_VERSION));
	json_put(j, "time", moment_or_null(m->now));
	json_put(j, "asked", json_text(ask->target));
	json_put(j, "left_out", json_integer((json_int_t)hs->left_out));
	return j;
}

static void
put_json(struct buf *out, const struct ask *ask, const struct memory *m,
	const struct happenings *hs)
{
	const struct report_options show = { .to = stdout };

	json_print_head(out, head_json(ask, m, hs));
	json_begin_list(out, "events");
	for (size_t i = 0; i < hs->n; i++) {
		json_print_item(out, i, happening_json(&hs->v[i]));
		report_pass(out, &show);
	}
	json_end_list(out, hs->n);
	json_end(out);
}

/* A target that has left the configuration still has a history. */
static int
tell(const struct ask *ask, const struct memory *m, const struct happenings *hs)
{
	BUF_CLEANUP struct buf out = { 0 };

	if (hs->n == 0 && !memory_fits_target(m, ask->target)) {
		memory_suggest_target(&out, m, ask->target);
		return command_fail("nothing is known of a target \"%s\"%s",
			ask->target, buf_str(&out));
	}
	if (ask->json) {
		put_json(&out, ask, m, hs);
	} else if (hs->n == 0) {
		text_plain(&out, ask->target);
		buf_puts(&out, ": nothing has happened so far\n");
	} else {
		put_text(&out, hs);
	}
	if (fputs(buf_str(&out), stdout) == EOF || fflush(stdout) == EOF ||
		ferror(stdout) != 0)
		return output_failed();
	return STATUS_OK;
}

/* Only where nothing has happened the targets that there are count. */
static int
read_all(const struct ask *ask, struct memory *m, struct state *st,
	struct happenings *hs, struct error *err)
{
	if (state_history(st, ask->target, ask->limit, hs, err) == -1)
		return -1;
	return hs->n > 0 ? 0 : memory_read(m, st, m->now, err);
}

static int
history(const struct ask *ask)
{
	struct happenings happenings = { 0 };
	struct memory m = { 0 };
	struct state *st = NULL;
	struct error err;
	int rc = STATUS_UNKNOWN;

	m.now = time(NULL);
	if (memory_find_or_tell(&m, ask->config, ask->state) == -1)
		(void)0; /* told */
	else if (state_open_reader(m.path, &st, &err) == -1 ||
		read_all(ask, &m, st, &happenings, &err) == -1)
		rc = command_fail("%s", err.text);
	else
		rc = tell(ask, &m, &happenings);
	happenings_release(&happenings);
	memory_release(&m);
	state_close(st);
	return rc;
}

static int
set_limit(void *to, const char *text)
{
	struct ask *ask = to;
	char *end = NULL;
	uintmax_t n = strtoumax(text, &end, 10);

	if (*text < '0' || *text > '9' || *end != '\0' || n < 1 ||
		n > MAX_LIMIT)
		return command_usage(&command_history,
			"--limit: want 1 to %d, have \"%s\"", MAX_LIMIT, text);
	ask->limit = (size_t)n;
	return STATUS_OK;
}

static int
set_output(void *to, const char *text)
{
	struct ask *ask = to;

	return option_json(&command_history, text, &ask->json);
}

static int
history_run(int argc, char **argv)
{
	struct ask ask = { .limit = DEFAULT_LIMIT };
	struct line line;
	int rc = line_read(&command_history, &ask, argc, argv, &line);

	if (rc != STATUS_OK || line.answered)
		return rc;
	if (line.n != 1)
		return command_usage(
			&command_history, "want one TARGET, have %d", line.n);
	ask.target = line.words[0];
	return history(&ask);
}

static const struct option_row rows[] = {
	{ .name = "limit",
		.value = { .word = "N" },
		.help = "at most so many (100)",
		.set = set_limit },
	OPTION_FORM(set_output),
	OPTION_CONFIG(struct ask),
	OPTION_STATE(struct ask, "read this state; no configuration is needed"),
	{ 0 },
};

static const struct option_group groups[] = { { NULL, rows }, { 0 } };

static const struct operand operands[] = {
	{ .value = { .word = "TARGET", .completes = COMPLETES_NAME } },
	{ 0 },
};

const struct command command_history = {
	.name = "history",
	.usage = "[OPTIONS] TARGET",
	.help = "what was seen at a target, and when",
	.options = groups,
	.operands = operands,
	.above = "Print what was seen at TARGET and when, the latest first: "
		 "certificates renewed,\n"
		 "incidents opened, escalated, repeated and resolved, and what "
		 "was silenced.\n"
		 "TARGET is a name or an address, or a pattern of them with * "
		 "and ?, in quotes.\n",
	.below = "Exit status: 0, or 3 if the state cannot be read or knows no "
		 "such target.\n",
	.run = history_run,
};
