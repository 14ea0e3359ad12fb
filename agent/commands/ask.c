/* ask.c - what a command that looks at targets is asked for */
#include <string.h>

#include "commands/ask.h"
#include "commands/ask_client.h"
#include "commands/ask_reach.h"
#include "commands/line.h"
#include "commands/output.h"

/* A threshold given alone bounds the other's default. */
static int
settle_thresholds(struct ask *ask)
{
	struct settings *set = &ask->base.set;
	const struct threshold *w = &set->warning, *c = &set->critical;

	if (ask->thresholds[0] && !ask->thresholds[1] && w->share_ppm == -1 &&
		w->seconds < c->seconds)
		set->critical.seconds = w->seconds;
	if (!ask->thresholds[0] && ask->thresholds[1] && c->share_ppm == -1 &&
		c->seconds > w->seconds)
		set->warning = *c;
	if (ask->thresholds[0] && ask->thresholds[1] && w->share_ppm == -1 &&
		c->share_ppm == -1 && w->seconds < c->seconds &&
		w->seconds != 0)
		return command_usage(ask->by->command,
			"want a warning threshold that comes before the "
			"critical one, have -w below -c");
	return STATUS_OK;
}

int
ask_read_options(struct ask *ask, int argc, char **argv, bool *answered)
{
	struct line line;
	int rc;

	settings_init(&ask->base.set);
	ask->base.client.strict = true;
	ask->report = ask->by->report;
	rc = line_read(ask->by->command, ask, argc, argv, &line);
	*answered = line.answered;
	if (rc != STATUS_OK || line.answered)
		return rc;
	for (int i = 0; i < line.n; i++)
		words_add(ask->arena, &ask->texts, line.words[i]);
	rc = reach_settle(ask);
	if (rc == STATUS_OK)
		rc = client_settle(ask);
	return rc != STATUS_OK ? rc : settle_thresholds(ask);
}

static int
answer(struct ask *ask, int argc, char **argv)
{
	bool answered;
	int rc = ask_read_options(ask, argc, argv, &answered);

	if (answered)
		return rc;
	if (rc == STATUS_OK)
		rc = ask_parse_targets(ask);
	if (rc != STATUS_OK)
		return rc;
	output_terminal(&ask->show);
	return ask->by->run(ask);
}

static void
wipe(const char *secret)
{
	if (secret != NULL)
		explicit_bzero((char *)secret, strlen(secret));
}

int
ask_run(const struct asker *by, int argc, char **argv)
{
	cleanup(arena_free) struct arena *arena = arena_new();
	struct ask ask = { .by = by, .arena = arena, .now = time(NULL) };
	int rc = answer(&ask, argc, argv);

	/* The arena is not wiped when it is freed. */
	wipe(ask.base.passphrase);
	wipe(ask.base.set.proxy_password);
	return rc;
}
