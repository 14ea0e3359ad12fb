/* readfile.c - a whole file, if it is not too long */
#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include "config/readfile.h"

static int
too_long(size_t limit, struct error *err)
{
	errno = EFBIG;
	if (limit >= 1 << 20)
		return error_set(err, ERROR_PARSE,
			"want at most %zu MiB, have more", limit >> 20);
	return error_set(err, ERROR_PARSE, "want at most %zu KiB, have more",
		limit >> 10);
}

static int
read_all(int fd, size_t limit, struct buf *out, struct error *err)
{
	char chunk[16384];
	size_t total = 0;
	ssize_t n;

	while ((n = read(fd, chunk, sizeof(chunk))) != 0) {
		if (n == -1 && errno == EINTR)
			continue;
		if (n == -1)
			return error_sys(err, "cannot be read");
		total += (size_t)n;
		if (total > limit)
			return too_long(limit, err);
		buf_add(out, chunk, (size_t)n);
	}
	return 0;
}

/* 0, or -1 if what was opened is not to be read. */
static int
check_kind(const struct stat *st, bool pipes, struct error *err)
{
	if (S_ISDIR(st->st_mode)) {
		errno = EISDIR;
		return error_set(err, ERROR_IO, "want a file, have a folder");
	}
	if (!pipes && !S_ISREG(st->st_mode)) {
		errno = EINVAL;
		return error_set(
			err, ERROR_IO, "want a file, have a pipe or a device");
	}
	return 0;
}

int
readfile(const char *path, size_t limit, bool pipes, struct buf *out,
	struct stat *st, struct error *err)
{
	/* A pipe without a writer would hold open() itself. */
	int flags = O_RDONLY | O_CLOEXEC | O_NOCTTY | (pipes ? 0 : O_NONBLOCK);
	int fd = open(path, flags), rc, why;

	if (fd == -1)
		return error_sys(err, "cannot be read");
	if (fstat(fd, st) == -1)
		rc = error_sys(err, "cannot be read");
	else
		rc = check_kind(st, pipes, err);
	if (rc == 0)
		rc = read_all(fd, limit, out, err);
	why = errno;
	(void)close(fd);
	errno = why;
	return rc;
}
