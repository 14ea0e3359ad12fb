/* config.c - `config check|show|keys`: the configuration itself */
#include <getopt.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "commands/commands.h"
#include "commands/options.h"
#include "commands/rooms.h"
#include "config/config.h"
#include "model/text.h"

enum long_only { OPT_WITHOUT_SECRETS = 256 };

static const struct option options[] = {
	{ "config", required_argument, NULL, 'c' },
	{ "without-secrets", no_argument, NULL, OPT_WITHOUT_SECRETS },
	{ "help", no_argument, NULL, 'h' },
	{ NULL, 0, NULL, 0 },
};

static const char help_text[] =
	"usage: certvigil config check|show|keys [OPTIONS]\n"
	"\n"
	"  check  tell every error with its file, line and column\n"
	"  show   print the effective values as YAML, secrets masked\n"
	"  keys   print every key with its type, default and meaning\n"
	"\n"
	"  -c, --config FILE      (" CONFIG_DEFAULT_PATH ")\n"
	"      --without-secrets  check: a secret's file that is not there, or not for\n"
	"                         this user to read, is no error\n"
	"  -h, --help\n"
	"\n"
	"Exit status: 0, or 3 if the configuration has errors.\n";

struct request {
	const char *path;
	int without_secrets;
};

static int
load(const struct request *q, struct config **out)
{
	BUF_CLEANUP struct buf complaints = { 0 };

	if (config_load(q->path, command_rooms(), q->without_secrets, out,
		    &complaints) == 0)
		return 0;
	fputs(buf_str(&complaints), stderr);
	return -1;
}

static int
print(const struct buf *text)
{
	if (fputs(buf_str(text), stdout) == EOF || fflush(stdout) == EOF)
		return command_fail("the output could not be written");
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
	text_plain(&text, q->path);
	buf_puts(&text, ": ok, ");
	text_count(&text, c->targets.n, "target", "targets");
	buf_puts(&text, ", ");
	text_count(&text, c->notifiers.n, "notifier", "notifiers");
	buf_putc(&text, '\n');
	note_pairing(&text, c);
	note_over(&text, &c->alerts.silences);
	return print(&text);
}

static int
show(const struct request *q)
{
	const struct request masked = { q->path, 1 };
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
	struct request q = { .path = CONFIG_DEFAULT_PATH };
	int opt;

	optind = 0;
	opterr = 0;
	while ((opt = getopt_long(argc, argv, ":c:h", options, NULL)) != -1) {
		switch (opt) {
		case 'c':
			q.path = optarg;
			break;
		case OPT_WITHOUT_SECRETS:
			q.without_secrets = 1;
			break;
		case 'h':
			fputs(help_text, stdout);
			return STATUS_OK;
		default:
			return option_wrong(&command_config, opt, argv);
		}
	}
	return run_verb(argc - optind, argv + optind, &q);
}

const struct command command_config = {
	.name = "config",
	.usage = "check|show|keys [--config FILE] [--without-secrets]",
	.help = "check the configuration, show it, or list its keys",
	.run = config_run,
};
