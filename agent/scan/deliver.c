/* deliver.c - empty the outbox */
#include <errno.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "model/alloc.h"
#include "notifiers/notifier.h"
#include "probes/probe.h"
#include "scan/deliver.h"

/* With less left than this, only a notifier's first message is tried. */
#define TRY_LEAST_MS 500
/* In a pause, how often somebody may say that it is over. */
#define LISTEN_MS 100
/* Messages refused one after the other, and it is the receiver's fault. */
#define UNFIT_MOST 3

/* A try that has ended, on its way to the thread that has the database. */
struct outcome_note {
	const struct message *message;
	struct delivery delivery;
	struct outcome_note *next;
};

struct run {
	int64_t started_ms, deadline_ms; /* CLOCK_MONOTONIC */
	const atomic_bool *stopped_by; /* or NULL */
	pthread_mutex_t mutex; /* guards what follows */
	pthread_cond_t changed;
	pthread_cond_t stopped; /* waits by CLOCK_MONOTONIC */
	struct outcome_note *first, **last;
	size_t working; /* workers that have not ended */
	bool stop; /* the database failed: begin no other try */
};

/* One notifier's thread and its share of the messages, oldest first. */
struct worker {
	struct run *run;
	const struct notifier_config *config;
	const struct message **v;
	size_t n;
	size_t unfit; /* refused one after the other */
	pthread_t thread;
};

static void
hand_back(struct run *run, struct outcome_note *note)
{
	pthread_mutex_lock(&run->mutex);
	*run->last = note;
	run->last = &note->next;
	pthread_cond_signal(&run->changed);
	pthread_mutex_unlock(&run->mutex);
}

/* By us, or by whoever asked for the deliveries; the mutex is held. */
static bool
is_stopped(const struct run *run)
{
	return run->stop ||
		(run->stopped_by != NULL && atomic_load(run->stopped_by));
}

/* Milliseconds that another try may take; 0: none may begin. */
static int64_t
time_for_try(struct run *run)
{
	int64_t left = run->deadline_ms - probe_now_ms();

	pthread_mutex_lock(&run->mutex);
	if (is_stopped(run) || left < 0)
		left = 0;
	pthread_mutex_unlock(&run->mutex);
	return left;
}

/* Leave the receiver alone for so long; false: it is over before that. */
static bool
keep_pause(struct run *run, int64_t ms)
{
	int64_t until_ms = probe_now_ms() + ms, now_ms;
	bool stop;

	if (ms <= 0)
		return true;
	if (until_ms >= run->deadline_ms)
		return false;
	pthread_mutex_lock(&run->mutex);
	while (!(stop = is_stopped(run)) &&
		(now_ms = probe_now_ms()) < until_ms) {
		int64_t next_ms = now_ms + LISTEN_MS < until_ms
			? now_ms + LISTEN_MS
			: until_ms;
		const struct timespec next = { .tv_sec = next_ms / 1000,
			.tv_nsec = next_ms % 1000 * 1000000 };

		(void)pthread_cond_timedwait(&run->stopped, &run->mutex, &next);
	}
	pthread_mutex_unlock(&run->mutex);
	return !stop;
}

/*
 * Has the next message a chance after this outcome? Where a receiver is
 * dead or refuses us, it would fail too.
 */
static bool
may_go_on(struct worker *w, const struct delivery *d)
{
	if (d->outcome == DELIVERED)
		w->unfit = 0;
	else if (!d->unfit || ++w->unfit == UNFIT_MOST)
		return false;
	return true;
}

static void *
worker_main(void *arg)
{
	struct worker *w = arg;
	const struct notifier *kind = notifier_of(w->config->kind);
	int64_t left_ms, pause_ms = 0;
	bool go_on = true;

	for (size_t i = 0; i < w->n && go_on; i++) {
		struct outcome_note *note;

		if (!keep_pause(w->run, pause_ms))
			break;
		left_ms = time_for_try(w->run);
		if (left_ms == 0 || (i > 0 && left_ms < TRY_LEAST_MS))
			break;
		note = mem_alloc(sizeof(*note));
		note->message = w->v[i];
		kind->send(w->config->settings, w->v[i]->digest, left_ms,
			&note->delivery);
		go_on = may_go_on(w, &note->delivery);
		pause_ms = note->delivery.pause_ms;
		hand_back(w->run, note);
	}
	pthread_mutex_lock(&w->run->mutex);
	w->run->working--;
	pthread_cond_signal(&w->run->changed);
	pthread_mutex_unlock(&w->run->mutex);
	return NULL;
}

/* The next outcome; NULL once all workers have ended and none is left. */
static struct outcome_note *
next_outcome(struct run *run)
{
	struct outcome_note *note;

	pthread_mutex_lock(&run->mutex);
	while (run->first == NULL && run->working > 0)
		pthread_cond_wait(&run->changed, &run->mutex);
	note = run->first;
	if (note != NULL) {
		run->first = note->next;
		if (run->first == NULL)
			run->last = &run->first;
	}
	pthread_mutex_unlock(&run->mutex);
	return note;
}

static void
run_stop(struct run *run)
{
	pthread_mutex_lock(&run->mutex);
	run->stop = true;
	pthread_cond_broadcast(&run->stopped);
	pthread_mutex_unlock(&run->mutex);
}

