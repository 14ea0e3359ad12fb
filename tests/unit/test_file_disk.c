/* test_file_disk.c - the file probe: what the disk says, and who may read */
#include "tests/unit/file_world.h"

#include <sys/xattr.h>

#include <endian.h>
#include <errno.h>
#include <grp.h>
#include <linux/posix_acl.h>
#include <linux/posix_acl_xattr.h>

#include "probes/file/castore.h"
#include "probes/file/disk.h"

static char folder[] = "/tmp/certvigil-unit-XXXXXX";

static char *
in_folder(const char *name)
{
	return str_fmt("%s/%s", folder, name);
}

static void
write_file(const char *path, const char *bytes, size_t n, mode_t mode)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, mode);

	assert_true(fd != -1);
	assert_int_equal(fchmod(fd, mode), 0);
	assert_int_equal(write(fd, bytes, n), n);
	close(fd);
}

static struct observation *
look(const char *path, bool listed)
{
	const struct target t = {
		.kind = TARGET_FILE, .file = path, .listed = listed
	};

	return world_look(&t);
}

static void
expect(const char *path, bool listed, const char *faults, const char *word)
{
	struct observation *ob = look(path, listed);

	world_expect(path, ob, 0, faults, word);
	observation_free(ob);
}

static void
what_is_no_file(void **state)
{
	cleanup(str_free) char *pipe = in_folder("pipe");
	cleanup(str_free) char *gone = in_folder("gone.pem");
	cleanup(str_free) char *pattern = in_folder("*.pem");
	cleanup(str_free) char *sub = in_folder("sub");
	cleanup(str_free) char *beyond = in_folder("pipe/x.pem");
	cleanup(str_free) char *talk = in_folder("socket");

	(void)state;
	assert_int_equal(mknod(talk, S_IFSOCK | 0600, 0), 0);
	expect(talk, false, "unreadable", "want a file, have a socket");
	expect("/dev/null", false, "unreadable", "want a file, have a device");
	unlink(talk);
	assert_int_equal(mkfifo(pipe, 0600), 0);
	assert_int_equal(mkdir(sub, 0700), 0);
	/* and nobody waits for a writer */
	expect(pipe, false, "unreadable", "want a file, have a pipe");
	expect(sub, false, "none", "have an empty folder");
	expect(gone, false, "missing", "is not there"); /* R16 */
	expect(beyond, false, "missing", "is not there");
	expect(pattern, false, "missing", "no file fits this pattern");
	unlink(pipe);
	rmdir(sub);
}

/* It is no empty one. */
static void
closed_folders_are_told(void **state)
{
	cleanup(str_free) char *shut = in_folder("shut");
	bool root = geteuid() == 0;

	(void)state;
	assert_int_equal(mkdir(shut, 0), 0);
	assert_int_equal(chmod(folder, 0755), 0);
	assert_int_equal(root ? seteuid(65534) : 0, 0);
	expect(shut, false, "unreadable", "cannot be opened: Permission");
	assert_int_equal(root ? seteuid(0) : 0, 0);
	assert_int_equal(chmod(folder, 0700), 0);
	rmdir(shut);
}

/* What a folder held when it was read, and holds no more. */
static void
files_vanish(void **state)
{
	cleanup(str_free) char *gone = in_folder("gone.pem");
	cleanup(str_free) char *key = in_folder("gone.key");
	cleanup(str_free) char *link = in_folder("link.pem");

	(void)state;
	expect(gone, true, "vanished", "was there when its folder was read");
	expect(key, true, "", NULL);
	assert_int_equal(symlink(gone, link), 0);
	expect(link, false, "missing", "is a link to something");
	expect(link, true, "missing", "is a link to something");
	unlink(link);
}

static void
sizes_are_bounded(void **state)
{
	cleanup(str_free) char *path = in_folder("large.pem");
	BUF_CLEANUP struct buf text = { 0 };
	struct observation *ob;

	(void)state;
	/* sparse: 16 MiB and one byte */
	write_file(path, "", 0, 0600);
	assert_int_equal(truncate(path, 16 * 1024 * 1024 + 1), 0);
	expect(path, false, "too-long", "want at most 16 MiB");
	/* what is as long as it may be is read to its end */
	while (text.len < 16 * 1024 * 1024 - 2000)
		buf_puts(&text, "a note\n");
	world_pem(&text, world.leaf);
	write_file(path, text.s, text.len, 0600);
	ob = look(path, false);
	world_expect("16 MiB", ob, 1, "", NULL);
	observation_free(ob);
	unlink(path);
}

