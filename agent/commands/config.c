/* config.c - `config check|show|keys`: the configuration itself */
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "commands/commands.h"
#include "commands/line.h"
#include "commands/options.h"
#include "commands/output.h"
#include "commands/rooms.h"
#include "commands/textfile.h"
#include "config/config.h"
#include "model/text.h"

struct request {
	const char *config;
	bool without_secrets;
};

static int
load(const struct request *q, struct config **out)
{
	BUF_CLEANUP struct buf complaints = { 0 };

	if (config_load(q->config, command_rooms(), q->without_secrets, out,
		    &complaints) == 0)
		return 0;
	fputs(buf_str(&complaints), stderr);
	return -1;
}

static int
print(const struct buf *text)
{
	if (fputs(buf_str(text), stdout) == EOF || fflush(stdout) == EOF)
		return output_failed();
	return STATUS_OK;
}

/* Who relies on `deployed: auto` would never learn that it sees no file. */
static void
note_pairing(struct buf *out, const struct config *c)
{
	size_t paired = 0, files = 0;

	for (size_t i = 0; i < c->targets.n; i++) {
		paired += target_is_paired(&c->targets.v[i]);
		files += c->targets.v[i].kind == TARGET_FILE;
	}
	if (paired == 0 || files > 0)
		return;
	buf_puts(out, "note: deployed: auto compares ");
	text_count(out, paired, "endpoint", "endpoints");
	buf_puts(out, " with nothing: no target has a file\n");
}

/* Of an agent that has nothing to do, or nobody to tell, all seems well. */
static void
note_missing(struct buf *out, const struct config *c)
{
	if (c->targets.n == 0)
		buf_puts(out,
			"note: there is no target: nothing is looked at\n");
	if (c->notifiers.n == 0)
		buf_puts(out, "note: there is no notifier: nobody is told\n");
}

/* They do no harm, but somebody relies on one of them, or forgot it. */
static void
note_over(struct buf *out, const struct silences *ss)
{
	time_t now = time(NULL);
	size_t over = 0;

	for (size_t i = 0; i < ss->n; i++)
		over += now >= ss->v[i].until;
	if (over == 0)
		return;
	buf_puts(out, "note: alerts.silences: ");
	text_count(out, over, "silence is", "silences are");
	buf_puts(out, " over, and can go\n");
}

static int
check(const struct request *q)
{
	cleanup(config_free) struct config *c = NULL;
	BUF_CLEANUP struct buf text = { 0 };

	if (load(q, &c) == -1)
		return STATUS_UNKNOWN;
	text_plain(&text, q->config);
	buf_puts(&text, ": ok, ");
	text_count(&text, c->targets.n, "target", "targets");
	buf_puts(&text, ", ");
	text_count(&text, c->notifiers.n, "notifier", "notifiers");
	buf_putc(&text, '\n');
	note_missing(&text, c);
	note_pairing(&text, c);
	note_over(&text, &c->alerts.silences);
	textfile_note(&text, c);
	return print(&text);
}

static int
show(const struct request *q)
{
	const struct request masked = { q->config, true };
	cleanup(config_free) struct config *c = NULL;
	BUF_CLEANUP struct buf text = { 0 };

	if (load(&masked, &c) == -1)
		return STATUS_UNKNOWN;
	config_show(&text, c, command_rooms());
	return print(&text);
}

static int
list_keys(const struct request *q)
{
	BUF_CLEANUP struct buf text = { 0 };

	(void)q;
	config_keys(&text, command_rooms());
	return print(&text);
}

static const struct verb {
	const char *name;
	int (*run)(const struct request *q);
} verbs[] = {
	{ "check", check },
	{ "show", show },
	{ "keys", list_keys },
	{ NULL, NULL },
};

static int
run_verb(int n, char **words, const struct request *q)
{
	const struct verb *v = verbs;

	if (n != 1)
		return command_usage(&command_config,
			"want one word, check, show or keys, have %d", n);
	while (v->name != NULL && strcmp(v->name, words[0]) != 0)
		v++;
	if (v->name == NULL)
		return command_usage(&command_config,
			"want check, show or keys, have \"%s\"", words[0]);
	return v->run(q);
}

static int
config_run(int argc, char **argv)
{
	struct request q = { .config = CONFIG_DEFAULT_PATH };
	struct line line;
	int rc = line_read(&command_config, &q, argc, argv, &line);

	if (rc != STATUS_OK || line.answered)
		return rc;
	return run_verb(line.n, line.words, &q);
}

static const struct option_row rows[] = {
	OPTION_CONFIG(struct request),
	{ .name = "without-secrets",
		.help = "check: a secret's file that is not there, or not for "
			"this user to read, is no error",
		.to = offsetof(struct request, without_secrets) },
	{ 0 },
};

static const struct option_group groups[] = { { NULL, rows }, { 0 } };

static const char *
verb_at(size_t i)
{
	return verbs[i].name;
}

static const struct operand operands[] = {
	{ .value = { .word = "check|show|keys",
		  .completes = COMPLETES_WORD,
		  .list = verb_at } },
	{ 0 },
};

const struct command command_config = {
	.name = "config",
	.usage = "check|show|keys [--config FILE] [--without-secrets]",
	.help = "check the configuration, show it, or list its keys",
	.options = groups,
	.operands = operands,
	.above =
		"  check  tell every error with its file, line and column\n"
		"  show   print the effective values as YAML, secrets masked\n"
		"  keys   print every key with its type, default and meaning\n",
	.below = "Exit status: 0, or 3 if the configuration has errors.\n",
	.run = config_run,
};
