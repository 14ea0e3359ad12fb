/* test_loop.c - fibers, the loop that they wait in, and calls that block */
#include "tests/unit/unit.h"

#include <sys/resource.h>
#include <sys/socket.h>

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <string.h>
#include <unistd.h>

#include "model/alloc.h"
#include "model/buf.h"
#include "probes/probe.h"
#include "scan/fiber.h"
#include "scan/hands.h"
#include "scan/io.h"
#include "scan/loop.h"

/* Long enough that only what should wait for it does. */
#define FAR_MS 60000

static char trail[4096];

static void
note(const char *what)
{
	strcat(trail, what);
}

/* --- fibers --- */

static void
three_steps(void *arg)
{
	char deep[100 * 1024];

	memset(deep, *(char *)arg, sizeof(deep));
	note("1");
	errno = EPIPE;
	fiber_leave();
	assert_int_equal(EPIPE, errno);
	note("2");
	fiber_leave();
	note("3");
	for (size_t i = 0; i < sizeof(deep); i++)
		assert_int_equal(*(char *)arg, deep[i]);
}

static void
test_fibers_by_turns(void **state)
{
	struct fiber *a = fiber_new(), *b = fiber_new();
	char x = 'x', y = 'y';

	(void)state;
	trail[0] = '\0';
	fiber_start(a, three_steps, &x);
	errno = 0;
	fiber_start(b, three_steps, &y);
	assert_int_equal(0, errno);
	fiber_resume(b);
	fiber_resume(b);
	assert_true(fiber_is_over(b));
	assert_false(fiber_is_over(a));
	/* One that is over takes the next. */
	fiber_start(b, three_steps, &y);
	for (int i = 0; i < 2; i++) {
		errno = 0;
		fiber_resume(a);
		fiber_resume(b);
	}
	assert_true(fiber_is_over(a) && fiber_is_over(b));
	assert_string_equal("112312233", trail);
	fiber_free(a);
	fiber_free(b);
	fiber_free(NULL);
}

/* --- waits --- */

/* A step of a piece of work. */
enum act { END, SEND, WAIT, BURN, CLOSE };

struct deed {
	enum act act;
	int pipe;
	int ms; /* of the deadline, or to burn */
	int come; /* what the wait should return */
};

struct world {
	const struct deed (*plans)[6];
	size_t n, next;
	int pipes[4][2];
};

static bool
next_plan(void *arg, size_t *item)
{
	struct world *w = arg;

	*item = w->next++;
	return *item < w->n;
}

static void
burn(int ms)
{
	int64_t until = probe_now_ms() + ms;

	while (probe_now_ms() <= until)
		;
}

static void
follow_plan(void *arg, size_t item)
{
	struct world *w = arg;
	int come;

	assert_true(loop_is_here());
	for (const struct deed *d = w->plans[item]; d->act != END; d++) {
		char c = (char)('a' + item), what[2] = { c, '\0' };
		int fd = d->pipe < 0 ? -1 : w->pipes[d->pipe][0];

		switch (d->act) {
		case SEND:
			assert_int_equal(1, write(w->pipes[d->pipe][1], &c, 1));
			break;
		case WAIT:
			come = loop_wait(fd, POLLIN, probe_now_ms() + d->ms);
			assert_int_equal(d->come, come);
			note(what);
			if (come > 0)
				assert_int_equal(1, read(fd, &c, 1));
			break;
		case BURN:
			burn(d->ms);
			break;
		case CLOSE:
			(void)close(fd);
			w->pipes[d->pipe][0] = -1;
			break;
		case END:
			break;
		}
	}
}

