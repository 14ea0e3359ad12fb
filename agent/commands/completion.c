/* completion.c - the scripts by which shells complete our lines */
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "commands/commands.h"
#include "commands/line.h"
#include "commands/memory.h"
#include "commands/options.h"
#include "commands/output.h"
#include "commands/rooms.h"
#include "commands/shell/shell.h"
#include "model/text.h"

struct ask {
	const char *names; /* of what they are wanted, or NULL */
	const char *config, *state;
};

/*
 * One a line. They are typed as they are, so nothing can be escaped: a name
 * that is not plain text, and would do more to a terminal, is left out.
 */
static void
put_name(struct buf *out, const char *name)
{
	BUF_CLEANUP struct buf plain = { 0 };

	text_plain(&plain, name);
	if (strcmp(buf_str(&plain), name) == 0)
		buf_printf(out, "%s\n", name);
}

/* What went wrong is not for who presses a key in the middle of a line. */
static int
put_targets(struct buf *out, const struct ask *ask)
{
	BUF_CLEANUP struct buf complaints = { 0 };
	struct memory m = { 0 };
	struct state *st = NULL;
	struct error err;
	int rc = -1;

	if (memory_find(&m, ask->config, ask->state, &complaints) == 0 &&
		state_open_reader(m.path, &st, &err) == 0)
		rc = memory_read(&m, st, time(NULL), &err);
	for (size_t i = 0; rc == 0 && i < m.targets.n; i++)
		put_name(out, m.targets.v[i].name);
	memory_release(&m);
	state_close(st);
	return rc;
}

static int
put_notifiers(struct buf *out, const struct ask *ask)
{
	cleanup(config_free) struct config *c = NULL;
	BUF_CLEANUP struct buf complaints = { 0 };

	if (config_load(ask->config != NULL ? ask->config : CONFIG_DEFAULT_PATH,
		    command_rooms(), 1, &c, &complaints) == -1)
		return -1;
	for (size_t i = 0; i < c->notifiers.n; i++)
		put_name(out, c->notifiers.v[i].name);
	return 0;
}

static const struct {
	enum completes completes;
	int (*put)(struct buf *out, const struct ask *ask);
} kinds[] = {
	{ COMPLETES_NAME, put_targets },
	{ COMPLETES_NOTIFIER, put_notifiers },
};

static int
print(const struct buf *text)
{
	if (fputs(buf_str(text), stdout) == EOF || fflush(stdout) == EOF)
		return output_failed();
	return STATUS_OK;
}

static int
print_names(const struct ask *ask)
{
	BUF_CLEANUP struct buf out = { 0 };

	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		if (strcmp(ask->names, shell_names(kinds[i].completes)) != 0)
			continue;
		if (kinds[i].put(&out, ask) == -1)
			return STATUS_UNKNOWN;
		return print(&out);
	}
	return command_usage(&command_completion,
		"--names: want targets or notifiers, have \"%s\"", ask->names);
}

static int
completion_run(int argc, char **argv)
{
	BUF_CLEANUP struct buf out = { 0 };
	struct ask ask = { 0 };
	struct line line;
	size_t i = 0;
	int rc = line_read(&command_completion, &ask, argc, argv, &line);

	if (rc != STATUS_OK || line.answered)
		return rc;
	if (ask.names != NULL && line.n == 0)
		return print_names(&ask);
	if (line.n != 1)
		return command_usage(&command_completion,
			"want one shell: bash, zsh or fish");
	while (shell_table[i] != NULL &&
		strcmp(shell_table[i]->name, line.words[0]) != 0)
		i++;
	if (shell_table[i] == NULL)
		return command_usage(&command_completion,
			"want bash, zsh or fish, have \"%s\"", line.words[0]);
	shell_put(&out, shell_table[i]);
	return print(&out);
}

/* Of the scripts: what is known only when a key is pressed. */
static const struct option_row rows[] = {
	{ .name = "names",
		.hidden = true,
		.value = { .word = "OF" },
		.to = offsetof(struct ask, names) },
	{ .name = "config",
		.hidden = true,
		.value = { .word = "FILE" },
		.to = offsetof(struct ask, config) },
	{ .name = "state",
		.hidden = true,
		.value = { .word = "FILE" },
		.to = offsetof(struct ask, state) },
	{ 0 },
};

static const struct option_group groups[] = { { NULL, rows }, { 0 } };

static const char *
shell_at(size_t i)
{
	return shell_table[i] != NULL ? shell_table[i]->name : NULL;
}

static const struct operand operands[] = {
	{ .value = { .word = "bash|zsh|fish",
		  .completes = COMPLETES_WORD,
		  .list = shell_at } },
	{ 0 },
};

const struct command command_completion = {
	.name = "completion",
	.usage = "bash|zsh|fish",
	.help = "print what makes a shell complete these commands",
	.options = groups,
	.operands = operands,
	.above =
		"Print a script that completes commands, options and their "
		"values. To try it in\n"
		"the shell that is running:\n"
		"\n"
		"  bash  source <(certvigil completion bash)\n"
		"  zsh   source <(certvigil completion zsh)\n"
		"  fish  certvigil completion fish | source\n"
		"\n"
		"To keep it, unless it was installed, write it to\n"
		"\n"
		"  bash  ~/.local/share/bash-completion/completions/certvigil\n"
		"  zsh   _certvigil, in a folder of $fpath\n"
		"  fish  ~/.config/fish/completions/certvigil.fish\n",
	.below = "Exit status: 0, or 3 if there is no such shell.\n",
	.run = completion_run,
};
