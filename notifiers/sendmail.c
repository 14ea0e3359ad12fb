/* sendmail.c - give a mail to the machine's own sendmail */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <sysexits.h>
#include <unistd.h>

#include "model/alloc.h"
#include "model/duration.h"
#include "notifiers/answer.h"
#include "notifiers/sendmail.h"
#include "notifiers/transfer.h"

#define SAID_MAX 500 /* bytes of its output that are kept */
#define FAREWELL_MS 500 /* between SIGTERM and SIGKILL */
#define BURIAL_MS 1000 /* after SIGKILL, which a setuid program may survive */
#define TICK_MS 20 /* where the kernel has no pidfd */

struct child {
	pid_t pid;
	int pidfd; /* -1: none */
	int output; /* what it says, not blocking; -1: at its end */
	struct buf said;
	bool ended;
	int status; /* as of waitpid() */
};

static void
close_fd(int *fd)
{
	if (*fd >= 0)
		(void)close(*fd);
	*fd = -1;
}

/* A file in memory: the child reads at its own pace, or not at all. */
static int
open_message(const struct buf *message)
{
	BUF_CLEANUP struct buf local = { 0 };
	int fd = memfd_create("mail", MFD_CLOEXEC);

	for (const char *s = buf_str(message); *s != '\0'; s++) {
		if (*s != '\r')
			buf_putc(&local, *s);
	}
	for (size_t at = 0; fd >= 0 && at < local.len;) {
		ssize_t n = write(fd, local.s + at, local.len - at);

		if (n <= 0)
			close_fd(&fd);
		else
			at += (size_t)n;
	}
	if (fd >= 0 && lseek(fd, 0, SEEK_SET) == -1)
		close_fd(&fd);
	return fd;
}

static char **
make_argv(const char *program, const struct mail_envelope *m)
{
	const char *const head[] = { program, "-i", "-f", m->from.addr, "--" };
	size_t n = sizeof(head) / sizeof(head[0]);
	char **argv = mem_alloc((n + m->n_to + 1) * sizeof(*argv));

	memcpy(argv, head, sizeof(head));
	for (size_t i = 0; i < m->n_to; i++)
		argv[n++] = m->to[i].addr;
	return argv;
}

/* Returns 0, or why it cannot be started, an errno. */
static int
spawn(struct child *c, char *const argv[], int input, int output)
{
	static const char path[] = "PATH=/usr/sbin:/usr/bin:/sbin:/bin";
	const char *home = getenv("HOME"); /* a user's own settings, msmtp's */
	cleanup(str_free) char *where = str_fmt(
		"HOME=%s", home != NULL ? home : "/");
	cleanup(str_free) char *search = str_dup(path);
	cleanup(str_free) char *locale = str_dup("LC_ALL=C");
	char *const environment[] = { search, locale, where, NULL };
	posix_spawn_file_actions_t files;
	posix_spawnattr_t attr;
	sigset_t all, none;
	int rc;

	sigfillset(&all);
	sigemptyset(&none);
	if (posix_spawn_file_actions_init(&files) != 0 ||
		posix_spawnattr_init(&attr) != 0)
		mem_exhausted();
	rc = posix_spawn_file_actions_adddup2(&files, input, 0);
	rc = rc != 0 ? rc : posix_spawn_file_actions_adddup2(&files, output, 1);
	rc = rc != 0 ? rc : posix_spawn_file_actions_adddup2(&files, output, 2);
	/* Ours are closed on exec; a library's may not be. */
	rc = rc != 0 ? rc : posix_spawn_file_actions_addclosefrom_np(&files, 3);
	(void)posix_spawnattr_setpgroup(&attr, 0);
	(void)posix_spawnattr_setsigdefault(&attr, &all);
	(void)posix_spawnattr_setsigmask(&attr, &none);
	(void)posix_spawnattr_setflags(&attr,
		POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGDEF |
			POSIX_SPAWN_SETSIGMASK);
	rc = rc != 0 ? rc
		     : posix_spawn(&c->pid, argv[0], &files, &attr, argv,
			       environment);
	posix_spawnattr_destroy(&attr);
	posix_spawn_file_actions_destroy(&files);
	return rc;
}

