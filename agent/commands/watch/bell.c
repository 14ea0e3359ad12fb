/* bell.c - what a resident agent is woken by */
#include <sys/eventfd.h>
#include <sys/signalfd.h>
#include <sys/timerfd.h>

#include <errno.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <time.h>
#include <unistd.h>

#include "commands/watch/bell.h"

/* In the year 2255: only its being cancelled is of interest. */
#define NEVER_S INT64_C(9000000000)

/* Cancelled by the clock, which is told once and forgotten. */
static void
listen_to_clock(struct bell *b)
{
	const struct itimerspec never = { .it_value = { .tv_sec = NEVER_S } };

	(void)timerfd_settime(b->clock,
		TFD_TIMER_ABSTIME | TFD_TIMER_CANCEL_ON_SET, &never, NULL);
}

int
bell_init(struct bell *b, struct error *err)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGTERM);
	sigaddset(&set, SIGINT);
	sigaddset(&set, SIGHUP);
	sigaddset(&set, SIGUSR1);
	(void)sigprocmask(SIG_BLOCK, &set, NULL);
	b->signals = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
	b->alarm = timerfd_create(CLOCK_BOOTTIME, TFD_CLOEXEC | TFD_NONBLOCK);
	b->clock = timerfd_create(CLOCK_REALTIME, TFD_CLOEXEC | TFD_NONBLOCK);
	b->done = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	if (b->signals == -1 || b->alarm == -1 || b->clock == -1 ||
		b->done == -1)
		return error_sys(err, "cannot wait for signals and timers");
	listen_to_clock(b);
	return 0;
}

void
bell_release(struct bell *b)
{
	const int fds[] = { b->signals, b->alarm, b->clock, b->done };

	for (size_t i = 0; i < sizeof(fds) / sizeof(fds[0]); i++) {
		if (fds[i] != -1)
			close(fds[i]);
	}
}

void
bell_set(struct bell *b, int64_t in_s)
{
	struct itimerspec t = { .it_value = { .tv_sec = in_s } };

	/* 0 would turn it off. */
	if (in_s <= 0)
		t.it_value = (struct timespec){ .tv_nsec = 1 };
	(void)timerfd_settime(b->alarm, 0, &t, NULL);
}

void
bell_ring_done(struct bell *b)
{
	const uint64_t one = 1;

	(void)!write(b->done, &one, sizeof(one));
}

static void
take_signals(struct bell *b, struct bell_rings *out)
{
	struct signalfd_siginfo s;

	while (read(b->signals, &s, sizeof(s)) == (ssize_t)sizeof(s)) {
		switch (s.ssi_signo) {
		case SIGHUP:
			out->reload = true;
			break;
		case SIGUSR1:
			out->now = true;
			break;
		default:
			out->stop = true;
			out->stopped_by = (int)s.ssi_signo;
		}
	}
}

/* Has the timer or the event come, which is then over? */
static bool
take(int fd)
{
	uint64_t n;

	return read(fd, &n, sizeof(n)) == (ssize_t)sizeof(n);
}

void
bell_wait(struct bell *b, int64_t timeout_ms, struct bell_rings *out)
{
	struct pollfd fds[] = { { .fd = b->signals, .events = POLLIN },
		{ .fd = b->alarm, .events = POLLIN },
		{ .fd = b->clock, .events = POLLIN },
		{ .fd = b->done, .events = POLLIN } };

	*out = (struct bell_rings){ 0 };
	if (timeout_ms > INT_MAX)
		timeout_ms = INT_MAX;
	if (poll(fds, sizeof(fds) / sizeof(fds[0]), (int)timeout_ms) <= 0)
		return;
	take_signals(b, out);
	out->alarm = take(b->alarm);
	out->done = take(b->done);
	errno = 0;
	if (take(b->clock) || errno == ECANCELED) {
		out->clock = true;
		listen_to_clock(b);
	}
}
