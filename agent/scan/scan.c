/* scan.c - targets to results, on many at a time */
#include <sys/resource.h>

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <unistd.h>

#include "model/alloc.h"
#include "scan/judge.h"
#include "scan/library.h"
#include "scan/pairing.h"
#include "scan/scan.h"

/*
 * Up to 32 threads a core cost little more than an event loop; with many
 * more, good endpoints time out while their threads wait for a core.
 */
#define WORKERS_PER_CORE 32
#define MAX_WORKERS 1024

/*
 * A probe holds two at a time, and up to six while it makes its way through a
 * proxy or to several addresses; the state, curl and stdio have some as well.
 */
#define DESCRIPTORS_PER_WORKER 6
#define DESCRIPTORS_KEPT 64

struct run {
	const struct targets *targets;
	const struct scan_options *opt;
	struct library **libraries; /* shared by workers, one a core */
	size_t n_libraries;
	struct result **results;
	atomic_size_t next; /* the target nobody has taken yet */
	pthread_mutex_t lock; /* for progress */
	size_t done;
};

struct worker {
	struct run *run;
	struct library *library;
	pthread_t thread;
};

/* A file met in a folder that holds nothing of ours is no result. */
static bool
is_nothing(const struct result *r)
{
	return r->target->listed && r->findings.n == 0 && !r->looked;
}

static void *
worker_main(void *arg)
{
	const struct worker *w = arg;
	struct run *run = w->run;
	size_t i;

	while ((i = atomic_fetch_add(&run->next, 1)) < run->targets->n) {
		struct result *r = judge_target(run->targets->v[i], w->library,
			run->opt->now, run->opt->account);

		if (is_nothing(r)) {
			result_free(r);
			r = NULL;
		}
		run->results[i] = r;
		if (run->opt->progress == NULL)
			continue;
		pthread_mutex_lock(&run->lock);
		run->opt->progress(
			run->opt->progress_arg, ++run->done, run->targets->n);
		pthread_mutex_unlock(&run->lock);
	}
	return NULL;
}

static size_t
count_cores(void)
{
	long n = sysconf(_SC_NPROCESSORS_ONLN);

	return n < 1 ? 1 : (size_t)n;
}

/* So many workers that none goes without a descriptor: the limit is raised. */
static size_t
limit_by_descriptors(size_t workers)
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
		return workers;
	most = most < DESCRIPTORS_KEPT + DESCRIPTORS_PER_WORKER
		? 1
		: (most - DESCRIPTORS_KEPT) / DESCRIPTORS_PER_WORKER;
	return workers > most ? (size_t)most : workers;
}

static size_t
count_workers(const struct run *run)
{
	size_t n = run->opt->workers;

	if (n == 0)
		n = count_cores() * WORKERS_PER_CORE;
	if (n > MAX_WORKERS)
		n = MAX_WORKERS;
	n = limit_by_descriptors(n);
	return n > run->targets->n ? run->targets->n : n;
}

static int
make_libraries(struct run *run, size_t n_workers, struct error *err)
{
	size_t n = count_cores();

	if (n > n_workers)
		n = n_workers;
	run->libraries = mem_alloc((n + 1) * sizeof(struct library *));
	for (; run->n_libraries < n; run->n_libraries++) {
		struct library *lib = library_new(err);

		if (lib == NULL)
			return -1;
		run->libraries[run->n_libraries] = lib;
	}
	return 0;
}

/* Start the workers and wait for them all. One at least runs: this thread. */
static void
work(struct run *run, size_t n_workers)
{
	struct worker *w = mem_alloc((n_workers + 1) * sizeof(*w));
	size_t started = 0;

	for (size_t i = 0; i < n_workers; i++) {
		w[i] = (struct worker){ .run = run,
			.library = run->libraries[i % run->n_libraries] };
		if (i + 1 == n_workers)
			break;
		if (pthread_create(&w[i].thread, NULL, worker_main, &w[i]) != 0)
			break;
		started++;
	}
	worker_main(&w[started]);
	for (size_t i = 0; i < started; i++)
		pthread_join(w[i].thread, NULL);
	free(w);
}

static void
collect(struct run *run, struct results *out)
{
	const struct targets *ts = run->targets;
	size_t n = 0, i = 0;

	while (i < ts->n) {
		const struct target *origin = ts->v[i]->origin;
		size_t before = n;

		/* The files of one origin lie side by side. */
		do {
			if (run->results[i] != NULL)
				run->results[n++] = run->results[i];
			i++;
		} while (origin != NULL && i < ts->n &&
			ts->v[i]->origin == origin);
		if (n == before && origin != NULL)
			run->results[n++] = judge_nothing(
				origin, run->opt->now);
	}
	*out = (struct results){
		.v = run->results, .n = n, .time = run->opt->now
	};
}

int
scan_run(const struct targets *targets, const struct scan_options *opt,
	struct results *out, struct error *err)
{
	struct run run = { .targets = targets, .opt = opt };
	size_t n_workers = count_workers(&run);
	int rc = 0;

	run.results = mem_alloc((targets->n + 1) * sizeof(struct result *));
	pthread_mutex_init(&run.lock, NULL);
	if (n_workers > 0)
		rc = make_libraries(&run, n_workers, err);
	if (rc == 0 && n_workers > 0)
		work(&run, n_workers);
	pthread_mutex_destroy(&run.lock);
	if (rc == 0) {
		collect(&run, out);
		if (n_workers > 0)
			pairing_run(out, run.libraries[0]);
	} else {
		free(run.results);
	}
	for (size_t i = 0; i < run.n_libraries; i++)
		library_free(run.libraries[i]);
	free(run.libraries);
	return rc;
}
