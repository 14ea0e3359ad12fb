/* work.c - the rounds of a resident agent, on a thread beside its loop */
#include <errno.h>
#include <malloc.h>
#include <string.h>

#include "commands/journal.h"
#include "commands/watch/watch.h"
#include "model/alloc.h"
#include "model/duration.h"
#include "probes/probe.h"

/* Where no target is configured, or none has a result. */
#define IDLE_S HOUR_S

static void
note_alive(void *arg, enum round_stage stage, int64_t within_ms)
{
	struct watch *w = arg;

	atomic_store(&w->stage, stage);
	pulse_promise(&w->pulse, probe_now_ms(), within_ms);
}

static void *
work(void *arg)
{
	struct watch *w = arg;

	if (w->work == WISH_DELIVERIES)
		(void)round_deliver(&w->round, w->config);
	else
		(void)round_run(&w->round, w->config);
	bell_ring_done(&w->bell);
	return NULL;
}

/* It is as though it had been begun and had failed. */
static void
no_thread(struct watch *w)
{
	(void)error_sys(&w->outcome.why, "cannot start a thread to scan");
	w->outcome.failed = true;
	journal_failed(w->outcome.why.text);
	bell_ring_done(&w->bell);
}

static void
take_up_pending(struct watch *w)
{
	if (w->pending == NULL)
		return;
	config_free(w->config);
	w->config = w->pending;
	w->pending = NULL;
}

void
watch_work_begin(struct watch *w)
{
	take_up_pending(w);
	w->work = w->wish;
	w->wish = WISH_NOTHING;
	w->since = time(NULL);
	w->stuck = false;
	/* What is not found out anew stays as it is known. */
	w->outcome = w->told;
	w->outcome.failed = w->outcome.scanned = false;
	w->outcome.next = w->next;
	w->round = (struct round){ .state = w->state,
		.quiet = true,
		.now = w->since,
		.schedule = &w->schedule,
		.all = w->work == WISH_ALL,
		.stop = &w->stop,
		.alive = note_alive,
		.alive_arg = w,
		.outcome = &w->outcome };
	note_alive(w, ROUND_LOOKS, MINUTE_S * 1000);
	errno = pthread_create(&w->thread, NULL, work, w);
	w->working = errno == 0;
	if (!w->working)
		no_thread(w);
}

/* Seconds until there is something to do. */
static int64_t
wait_s(const struct watch *w, time_t now)
{
	time_t next = w->next;

	if (w->next_delivery != 0 && w->next_delivery < next)
		next = w->next_delivery;
	/* A failure may well concern all there is to be done. */
	if (w->retry_s > 0)
		return w->retry_s;
	return next > now ? next - now : 0;
}

static void
note_failure(struct watch *w)
{
	w->retry_s = schedule_retry_s(++w->failures);
	/* Of what is recorded, only messages are left to be told. */
	w->again = w->told.scanned ? WISH_DELIVERIES : w->work;
}

void
watch_work_end(struct watch *w)
{
	time_t now = time(NULL);

	if (w->working)
		(void)pthread_join(w->thread, NULL);
	w->working = false;
	w->told = w->outcome;
	w->next = w->outcome.next != 0 ? w->outcome.next : now + IDLE_S;
	w->next_delivery = w->outcome.next_delivery;
	w->retry_s = 0;
	if (w->outcome.failed)
		note_failure(w);
	else
		w->failures = 0;
	/* What a round took is much, and the next one is far away. */
	(void)malloc_trim(0);
	bell_set(&w->bell, wait_s(w, now));
}
