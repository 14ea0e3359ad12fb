/* loop.c - a resident agent between its rounds, and beside them */
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <systemd/sd-daemon.h>

#include "commands/command.h"
#include "commands/journal.h"
#include "commands/rooms.h"
#include "commands/watch/watch.h"
#include "model/alloc.h"
#include "probes/probe.h"

/*
 * How long the work under way is waited for when it is to end: looks are begun
 * anew by the next start, while a message under way is better waited for, so
 * that it is not sent twice.
 */
#define STOP_LOOKS_MS 5000
#define STOP_TELLS_MS 60000

static void
wish(struct watch *w, enum watch_wish what)
{
	if (what > w->wish)
		w->wish = what;
}

/* By it alone the service manager knows that the agent is at work. */
static void
beat(struct watch *w)
{
	if (!w->working || pulse_is_kept(&w->pulse, probe_now_ms())) {
		if (w->watchdog_ms > 0)
			(void)sd_notify(0, "WATCHDOG=1");
		return;
	}
	if (!w->stuck)
		journal_failed(
			"the scan under way makes no progress: it hangs in a "
			"call that does not come back, such as that of a file "
			"system that is away");
	w->stuck = true;
}

static int64_t
stop_at_ms(struct watch *w)
{
	return w->stopped_ms +
		(atomic_load(&w->stage) == ROUND_LOOKS ? STOP_LOOKS_MS
						       : STOP_TELLS_MS);
}

/* For how long nothing may happen. */
static int64_t
patience_ms(struct watch *w)
{
	int64_t left_ms = -1, stop_ms;

	if (w->watchdog_ms > 0)
		left_ms = w->watchdog_ms / 2;
	else if (w->working && !w->stuck)
		left_ms = 10000; /* to tell that it is stuck */
	if (w->stopping) {
		stop_ms = stop_at_ms(w) - probe_now_ms();
		stop_ms = stop_ms > 0 ? stop_ms : 0;
		left_ms = left_ms == -1 || stop_ms < left_ms ? stop_ms
							     : left_ms;
	}
	return left_ms;
}

/* The state is whole at any moment; what is under way is begun anew later. */
static _Noreturn void
leave(int status)
{
	fflush(NULL);
	_exit(status);
}

/* As the shell and the service manager expect of who is signalled. */
static _Noreturn void
die_of(int signo)
{
	sigset_t set;

	fflush(NULL);
	(void)signal(signo, SIG_DFL);
	sigemptyset(&set);
	sigaddset(&set, signo);
	(void)raise(signo);
	(void)pthread_sigmask(SIG_UNBLOCK, &set, NULL);
	/* The first process of a container outlives it. */
	leave(128 + signo);
}

static void
begin_to_stop(struct watch *w, int signo)
{
	if (w->stopping)
		die_of(signo);
	w->stopping = true;
	w->stopped_ms = probe_now_ms();
	atomic_store(&w->stop, true);
	watch_notify(w, "STOPPING=1\n");
}

/* To the microsecond: of one before its signal systemd takes no notice. */
static int64_t
now_us(void)
{
	struct timespec t;

	(void)clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000000 + t.tv_nsec / 1000;
}

/*
 * One that is wrong is told, and changes nothing; another is taken up now, or
 * once the work under way has ended.
 */
static void
reload(struct watch *w)
{
	cleanup(str_free) char *begin = str_fmt(
		"RELOADING=1\nMONOTONIC_USEC=%" PRId64 "\n", now_us());
	BUF_CLEANUP struct buf complaints = { 0 };
	struct config *c = NULL;

	watch_notify(w, begin);
	str_free(w->refused);
	w->refused = NULL;
	if (config_load(w->path, command_rooms(), 0, &c, &complaints) == -1) {
		const char *text = buf_str(&complaints);

		w->refused = str_ndup(text, strcspn(text, "\n"));
		journal_refused(w->path, text);
	} else {
		journal_taken_up(w->path, c->targets.n);
		config_free(w->pending);
		w->pending = c;
		wish(w, WISH_DUE);
	}
	watch_notify(w, "READY=1\n");
}

/* Messages that fail again and again keep nobody from looking. */
static enum watch_wish
wish_of_alarm(const struct watch *w)
{
	enum watch_wish due = time(NULL) >= w->next ? WISH_DUE
						    : WISH_DELIVERIES;

	return w->retry_s > 0 && w->again > due ? w->again : due;
}

static void
answer(struct watch *w, const struct bell_rings *r)
{
	if (r->done) {
		watch_work_end(w);
		if (!w->stopping)
			watch_notify(w, "");
	}
	if (r->stop)
		begin_to_stop(w, r->stopped_by);
	if (r->reload && !w->stopping)
		reload(w);
	if (r->now)
		wish(w, WISH_ALL);
	/* By another clock something else may be due. */
	if (r->clock)
		wish(w, WISH_DUE);
	if (r->alarm)
		wish(w, wish_of_alarm(w));
}

int
watch_go_on(struct watch *w)
{
	struct bell_rings rings;

	wish(w, WISH_DUE);
	for (;;) {
		if (w->stopping && !w->working)
			return STATUS_OK;
		if (w->stopping && probe_now_ms() >= stop_at_ms(w))
			leave(STATUS_OK);
		if (!w->working && w->wish != WISH_NOTHING)
			watch_work_begin(w);
		beat(w);
		bell_wait(&w->bell, patience_ms(w), &rings);
		answer(w, &rings);
	}
}
