/* disk.c - read a file whole, and find out who else may */
#include <sys/xattr.h>

#include <endian.h>
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <linux/limits.h>
#include <linux/posix_acl.h>
#include <linux/posix_acl_xattr.h>
#include <pwd.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "model/alloc.h"
#include "model/target.h"
#include "probes/file/disk.h"

#define MAX_FILE_BYTES ((size_t)16 * 1024 * 1024)
/* A user's or group's entry with all its members; what is longer is a number.
 */
#define MAX_ENTRY_BYTES ((size_t)1024 * 1024)

static const char *
kind_of_node(mode_t mode)
{
	if (S_ISFIFO(mode))
		return "a pipe";
	if (S_ISSOCK(mode))
		return "a socket";
	return "a device";
}

static void
tell_too_long(const char *file, struct observation *ob)
{
	observation_add_fault_of(ob, file, FAULT_FILE_TOO_LONG, 0,
		"want at most 16 MiB, have more");
}

/*
 * Room for `n` bytes and a NUL. Not by realloc(), which may leave a copy of a
 * key behind.
 */
static void
reserve(struct buf *b, size_t n)
{
	struct buf more = { 0 };

	if (n < b->cap)
		return;
	more.cap = n + 1;
	more.s = mem_alloc(more.cap);
	more.len = b->len;
	if (b->len > 0)
		memcpy(more.s, b->s, b->len);
	disk_wipe(b);
	*b = more;
}

/* Reads it whole. Returns 0, or -1 with a fault in `ob`. */
static int
read_all(int fd, size_t expected, const char *file, struct buf *out,
	struct observation *ob)
{
	ssize_t n;

	reserve(out, expected + 1);
	for (;;) {
		/* One byte more than expected shows that it is the end. */
		if (out->len + 1 >= out->cap)
			reserve(out, out->cap * 2);
		n = read(fd, out->s + out->len, out->cap - out->len - 1);
		if (n == -1 && errno == EINTR)
			continue;
		if (n == -1) {
			observation_add_fault_of(ob, file,
				FAULT_FILE_UNREADABLE, 0, "cannot be read: %s",
				strerror(errno));
			return -1;
		}
		if (n == 0)
			return 0;
		out->len += (size_t)n;
		if (out->len > MAX_FILE_BYTES) {
			tell_too_long(file, ob);
			return -1;
		}
	}
}

static void
tell_unopened(
	const char *path, const char *file, int why, struct observation *ob)
{
	struct stat st;

	if (why != ENOENT && why != ENOTDIR)
		observation_add_fault_of(ob, file, FAULT_FILE_UNREADABLE, 0,
			"cannot be opened: %s", strerror(why));
	else if (file == NULL && target_is_pattern(path))
		observation_add_fault(
			ob, FAULT_FILE_MISSING, 0, "no file fits this pattern");
	else if (lstat(path, &st) == 0)
		observation_add_fault_of(ob, file, FAULT_FILE_MISSING, 0,
			"is a link to something that is not there");
	else
		observation_add_fault_of(ob, file, FAULT_FILE_MISSING, 0,
			"is not there: %s", strerror(why));
}

static void
tell_folder(const char *file, struct observation *ob)
{
	if (file == NULL)
		observation_add_fault(ob, FAULT_FILE_NO_CERTIFICATE, 0,
			"want certificates, have an empty folder");
	else
		observation_add_fault_of(ob, file, FAULT_FILE_UNREADABLE, 0,
			"want a file, have a folder");
}

static bool
is_readable_kind(mode_t mode, const char *file, struct observation *ob)
{
	if (S_ISREG(mode))
		return true;
	if (S_ISDIR(mode))
		tell_folder(file, ob);
	else
		observation_add_fault_of(ob, file, FAULT_FILE_UNREADABLE, 0,
			"want a file, have %s", kind_of_node(mode));
	return false;
}

int
disk_read(const char *path, const char *file, struct buf *out, struct stat *st,
	struct observation *ob)
{
	int fd, rc = -1;

	/* To open a device may rewind it, or start it. */
	if (stat(path, st) == 0 && !S_ISDIR(st->st_mode) &&
		!is_readable_kind(st->st_mode, file, ob))
		return -1;
	/* Without O_NONBLOCK a pipe would be waited for. */
	fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	if (fd == -1) {
		tell_unopened(path, file, errno, ob);
		return -1;
	}
	if (fstat(fd, st) == -1)
		observation_add_fault_of(ob, file, FAULT_FILE_UNREADABLE, 0,
			"cannot be examined: %s", strerror(errno));
	else if (is_readable_kind(st->st_mode, file, ob) &&
		st->st_size > (off_t)MAX_FILE_BYTES)
		tell_too_long(file, ob);
	else if (S_ISREG(st->st_mode))
		rc = read_all(fd, (size_t)st->st_size, file, out, ob);
	(void)close(fd);
	if (rc == -1)
		disk_wipe(out);
	return rc;
}

