/* aside.c - a file written beside the one whose place it takes at once */
#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "commands/aside.h"
#include "model/alloc.h"

#define NEW_MODE 0644

static int
open_beside(const char *path, struct aside *a, struct error *err)
{
	cleanup(str_free) char *one = str_dup(path), *two = str_dup(path);
	char *temporary = str_fmt(
		"%s/.%.200s.XXXXXX", dirname(one), basename(two));
	int fd = mkostemp(temporary, O_CLOEXEC);
	FILE *to = fd == -1 ? NULL : fdopen(fd, "w");

	*a = (struct aside){ 0 };
	if (to == NULL) {
		int why = errno;

		if (fd != -1) {
			(void)close(fd);
			(void)unlink(temporary);
		}
		free(temporary);
		errno = why;
		return error_sys(err, "%s: no new file beside it", path);
	}
	*a = (struct aside){
		.to = to, .path = str_dup(path), .temporary = temporary
	};
	return 0;
}

static int
refuse(const char *path, struct error *err)
{
	return error_set(err, ERROR_IO,
		"%s: want a file to replace, have a folder or a device", path);
}

int
aside_open(const char *path, struct aside *a, struct error *err)
{
	struct stat st;

	if (lstat(path, &st) == 0 && !S_ISREG(st.st_mode) &&
		!S_ISLNK(st.st_mode))
		return refuse(path, err);
	return open_beside(path, a, err);
}

/* What stands for a descriptor of ours is never replaced, but written to. */
static int
open_descriptor(const char *path)
{
	const int how = O_WRONLY | O_APPEND | O_CLOEXEC | O_NOCTTY;

	if (strcmp(path, "/dev/stdout") == 0)
		return fcntl(STDOUT_FILENO, F_DUPFD_CLOEXEC, 0);
	if (strcmp(path, "/dev/stderr") == 0)
		return fcntl(STDERR_FILENO, F_DUPFD_CLOEXEC, 0);
	return open(path, how);
}

static bool
is_descriptor(const char *path)
{
	static const char *const folders[] = { "/dev/fd/", "/dev/std",
		"/proc/" };

	for (size_t i = 0; i < sizeof(folders) / sizeof(folders[0]); i++) {
		if (strncmp(path, folders[i], strlen(folders[i])) == 0)
			return true;
	}
	return false;
}

static int
open_as_it_is(const char *path, struct aside *a, struct error *err)
{
	int fd = open_descriptor(path);
	FILE *to = fd == -1 ? NULL : fdopen(fd, "w");

	if (to == NULL) {
		(void)error_sys(err, "%s: cannot be written", path);
		if (fd != -1)
			(void)close(fd);
		return -1;
	}
	*a = (struct aside){ .to = to, .path = str_dup(path) };
	return 0;
}

int
aside_open_through(const char *path, struct aside *a, struct error *err)
{
	cleanup(str_free) char *real = NULL;
	struct stat named, st;

	if (is_descriptor(path))
		return open_as_it_is(path, a, err);
	if (lstat(path, &named) == -1)
		return open_beside(path, a, err);
	real = realpath(path, NULL);
	if (real == NULL || stat(real, &st) == -1)
		return error_sys(err, "%s: the link leads nowhere", path);
	if (S_ISDIR(st.st_mode))
		return refuse(path, err);
	if (!S_ISREG(st.st_mode))
		return open_as_it_is(path, a, err);
	if (faccessat(AT_FDCWD, real, W_OK, AT_EACCESS) == -1)
		return error_sys(err, "%s: cannot be written", path);
	if (open_beside(real, a, err) == -1)
		return -1;
	a->replaces = true;
	a->old = st;
	return 0;
}

/* Why a write failed before is forgotten by now; another one fails likewise. */
static int
check_written(FILE *to)
{
	if (!ferror(to))
		return fflush(to);
	clearerr(to);
	if (fputc('\n', to) != EOF && fflush(to) != EOF)
		errno = EIO;
	return -1;
}

/* Whose group is another one grants it what everybody has. */
static int
keep_what_can_be(int fd, const struct stat *old)
{
	mode_t mode = old->st_mode & 0777;

	if (fchown(fd, old->st_uid, old->st_gid) == -1 &&
		fchown(fd, (uid_t)-1, old->st_gid) == -1)
		mode = (mode & 0707) | (mode & 07) << 3;
	return fchmod(fd, mode);
}

/* Mode and owner are those of the old one, where there is one. */
static int
finish(const struct aside *a, const struct stat *like)
{
	FILE *to = a->to;
	int fd = fileno(to);
	struct stat st;

	if (check_written(to) != 0 || fstat(fd, &st) == -1)
		return -1;
	if (like != NULL &&
		(like->st_uid != st.st_uid || like->st_gid != st.st_gid) &&
		fchown(fd, like->st_uid, like->st_gid) == -1)
		return -1;
	if (like == NULL && a->replaces) {
		if (keep_what_can_be(fd, &a->old) == -1)
			return -1;
	} else if (fchmod(fd, like != NULL ? like->st_mode & 0777 : NEW_MODE) ==
		-1) {
		return -1;
	}
	return fsync(fd);
}

/* The new name itself has to reach the disk too. */
static void
sync_folder(const char *path)
{
	cleanup(str_free) char *copy = str_dup(path);
	int fd = open(dirname(copy), O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	if (fd == -1)
		return;
	(void)fsync(fd);
	(void)close(fd);
}

static void
release(struct aside *a)
{
	free(a->path);
	free(a->temporary);
	*a = (struct aside){ 0 };
}

int
aside_commit(struct aside *a, const struct stat *like, struct error *err)
{
	int why = 0;

	if ((a->temporary != NULL ? finish(a, like) : check_written(a->to)) !=
		0)
		why = errno;
	if (fclose(a->to) == EOF && why == 0)
		why = errno;
	a->to = NULL;
	if (why == 0 && a->temporary != NULL &&
		rename(a->temporary, a->path) == -1)
		why = errno;
	if (why != 0) {
		errno = why;
		(void)error_sys(err, "%s: cannot be written", a->path);
		if (a->temporary != NULL)
			(void)unlink(a->temporary);
	} else if (a->temporary != NULL) {
		sync_folder(a->path);
	}
	release(a);
	return why == 0 ? 0 : -1;
}
