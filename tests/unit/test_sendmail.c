/* test_sendmail.c - sendmails that work, refuse, dawdle and cannot be run */
#include "tests/unit/mail_world.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "notifiers/sendmail.h"
#include "notifiers/transfer.h"

struct world {
	char folder[64];
	char program[128];
};

static int
setup(void **state)
{
	struct world *w = mem_alloc(sizeof(*w));

	strcpy(w->folder, "/tmp/certvigil-sendmail-XXXXXX");
	assert_non_null(mkdtemp(w->folder));
	snprintf(w->program, sizeof(w->program), "%s/sendmail", w->folder);
	*state = w;
	return 0;
}

static int
teardown(void **state)
{
	struct world *w = *state;
	cleanup(str_free) char *rm = str_fmt("rm -r %s", w->folder);

	assert_int_equal(system(rm), 0);
	free(w);
	return 0;
}

/* The sendmail from now on: these lines of sh, in its own folder. */
static void
install(const struct world *w, const char *lines)
{
	FILE *f = fopen(w->program, "we");

	assert_non_null(f);
	fprintf(f, "#!/bin/sh\ncd %s\n%s\n", w->folder, lines);
	assert_int_equal(fclose(f), 0);
	assert_int_equal(chmod(w->program, 0755), 0);
}

/* A file of the folder; "" if it is not there. */
static void
slurp(struct buf *out, const struct world *w, const char *name)
{
	cleanup(str_free) char *path = str_fmt("%s/%s", w->folder, name);
	char some[4096];
	FILE *f = fopen(path, "re");
	size_t n;

	buf_puts(out, "");
	while (f != NULL && (n = fread(some, 1, sizeof(some), f)) > 0)
		buf_add(out, some, n);
	if (f != NULL)
		fclose(f);
}

static void
run(const struct world *w, const char *message, int64_t timeout_ms,
	struct delivery *out)
{
	BUF_CLEANUP struct buf bytes = { 0 };
	struct address to[2];
	struct mail_envelope m = envelope(to, "");

	strcpy(to[1].addr, "-oQx|y$(z)@example.com");
	buf_puts(&bytes, message);
	*out = (struct delivery){ 0 };
	sendmail_run(w->program, &m, &bytes, timeout_ms, out);
}

#define LONG_MS 20000

/* No shell reads the addresses, "--" stands before them. */
static void
test_argv_and_input(void **state)
{
	const struct world *w = *state;
	BUF_CLEANUP struct buf args = { 0 }, input = { 0 };
	struct delivery out;

	install(w, "printf '%s\\n' \"$@\" >args; cat >input");
	run(w, "A: b\r\n\r\n.\r\nbody\r\n", LONG_MS, &out);
	assert_int_equal(out.outcome, DELIVERED);
	assert_true(has(out.answer, "/sendmail: taken"));
	slurp(&args, w, "args");
	assert_string_equal(args.s,
		"-i\n-f\ncv@example.com\n--\na@example.com\n"
		"-oQx|y$(z)@example.com\n");
	slurp(&input, w, "input");
	assert_string_equal(input.s, "A: b\n\n.\nbody\n");
}

/* A message of any size, whether it is read or not. */
static void
test_big_message(void **state)
{
	const struct world *w = *state;
	BUF_CLEANUP struct buf big = { 0 }, size = { 0 };
	struct delivery out;

	while (big.len < MAIL_BYTES_MAX)
		buf_puts(&big, "a line of a mail that is very long\r\n");
	install(w, "wc -c >size");
	run(w, big.s, LONG_MS, &out);
	assert_int_equal(out.outcome, DELIVERED);
	slurp(&size, w, "size");
	assert_int_equal(atol(size.s), big.len / 36 * 35);
	install(w, "exit 0");
	run(w, big.s, LONG_MS, &out);
	assert_int_equal(out.outcome, DELIVERED);
}