/* As spawn(). */
static int
child_start(struct child *c, char *const argv[], const struct buf *message)
{
	int input = open_message(message), ends[2] = { -1, -1 };
	int rc = 0;

	*c = (struct child){ .pidfd = -1, .output = -1 };
	if (input == -1 || pipe2(ends, O_CLOEXEC) == -1 ||
		fcntl(ends[0], F_SETFL, O_NONBLOCK) == -1)
		rc = errno;
	if (rc == 0)
		rc = spawn(c, argv, input, ends[1]);
	if (rc == 0) {
		c->pidfd = (int)syscall(SYS_pidfd_open, c->pid, 0);
		c->output = ends[0];
		ends[0] = -1;
	}
	close_fd(&ends[0]);
	close_fd(&ends[1]);
	close_fd(&input);
	return rc;
}

/* Take in some of what it says; true while there may be more. */
static bool
child_listen(struct child *c)
{
	char some[4096];
	ssize_t n = c->output >= 0 ? read(c->output, some, sizeof(some)) : 0;

	if (n > 0 && c->said.len < SAID_MAX) {
		size_t room = SAID_MAX - c->said.len;

		/* A NUL would hide what comes after it. */
		for (ssize_t i = 0; i < n; i++)
			some[i] = some[i] == '\0' ? ' ' : some[i];
		buf_add(&c->said, some, (size_t)n < room ? (size_t)n : room);
	}
	if (n == 0 || (n == -1 && errno != EAGAIN && errno != EINTR))
		close_fd(&c->output);
	return n > 0;
}

/* Until it has ended, or it is `until_ms` by CLOCK_MONOTONIC. */
static bool
child_wait(struct child *c, int64_t until_ms)
{
	while (!c->ended) {
		int64_t left = until_ms - transfer_now_ms();
		struct pollfd fds[] = { { .fd = c->output, .events = POLLIN },
			{ .fd = c->pidfd, .events = POLLIN } };

		if (left <= 0)
			return false;
		if (c->pidfd == -1 && left > TICK_MS)
			left = TICK_MS;
		(void)poll(fds, 2, (int)left);
		(void)child_listen(c);
		c->ended = waitpid(c->pid, &c->status, WNOHANG) == c->pid;
	}
	return true;
}

/* It, and whom it has started; also where it left its group. */
static void
child_signal(const struct child *c, int number)
{
	(void)kill(-c->pid, number);
	(void)kill(c->pid, number);
}

static void
child_release(struct child *c)
{
	close_fd(&c->pidfd);
	close_fd(&c->output);
	buf_release(&c->said);
}

/* False if it had to be ended. The last moments are for its farewell. */
static bool
child_finish(struct child *c, int64_t timeout_ms)
{
	int64_t deadline_ms = transfer_now_ms() + timeout_ms;
	int64_t farewell_ms = timeout_ms / 4 < FAREWELL_MS ? timeout_ms / 4
							   : FAREWELL_MS;

	if (child_wait(c, deadline_ms - farewell_ms)) {
		for (int i = 0; i < 16 && child_listen(c); i++)
			;
		return true;
	}
	child_signal(c, SIGTERM);
	if (!child_wait(c, deadline_ms)) {
		child_signal(c, SIGKILL);
		(void)child_wait(c, transfer_now_ms() + BURIAL_MS);
	}
	return false;
}

struct meaning {
	int status;
	enum outcome outcome;
	const char *words;
};

