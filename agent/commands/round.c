/* round.c - one whole scan: look, remember, show, tell */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "commands/carry.h"
#include "commands/command.h"
#include "commands/journal.h"
#include "commands/keeping.h"
#include "commands/output.h"
#include "commands/round_parts.h"
#include "commands/textfile.h"
#include "commands/timing.h"
#include "model/text.h"
#include "scan/scan.h"

/* How long another scan, or a writer of the state, is waited for. */
#define STATE_WAIT_MS 10000

#define TARGET_MS (MINUTE_S * 1000) /* of a look, beside its timeout */

/* Progress goes to a terminal, and to who watches over the round. */
struct follower {
	const struct round *round;
	struct progress progress;
	int64_t target_ms; /* what the slowest may take */
};

static void
follow(void *arg, const struct scan_progress *now)
{
	struct follower *f = arg;

	round_alive(f->round, ROUND_LOOKS, f->target_ms);
	if (!f->round->quiet)
		progress_show(&f->progress, now);
}

/* A look has up to three parts (judge.c) with a deadline each. */
static void
follower_init(struct follower *f, const struct round *round,
	const struct targets *targets)
{
	int64_t timeout_ms = 0;

	for (size_t i = 0; i < targets->n; i++) {
		if (targets->v[i]->set.timeout_ms > timeout_ms)
			timeout_ms = targets->v[i]->set.timeout_ms;
	}
	f->round = round;
	f->target_ms = 3 * timeout_ms + TARGET_MS;
	progress_init(&f->progress);
	round_alive(round, ROUND_LOOKS, f->target_ms);
}

static int
look(const struct round *round, const struct config *c,
	const struct targets *targets, struct looks *looks, struct carry *carry,
	struct results *out, struct error *err)
{
	struct follower follower;
	struct scan_options opt = { .workers = (unsigned)c->workers,
		.now = round->now,
		.progress = follow,
		.progress_arg = &follower,
		.looks = looks,
		.carried = carry->v,
		.carried_shelf = carry->known.results.shelf,
		.stop = round->stop,
		.phases = round->phases };
	int rc;

	follower_init(&follower, round, targets);
	carry_hand_over(carry);
	rc = scan_run(targets, &opt, out, err);
	out->phases = round->phases;
	if (rc == 0)
		scan_tell_missed(targets, round->now, out);
	progress_clear(&follower.progress);
	return rc;
}

/* What is known now, and when one of the targets is due again. */
static void
note_outcome(const struct round *round, const struct results *rs)
{
	struct round_outcome *out = round->outcome;

	if (out == NULL)
		return;
	out->last = rs->time;
	out->sum = results_summary(rs);
	out->next = 0;
	for (size_t i = 0; i < rs->n; i++) {
		const struct result *r = rs->v[i];
		time_t at = schedule_due_at(round->schedule,
			r->target->set.interval_s, r->observed_at, round->now);

		if (i == 0 || at < out->next)
			out->next = at;
	}
}

/* Remember first, then show, then tell: what is told is never forgotten. */
static int
conclude(const struct round *round, const struct config *c, struct state *st,
	const struct results *rs)
{
	cleanup(digest_free) struct digest *events = NULL;
	struct summary sum = results_summary(rs);
	struct heartbeat *heartbeat;
	char host[256] = "";
	struct error err;
	struct timing timing;
	int shown = STATUS_OK, delivered, after, rc;

	if (gethostname(host, sizeof(host) - 1) == -1)
		host[0] = '\0';
	round_alive(round, ROUND_TELLS, PART_MS);
	timing_begin(&timing, round->phases, PHASE_STORE);
	rc = state_record(
		st, rs, &c->alerts, &c->notifiers, host, &events, &err);
	timing_end(&timing);
	if (rc == -1)
		return round_fail(round, &err);
	if (round->outcome != NULL)
		round->outcome->scanned = true;
	journal_events(events);
	journal_scanned(&sum);
	heartbeat = round_heartbeat(round, c, sum.worst, host);
	if (!round->quiet && !round->report->tells_standing &&
		output_report(round->report, rs, &round->show) == -1)
		shown = output_failed();
	if (round->phases != NULL && strcmp(round->report->name, "json") != 0)
		timing_print(round->phases);
	delivered = round_tell(round, c, st, &err);
	round_heartbeat_end(heartbeat);
	after = textfile_end(round, c, st, rs);
	if (shown == STATUS_OK)
		shown = after;
	if (delivered == -1)
		return round_fail(round, &err);
	return shown != STATUS_OK ? shown : (int)sum.worst;
}