static void
test_exit_status(void **state)
{
	static const struct {
		const char *lines;
		enum outcome outcome;
		const char *answer;
	} rows[] = {
		{ "exit 0", DELIVERED, "taken" },
		{ "echo queued as 17", DELIVERED, "taken: queued as 17" },
		{ "exit 64", DELIVERY_REFUSED, "options (exit status 64)" },
		{ "exit 65", DELIVERY_REFUSED, "message is refused" },
		{ "echo no such user >&2; exit 67", DELIVERY_REFUSED,
			"no such recipient (exit status 67): no such user" },
		{ "exit 68", DELIVERY_REFUSED, "no such host" },
		{ "exit 69", DELIVERY_FAILED, "not available" },
		{ "exit 70", DELIVERY_FAILED, "internal" },
		{ "exit 71", DELIVERY_FAILED, "system" },
		{ "exit 73", DELIVERY_FAILED, "cannot be made" },
		{ "exit 74", DELIVERY_FAILED, "input/output" },
		{ "exit 75", DELIVERY_FAILED, "perhaps later" },
		{ "exit 76", DELIVERY_REFUSED, "protocol" },
		{ "exit 77", DELIVERY_REFUSED, "permission denied" },
		{ "exit 78", DELIVERY_REFUSED, "configuration is wrong" },
		{ "exit 1", DELIVERY_FAILED, "it failed (exit status 1)" },
		{ "exit 255", DELIVERY_FAILED, "(exit status 255)" },
		{ "no-such-command-here", DELIVERY_REFUSED,
			"(exit status 127)" },
		{ "kill -9 $$", DELIVERY_FAILED, "ended by Killed" },
		{ "echo x; kill -TERM $$", DELIVERY_FAILED,
			"ended by Terminated: x" },
	};

	for (size_t i = 0; i < COUNT(rows); i++) {
		struct delivery out;

		install(*state, rows[i].lines);
		run(*state, "m", LONG_MS, &out);
		if (out.outcome != rows[i].outcome ||
			!has(out.answer, rows[i].answer))
			fail_msg("%s: %d %s", rows[i].lines, out.outcome,
				out.answer);
		assert_int_equal(out.unfit, has(rows[i].lines, "65"));
	}
}

/* As much as it says is one harmless line of what fits. */
static void
test_hostile_output(void **state)
{
	struct delivery out;

	install(*state,
		"printf 'a\\033[2J\\0b\\n\\nc\\342\\200\\256' >&2\n"
		"exit 75");
	run(*state, "m", LONG_MS, &out);
	assert_true(has(out.answer, "75): a\\x1b[2J b c\\u{202e}"));
	install(*state,
		"i=0\nwhile [ $i -lt 20000 ]; do echo line $i of many\n"
		"i=$((i + 1)); done; exit 75");
	run(*state, "m", LONG_MS, &out);
	assert_int_equal(out.outcome, DELIVERY_FAILED);
	assert_true(has(out.answer, "line 0 of many line 1"));
	assert_true(strlen(out.answer) < sizeof(out.answer));
}

static void
test_deadline(void **state)
{
	static const char *const lines[] = {
		"exec sleep 300", /* ended by SIGTERM */
		"trap '' TERM\nwhile :; do sleep 300; done",
		"exec yes", /* says more than anybody reads */
		"sleep 300 & echo $! >other; wait",
	};
	const struct world *w = *state;
	BUF_CLEANUP struct buf other = { 0 };

	for (size_t i = 0; i < COUNT(lines); i++) {
		int64_t began = transfer_now_ms();
		struct delivery out;

		install(w, lines[i]);
		run(w, "m", 400, &out);
		assert_int_equal(out.outcome, DELIVERY_FAILED);
		assert_true(has(out.answer, "not done within 400ms"));
		assert_true(has(out.answer, "so it was ended"));
		assert_in_range(transfer_now_ms() - began, 250, 3000);
		/* Nobody is left, nor a zombie. */
		assert_int_equal(waitpid(-1, NULL, WNOHANG), -1);
	}
	slurp(&other, w, "other");
	assert_true(atoi(other.s) > 1);
	for (int i = 0; i < 100 && kill(atoi(other.s), 0) == 0; i++) {
		cleanup(str_free) char *path = str_fmt(
			"/proc/%d/stat", atoi(other.s));
		char stat[200] = "";
		FILE *f = fopen(path, "re");

		/* Where init does not reap, what is dead stays a zombie. */
		if (f == NULL || fgets(stat, sizeof(stat), f) == NULL ||
			has(stat, ") Z "))
			i = 100;
		else
			assert_true(i < 99);
		if (f != NULL)
			fclose(f);
		usleep(20000);
	}
}