static const struct scene {
	const char *what;
	struct deed plans[4][6];
	const char *trail; /* who came back from a wait, in this order */
	size_t slots, busy;
} scenes[] = {
	{ "what came before", { { { SEND, 0, 0, 0 }, { WAIT, 0, FAR_MS, 1 } } },
		"a", 4, 4 },
	{ "one is woken by another",
		{ { { WAIT, 0, FAR_MS, 1 } },
			{ { SEND, 0, 0, 0 }, { WAIT, 1, FAR_MS, 1 } },
			{ { SEND, 1, 0, 0 } } },
		"ab", 4, 4 },
	{ "there and back on one descriptor",
		{ { { WAIT, 0, FAR_MS, 1 }, { SEND, 1, 0, 0 },
			  { WAIT, 0, FAR_MS, 1 } },
			{ { SEND, 0, 0, 0 }, { WAIT, 1, FAR_MS, 1 },
				{ SEND, 0, 0, 0 } } },
		"aba", 4, 4 },
	{ "the deadline", { { { WAIT, 0, 20, 0 }, { WAIT, -1, 20, 0 } } }, "aa",
		4, 4 },
	{ "the nearest deadline first",
		{ { { WAIT, 0, 300, 0 } }, { { WAIT, 1, 20, 0 } },
			{ { WAIT, -1, 150, 0 } } },
		"bca", 4, 4 },
	{ "arrived, and then this machine was busy",
		{ { { WAIT, 0, 50, 1 } },
			{ { SEND, 0, 0, 0 }, { BURN, 0, 80, 0 } } },
		"a", 4, 4 },
	{ "a deadline that is past",
		{ { { WAIT, 0, -5, 0 }, { SEND, 0, 0, 0 }, { WAIT, 0, -5, 1 },
			{ WAIT, -1, -5, 0 } } },
		"aaa", 4, 4 },
	{ "after its deadline another wait on it",
		{ { { WAIT, 0, 20, 0 }, { WAIT, 0, FAR_MS, 1 } },
			{ { WAIT, -1, 60, 0 }, { SEND, 0, 0, 0 } } },
		"aba", 4, 4 },
	{ "no such descriptor", { { { CLOSE, 0, 0, 0 }, { WAIT, 0, 20, 0 } } },
		"a", 4, 4 },
	{ "as many slots as there are",
		{ { { WAIT, 0, 60, 0 } }, { { WAIT, -1, 20, 0 } } }, "ab", 1,
		4 },
	{ "one that is silent for long makes room for the next",
		{ { { WAIT, 0, 1500, 0 } }, { { WAIT, -1, 20, 0 } } }, "ba", 2,
		1 },
	{ "and none before that",
		{ { { WAIT, 0, 100, 0 } }, { { WAIT, -1, 1, 0 } } }, "ab", 2,
		1 },
	{ "the hastier they are, the fewer",
		{ { { WAIT, 0, 60, 0 } }, { { WAIT, -1, 20, 0 } } }, "ba", 4,
		4 },
};

static size_t
count_plans(const struct scene *s)
{
	size_t n = 0;

	while (n < COUNT(s->plans) && s->plans[n][0].act != END)
		n++;
	return n;
}

static void
test_waits(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(scenes); i++) {
		const struct scene *s = &scenes[i];
		struct world w = { .plans = s->plans, .n = count_plans(s) };
		struct loop_work work = { .next = next_plan,
			.run = follow_plan,
			.arg = &w,
			.slots = s->slots,
			.busy = s->busy,
			.limit_ms = FAR_MS };
		struct error err;

		trail[0] = '\0';
		for (size_t k = 0; k < COUNT(w.pipes); k++)
			assert_int_equal(
				0, pipe2(w.pipes[k], O_NONBLOCK | O_CLOEXEC));
		assert_false(loop_is_here());
		assert_int_equal(0, loop_run(&work, &err));
		assert_false(loop_is_here());
		if (strcmp(trail, s->trail) != 0)
			fail_msg("%s: want \"%s\", have \"%s\"", s->what,
				s->trail, trail);
		for (size_t k = 0; k < COUNT(w.pipes); k++) {
			(void)close(w.pipes[k][0]);
			(void)close(w.pipes[k][1]);
		}
	}
}

/* --- many --- */

static struct {
	size_t next, n, at_once, most;
} crowd;

static bool
next_of_crowd(void *arg, size_t *item)
{
	(void)arg;
	*item = crowd.next++;
	return *item < crowd.n;
}