void
disk_wipe(struct buf *b)
{
	if (b->s != NULL)
		explicit_bzero(b->s, b->cap);
	buf_release(b);
}

/* "group ssl-cert"; one that has no name is shown by its number. */
static void
add_group(struct buf *out, gid_t gid)
{
	struct group entry, *found = NULL;
	size_t size = 4096;
	char *space = NULL;

	do {
		space = mem_grow(space, size, 1);
	} while (getgrgid_r(gid, &entry, space, size, &found) == ERANGE &&
		(size *= 4) <= MAX_ENTRY_BYTES);
	buf_puts(out, out->len > 0 ? ", " : "");
	if (found != NULL)
		buf_printf(out, "group %s", found->gr_name);
	else
		buf_printf(out, "group %ju", (uintmax_t)gid);
	free(space);
}

static void
add_user(struct buf *out, uid_t uid)
{
	struct passwd entry, *found = NULL;
	size_t size = 4096;
	char *space = NULL;

	do {
		space = mem_grow(space, size, 1);
	} while (getpwuid_r(uid, &entry, space, size, &found) == ERANGE &&
		(size *= 4) <= MAX_ENTRY_BYTES);
	buf_puts(out, out->len > 0 ? ", " : "");
	if (found != NULL)
		buf_printf(out, "user %s", found->pw_name);
	else
		buf_printf(out, "user %ju", (uintmax_t)uid);
	free(space);
}

/* acl(5), as the kernel hands it out; no entries where there is none. */
struct acl {
	union {
		struct posix_acl_xattr_header head;
		char bytes[XATTR_SIZE_MAX];
	} raw;
	size_t n;
};

static struct posix_acl_xattr_entry
acl_entry(const struct acl *acl, size_t i)
{
	struct posix_acl_xattr_entry e;

	memcpy(&e, acl->raw.bytes + sizeof(acl->raw.head) + i * sizeof(e),
		sizeof(e));
	return e;
}

static void
acl_read(const char *path, struct acl *acl)
{
	const size_t head = sizeof(acl->raw.head);
	ssize_t n = getxattr(path, "system.posix_acl_access", acl->raw.bytes,
		sizeof(acl->raw.bytes));

	acl->n = 0;
	if (n >= (ssize_t)head &&
		le32toh(acl->raw.head.a_version) == POSIX_ACL_XATTR_VERSION)
		acl->n = ((size_t)n - head) /
			sizeof(struct posix_acl_xattr_entry);
}

/* What named users and groups, and the file's own group, have at most. */
static unsigned
acl_mask(const struct acl *acl)
{
	for (size_t i = 0; i < acl->n; i++) {
		struct posix_acl_xattr_entry e = acl_entry(acl, i);

		if (le16toh(e.e_tag) == ACL_MASK)
			return le16toh(e.e_perm);
	}
	return ACL_READ | ACL_WRITE | ACL_EXECUTE;
}

/* Does an entry of this kind let its user or group read? */
static bool
acl_reads(const struct acl *acl, size_t i, unsigned tag)
{
	struct posix_acl_xattr_entry e = acl_entry(acl, i);

	return le16toh(e.e_tag) == tag &&
		(le16toh(e.e_perm) & acl_mask(acl) & ACL_READ) != 0;
}

/* Where there is an access control list, the mode's group bits are its mask. */
static bool
group_reads(const struct acl *acl, mode_t mode)
{
	for (size_t i = 0; i < acl->n; i++) {
		if (acl_reads(acl, i, ACL_GROUP_OBJ))
			return true;
	}
	return acl->n == 0 && (mode & S_IRGRP) != 0;
}

char *
disk_readers(const char *path, const struct stat *st)
{
	struct acl *acl = mem_alloc(sizeof(*acl));
	struct buf out = { 0 };

	acl_read(path, acl);
	if (group_reads(acl, st->st_mode))
		add_group(&out, st->st_gid);
	if ((st->st_mode & S_IROTH) != 0)
		buf_puts(&out, out.len > 0 ? ", others" : "others");
	for (size_t i = 0; i < acl->n && out.len < 4096; i++) {
		struct posix_acl_xattr_entry e = acl_entry(acl, i);

		/* The owner goes by the owner's bits, whatever stands here. */
		if (acl_reads(acl, i, ACL_USER) &&
			le32toh(e.e_id) != st->st_uid)
			add_user(&out, le32toh(e.e_id));
		else if (acl_reads(acl, i, ACL_GROUP))
			add_group(&out, le32toh(e.e_id));
	}
	free(acl);
	return out.len > 0 ? buf_detach(&out) : NULL;
}
