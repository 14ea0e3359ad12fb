/* notify.c - send a test message through the notifiers, tell the answers */
#include <pthread.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "commands/commands.h"
#include "commands/line.h"
#include "commands/options.h"
#include "commands/output.h"
#include "commands/rooms.h"
#include "config/config.h"
#include "model/digest.h"
#include "model/text.h"
#include "notifiers/notifier.h"

struct ask {
	const char *config;
	bool test;
};

static struct digest *
test_digest(void)
{
	struct digest *d = mem_alloc(sizeof(*d));
	struct event e = { .kind = EVENT_TEST, .severity = SEV_OK };
	char host[256] = "";

	(void)gethostname(host, sizeof(host) - 1);
	d->id = digest_new_id();
	d->host = str_dup(host[0] != '\0' ? host : "localhost");
	d->time = time(NULL);
	e.target = str_dup("test");
	e.address = str_dup("");
	e.message = str_fmt("this is a test message from certvigil on %s; "
			    "nothing is wrong",
		d->host);
	e.opened_at = d->time;
	digest_add(d, &e);
	event_release(&e);
	return d;
}

/* One notifier, on a thread of its own: who is slow keeps nobody waiting. */
struct trial {
	const struct notifier_config *config;
	struct digest *digest;
	struct delivery answer;
	pthread_t thread;
	bool started;
};

static void *
trial_main(void *arg)
{
	struct trial *t = arg;

	/* Its own `timeout` is the shorter one. */
	notifier_of(t->config->kind)
		->send(t->config->settings, t->digest, INT32_MAX, &t->answer);
	return NULL;
}

static void
trial_start(struct trial *t, const struct notifier_config *config)
{
	t->config = config;
	t->digest = test_digest();
	t->started = pthread_create(&t->thread, NULL, trial_main, t) == 0;
	if (!t->started)
		(void)trial_main(t);
}

static void
put_answer(const struct notifier_config *config, const struct delivery *answer)
{
	static const char *const verdicts[] = {
		[DELIVERED] = "delivered",
		[DELIVERY_FAILED] = "failed",
		[DELIVERY_REFUSED] = "refused",
	};
	bool arrived = answer->outcome == DELIVERED;
	BUF_CLEANUP struct buf what = { 0 }, line = { 0 };

	notifier_of(config->kind)->describe(config->settings, &what);
	text_plain(&line, config->name);
	buf_puts(&line, " (");
	text_plain(&line, buf_str(&what));
	buf_printf(&line, "): %s%s", verdicts[answer->outcome],
		arrived ? " (" : ": ");
	text_plain(&line, answer->answer);
	buf_puts(&line, arrived ? ")\n" : "\n");
	fputs(buf_str(&line), stdout);
	(void)fflush(stdout);
}

/* Wait for its answer and tell it. Did it arrive? */
static bool
trial_end(struct trial *t)
{
	if (t->started)
		(void)pthread_join(t->thread, NULL);
	put_answer(t->config, &t->answer);
	digest_free(t->digest);
	return t->answer.outcome == DELIVERED;
}

static int
tell_unknown(const char *name, const struct notifier_list *list)
{
	BUF_CLEANUP struct buf names = { 0 };

	for (size_t i = 0; i < list->n; i++)
		buf_printf(&names, "%s%s", i > 0 ? ", " : "", list->v[i].name);
	return command_fail("there is no notifier \"%s\"; there is %s", name,
		list->n > 0 ? names.s : "none at all");
}

/* `name` NULL: all of them. */
static int
test_notifiers(const struct notifier_list *list, const char *name)
{
	struct trial *trials = mem_alloc((list->n + 1) * sizeof(*trials));
	bool arrived = true;
	size_t n = 0;

	for (size_t i = 0; i < list->n; i++) {
		if (name == NULL || strcmp(name, list->v[i].name) == 0)
			trial_start(&trials[n++], &list->v[i]);
	}
	for (size_t i = 0; i < n; i++)
		arrived = trial_end(&trials[i]) && arrived;
	free(trials);
	if (n == 0 && name != NULL)
		return tell_unknown(name, list);
	if (n == 0)
		return command_fail("the configuration names no notifiers");
	if (fflush(stdout) == EOF || ferror(stdout))
		return output_failed();
	return arrived ? STATUS_OK : STATUS_UNKNOWN;
}

static int
notify_run(int argc, char **argv)
{
	cleanup(config_free) struct config *config = NULL;
	BUF_CLEANUP struct buf complaints = { 0 };
	struct ask ask = { .config = CONFIG_DEFAULT_PATH };
	struct line line;
	int rc = line_read(&command_notify, &ask, argc, argv, &line);

	if (rc != STATUS_OK || line.answered)
		return rc;
	if (!ask.test || line.n > 1)
		return command_usage(
			&command_notify, "want --test and at most one NAME");
	if (config_load(ask.config, command_rooms(), 0, &config, &complaints) ==
		-1) {
		fputs(buf_str(&complaints), stderr);
		return STATUS_UNKNOWN;
	}
	return test_notifiers(&config->notifiers, line.words[0]);
}

static const struct option_row rows[] = {
	{ .name = "test",
		.help = "send a test message",
		.to = offsetof(struct ask, test) },
	OPTION_CONFIG(struct ask),
	{ 0 },
};

static const struct option_group groups[] = { { NULL, rows }, { 0 } };

static const struct operand operands[] = {
	{ .value = { .word = "NAME", .completes = COMPLETES_NOTIFIER } },
	{ 0 },
};

const struct command command_notify = {
	.name = "notify",
	.usage = "--test [--config FILE] [NAME]",
	.help = "send a test message through the notifiers",
	.options = groups,
	.operands = operands,
	.above = "Send a test message through all notifiers, or through the "
		 "one called NAME, and\n"
		 "tell what each is, where it leads, and what it answered.\n",
	.below = "Exit status: 0 all were delivered, 3 one was not.\n",
	.run = notify_run,
};