static void
talk(void *arg, size_t item)
{
	int fd[2];
	char c;

	(void)arg;
	if (++crowd.at_once > crowd.most)
		crowd.most = crowd.at_once;
	assert_int_equal(
		0, socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, fd));
	for (int i = 0; i < 3; i++) {
		assert_true(loop_wait(fd[i % 2], POLLOUT,
				    probe_now_ms() + FAR_MS) == POLLOUT);
		c = (char)(item + (size_t)i);
		assert_int_equal(1, write(fd[i % 2], &c, 1));
		assert_true(loop_wait(fd[(i + 1) % 2], POLLIN,
				    probe_now_ms() + FAR_MS) == POLLIN);
		assert_int_equal(1, read(fd[(i + 1) % 2], &c, 1));
		assert_int_equal((char)(item + (size_t)i), c);
	}
	(void)close(fd[0]);
	(void)close(fd[1]);
	crowd.at_once--;
}

/* A loop of its own for `n` pieces. */
static void
run_crowd(void (*run)(void *arg, size_t item), size_t n, size_t slots)
{
	const struct loop_work work = { .next = next_of_crowd,
		.run = run,
		.slots = slots,
		.busy = slots,
		.limit_ms = FAR_MS };
	struct error err;

	crowd.next = crowd.at_once = crowd.most = 0;
	crowd.n = n;
	assert_int_equal(0, loop_run(&work, &err));
}

static void
test_many(void **state)
{
	(void)state;
	run_crowd(talk, 5000, 80);
	assert_int_equal(0, crowd.at_once);
	/* The rate is not known yet, so it begins with few. */
	assert_in_range(crowd.most, 32, 80);
	/* None is one of them. */
	run_crowd(talk, 0, 80);
}

/*
 * Of more than one look at what has arrived brings, this machine comes to the
 * last ones past their deadline. So many are under way at a time once it is
 * known how fast they end.
 */
#define QUICK 500
#define LATE 100
static int late[LATE][2];

static void
be_late(void *arg, size_t item)
{
	(void)arg;
	if (item < QUICK) {
		burn(1);
	} else if (item < QUICK + LATE) {
		int fd = late[item - QUICK][0];

		assert_int_equal(
			POLLIN, loop_wait(fd, POLLIN, probe_now_ms() + 300));
		crowd.at_once++;
	} else {
		for (size_t i = 0; i < LATE; i++)
			assert_int_equal(1, write(late[i][1], "x", 1));
		burn(400);
	}
}

static void
test_late_crowd(void **state)
{
	(void)state;
	for (size_t i = 0; i < LATE; i++)
		assert_int_equal(0, pipe(late[i]));
	run_crowd(be_late, QUICK + LATE + 1, LATE + 1);
	assert_int_equal(LATE, crowd.at_once);
	for (size_t i = 0; i < LATE; i++) {
		(void)close(late[i][0]);
		(void)close(late[i][1]);
	}
}

static void
test_no_descriptors(void **state)
{
	const struct loop_work work = {
		.next = next_of_crowd, .run = talk, .slots = 1, .busy = 1
	};
	struct rlimit old, none;
	struct error err;
	int rc;

	(void)state;
	assert_int_equal(0, getrlimit(RLIMIT_NOFILE, &old));
	none = old;
	none.rlim_cur = 0;
	assert_int_equal(0, setrlimit(RLIMIT_NOFILE, &none));
	crowd.next = 0;
	crowd.n = 1;
	rc = loop_run(&work, &err);
	assert_int_equal(0, setrlimit(RLIMIT_NOFILE, &old));
	assert_int_equal(-1, rc);
	assert_string_equal(
		"no descriptor to wait with: Too many open files", err.text);
	assert_int_equal(0, crowd.next);
}

/* --- calls that block --- */

struct call {
	int begun[2], go_on[2], dropped[2]; /* pipes */
};

static struct call *
call_new(void)
{
	struct call *c = mem_alloc(sizeof(*c));

	assert_int_equal(0, pipe(c->begun));
	assert_int_equal(0, pipe(c->go_on));
	assert_int_equal(0, pipe(c->dropped));
	return c;
}