/* One that goes on in the background does not hold up anybody. */
static void
test_background(void **state)
{
	const struct world *w = *state;
	BUF_CLEANUP struct buf pid = { 0 };
	int64_t began = transfer_now_ms();
	struct delivery out;

	install(w, "sleep 300 & echo $! >pid; exit 0");
	run(w, "m", LONG_MS, &out);
	assert_int_equal(out.outcome, DELIVERED);
	assert_true(transfer_now_ms() - began < LONG_MS / 2);
	slurp(&pid, w, "pid");
	assert_int_equal(kill(atoi(pid.s), SIGKILL), 0);
}

static void
test_cannot_be_started(void **state)
{
	static const struct {
		const char *program, *answer;
	} rows[] = {
		{ "/nonexistent/sendmail", "No such file" },
		{ "/etc/passwd", "Permission denied" },
		{ "/etc/passwd/x", "Not a directory" },
		{ "/", "Permission denied" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct world w = { 0 };
		struct delivery out;

		strcpy(w.program, rows[i].program);
		run(&w, "m", LONG_MS, &out);
		assert_int_equal(out.outcome, DELIVERY_REFUSED);
		assert_true(has(out.answer, rows[i].answer));
		assert_true(has(out.answer, "cannot be started"));
	}
}

/* None of our secrets, descriptors or signals goes along. */
static void
test_nothing_goes_along(void **state)
{
	const struct world *w = *state;
	BUF_CLEANUP struct buf env = { 0 }, fds = { 0 };
	int leak = open("/dev/null", O_RDONLY); /* NOLINT: not O_CLOEXEC */
	struct delivery out;
	const char *ignored;

	assert_true(leak > 2);
	assert_int_equal(setenv("MY_SECRET", "hunter2", 1), 0);
	assert_int_equal(setenv("LD_PRELOAD_X", "x", 1), 0);
	install(w,
		"env >env; ls /proc/self/fd >fds\n"
		"grep -E '^Sig(Blk|Ign)' /proc/self/status >>fds");
	run(w, "m", LONG_MS, &out);
	assert_int_equal(out.outcome, DELIVERED);
	slurp(&env, w, "env");
	assert_false(has(env.s, "hunter2"));
	assert_false(has(env.s, "LD_PRELOAD"));
	assert_true(has(env.s, "PATH=/usr/sbin:/usr/bin:/sbin:/bin\n"));
	slurp(&fds, w, "fds");
	/* The folder that ls reads is 3. */
	assert_true(has(fds.s, "0\n1\n2\n3\nSig"));
	assert_true(has(fds.s, "SigBlk:\t0000000000000000\n"));
	ignored = strstr(fds.s, "SigIgn:\t");
	assert_non_null(ignored);
	assert_false(strtoull(ignored + 8, NULL, 16) >> (SIGPIPE - 1) & 1);
	close(leak);
	unsetenv("MY_SECRET");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_argv_and_input),
		cmocka_unit_test(test_big_message),
		cmocka_unit_test(test_exit_status),
		cmocka_unit_test(test_hostile_output),
		cmocka_unit_test(test_deadline),
		cmocka_unit_test(test_background),
		cmocka_unit_test(test_cannot_be_started),
		cmocka_unit_test(test_nothing_goes_along),
	};

	(void)signal(SIGPIPE, SIG_IGN); /* as the program has it */
	return cmocka_run_group_tests(tests, setup, teardown);
}
