/* loop.c - many waits at a time on one thread, each on a fiber of its own */
#include <sys/epoll.h>

#include <errno.h>
#include <limits.h>
#include <poll.h>
#include <stdlib.h>
#include <unistd.h>

#include "model/alloc.h"
#include "probes/probe.h"
#include "scan/fiber.h"
#include "scan/loop.h"

/* Who waits for longer than this has no part in the processor. */
#define QUIET_MS 400
#define MAX_EVENTS 64

/*
 * How many may be lively is measured from time to time; so many always may, and
 * so many more each time: name servers and firewalls take a thousand at once
 * for an attack.
 */
#define MEASURE_MS 100
#define LIMIT_SHARE 4
#define MIN_BUSY 32

/* One fiber and what it waits for. */
struct slot {
	struct loop *loop;
	struct fiber *fiber;
	size_t item;
	int fd; /* -1: only the deadline */
	short wanted;
	int come; /* of the wanted events; or -1 and saved_errno */
	int64_t since_ms, deadline_ms;
};

struct loop {
	const struct loop_work *work;
	int epoll;
	struct slot **slots; /* the first n_busy are at work */
	size_t n_slots, n_busy;
	bool drained; /* there is no more work */

	/* How fast pieces come to their end that were not silent for long. */
	int64_t measured_ms;
	size_t n_ended;
	double per_ms;
	size_t ramp; /* no more than that yet */
};

static _Thread_local struct slot *here;

bool
loop_is_here(void)
{
	return here != NULL;
}

/* What has arrived by now. */
static int
glance(int fd, short events)
{
	struct pollfd p = { .fd = fd, .events = events };

	return poll(&p, 1, 0) > 0 ? p.revents : 0;
}

/* The bits of EPOLLIN and POLLIN, and so on, are the same on Linux. */
static int
watch(struct slot *s)
{
	struct epoll_event e = {
		.events = (uint32_t)s->wanted | EPOLLONESHOT,
		.data.ptr = s,
	};

	if (epoll_ctl(s->loop->epoll, EPOLL_CTL_MOD, s->fd, &e) == 0)
		return 0;
	return errno == ENOENT
		? epoll_ctl(s->loop->epoll, EPOLL_CTL_ADD, s->fd, &e)
		: -1;
}

int
loop_wait(int fd, short events, int64_t deadline_ms)
{
	struct slot *s = here;
	int64_t now = probe_now_ms();

	if (deadline_ms <= now)
		return fd == -1 ? 0 : glance(fd, events);
	s->fd = fd;
	s->wanted = events;
	s->come = 0;
	s->since_ms = now;
	s->deadline_ms = deadline_ms;
	if (fd != -1 && watch(s) == -1)
		return -1;
	fiber_leave();
	return s->come;
}

/* On its fiber: one piece of work from its beginning to its end. */
static void
slot_main(void *arg)
{
	struct slot *s = arg;

	s->loop->work->run(s->loop->work->arg, s->item);
}

/* Of slots[i]; a slot that is at its end goes behind those at work. */
static void
go(struct loop *l, struct slot *s, bool begin)
{
	size_t i = 0;

	here = s;
	if (begin)
		fiber_start(s->fiber, slot_main, s);
	else
		fiber_resume(s->fiber);
	here = NULL;
	if (!fiber_is_over(s->fiber))
		return;
	l->n_ended++;
	while (l->slots[i] != s)
		i++;
	l->slots[i] = l->slots[--l->n_busy];
	l->slots[l->n_busy] = s;
}

/* The time is over; but what has arrived at the last moment counts. */
static void
go_late(struct loop *l, struct slot *s)
{
	struct epoll_event none = { 0 };

	if (s->fd != -1) {
		s->come = glance(s->fd, s->wanted);
		(void)epoll_ctl(l->epoll, EPOLL_CTL_DEL, s->fd, &none);
	}
	go(l, s, false);
}

static bool
is_quiet(const struct slot *s, int64_t now)
{
	return now - s->since_ms >= QUIET_MS;
}

static size_t
count_lively(const struct loop *l, int64_t now)
{
	size_t n = 0;

	for (size_t i = 0; i < l->n_busy; i++)
		n += !is_quiet(l->slots[i], now);
	return n;
}

