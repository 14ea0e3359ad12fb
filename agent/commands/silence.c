/* silence.c - trouble that is known: tell nobody of it until a given time */
#include <errno.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "commands/commands.h"
#include "commands/line.h"
#include "commands/options.h"
#include "commands/output.h"
#include "commands/silence.h"
#include "config/suggest.h"
#include "model/text.h"

#define MAX_USER 64

/* How long a scan that is being written down is waited for. */
#define STATE_WAIT_MS 10000

static int
print(const struct buf *out)
{
	if (fputs(buf_str(out), stdout) == EOF || fflush(stdout) == EOF)
		return output_failed();
	return STATUS_OK;
}

/* Who asks; sudo and doas know better than the user that they became. */
static char *
who(void)
{
	static const char *const names[] = { "SUDO_USER", "DOAS_USER" };
	const struct passwd *pw;

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		const char *name = getenv(names[i]);

		if (name != NULL && *name != '\0' && strlen(name) <= MAX_USER)
			return str_dup(name);
	}
	pw = getpwuid(getuid());
	return pw != NULL ? str_dup(pw->pw_name)
			  : str_fmt("uid %ju", (uintmax_t)getuid());
}

static int
check_finding(const char *glob)
{
	struct suggestion near = { .wrong = glob };
	BUF_CLEANUP struct buf meant = { 0 };
	const struct finding_kind *k;

	for (size_t i = 0; (k = finding_kind_at(i)) != NULL; i++) {
		if (silence_fits(glob, k->id))
			return STATUS_OK;
		suggest_try(&near, k->id);
	}
	suggest_tell(&meant, &near);
	if (meant.len == 0)
		buf_puts(&meant, "; `certvigil explain --list` tells them all");
	return command_fail("there is no finding \"%s\"%s; nothing is silenced "
			    "(--any does it all the same)",
		glob, buf_str(&meant));
}

static int
check_target(const struct memory *m, const char *glob)
{
	BUF_CLEANUP struct buf meant = { 0 };

	if (memory_fits_target(m, glob))
		return STATUS_OK;
	memory_suggest_target(&meant, m, glob);
	return command_fail("no target is called \"%s\"%s; nothing is silenced "
			    "(--any does it all the same)",
		glob, buf_str(&meant));
}

static void
put_added(struct buf *out, const struct memory *m, const struct silence *s)
{
	BUF_CLEANUP struct buf scope = { 0 };
	char from[MOMENT_SIZE], until[MOMENT_SIZE];

	silence_put_scope(&scope, s);
	buf_printf(out, "%s: ", s->id);
	text_plain(out, buf_str(&scope));
	buf_puts(out, " is silenced ");
	if (s->from > m->now)
		buf_printf(out, "from %s ", moment_format(s->from, from));
	buf_printf(out, "until %s (", moment_format(s->until, until));
	duration_describe(out, s->until - s->from);
	buf_puts(out, "); covers ");
	text_count(
		out, memory_covered(m, s), "open incident", "open incidents");
	buf_putc(out, '\n');
}

static int
add(const struct silence_ask *ask, struct memory *m, struct state *st,
	struct silence *s)
{
	cleanup(str_free) char *by = who(), *id = NULL;
	BUF_CLEANUP struct buf out = { 0 };
	struct error err;

	if (!ask->any &&
		(check_target(m, s->target) != STATUS_OK ||
			check_finding(s->finding) != STATUS_OK))
		return STATUS_UNKNOWN;
	s->by = by;
	if (state_silence_add(st, s, &id, &err) == -1)
		return command_fail("%s", err.text);
	s->id = id;
	put_added(&out, m, s);
	return print(&out);
}

static const struct silence *
find_own(const struct memory *m, const char *id)
{
	for (size_t i = 0; i < m->own.n; i++) {
		if (strcmp(m->own.v[i].id, id) == 0)
			return &m->own.v[i];
	}
	return NULL;
}

static int
tell_no_silence(const struct memory *m, const char *id)
{
	struct suggestion near = { .wrong = id };
	BUF_CLEANUP struct buf meant = { 0 };

	for (size_t i = 0; i < m->own.n; i++)
		suggest_try(&near, m->own.v[i].id);
	suggest_tell(&meant, &near);
	return command_fail("there is no silence \"%s\"%s; `certvigil silence "
			    "--list` tells them all",
		id, buf_str(&meant));
}

static int
lift(const struct silence_ask *ask, const struct memory *m, struct state *st)
{
	const struct silence *s = find_own(m, ask->remove);
	BUF_CLEANUP struct buf out = { 0 }, scope = { 0 };
	char until[MOMENT_SIZE];
	struct error err;
	int rc = s != NULL ? state_silence_end(st, s->id, m->now, &err) : 1;

	if (rc == -1)
		return command_fail("%s", err.text);
	if (rc == 1)
		return tell_no_silence(m, ask->remove);
	silence_put_scope(&scope, s);
	buf_printf(&out, "%s: lifted: ", s->id);
	text_plain(&out, buf_str(&scope));
	buf_printf(&out, " was to be silenced until %s; covered ",
		moment_format(s->until, until));
	text_count(
		&out, memory_covered(m, s), "open incident", "open incidents");
	buf_putc(&out, '\n');
	return print(&out);
}

