/* io.c - what lies under a probe's waiting: threads and poll() */
#include <errno.h>
#include <limits.h>
#include <poll.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdlib.h>
#include <time.h>

#include "model/alloc.h"
#include "scan/io.h"

/*
 * Past the deadline what has arrived is still told, for this machine may have
 * been busy; but not for ever, for a peer may drip a byte at a time.
 */
#define MAX_LATE_WAITS 64

static int
io_wait(struct probe_io *io, int fd, short events, int64_t deadline_ms)
{
	struct pollfd p = { .fd = fd, .events = events };

	for (;;) {
		int64_t left = deadline_ms - probe_now_ms();
		int rc;

		if (left < 0)
			left = 0;
		rc = poll(&p, 1, left > INT_MAX ? INT_MAX : (int)left);
		if (rc > 0 && left == 0 && ++io->late_waits > MAX_LATE_WAITS)
			return 0;
		if (rc > 0)
			return p.revents;
		if (rc == -1 && errno != EINTR)
			return -1;
		if (rc == 0 && probe_now_ms() >= deadline_ms)
			return 0;
	}
}

/* A blocking call on a thread of its own; whoever leaves last frees it. */
struct job {
	pthread_mutex_t lock;
	pthread_cond_t ended;
	bool done, abandoned;
	void (*run)(void *arg);
	void (*drop)(void *arg);
	void *arg;
};

static void
job_free(struct job *j)
{
	pthread_cond_destroy(&j->ended);
	pthread_mutex_destroy(&j->lock);
	free(j);
}

static void *
job_main(void *arg)
{
	struct job *j = arg;
	bool abandoned;

	j->run(j->arg);
	pthread_mutex_lock(&j->lock);
	j->done = true;
	abandoned = j->abandoned;
	pthread_cond_signal(&j->ended);
	pthread_mutex_unlock(&j->lock);
	if (abandoned) {
		j->drop(j->arg);
		job_free(j);
	}
	return NULL;
}

static struct job *
job_new(void (*run)(void *), void (*drop)(void *), void *arg)
{
	struct job *j = mem_alloc(sizeof(*j));
	pthread_condattr_t attr;

	j->run = run;
	j->drop = drop;
	j->arg = arg;
	pthread_mutex_init(&j->lock, NULL);
	pthread_condattr_init(&attr);
	pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
	pthread_cond_init(&j->ended, &attr);
	pthread_condattr_destroy(&attr);
	return j;
}

static int
job_start(struct job *j)
{
	pthread_attr_t attr;
	pthread_t thread;
	int rc;

	pthread_attr_init(&attr);
	pthread_attr_setdetachstate(&attr, PTHREAD_CREATE_DETACHED);
	rc = pthread_create(&thread, &attr, job_main, j);
	pthread_attr_destroy(&attr);
	return rc == 0 ? 0 : -1;
}

static int
io_call(struct probe_io *io, void (*run)(void *), void (*drop)(void *),
	void *arg)
{
	struct job *j = job_new(run, drop, arg);
	struct timespec until = { .tv_sec = io->deadline_ms / 1000,
		.tv_nsec = io->deadline_ms % 1000 * 1000000 };
	int rc = 0;

	if (job_start(j) == -1) {
		/* No thread to be had: better late than never. */
		run(arg);
		job_free(j);
		return 0;
	}
	pthread_mutex_lock(&j->lock);
	while (!j->done && rc == 0)
		rc = pthread_cond_timedwait(&j->ended, &j->lock, &until);
	if (!j->done) {
		j->abandoned = true;
		pthread_mutex_unlock(&j->lock);
		return -1;
	}
	pthread_mutex_unlock(&j->lock);
	job_free(j);
	return 0;
}

void
io_init(struct probe_io *io)
{
	io->wait = io_wait;
	io->call = io_call;
}