/* One more slot, or false where none is to be had. */
static bool
grow(struct loop *l)
{
	struct fiber *f;
	struct slot *s;

	if (l->n_slots == l->work->slots)
		return false;
	f = fiber_new();
	if (f == NULL)
		return false;
	s = mem_alloc(sizeof(*s));
	*s = (struct slot){ .loop = l, .fiber = f };
	l->slots[l->n_slots++] = s;
	return true;
}

/*
 * So many as end within the share of the limit: by Little's law each of them
 * takes no longer than that.
 */
static size_t
count_allowed(struct loop *l, int64_t now)
{
	int64_t took = now - l->measured_ms;
	double allowed;

	if (took >= MEASURE_MS) {
		double rate = (double)l->n_ended / (double)took;

		l->per_ms = l->per_ms == 0 ? rate : (l->per_ms + rate) / 2;
		l->measured_ms = now;
		l->n_ended = 0;
		if (l->ramp < l->work->busy)
			l->ramp += MIN_BUSY;
	}
	allowed = l->per_ms * (double)l->work->limit_ms / LIMIT_SHARE;
	if (allowed < MIN_BUSY)
		allowed = MIN_BUSY;
	if (allowed > (double)l->ramp)
		allowed = (double)l->ramp;
	return allowed > (double)l->work->busy ? l->work->busy
					       : (size_t)allowed;
}

/*
 * Begin with as much work as there is room for. True: there is room for more,
 * but what has arrived is to be looked at first.
 */
static bool
admit(struct loop *l)
{
	int64_t now = probe_now_ms();
	size_t lively = count_lively(l, now), allowed = count_allowed(l, now);

	for (size_t i = 0; i < allowed; i++) {
		struct slot *s;

		if (l->drained || lively >= allowed ||
			(l->n_busy == l->n_slots && !grow(l)))
			return false;
		s = l->slots[l->n_busy];
		if (!l->work->next(l->work->arg, &s->item)) {
			l->drained = true;
			return false;
		}
		l->n_busy++;
		go(l, s, true);
		lively += !fiber_is_over(s->fiber);
	}
	return true;
}

/* Until when nothing needs to be done unless something arrives. */
static int
patience(const struct loop *l)
{
	int64_t now = probe_now_ms(), until = INT64_MAX;

	for (size_t i = 0; i < l->n_busy; i++) {
		const struct slot *s = l->slots[i];
		int64_t next = s->deadline_ms;

		/* Then there may be room for another. */
		if (!l->drained && !is_quiet(s, now) &&
			s->since_ms + QUIET_MS < next)
			next = s->since_ms + QUIET_MS;
		if (next < until)
			until = next;
	}
	if (until <= now)
		return 0;
	return until - now > INT_MAX ? INT_MAX : (int)(until - now);
}

/* What has arrived first, then whose time is over. */
static void
serve(struct loop *l, int limit_ms)
{
	struct epoll_event events[MAX_EVENTS];
	int n = epoll_wait(l->epoll, events, MAX_EVENTS, limit_ms);
	int64_t now = probe_now_ms();

	for (int i = 0; i < n; i++) {
		struct slot *s = events[i].data.ptr;

		s->come = (int)(events[i].events & ~(uint32_t)EPOLLONESHOT);
		go(l, s, false);
	}
	/* One that ends changes places with the last, which was here before. */
	for (size_t i = l->n_busy; i > 0; i--) {
		if (l->slots[i - 1]->deadline_ms <= now)
			go_late(l, l->slots[i - 1]);
	}
}

int
loop_run(const struct loop_work *work, struct error *err)
{
	struct loop l = {
		.work = work,
		.epoll = epoll_create1(EPOLL_CLOEXEC),
		.measured_ms = probe_now_ms(),
		.ramp = MIN_BUSY,
	};
	int rc = 0;

	if (l.epoll == -1)
		return error_sys(err, "no descriptor to wait with");
	l.slots = mem_grow(NULL, work->slots, sizeof(struct slot *));
	if (grow(&l)) {
		while (!l.drained || l.n_busy > 0) {
			bool more = admit(&l);

			/* All that was begun with may be over at once. */
			if (l.n_busy > 0)
				serve(&l, more ? 0 : patience(&l));
		}
	} else {
		rc = error_sys(err, "no stack for a probe");
	}
	for (size_t i = 0; i < l.n_slots; i++) {
		fiber_free(l.slots[i]->fiber);
		free(l.slots[i]);
	}
	free(l.slots);
	(void)close(l.epoll);
	return rc;
}
