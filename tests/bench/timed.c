/* timed.c - run a command, and write what it took
 *
 *	timed LIMIT_S FILE COMMAND...
 *
 * FILE gets a line "WALL_S USER_S SYSTEM_S PEAK_KB STATUS". The times are of
 * the command and of all that it waited for, PEAK_KB is the largest resident
 * set of any of them, STATUS is the exit status, or 1000 plus the signal that
 * ended it. Past the limit the command and its children are ended, as they are
 * when this program is, or when its own parent ends.
 *
 * It is small for a reason: the peak of a process is never less than what its
 * parent had when it was started.
 */
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>

#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

static double
now_s(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static double
seconds(const struct timeval *t)
{
	return (double)t->tv_sec + (double)t->tv_usec / 1e6;
}

/* In its own group, so that its children can be ended with it. */
static pid_t
start(char **argv, const sigset_t *before)
{
	pid_t parent = getpid(), pid = fork();

	if (pid != 0) {
		(void)setpgid(pid, pid);
		return pid;
	}
	(void)setpgid(0, 0);
	(void)prctl(PR_SET_PDEATHSIG, SIGKILL);
	(void)sigprocmask(SIG_SETMASK, before, NULL);
	if (getppid() == parent)
		execvp(argv[0], argv);
	perror(argv[0]);
	_exit(127);
}

/* Until the command has ended, the limit is over, or we are told to end. */
static int
wait_for_signal(const sigset_t *set, double deadline_s)
{
	double left = deadline_s - now_s();
	struct timespec t = { 0 };

	if (left > 0) {
		t.tv_sec = (time_t)left;
		t.tv_nsec = (long)((left - (double)t.tv_sec) * 1e9);
	}
	return sigtimedwait(set, NULL, &t);
}

/* It stays to be waited for. */
static bool
has_ended(pid_t pid)
{
	siginfo_t info = { 0 };

	return waitid(P_PID, (id_t)pid, &info, WEXITED | WNOHANG | WNOWAIT) ==
		0 &&
		info.si_pid == pid;
}

static int
write_report(
	const char *path, double wall_s, const struct rusage *used, int status)
{
	FILE *f = fopen(path, "w");

	if (f == NULL) {
		perror(path);
		return -1;
	}
	fprintf(f, "%.6f %.6f %.6f %ld %d\n", wall_s, seconds(&used->ru_utime),
		seconds(&used->ru_stime), used->ru_maxrss,
		WIFEXITED(status) ? WEXITSTATUS(status)
				  : 1000 + WTERMSIG(status));
	return fclose(f) == 0 ? 0 : -1;
}

int
main(int argc, char **argv)
{
	sigset_t set, before;
	struct rusage used;
	double begin_s, limit_s;
	int status, sig;
	pid_t pid;

	if (argc < 4) {
		(void)fputs("usage: timed LIMIT_S FILE COMMAND...\n", stderr);
		return 3;
	}
	limit_s = strtod(argv[1], NULL);
	(void)prctl(PR_SET_PDEATHSIG, SIGTERM);
	sigemptyset(&set);
	sigaddset(&set, SIGCHLD);
	sigaddset(&set, SIGHUP);
	sigaddset(&set, SIGINT);
	sigaddset(&set, SIGTERM);
	(void)sigprocmask(SIG_BLOCK, &set, &before);

	begin_s = now_s();
	pid = start(argv + 3, &before);
	if (pid == -1) {
		perror("fork");
		return 3;
	}
	do
		sig = wait_for_signal(&set, begin_s + limit_s);
	while (sig == SIGCHLD && !has_ended(pid));
	if (sig != SIGCHLD)
		(void)kill(-pid, SIGKILL);
	if (wait4(pid, &status, 0, &used) != pid) {
		perror("wait4");
		return 3;
	}
	/* What it left behind is nobody's. */
	(void)kill(-pid, SIGKILL);
	return write_report(argv[2], now_s() - begin_s, &used, status) == 0 ? 0
									    : 3;
}
