/* crew.c - the threads that look at targets: loops, and readers of files */
#include <sys/resource.h>

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <unistd.h>

#include "model/alloc.h"
#include "model/shelf.h"
#include "scan/crew.h"
#include "scan/judge.h"
#include "scan/loop.h"
#include "scan/recall.h"
#include "scan/stopwatch.h"

/*
 * Endpoints under way at a time, and those of a loop that are lively: with more
 * of these a good one waits for the processor longer than for the network.
 */
#define MAX_PROBES 1024
#define LIVELY_PER_LOOP 256

/* Each has an OpenSSL of its own, and its trust stores. */
#define MAX_CORES 8

/*
 * A probe holds two at a time, and up to six while it makes its way through a
 * proxy or to several addresses; the state, curl and stdio have some as well.
 */
#define DESCRIPTORS_PER_PROBE 6
#define DESCRIPTORS_KEPT 64

/* The targets of one kind, which are taken one by one. */
struct queue {
	size_t *items;
	size_t n;
	atomic_size_t next;
};

struct crew {
	const struct targets *targets;
	const struct scan_options *opt;
	struct queue endpoints, files;
	struct result **results;
	struct timesheet sheet;
	size_t slots; /* endpoints at a time, of each loop */
	int64_t limit_ms; /* the shortest of their timeouts */
	pthread_mutex_t lock; /* for what follows */
	size_t done;
	struct error error;
	bool failed;
};

/* A thread: of a loop for endpoints, or for one file after the other. */
struct worker {
	struct crew *crew;
	struct queue *queue;
	struct library *library;
	struct shelf *shelf; /* for its results */
	pthread_t thread;
};

/* A file met in a folder that holds nothing of ours is no result. */
static bool
is_nothing(const struct result *r)
{
	return r->target->listed && r->findings.n == 0 && !r->looked;
}

static bool
is_stopped(const struct crew *crew)
{
	return crew->opt->stop != NULL && atomic_load(crew->opt->stop);
}

static bool
take(void *arg, size_t *item)
{
	const struct worker *w = arg;
	struct queue *q = w->queue;
	size_t i;

	if (is_stopped(w->crew) || (i = atomic_fetch_add(&q->next, 1)) >= q->n)
		return false;
	*item = q->items[i];
	return true;
}

static void
tell_progress(struct crew *crew)
{
	struct scan_progress p = { .total = crew->targets->n };

	if (crew->opt->progress == NULL)
		return;
	for (size_t i = 0; i < PHASES; i++)
		p.under_way[i] = atomic_load(&crew->sheet.under_way[i]);
	pthread_mutex_lock(&crew->lock);
	p.done = ++crew->done;
	crew->opt->progress(crew->opt->progress_arg, &p);
	pthread_mutex_unlock(&crew->lock);
}

static void
do_target(void *arg, size_t i)
{
	const struct worker *w = arg;
	struct crew *crew = w->crew;
	struct looks *looks = crew->opt->looks;
	struct stopwatch watch;
	const struct looker by = { .library = w->library, .stopwatch = &watch };
	struct result *r;
	time_t until;

	stopwatch_begin(&watch, &crew->sheet);
	r = judge_target(crew->targets->v[i], &by, crew->opt->now,
		crew->opt->account, looks != NULL ? &until : NULL);
	stopwatch_enter(&watch, PHASES);
	if (is_nothing(r)) {
		result_free(r);
		r = NULL;
	}
	if (r != NULL)
		r = shelf_put(w->shelf, r);
	crew->results[i] = r;
	if (looks != NULL)
		recall_note(looks, i, r, until);
	tell_progress(crew);
}

static void
fail(struct crew *crew, const struct error *err)
{
	pthread_mutex_lock(&crew->lock);
	crew->error = *err;
	crew->failed = true;
	pthread_mutex_unlock(&crew->lock);
}

static void *
worker_main(void *arg)
{
	struct worker *w = arg;
	const struct loop_work work = {
		.next = take,
		.run = do_target,
		.arg = w,
		.slots = w->crew->slots,
		.busy = LIVELY_PER_LOOP,
		.limit_ms = w->crew->limit_ms,
	};
	struct error err;
	size_t i;

	if (w->queue == &w->crew->files) {
		while (take(w, &i))
			do_target(w, i);
	} else if (loop_run(&work, &err) == -1) {
		fail(w->crew, &err);
	}
	return NULL;
}

static size_t
count_cores(void)
{
	long n = sysconf(_SC_NPROCESSORS_ONLN);

	return n < 1 ? 1 : n > MAX_CORES ? MAX_CORES : (size_t)n;
}

/* So many probes that none goes without a descriptor: the limit is raised. */
static size_t
limit_by_descriptors(size_t probes)
{
	struct rlimit limit;
	rlim_t most = 1024; /* if it may not be asked for */

	if (getrlimit(RLIMIT_NOFILE, &limit) == 0) {
		most = limit.rlim_cur;
		limit.rlim_cur = limit.rlim_max;
		if (setrlimit(RLIMIT_NOFILE, &limit) == 0)
			most = limit.rlim_max;
	}
	if (most == RLIM_INFINITY)
		return probes;
	most = most < DESCRIPTORS_KEPT + DESCRIPTORS_PER_PROBE
		? 1
		: (most - DESCRIPTORS_KEPT) / DESCRIPTORS_PER_PROBE;
	return probes > most ? (size_t)most : probes;
}

