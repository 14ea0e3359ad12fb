/* ask.c - what a command that looks at targets is asked for */
#include <getopt.h>
#include <string.h>

#include "commands/ask.h"
#include "commands/ask_client.h"
#include "commands/ask_reach.h"
#include "commands/ask_rows.h"
#include "commands/options.h"
#include "commands/output.h"

#define MAX_ROWS 64
#define LONG_ONLY 256 /* and the row's number: more than any letter */

/* The rows of one command in getopt_long()'s own forms. */
struct forms {
	struct option longs[MAX_ROWS + 1];
	char shorts[2 * MAX_ROWS + 2];
};

static void
list_options(const struct asker *by, struct forms *out)
{
	char *to = out->shorts;
	size_t n = 0;

	*to++ = ':';
	for (size_t i = 0; ask_rows[i].set != NULL && i < MAX_ROWS; i++) {
		const struct ask_row *r = &ask_rows[i];

		if ((r->by & by->takes) == 0)
			continue;
		if (r->name != NULL)
			out->longs[n++] = (struct option){ .name = r->name,
				.has_arg = r->flag ? no_argument
						   : required_argument,
				.val = LONG_ONLY + (int)i };
		if (r->letter == 0)
			continue;
		*to++ = (char)r->letter;
		if (!r->flag)
			*to++ = ':';
	}
	*to = '\0';
	out->longs[n] = (struct option){ 0 };
}

static const struct ask_row *
row_of(int opt)
{
	size_t i = 0;

	if (opt >= LONG_ONLY)
		return &ask_rows[opt - LONG_ONLY];
	while (ask_rows[i].letter != opt)
		i++;
	return &ask_rows[i];
}

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
ask_read_options(struct ask *ask, int argc, char **argv)
{
	struct forms forms;
	int opt, rc;

	settings_init(&ask->base.set);
	ask->base.client.strict = true;
	ask->report = ask->by->report;
	list_options(ask->by, &forms);
	optind = 0;
	opterr = 0;
	while ((opt = getopt_long(
			argc, argv, forms.shorts, forms.longs, NULL)) != -1) {
		if (opt == '?' || opt == ':')
			rc = option_wrong(ask->by->command, opt, argv);
		else
			rc = row_of(opt)->set(ask, optarg);
		if (rc != STATUS_OK || ask->answered)
			return rc;
	}
	for (; optind < argc; optind++)
		words_add(ask->arena, &ask->texts, argv[optind]);
	rc = reach_settle(ask);
	if (rc == STATUS_OK)
		rc = client_settle(ask);
	return rc != STATUS_OK ? rc : settle_thresholds(ask);
}

static int
answer(struct ask *ask, int argc, char **argv)
{
	int rc = ask_read_options(ask, argc, argv);

	/* The guidelines want 3 of a plugin for both (section "Help"). */
	if (rc == STATUS_OK && ask->answered)
		return ask->by->command->plugin ? STATUS_UNKNOWN : STATUS_OK;
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