static void
call_free(struct call *c)
{
	for (size_t i = 0; i < 2; i++) {
		(void)close(c->begun[i]);
		(void)close(c->go_on[i]);
		(void)close(c->dropped[i]);
	}
	free(c);
}

static void
give(int fd)
{
	assert_int_equal(1, write(fd, "x", 1));
}

static void
want(int fd)
{
	char c;

	assert_int_equal(1, read(fd, &c, 1));
}

static void
call_run(void *arg)
{
	struct call *c = arg;

	give(c->begun[1]);
	want(c->go_on[0]);
}

static void
call_drop(void *arg)
{
	give(((struct call *)arg)->dropped[1]);
}

static struct call *calls[2];

/* The first one's call can end only once the second one's has begun. */
static void
call_each_other(void *arg, size_t item)
{
	struct probe_io io = { .deadline_ms = probe_now_ms() + FAR_MS };

	(void)arg;
	io_init(&io);
	if (item == 1)
		give(calls[0]->go_on[1]);
	assert_int_equal(0, io.call(&io, call_run, call_drop, calls[item]));
	if (item == 0)
		give(calls[1]->go_on[1]);
}

static void
test_calls_in_a_loop(void **state)
{
	(void)state;
	calls[0] = call_new();
	calls[1] = call_new();
	run_crowd(call_each_other, 2, 2);
	call_free(calls[0]);
	call_free(calls[1]);
}

/* It hangs past the deadline, and is dropped by whoever is left. */
static void
call_in_vain(void *arg, size_t item)
{
	struct probe_io io = { .deadline_ms = probe_now_ms() + 30 };

	(void)arg;
	(void)item;
	io_init(&io);
	assert_int_equal(-1, io.call(&io, call_run, call_drop, calls[0]));
	assert_true(probe_now_ms() >= io.deadline_ms);
	want(calls[0]->begun[0]);
	give(calls[0]->go_on[1]);
	want(calls[0]->dropped[0]);
}

static void
test_call_abandoned(void **state)
{
	(void)state;
	calls[0] = call_new();
	run_crowd(call_in_vain, 1, 2);
	/* Without a loop it is the same. */
	call_in_vain(NULL, 0);
	call_free(calls[0]);
}

/* A peer that drips a byte at a time does not hold a probe for ever. */
static void
test_late_waits(void **state)
{
	struct probe_io io = { .deadline_ms = probe_now_ms() };
	int fd[2], n = 0;

	(void)state;
	io_init(&io);
	assert_int_equal(0, pipe(fd));
	give(fd[1]);
	while (io.wait(&io, fd[0], POLLIN, io.deadline_ms) == POLLIN)
		n++;
	assert_int_equal(64, n);
	(void)close(fd[0]);
	(void)close(fd[1]);
}

/* Each of so many calls is on its way before the first comes to its end. */
static struct {
	pthread_mutex_t lock;
	pthread_cond_t changed;
	size_t n, want;
} barrier = { .lock = PTHREAD_MUTEX_INITIALIZER,
	.changed = PTHREAD_COND_INITIALIZER };

static void
meet(void *arg)
{
	(void)arg;
	pthread_mutex_lock(&barrier.lock);
	barrier.n++;
	pthread_cond_broadcast(&barrier.changed);
	while (barrier.n < barrier.want)
		pthread_cond_wait(&barrier.changed, &barrier.lock);
	pthread_mutex_unlock(&barrier.lock);
}

static void
test_hands_at_a_time(void **state)
{
	(void)state;
	barrier.want = 200;
	for (size_t i = 0; i + 1 < barrier.want; i++)
		assert_int_equal(0, hands_run(meet, NULL));
	meet(NULL);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_fibers_by_turns),
		cmocka_unit_test(test_waits),
		cmocka_unit_test(test_many),
		cmocka_unit_test(test_late_crowd),
		cmocka_unit_test(test_no_descriptors),
		cmocka_unit_test(test_calls_in_a_loop),
		cmocka_unit_test(test_call_abandoned),
		cmocka_unit_test(test_late_waits),
		cmocka_unit_test(test_hands_at_a_time),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