/* It says that it is of no length. */
static void
files_without_a_size_are_read(void **state)
{
	struct observation *ob = observation_new();
	struct buf out = { 0 };
	struct stat st;

	(void)state;
	assert_int_equal(
		disk_read("/proc/self/status", NULL, &out, &st, ob), 0);
	assert_int_equal(st.st_size, 0);
	assert_true(out.len > 100 && strlen(out.s) == out.len);
	disk_wipe(&out);
	assert_null(out.s);
	observation_free(ob);
}

static void
faults_name_another_file(void **state)
{
	cleanup(str_free) char *gone = in_folder("gone.key");
	struct observation *ob = observation_new();
	struct buf out = { 0 };
	struct stat st;

	(void)state;
	assert_int_equal(disk_read(gone, "the.key", &out, &st, ob), -1);
	assert_int_equal(disk_read(folder, "the.key", &out, &st, ob), -1);
	world_expect("key", ob, 0, "missing unreadable", "is not there");
	assert_string_equal(ob->faults[0].file, "the.key");
	assert_string_equal(ob->faults[1].file, "the.key");
	assert_string_equal(ob->faults[1].text, "want a file, have a folder");
	observation_free(ob);
}

/* R46: a key of its own that is not there, beside a good certificate. */
static void
keys_have_files_of_their_own(void **state)
{
	cleanup(str_free) char *path = in_folder("x.pem");
	cleanup(str_free) char *key = in_folder("x.key");
	struct target t = { .kind = TARGET_FILE, .file = path, .key = key };
	BUF_CLEANUP struct buf text = { 0 };
	struct observation *ob;

	(void)state;
	world_pem(&text, world.leaf);
	write_file(path, text.s, text.len, 0600);
	ob = world_look(&t);
	world_expect("its key is gone", ob, 1, "missing", NULL);
	assert_string_equal(ob->faults[0].file, key);
	observation_free(ob);
	/* of what cannot be read itself the key is not asked for */
	unlink(path);
	ob = world_look(&t);
	world_expect("all is gone", ob, 0, "missing", NULL);
	assert_null(ob->faults[0].file);
	observation_free(ob);
}

static void
changes_and_stores(void **state)
{
	static const char bundle[] = "/etc/ssl/certs/ca-certificates.crt";
	cleanup(str_free) char *path = in_folder("x.pem");
	BUF_CLEANUP struct buf text = { 0 };
	const struct timespec times[2] = { { .tv_sec = 1700000000 },
		{ .tv_sec = 1700000001 } };
	struct observation *ob;

	(void)state;
	world_pem(&text, world.leaf);
	write_file(path, text.s, text.len, 0600);
	assert_int_equal(utimensat(AT_FDCWD, path, times, 0), 0);
	ob = look(path, false);
	assert_int_equal(ob->changed_at, 1700000001);
	assert_false(ob->store);
	observation_free(ob);
	unlink(path);
	assert_false(castore_holds("/etc/passwd"));
	assert_false(castore_holds("/nowhere/at/all"));
	if (access(bundle, R_OK) == -1)
		return;
	assert_int_equal(symlink(bundle, path), 0);
	ob = look(path, false);
	assert_true(ob->store && ob->n_certs > 10);
	observation_free(ob);
	unlink(path);
}

static char *
readers_of(const char *path)
{
	struct stat st;

	assert_int_equal(stat(path, &st), 0);
	return disk_readers(path, &st);
}

/* R15 */
static void
modes_tell_who_may_read(void **state)
{
	static const struct {
		mode_t mode;
		bool group, others;
	} modes[] = {
		{ 0600, false, false },
		{ 0700, false, false },
		{ 0640, true, false },
		{ 0644, true, true },
		{ 0604, false, true },
		{ 0622, false, false },
		{ 0611, false, false },
	};
	const struct group *own = getgrgid(getegid());
	cleanup(str_free) char *path = in_folder("x.key");

	(void)state;
	for (size_t i = 0; i < COUNT(modes); i++) {
		BUF_CLEANUP struct buf want = { 0 };
		char *have;

		write_file(path, "x", 1, modes[i].mode);
		have = readers_of(path);
		if (modes[i].group)
			buf_printf(&want, "group %s", own->gr_name);
		if (modes[i].others)
			buf_printf(&want, "%sothers", want.len > 0 ? ", " : "");
		if (strcmp(have != NULL ? have : "", buf_str(&want)) != 0)
			fail_msg("%o: want \"%s\", have \"%s\"", modes[i].mode,
				buf_str(&want), have);
		free(have);
	}
	unlink(path);
}

