/* round.c - one whole scan: look, remember, show, tell */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "commands/command.h"
#include "commands/journal.h"
#include "commands/keeping.h"
#include "commands/output.h"
#include "commands/round.h"
#include "commands/timing.h"
#include "model/text.h"
#include "notifiers/heartbeat.h"
#include "scan/deliver.h"
#include "scan/scan.h"

/* How long another scan, or a writer of the state, is waited for. */
#define STATE_WAIT_MS 10000

static void
note_delivery(void *arg, const struct delivery_note *n)
{
	(void)arg;
	if (n->delivered)
		return;
	command_fail("%s: message %s is not delivered: %s%s", n->notifier,
		n->id, n->answer,
		n->gave_up ? "; it is given up" : "; it will be tried again");
	journal_undelivered(n);
}

static int
look(const struct round *round, const struct config *c,
	const struct targets *targets, struct looks *looks, struct results *out,
	struct error *err)
{
	struct progress progress;
	struct scan_options opt = { .workers = (unsigned)c->workers,
		.now = round->now,
		.progress = progress_show,
		.progress_arg = &progress,
		.looks = looks,
		.phases = round->phases };
	int rc;

	progress_init(&progress);
	if (round->quiet)
		opt.progress = NULL;
	rc = scan_run(targets, &opt, out, err);
	out->phases = round->phases;
	if (rc == 0)
		scan_tell_missed(targets, round->now, out);
	progress_clear(&progress);
	return rc;
}

/*
 * NULL: none is due. Whoever waits for it must not take a scan of another day
 * for today's.
 */
static struct heartbeat *
start_heartbeat(const struct round *round, const struct config *c,
	enum severity worst, const char *host)
{
	if (c->alerts.heartbeat == NULL || round->rehearsal)
		return NULL;
	return heartbeat_start(c->alerts.heartbeat, worst, host, HEARTBEAT_MS);
}

/* A failure is told and changes no exit status: the scan did its work. */
static void
end_heartbeat(struct heartbeat *h)
{
	struct delivery d;

	if (h == NULL)
		return;
	heartbeat_end(h, &d);
	if (d.outcome == DELIVERED)
		return;
	command_fail("heartbeat: %s", d.answer);
	journal_heartbeat(d.answer);
}

/* Remember first, then show, then tell: what is told is never forgotten. */
static int
conclude(const struct round *round, const struct config *c, struct state *st,
	const struct results *rs)
{
	struct deliver_options deliver = { .now = round->now,
		.timeout_ms = c->alerts.notify_timeout_ms,
		.give_up_s = c->alerts.give_up_s,
		.note = note_delivery };
	cleanup(digest_free) struct digest *events = NULL;
	struct summary sum = results_summary(rs);
	struct heartbeat *heartbeat;
	char host[256] = "";
	struct error err;
	struct timing timing;
	int shown = STATUS_OK, delivered, rc;

	if (gethostname(host, sizeof(host) - 1) == -1)
		host[0] = '\0';
	timing_begin(&timing, round->phases, PHASE_STORE);
	rc = state_record(
		st, rs, &c->alerts, &c->notifiers, host, &events, &err);
	timing_end(&timing);
	if (rc == -1)
		return command_fail("%s", err.text);
	journal_events(events);
	journal_scanned(&sum);
	heartbeat = start_heartbeat(round, c, sum.worst, host);
	if (!round->quiet &&
		output_report(round->report, rs, &round->show) == -1)
		shown = command_fail("the output could not be written");
	if (round->phases != NULL && strcmp(round->report->name, "json") != 0)
		timing_print(round->phases);
	delivered = deliver_due(st, &c->notifiers, &deliver, &err);
	end_heartbeat(heartbeat);
	if (delivered == -1)
		return command_fail("%s", err.text);
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
tell_beginning(const struct targets *targets)
{
	BUF_CLEANUP struct buf status = { 0 };

	buf_puts(&status, "Scanning ");
	text_count(&status, targets->n, "target", "targets");
	journal_status(buf_str(&status));
}

static int
go_round(const struct round *round, const struct config *c, struct state *st)
{
	cleanup(arena_free) struct arena *arena = arena_new();
	struct targets targets = { 0 };
	cleanup(keeping_free) struct looks *looks = NULL;
	struct results results = { 0 };
	struct timing timing;
	struct summary sum;
	struct error err;
	int rc;

	scan_expand(arena, c->targets.v, c->targets.n, &targets);
	tell_beginning(&targets);
	timing_begin(&timing, round->phases, PHASE_RECALL);
	rc = keeping_begin(
		c, &targets, st, round->now, round->fresh, &looks, &err);
	timing_end(&timing);
	if (rc == 0)
		rc = look(round, c, &targets, looks, &results, &err);
	if (rc == -1) {
		rc = command_fail("%s", err.text);
	} else {
		rc = conclude(round, c, st, &results);
		sum = results_summary(&results);
		tell_status(&sum);
	}
	results_release(&results);
	free(targets.v);
	return rc;
}

int
round_run(const struct round *round, const struct config *c)
{
	struct state *st = NULL;
	struct error err;
	int rc;

	if (state_open(round->state != NULL ? round->state : c->state,
		    STATE_WAIT_MS, &st, &err) == -1)
		return command_fail("%s", err.text);
	rc = go_round(round, c, st);
	state_close(st);
	return rc;
}