/* Write an outcome down; only what is written is told as delivered. */
static int
note_outcome(struct state *st, const struct deliver_options *opt, time_t now,
	const struct message *m, const struct delivery *d, struct error *err)
{
	struct delivery_note note = { .notifier = m->notifier,
		.id = m->id,
		.answer = d->answer,
		.delivered = d->outcome == DELIVERED };
	bool gave_up = false;

	if (d->outcome == DELIVERED) {
		if (outbox_delivered(st, m->id, now, err) == -1)
			return -1;
	} else if (outbox_failed(st, m->id, now, d->retry_after_s,
			   opt->give_up_s, d->answer, &gave_up, err) == -1) {
		return -1;
	}
	note.gave_up = gave_up;
	if (opt->note != NULL)
		opt->note(opt->note_arg, &note);
	return 0;
}

/* Until all workers have ended. The first error is told. */
static int
collect(struct state *st, const struct deliver_options *opt, struct run *run,
	struct error *err)
{
	struct outcome_note *note;
	int result = 0;

	while ((note = next_outcome(run)) != NULL) {
		time_t now = opt->now +
			(probe_now_ms() - run->started_ms) / 1000;

		if (note_outcome(st, opt, now, note->message, &note->delivery,
			    result == 0 ? err : NULL) == -1) {
			result = -1;
			run_stop(run);
		}
		free(note);
	}
	return result;
}

static const struct notifier_config *
find_notifier(const struct notifier_list *list, const char *name)
{
	for (size_t i = 0; i < list->n; i++) {
		if (strcmp(list->v[i].name, name) == 0)
			return &list->v[i];
	}
	return NULL;
}

/*
 * What no notifier can send. A message that cannot be read back fails like
 * any other. One whose notifier is not configured waits for its return,
 * untried, until it is too old.
 */
static int
settle_unsendable(struct state *st, const struct notifier_list *notifiers,
	const struct deliver_options *opt, const struct messages *due,
	struct error *err)
{
	struct deliver_options at_once = *opt;

	at_once.give_up_s = 0;
	for (size_t i = 0; i < due->n; i++) {
		const struct message *m = &due->v[i];
		struct delivery d = { .outcome = DELIVERY_FAILED };
		bool gone = find_notifier(notifiers, m->notifier) == NULL;

		if (gone ? opt->now - m->created_at < opt->give_up_s
			 : m->digest != NULL)
			continue;
		(void)snprintf(d.answer, sizeof(d.answer), "%s",
			gone ? "the notifier is not configured"
			     : "the stored message is damaged");
		if (note_outcome(st, gone ? &at_once : opt, opt->now, m, &d,
			    err) == -1)
			return -1;
	}
	return 0;
}

static void
worker_init(struct worker *w, struct run *run, const struct notifier_config *c,
	const struct messages *due)
{
	*w = (struct worker){ .run = run, .config = c };
	w->v = mem_alloc((due->n + 1) * sizeof(struct message *));
	for (size_t i = 0; i < due->n; i++) {
		if (due->v[i].digest != NULL &&
			strcmp(due->v[i].notifier, c->name) == 0)
			w->v[w->n++] = &due->v[i];
	}
}

static int
start(struct worker *w, struct error *err)
{
	struct run *run = w->run;

	pthread_mutex_lock(&run->mutex);
	run->working++;
	pthread_mutex_unlock(&run->mutex);
	errno = pthread_create(&w->thread, NULL, worker_main, w);
	if (errno == 0)
		return 0;
	pthread_mutex_lock(&run->mutex);
	run->working--;
	pthread_mutex_unlock(&run->mutex);
	return error_sys(
		err, "%s: cannot start a thread to deliver", w->config->name);
}

/*
 * Start a worker for each notifier that has something to send, note what
 * they report, and wait for them. A notifier promises to be back in time, so
 * they are joined: one that ran on alone would use settings that are gone.
 */
static int
run_workers(struct state *st, const struct notifier_list *notifiers,
	const struct deliver_options *opt, const struct messages *due,
	struct run *run, struct error *err)
{
	struct worker *workers = mem_alloc(
		(notifiers->n + 1) * sizeof(*workers));
	size_t n = 0;
	int result = 0;

	for (size_t i = 0; i < notifiers->n && result == 0; i++) {
		struct worker *w = &workers[n];

		worker_init(w, run, &notifiers->v[i], due);
		if (w->n > 0)
			result = start(w, err);
		if (w->n > 0 && result == 0)
			n++;
		else
			free(w->v);
	}
	if (collect(st, opt, run, result == 0 ? err : NULL) == -1)
		result = -1;
	for (size_t i = 0; i < n; i++) {
		pthread_join(workers[i].thread, NULL);
		free(workers[i].v);
	}
	free(workers);
	return result;
}

static void
run_init(struct run *run, const struct deliver_options *opt)
{
	pthread_condattr_t monotonic;

	*run = (struct run){ .started_ms = probe_now_ms(),
		.stopped_by = opt->stop,
		.mutex = PTHREAD_MUTEX_INITIALIZER,
		.changed = PTHREAD_COND_INITIALIZER };
	run->last = &run->first;
	run->deadline_ms = run->started_ms + opt->timeout_ms;
	(void)pthread_condattr_init(&monotonic);
	(void)pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
	(void)pthread_cond_init(&run->stopped, &monotonic);
	(void)pthread_condattr_destroy(&monotonic);
}

int
deliver_due(struct state *st, const struct notifier_list *notifiers,
	const struct deliver_options *opt, struct error *err)
{
	struct messages due = { 0 };
	struct run run;
	int result;

	run_init(&run, opt);
	result = outbox_due(st, opt->now, &due, err);
	if (result == 0)
		result = settle_unsendable(st, notifiers, opt, &due, err);
	if (result == 0)
		result = run_workers(st, notifiers, opt, &due, &run, err);
	messages_release(&due);
	pthread_cond_destroy(&run.changed);
	pthread_cond_destroy(&run.stopped);
	pthread_mutex_destroy(&run.mutex);
	return result;
}