#define STRANGER 3999999999u

struct acl {
	struct posix_acl_xattr_header head;
	struct posix_acl_xattr_entry v[8];
};

static size_t
acl_add(struct acl *acl, size_t n, unsigned tag, unsigned perm, uint32_t id)
{
	acl->v[n] = (struct posix_acl_xattr_entry){ htole16((uint16_t)tag),
		htole16((uint16_t)perm), htole32(id) };
	return n + 1;
}

/* Users and groups beside the owner's, and a mask. False: no ACLs here. */
static bool
set_acl(const char *path, unsigned mask, unsigned group)
{
	struct acl acl = { .head.a_version = htole32(POSIX_ACL_XATTR_VERSION) };
	size_t n = 0;

	n = acl_add(&acl, n, ACL_USER_OBJ, 6, ACL_UNDEFINED_ID);
	n = acl_add(&acl, n, ACL_USER, 4, geteuid());
	n = acl_add(&acl, n, ACL_USER, 4, STRANGER);
	n = acl_add(&acl, n, ACL_GROUP_OBJ, group, ACL_UNDEFINED_ID);
	n = acl_add(&acl, n, ACL_GROUP, 2, 7);
	n = acl_add(&acl, n, ACL_GROUP, 4, STRANGER);
	n = acl_add(&acl, n, ACL_MASK, mask, ACL_UNDEFINED_ID);
	n = acl_add(&acl, n, ACL_OTHER, 0, ACL_UNDEFINED_ID);
	return setxattr(path, "system.posix_acl_access", &acl,
		       sizeof(acl.head) + n * sizeof(acl.v[0]), 0) == 0;
}

/* R15: the owner by name is no other; a mask takes away what is granted. */
static void
acls_tell_who_may_read(void **state)
{
	static const struct {
		unsigned mask, group;
		const char *want;
	} acls[] = {
		{ 4, 0, "user 3999999999, group 3999999999" },
		{ 2, 4, "" },
		{ 0, 4, "" },
	};
	cleanup(str_free) char *path = in_folder("x.key");
	const struct group *own = getgrgid(getegid());
	cleanup(str_free) char *with_own = NULL, *have = NULL;

	(void)state;
	write_file(path, "x", 1, 0600);
	for (size_t i = 0; i < COUNT(acls); i++) {
		if (!set_acl(path, acls[i].mask, acls[i].group)) {
			print_message("no ACLs here: %s\n", strerror(errno));
			unlink(path);
			skip();
		}
		have = readers_of(path);
		if (strcmp(have != NULL ? have : "", acls[i].want) != 0)
			fail_msg("mask %o: want \"%s\", have \"%s\"",
				acls[i].mask, acls[i].want, have);
		free(have);
		have = NULL;
	}
	assert_true(set_acl(path, 7, 4));
	have = readers_of(path);
	with_own = str_fmt(
		"group %s, user 3999999999, group 3999999999", own->gr_name);
	assert_string_equal(have, with_own);
	unlink(path);
}

static int
make_folder(void **state)
{
	assert_non_null(mkdtemp(folder));
	return world_make(state);
}

static int
remove_folder(void **state)
{
	rmdir(folder);
	return world_free(state);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_no_file),
		cmocka_unit_test(closed_folders_are_told),
		cmocka_unit_test(files_vanish),
		cmocka_unit_test(sizes_are_bounded),
		cmocka_unit_test(files_without_a_size_are_read),
		cmocka_unit_test(faults_name_another_file),
		cmocka_unit_test(keys_have_files_of_their_own),
		cmocka_unit_test(changes_and_stores),
		cmocka_unit_test(modes_tell_who_may_read),
		cmocka_unit_test(acls_tell_who_may_read),
	};

	return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