static void
tell_status(const struct summary *sum)
{
	BUF_CLEANUP struct buf status = { 0 };

	buf_printf(&status, "Last scan: %zu critical, %zu warning, %zu ok",
		sum->n[SEV_CRITICAL], sum->n[SEV_WARNING], sum->n[SEV_OK]);
	journal_status(buf_str(&status));
}

static void
tell_beginning(size_t n)
{
	BUF_CLEANUP struct buf status = { 0 };

	buf_puts(&status, "Scanning ");
	text_count(&status, n, "target", "targets");
	journal_status(buf_str(&status));
}

/* Look at what is due, of which there is some. */
static int
scan_due(const struct round *round, const struct config *c, struct state *st,
	const struct targets *targets, struct looks *looks, struct carry *carry)
{
	struct results results = { 0 };
	struct summary sum;
	struct error err;
	int rc;

	tell_beginning(carry->v != NULL ? carry->n_due : targets->n);
	rc = look(round, c, targets, looks, carry, &results, &err);
	if (rc == -1) {
		/* Whoever stopped it knows. */
		rc = round_is_stopped(round) ? STATUS_UNKNOWN
					     : round_fail(round, &err);
	} else {
		rc = conclude(round, c, st, &results);
		sum = results_summary(&results);
		if (round->outcome != NULL)
			note_outcome(round, &results);
		else
			tell_status(&sum);
	}
	results_release(&results);
	return rc;
}

static int
nothing_due(const struct round *round, const struct config *c, struct state *st,
	const struct carry *carry)
{
	struct error err;

	note_outcome(round, &carry->known.results);
	return round_tell(round, c, st, &err) == -1 ? round_fail(round, &err)
						    : STATUS_OK;
}

static int
go_round(const struct round *round, const struct config *c, struct state *st)
{
	cleanup(arena_free) struct arena *arena = arena_new();
	struct targets targets = { 0 };
	cleanup(keeping_free) struct looks *looks = NULL;
	struct carry carry = { 0 };
	struct timing timing;
	struct error err;
	int rc;

	scan_expand(arena, c->targets.v, c->targets.n, &targets);
	round_alive(round, ROUND_LOOKS, PART_MS);
	timing_begin(&timing, round->phases, PHASE_RECALL);
	rc = keeping_begin(
		c, &targets, st, round->now, round->fresh, &looks, &err);
	if (rc == 0 && round->schedule != NULL) {
		const struct carry_request request = { .targets = &targets,
			.looks = looks,
			.schedule = round->schedule,
			.all = round->all,
			.now = round->now };

		rc = carry_begin(&carry, &request, st, &err);
	}
	timing_end(&timing);
	if (rc == -1)
		rc = round_fail(round, &err);
	else if (carry.v != NULL && carry.n_due + carry.n_gone == 0)
		rc = nothing_due(round, c, st, &carry);
	else
		rc = scan_due(round, c, st, &targets, looks, &carry);
	carry_release(&carry);
	free(targets.v);
	return rc;
}

/* With the state open, and nobody else's scan meanwhile. */
static int
with_state(const struct round *round, const struct config *c,
	int (*go)(const struct round *, const struct config *, struct state *))
{
	struct state *st = NULL;
	struct error err;
	int rc;

	round_alive(round, ROUND_LOOKS, STATE_WAIT_MS + PART_MS);
	if (state_open(round->state != NULL ? round->state : c->state,
		    STATE_WAIT_MS, &st, &err) == -1)
		return round_fail(round, &err);
	rc = go(round, c, st);
	state_close(st);
	return rc;
}

int
round_run(const struct round *round, const struct config *c)
{
	return with_state(round, c, go_round);
}

static int
go_deliver(const struct round *round, const struct config *c, struct state *st)
{
	struct error err;

	return round_tell(round, c, st, &err) == -1 ? round_fail(round, &err)
						    : STATUS_OK;
}

int
round_deliver(const struct round *round, const struct config *c)
{
	return with_state(round, c, go_deliver);
}
