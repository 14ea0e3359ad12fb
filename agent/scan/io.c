/* io.c - what lies under a probe's waiting: the loop it is in, or poll() */
#include <sys/eventfd.h>

#include <errno.h>
#include <limits.h>
#include <poll.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdlib.h>
#include <unistd.h>

#include "model/alloc.h"
#include "scan/hands.h"
#include "scan/io.h"
#include "scan/loop.h"
#include "scan/stopwatch.h"

/*
 * Past the deadline what has arrived is still told, for this machine may have
 * been busy; but not for ever, for a peer may drip a byte at a time.
 */
#define MAX_LATE_WAITS 64

/* The same as loop_wait(), and nobody else goes on meanwhile. */
static int
thread_wait(int fd, short events, int64_t deadline_ms)
{
	struct pollfd p = { .fd = fd, .events = events };

	for (;;) {
		int64_t left = deadline_ms - probe_now_ms();
		int rc;

		if (left < 0)
			left = 0;
		rc = poll(&p, 1, left > INT_MAX ? INT_MAX : (int)left);
		if (rc > 0)
			return p.revents;
		if (rc == -1 && errno != EINTR)
			return -1;
		if (rc == 0 && probe_now_ms() >= deadline_ms)
			return 0;
	}
}

static int
io_wait(struct probe_io *io, int fd, short events, int64_t deadline_ms)
{
	bool late = probe_now_ms() >= deadline_ms;
	int come;

	stopwatch_pause(io->stopwatch);
	come = loop_is_here() ? loop_wait(fd, events, deadline_ms)
			      : thread_wait(fd, events, deadline_ms);
	stopwatch_go_on(io->stopwatch);
	if (come > 0 && late && ++io->late_waits > MAX_LATE_WAITS)
		return 0;
	return come;
}

/* A blocking call on another thread; whoever leaves last frees it. */
struct job {
	pthread_mutex_t lock;
	bool done, abandoned;
	int ended; /* an eventfd */
	void (*run)(void *arg);
	void (*drop)(void *arg);
	void *arg;
};

static void
job_free(struct job *j)
{
	pthread_mutex_destroy(&j->lock);
	(void)close(j->ended);
	free(j);
}

static void
job_main(void *arg)
{
	struct job *j = arg;
	bool abandoned;

	j->run(j->arg);
	pthread_mutex_lock(&j->lock);
	j->done = true;
	abandoned = j->abandoned;
	if (!abandoned)
		(void)eventfd_write(j->ended, 1);
	pthread_mutex_unlock(&j->lock);
	if (abandoned) {
		j->drop(j->arg);
		job_free(j);
	}
}

/* NULL: there is no thread or no descriptor to be had. */
static struct job *
job_start(void (*run)(void *), void (*drop)(void *), void *arg)
{
	struct job *j = mem_alloc(sizeof(*j));

	*j = (struct job){ .run = run, .drop = drop, .arg = arg };
	pthread_mutex_init(&j->lock, NULL);
	j->ended = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	if (j->ended != -1 && hands_run(job_main, j) == 0)
		return j;
	job_free(j);
	return NULL;
}

static int
io_call(struct probe_io *io, void (*run)(void *), void (*drop)(void *),
	void *arg)
{
	struct job *j = job_start(run, drop, arg);
	bool done;

	if (j == NULL) {
		/* Better late than never. */
		run(arg);
		return 0;
	}
	(void)io_wait(io, j->ended, POLLIN, io->deadline_ms);
	/* Until here it may end, however late. */
	pthread_mutex_lock(&j->lock);
	done = j->done;
	j->abandoned = !done;
	pthread_mutex_unlock(&j->lock);
	if (!done)
		return -1;
	job_free(j);
	return 0;
}

static void
io_enter(struct probe_io *io, enum phase p)
{
	stopwatch_enter(io->stopwatch, p);
}

void
io_init(struct probe_io *io)
{
	io->enter = io_enter;
	io->wait = io_wait;
	io->call = io_call;
}