/* sysexits(3), and what a shell adds. */
static const struct meaning meanings[] = {
	{ EX_OK, DELIVERED, "taken" },
	{ EX_USAGE, DELIVERY_REFUSED, "it does not take these options" },
	{ EX_DATAERR, DELIVERY_REFUSED, "the message is refused" },
	{ EX_NOINPUT, DELIVERY_FAILED, "a file cannot be read" },
	{ EX_NOUSER, DELIVERY_REFUSED, "no such recipient" },
	{ EX_NOHOST, DELIVERY_REFUSED, "no such host" },
	{ EX_UNAVAILABLE, DELIVERY_FAILED, "the service is not available" },
	{ EX_SOFTWARE, DELIVERY_FAILED, "an internal error" },
	{ EX_OSERR, DELIVERY_FAILED, "the system refuses something" },
	{ EX_OSFILE, DELIVERY_FAILED, "a system file is missing" },
	{ EX_CANTCREAT, DELIVERY_FAILED, "a file cannot be made" },
	{ EX_IOERR, DELIVERY_FAILED, "an input/output error" },
	{ EX_TEMPFAIL, DELIVERY_FAILED, "not now, perhaps later" },
	{ EX_PROTOCOL, DELIVERY_REFUSED, "the other side breaks the protocol" },
	{ EX_NOPERM, DELIVERY_REFUSED, "permission denied" },
	{ EX_CONFIG, DELIVERY_REFUSED, "its configuration is wrong" },
	{ 126, DELIVERY_REFUSED, "a command cannot be run" },
	{ 127, DELIVERY_REFUSED, "a command is missing" },
};

static const struct meaning *
find_meaning(int status)
{
	for (size_t i = 0; i < sizeof(meanings) / sizeof(meanings[0]); i++) {
		if (meanings[i].status == status)
			return &meanings[i];
	}
	return NULL;
}

static void
judge(const char *program, const struct child *c, struct delivery *out)
{
	const char *said = buf_str(&c->said), *colon = ": ";
	int status = WEXITSTATUS(c->status);
	const struct meaning *why;

	if (said[strspn(said, " \t\r\n")] == '\0')
		said = colon = "";
	if (WIFSIGNALED(c->status)) {
		answer_set(out, DELIVERY_FAILED, NULL, "%s: ended by %s%s%s",
			program, strsignal(WTERMSIG(c->status)), colon, said);
		return;
	}
	why = find_meaning(status);
	if (why != NULL && why->outcome == DELIVERED)
		answer_set(out, DELIVERED, NULL, "%s: %s%s%s", program,
			why->words, colon, said);
	else
		answer_set(out, why != NULL ? why->outcome : DELIVERY_FAILED,
			NULL, "%s: %s (exit status %d)%s%s", program,
			why != NULL ? why->words : "it failed", status, colon,
			said);
	out->unfit = status == EX_DATAERR;
}

/* What only a change of the configuration, or of the machine, can mend. */
static enum outcome
outcome_of(int err)
{
	return err == ENOENT || err == EACCES || err == ENOEXEC ||
			err == ENOTDIR
		? DELIVERY_REFUSED
		: DELIVERY_FAILED;
}

void
sendmail_run(const char *program, const struct mail_envelope *m,
	const struct buf *message, int64_t timeout_ms, struct delivery *out)
{
	char **argv = make_argv(program, m);
	BUF_CLEANUP struct buf within = { 0 };
	struct child child;
	struct error err;
	int rc = child_start(&child, argv, message);

	free(argv);
	if (rc != 0) {
		errno = rc;
		error_sys(&err, "%s: cannot be started", program);
		answer_set(out, outcome_of(rc), NULL, "%s", err.text);
		return;
	}
	if (child_finish(&child, timeout_ms)) {
		judge(program, &child, out);
	} else {
		duration_format_ms(&within, timeout_ms);
		answer_set(out, DELIVERY_FAILED, NULL,
			"%s: not done within %s, %s", program, buf_str(&within),
			child.ended ? "so it was ended"
				    : "and it cannot be ended");
	}
	child_release(&child);
}
