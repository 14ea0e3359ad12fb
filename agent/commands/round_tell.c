/* round_tell.c - of a scan, what others are told of it */
#include <string.h>

#include "commands/command.h"
#include "commands/journal.h"
#include "commands/round_parts.h"
#include "scan/deliver.h"

/* A message whose time has come and that was not tried waits for so long. */
#define PASSED_OVER_S 30

int
round_fail(const struct round *round, const struct error *err)
{
	journal_failed(err->text);
	if (round->outcome != NULL) {
		round->outcome->failed = true;
		round->outcome->why = *err;
	}
	return STATUS_UNKNOWN;
}

bool
round_is_stopped(const struct round *round)
{
	return round->stop != NULL && atomic_load(round->stop);
}

void
round_alive(
	const struct round *round, enum round_stage stage, int64_t within_ms)
{
	if (round->alive != NULL)
		round->alive(round->alive_arg, stage, within_ms);
}

static void
note_delivery(void *arg, const struct delivery_note *n)
{
	(void)arg;
	if (!n->delivered)
		journal_undelivered(n);
}

struct heartbeat *
round_heartbeat(const struct round *round, const struct config *c,
	enum severity worst, const char *host)
{
	if (c->alerts.heartbeat == NULL || round->rehearsal ||
		round_is_stopped(round))
		return NULL;
	return heartbeat_start(c->alerts.heartbeat, worst, host, HEARTBEAT_MS);
}

void
round_heartbeat_end(struct heartbeat *h)
{
	struct delivery d;

	if (h == NULL)
		return;
	heartbeat_end(h, &d);
	if (d.outcome != DELIVERED)
		journal_heartbeat(d.answer);
}

static bool
is_configured(const struct config *c, const char *notifier)
{
	for (size_t i = 0; i < c->notifiers.n; i++) {
		if (strcmp(c->notifiers.v[i].name, notifier) == 0)
			return true;
	}
	return false;
}

/* Who waits for its notifier's return is no reason to look again soon. */
static void
note_message(const struct round *round, const struct config *c,
	const struct message *m)
{
	struct round_outcome *out = round->outcome;
	time_t next = m->next_at > round->now ? m->next_at
					      : round->now + PASSED_OVER_S;

	if (m->gave_up) {
		out->n_given_up++;
		return;
	}
	out->n_waiting++;
	if (is_configured(c, m->notifier) &&
		(out->next_delivery == 0 || next < out->next_delivery))
		out->next_delivery = next;
}

static int
note_messages(const struct round *round, const struct config *c,
	struct state *st, struct error *err)
{
	struct messages pending;

	if (round->outcome == NULL)
		return 0;
	if (outbox_pending(st, &pending, err) == -1)
		return -1;
	round->outcome->next_delivery = 0;
	round->outcome->n_waiting = round->outcome->n_given_up = 0;
	for (size_t i = 0; i < pending.n; i++)
		note_message(round, c, &pending.v[i]);
	messages_release(&pending);
	return 0;
}

int
round_tell(const struct round *round, const struct config *c, struct state *st,
	struct error *err)
{
	const struct deliver_options opt = { .now = round->now,
		.timeout_ms = c->alerts.notify_timeout_ms,
		.give_up_s = c->alerts.give_up_s,
		.stop = round->stop,
		.note = note_delivery };

	round_alive(round, ROUND_TELLS, opt.timeout_ms + PART_MS);
	if (deliver_due(st, &c->notifiers, &opt, err) == -1)
		return -1;
	return note_messages(round, c, st, err);
}