static int
list(const struct silence_ask *ask, const struct memory *m, struct state *st)
{
	BUF_CLEANUP struct buf out = { 0 };

	(void)ask;
	(void)st;
	silence_list(&out, m);
	return print(&out);
}

/*
 * A list is for everybody who may read the state. Where no scan has made one
 * yet, there is none of the state's own to list, and one is made to add to.
 */
static int
open_state(const struct silence_ask *ask, const struct memory *m,
	struct state **st, struct error *err)
{
	bool missing = access(m->path, F_OK) == -1 && errno == ENOENT;

	if (ask->list)
		return missing ? 0 : state_open_reader(m->path, st, err);
	if (missing && ask->remove == NULL)
		return state_open(m->path, STATE_WAIT_MS, st, err);
	return state_open_beside(m->path, STATE_WAIT_MS, st, err);
}

static int
silence(const struct silence_ask *ask, struct silence *s, time_t now)
{
	struct memory m = { 0 };
	struct state *st = NULL;
	struct error err;
	int rc = STATUS_UNKNOWN;

	if (memory_find_or_tell(&m, ask->config, ask->state) == -1)
		(void)0; /* told */
	else if (open_state(ask, &m, &st, &err) == -1 ||
		memory_read(&m, st, now, &err) == -1)
		rc = command_fail("%s", err.text);
	else if (ask->list)
		rc = list(ask, &m, st);
	else if (ask->remove != NULL)
		rc = lift(ask, &m, st);
	else
		rc = add(ask, &m, st, s);
	memory_release(&m);
	state_close(st);
	return rc;
}

static int
run(const struct silence_ask *ask)
{
	struct silence s = { 0 };
	time_t now = time(NULL);
	bool alone = ask->list || ask->remove != NULL;
	int rc;

	if (alone &&
		(ask->n_words > 0 || (ask->list && ask->remove != NULL) ||
			ask->reason != NULL || ask->for_span != NULL ||
			ask->until != NULL || ask->from != NULL || ask->any))
		return command_usage(&command_silence,
			"--list and --remove ID stand alone, but for --config "
			"and --state");
	if (!alone) {
		rc = silence_read(ask, now, &s);
		if (rc != STATUS_OK)
			return rc;
	}
	return silence(ask, &s, now);
}

static int
silence_run(int argc, char **argv)
{
	struct silence_ask ask = { 0 };
	struct line line;
	int rc = line_read(&command_silence, &ask, argc, argv, &line);

	if (rc != STATUS_OK || line.answered)
		return rc;
	ask.n_words = line.n;
	ask.words = line.words;
	return run(&ask);
}

#define TO(member) offsetof(struct silence_ask, member)

static const struct option_row adding[] = {
	{ .name = "for",
		.value = { .word = "SPAN" },
		.help = "how long, 1m to 10y, such as 7d",
		.to = TO(for_span) },
	{ .name = "until",
		.value = { .word = "TIME" },
		.help = "or until when: RFC 3339, epoch seconds, +30d",
		.to = TO(until) },
	{ .name = "from",
		.value = { .word = "TIME" },
		.help = "from when on, if not from now",
		.to = TO(from) },
	{ .name = "reason",
		.value = { .word = "TEXT" },
		.help = "why; who reads the list will want to know",
		.to = TO(reason) },
	{ .name = "any",
		.help = "even if no target that is known fits, or no finding",
		.to = TO(any) },
	{ 0 },
};

static const struct option_row alone[] = {
	{ .name = "list",
		.help = "the silences there are, what they cover, and their "
			"ends",
		.to = TO(list) },
	{ .name = "remove",
		.value = { .word = "ID" },
		.help = "lift one before its end",
		.to = TO(remove) },
	{ 0 },
};

static const struct option_row places[] = {
	OPTION_CONFIG(struct silence_ask),
	OPTION_STATE(struct silence_ask,
		"use this state; no configuration is needed"),
	{ 0 },
};

static const struct option_group groups[] = {
	{ NULL, adding },
	{ NULL, alone },
	{ NULL, places },
	{ 0 },
};

static const struct operand operands[] = {
	{ .value = { .word = "TARGET", .completes = COMPLETES_NAME } },
	{ .value = { .word = "FINDING",
		  .completes = COMPLETES_WORD,
		  .list = option_finding_at } },
	{ 0 },
};

const struct command command_silence = {
	.name = "silence",
	.usage = "TARGET [FINDING] --for SPAN --reason TEXT [OPTIONS]\n"
		 "--list [OPTIONS]\n"
		 "--remove ID [OPTIONS]",
	.help = "tell nobody of something for a while; list, lift",
	.options = groups,
	.operands = operands,
	.above = "Tell nobody of what is found at TARGET for a while. It is "
		 "looked at and\n"
		 "remembered all the same, and told when the silence ends, if "
		 "it still is so.\n"
		 "TARGET is a name or an address, FINDING an id such as "
		 "expiry.soon, and both may\n"
		 "be patterns with * and ?, in quotes. Without FINDING all "
		 "findings are silenced.\n",
	.below = "Exit status: 0, or 3 if it could not be done.\n",
	.run = silence_run,
};