static size_t
smaller(size_t a, size_t b)
{
	return a < b ? a : b;
}

/* Endpoints at a time, and how many loops share them. */
static size_t
share_probes(struct crew *crew)
{
	size_t n = crew->opt->workers;
	size_t loops;

	if (n == 0 || n > MAX_PROBES)
		n = MAX_PROBES;
	n = smaller(limit_by_descriptors(n), crew->endpoints.n);
	loops = smaller(count_cores(), n);
	crew->slots = loops == 0 ? 0 : (n + loops - 1) / loops;
	return loops;
}

static size_t
count_file_workers(const struct crew *crew)
{
	size_t n = count_cores();

	if (crew->opt->workers > 0)
		n = smaller(n, crew->opt->workers);
	return smaller(n, crew->files.n);
}

static void
fill_queues(struct crew *crew)
{
	size_t n = crew->targets->n;

	crew->endpoints.items = mem_grow(NULL, n, sizeof(size_t));
	crew->files.items = mem_grow(NULL, n, sizeof(size_t));
	crew->limit_ms = INT64_MAX;
	for (size_t i = 0; i < n; i++) {
		const struct target *t = crew->targets->v[i];
		struct queue *q = t->kind == TARGET_ENDPOINT ? &crew->endpoints
							     : &crew->files;

		/* Its result is there, or is none. */
		if (crew->results[i] != NULL ||
			(crew->opt->looks != NULL &&
				crew->opt->looks->v[i].known)) {
			crew->done++;
			continue;
		}
		q->items[q->n++] = i;
		if (q == &crew->endpoints && t->set.timeout_ms < crew->limit_ms)
			crew->limit_ms = t->set.timeout_ms;
	}
}

/* Start the workers and wait for them all. This thread is the last of them. */
static void
work(struct worker *w, size_t n)
{
	size_t started = 0;

	while (started + 1 < n &&
		pthread_create(&w[started].thread, NULL, worker_main,
			&w[started]) == 0)
		started++;
	/* Where there is no thread to be had, it does the others' work. */
	for (size_t i = started; i < n; i++)
		worker_main(&w[i]);
	for (size_t i = 0; i < started; i++)
		pthread_join(w[i].thread, NULL);
}

/* As many of them as there are, with a library each. */
static int
hire(struct crew *crew, struct worker *w, size_t n_loops, size_t n,
	struct error *err)
{
	for (size_t i = 0; i < n; i++) {
		w[i] = (struct worker){
			.crew = crew,
			.queue = i < n_loops ? &crew->endpoints : &crew->files,
			.library = library_new(err),
			.shelf = shelf_new(),
		};
		if (w[i].library == NULL)
			return -1;
	}
	return 0;
}

/* Nobody is to take for good what was never looked at. */
static int
check_all_done(const struct crew *crew, struct error *err)
{
	if (atomic_load(&crew->endpoints.next) < crew->endpoints.n ||
		atomic_load(&crew->files.next) < crew->files.n)
		return error_set(err, ERROR_BUSY,
			"stopped before all targets were looked at");
	for (size_t i = 0; i < crew->endpoints.n; i++) {
		size_t at = crew->endpoints.items[i];

		if (crew->results[at] == NULL)
			return error_set(err, ERROR_IO, "%s was not looked at",
				crew->targets->v[at]->name);
	}
	return 0;
}

int
crew_run(const struct targets *targets, const struct scan_options *opt,
	struct result **results, struct shelf *shelf, struct library **library,
	struct error *err)
{
	struct crew crew = {
		.targets = targets,
		.opt = opt,
		.results = results,
	};
	struct worker *w;
	size_t n_loops, n;
	int rc;

	fill_queues(&crew);
	n_loops = share_probes(&crew);
	n = n_loops + count_file_workers(&crew);
	w = mem_alloc((n + 1) * sizeof(*w));
	pthread_mutex_init(&crew.lock, NULL);
	timesheet_begin(&crew.sheet, opt->phases != NULL);
	rc = hire(&crew, w, n_loops, n, err);
	if (rc == 0)
		work(w, n);
	timesheet_end(&crew.sheet, opt->phases);
	pthread_mutex_destroy(&crew.lock);
	if (crew.failed) {
		*err = crew.error;
		rc = -1;
	}
	if (rc == 0)
		rc = check_all_done(&crew, err);
	for (size_t i = 0; i < n; i++) {
		if (w[i].shelf != NULL)
			shelf_join(shelf, w[i].shelf);
	}
	*library = rc == 0 ? w[0].library : NULL;
	for (size_t i = rc == 0 ? 1 : 0; i < n; i++)
		library_free(w[i].library);
	free(w);
	free(crew.endpoints.items);
	free(crew.files.items);
	return rc;
}
