/* lock.c - one scan at a time */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "model/alloc.h"
#include "state/lock.h"

#define POLL_MS 20 /* flock() knows no deadline */

static int64_t
clock_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

/* The process id that `fd` holds; 0: empty; -1: it holds something else. */
static long
lock_pid(int fd)
{
	char text[32] = "", *end;
	ssize_t n = pread(fd, text, sizeof(text) - 1, 0);
	long pid;

	if (n == 0)
		return 0;
	pid = strtol(text, &end, 10);
	return n > 0 && end > text && strcmp(end, "\n") == 0 && pid > 0 ? pid
									: -1;
}

static int
lock_busy(const char *path, int fd, struct error *err)
{
	long pid = lock_pid(fd);

	/* Between taking the lock and writing the id it is not known. */
	if (pid <= 0)
		return error_set(
			err, ERROR_BUSY, "%s: another scan is running", path);
	return error_set(err, ERROR_BUSY,
		"%s: another scan is running (pid %ld)", path, pid);
}

static int
lock_wait(const char *path, int fd, int64_t wait_ms, struct error *err)
{
	const struct timespec nap = { .tv_nsec = POLL_MS * 1000000L };
	int64_t deadline_ms = clock_ms() + wait_ms;

	while (flock(fd, LOCK_EX | LOCK_NB) == -1) {
		if (errno != EWOULDBLOCK && errno != EINTR)
			return error_sys(err, "%s.lock: cannot lock", path);
		if (clock_ms() >= deadline_ms)
			return lock_busy(path, fd, err);
		(void)nanosleep(&nap, NULL);
	}
	return 0;
}

/* Say who has the lock, unless the file is not a lock of ours. */
static int
lock_sign(const char *path, int fd, struct error *err)
{
	cleanup(str_free) char *text = str_fmt("%ld\n", (long)getpid());
	struct stat st;

	if (fstat(fd, &st) == -1)
		return error_sys(err, "%s.lock: cannot look at it", path);
	if (!S_ISREG(st.st_mode) || lock_pid(fd) == -1)
		return error_set(err, ERROR_PARSE,
			"%s.lock: want a scan lock, have another file: it is "
			"left alone",
			path);
	if (ftruncate(fd, 0) == -1 ||
		pwrite(fd, text, strlen(text), 0) != (ssize_t)strlen(text))
		return error_sys(err, "%s.lock: cannot write", path);
	return 0;
}

int
lock_give(const char *path, int fd, struct error *err)
{
	const char *slash = strrchr(path, '/');
	cleanup(str_free) char *folder = slash == NULL
		? str_dup(".")
		: str_ndup(path, (size_t)(slash - path) + 1);
	struct stat of, in;

	if (geteuid() != 0)
		return 0;
	if (fstat(fd, &of) == -1 || stat(folder, &in) == -1)
		return error_sys(err, "%s: cannot look at it", path);
	if (of.st_uid != 0 || in.st_uid == 0)
		return 0;
	if (fchown(fd, in.st_uid, in.st_gid) == -1)
		return error_sys(
			err, "%s: cannot give it to its folder's owner", path);
	return 0;
}

int
lock_take(const char *path, int64_t wait_ms, int *out, struct error *err)
{
	cleanup(str_free) char *name = str_fmt("%s.lock", path);
	int fd = open(name, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);

	if (fd == -1 && errno == ENOENT)
		return error_set(err, ERROR_IO,
			"%s: its folder is not there (%s); make it, of mode "
			"0700, or have `systemctl start certvigil` make it",
			path, strerror(ENOENT));
	if (fd == -1)
		return error_sys(err, "%s: cannot open the scan lock", name);
	if (lock_give(name, fd, err) == -1 ||
		lock_wait(path, fd, wait_ms, err) == -1 ||
		lock_sign(path, fd, err) == -1) {
		close(fd);
		return -1;
	}
	*out = fd;
	return 0;
}

/* The file stays: whoever waits for it has it open. */
void
lock_release(int lock)
{
	if (lock != -1)
		close(lock);
}
