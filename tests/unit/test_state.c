/* test_state.c - open the database, and leave alone what is not ours */
#include "tests/unit/state_world.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>

#include "state/store.h"

#define BROKEN "a@1 name.www:warning:x;b@2 name.missing:critical:y"
#define BROKEN_EVENTS                                                          \
	"opened b name.missing critical, opened a name.www warning"

static void
write_file(const char *path, const void *data, size_t n)
{
	FILE *f = fopen(path, "w");

	assert_non_null(f);
	assert_int_equal(fwrite(data, 1, n, f), n);
	assert_int_equal(fclose(f), 0);
}

static struct buf
read_file(const char *path)
{
	struct buf b = { 0 };
	char part[4096];
	FILE *f = fopen(path, "r");
	size_t n;

	assert_non_null(f);
	while ((n = fread(part, 1, sizeof(part), f)) > 0)
		buf_add(&b, part, n);
	fclose(f);
	return b;
}

static bool
exists(const struct world *w, const char *end)
{
	cleanup(str_free) char *name = str_fmt("%s%s", w->path, end);

	return access(name, F_OK) == 0;
}

/* Neither writer nor reader opens it; both say `why` and name the path. */
static void
expect_refused(struct world *w, const char *why)
{
	struct state *st = NULL;

	for (int reader = 0; reader < 2; reader++) {
		int rc = reader ? state_open_reader(w->path, &st, &w->err)
				: state_open(w->path, WAIT_MS, &st, &w->err);

		assert_int_equal(rc, -1);
		assert_null(st);
		if (strstr(w->err.text, why) == NULL ||
			strstr(w->err.text, w->path) == NULL)
			fail_msg("want \"%s\", have \"%s\"", why, w->err.text);
	}
}

static void
a_new_state_is_private(void **arg)
{
	struct world *w = *arg;
	struct stat sb;

	world_scan(w, T0, BROKEN);
	assert_int_equal(stat(w->path, &sb), 0);
	assert_int_equal(sb.st_mode & 07777, 0600);
	assert_int_equal(world_number(w, "PRAGMA application_id"),
		SCHEMA_APPLICATION_ID);
	assert_int_equal(
		world_number(w, "PRAGMA user_version"), schema_version);
	assert_true(exists(w, "-wal"));

	/* Closed in order it is one file, and the lock. */
	world_close(w);
	assert_false(exists(w, "-wal"));
	assert_false(exists(w, "-shm"));
	assert_true(exists(w, ".lock"));
}

static void
an_empty_file_becomes_a_state(void **arg)
{
	struct world *w = *arg;

	world_close(w);
	write_file(w->path, "", 0);
	assert_int_equal(state_open_reader(w->path, &w->st, &w->err), -1);
	assert_non_null(strstr(w->err.text, "no scan has been made"));
	world_open(w);
	world_expect(w, T0, BROKEN, BROKEN_EVENTS);
}

static void
what_is_not_ours_is_left_alone(void **arg)
{
	static const char text[] =
		"root:x:0:0:root:/root:/bin/sh\nthe rest of a file that is "
		"longer than the head of a database, which is a hundred\n";
	static const char magic[] = "SQLite format 3";
	struct world *w = *arg;
	BUF_CLEANUP struct buf before = { 0 }, after = { 0 };
	cleanup(str_free) char *lock = str_fmt("%s.lock", w->path);

	world_close(w);
	unlink(w->path);
	unlink(lock);

	write_file(w->path, text, strlen(text));
	expect_refused(w, "no database");
	after = read_file(w->path);
	assert_string_equal(after.s, text);
	buf_release(&after);

	write_file(w->path, magic, sizeof(magic)); /* and nothing more */
	expect_refused(w, "no database");

	unlink(w->path);
	world_sql(w,
		"PRAGMA journal_mode = WAL; PRAGMA application_id = 7;"
		"CREATE TABLE theirs (x); INSERT INTO theirs VALUES (1)");
	before = read_file(w->path);
	expect_refused(w, "another program");
	after = read_file(w->path);
	assert_int_equal(before.len, after.len);
	assert_memory_equal(before.s, after.s, before.len);

	/* No lock is put beside somebody else's file: passwd.lock has users. */
	assert_false(exists(w, ".lock"));

	unlink(w->path);
	assert_int_equal(mkdir(w->path, 0700), 0);
	expect_refused(w, "want a file");
	rmdir(w->path);
}

static void
a_newer_version_is_refused(void **arg)
{
	struct world *w = *arg;

	world_close(w);
	world_sql(w, "PRAGMA user_version = 999");
	expect_refused(w, "have version 999: a newer certvigil");
	world_sql(w, "PRAGMA user_version = -1");
	expect_refused(w, "have version -1");
	assert_int_equal(world_number(w, "PRAGMA user_version"), -1);
}

/* A crash after the first page was written, before the first migration. */
static void
an_older_version_is_brought_up_to_date(void **arg)
{
	struct world *w = *arg;
	cleanup(str_free) char *sql = str_fmt(
		"PRAGMA application_id = %d; CREATE TABLE x (y); DROP TABLE x",
		SCHEMA_APPLICATION_ID);

	world_close(w);
	unlink(w->path);
	world_sql(w, sql);
	assert_int_equal(world_number(w, "PRAGMA user_version"), 0);
	assert_int_equal(state_open_reader(w->path, &w->st, &w->err), -1);
	assert_non_null(strstr(w->err.text, "the next scan brings it"));
	world_open(w);
	assert_int_equal(
		world_number(w, "PRAGMA user_version"), schema_version);
	world_expect(w, T0, BROKEN, BROKEN_EVENTS);
}

/* What the first version wrote: open and pending, with a message waiting. */
static const char old_rows[] =
	"INSERT INTO scan VALUES (1, 1800000000, 'host');"
	"INSERT INTO target VALUES ('a', 'https://a:443', 'web', 2, 'down', "
	"	NULL, 1808640000, '1');"
	"INSERT INTO former VALUES ('a', '0', 1799000000);"
	"INSERT INTO incident VALUES ('a', 'expiry.soon', '1', 'inc_1', 2, 6, "
	"	0, 604800, 1799000000, 1800000000, 'expiry.soon 6');"
	"INSERT INTO incident VALUES ('a', 'endpoint.timeout', 'h', NULL, 2, "
	"	0, 1, 9223372036854775807, NULL, NULL, 'silent');"
	"INSERT INTO history (time, target, kind, incident, severity, message, "
	"	not_after, old_not_after) VALUES (1799000000, 'a', 'opened', "
	"	'inc_1', 2, 'expiry.soon 6', 1808640000, 0);"
	"INSERT INTO outbox (id, notifier, created_at, next_at, body) VALUES "
	"	('msg_1', 'mail', 1800000000, 1800000000, '{}')";

static void
make_version_1(const struct world *w)
{
	cleanup(str_free) char *sql = str_fmt(
		"%s PRAGMA application_id = %d; PRAGMA user_version = 1; %s",
		schema_migrations[0], SCHEMA_APPLICATION_ID, old_rows);

	unlink(w->path);
	world_sql(w, sql);
}

/* Nothing is lost, nothing told twice, and what follows is told. */
static void
the_first_version_is_brought_up_to_date(void **arg)
{
	struct world *w = *arg;
	struct known_incidents is = { 0 };
	struct messages ms = { 0 };

	world_close(w);
	make_version_1(w);
	assert_int_equal(state_open_reader(w->path, &w->st, &w->err), -1);
	assert_non_null(strstr(w->err.text, "(version 1)"));
	world_open(w);
	assert_int_equal(
		world_number(w, "PRAGMA user_version"), schema_version);
	assert_int_equal(world_number(w, "SELECT count(*) FROM former"), 1);
	assert_int_equal(outbox_pending(w->st, &ms, &w->err), 0);
	assert_int_equal(ms.n, 1);
	assert_string_equal(ms.v[0].id, "msg_1");
	messages_release(&ms);
	assert_int_equal(state_incidents(w->st, &is, &w->err), 0);
	assert_int_equal(is.n, 1);
	assert_string_equal(is.v[0].id, "inc_1");
	assert_string_equal(is.v[0].owner, "web");
	assert_int_equal(is.v[0].told_at, T0);
	assert_int_equal(is.v[0].opened_at, 1799000000);
	assert_false(is.v[0].silenced);
	known_incidents_release(&is);

	/* The second failed look, then the step that was not told yet. */
	world_expect(w, T0 + 1, "a endpoint.timeout:critical:h",
		"opened a endpoint.timeout critical");
	world_expect(w, T0 + 2, "a@1 expiry.soon:critical:1:6",
		"resolved a endpoint.timeout critical");
	world_expect(w, T0 + 2 * DAY_S, "a@1 expiry.soon:critical:1:2",
		"escalated a expiry.soon critical");
	assert_string_equal(w->events->v[0].incident, "inc_1");
	world_expect(w, T0 + 2 * DAY_S + 1, "a@2",
		"resolved a expiry.soon critical, renewed a");
	assert_int_equal(world_number(w, "SELECT count(*) FROM history"), 6);
}

/* A small change needs no scan before it, and waits for none to end. */
static void
beside_a_scan(void **arg)
{
	struct world *w = *arg;
	struct state *st = NULL;
	const struct silence s = { .target = "a",
		.finding = "*",
		.reason = "known",
		.from = T0,
		.until = T0 + 9 };
	cleanup(str_free) char *id = NULL;
	cleanup(str_free) char *none = str_fmt("%s.none", w->path);

	world_scan(w, T0, BROKEN);
	assert_int_equal(state_open_beside(w->path, WAIT_MS, &st, &w->err), 0);
	assert_int_equal(state_silence_add(st, &s, &id, &w->err), 0);
	state_close(st);
	world_expect(w, T0 + 1, "a@1 name.www:warning:x;b@2",
		"resolved b name.missing critical");

	assert_int_equal(state_open_beside(none, WAIT_MS, &st, &w->err), -1);
	assert_non_null(strstr(w->err.text, "no scan has been made yet"));
	assert_int_equal(access(none, F_OK), -1);

	/* Also of an older version. */
	world_close(w);
	make_version_1(w);
	assert_int_equal(
		state_open_beside(w->path, WAIT_MS, &w->st, &w->err), 0);
	assert_int_equal(
		world_number(w, "PRAGMA user_version"), schema_version);
}

/* Brings it up to date, holding the database for a while. */
static void
migrate_slowly(struct world *w, int ready)
{
	cleanup(str_free) char *sql = str_fmt(
		"%s PRAGMA user_version = 2; COMMIT", schema_migrations[1]);
	const struct timespec nap = { .tv_nsec = 100000000 };
	sqlite3 *db = NULL;

	if (sqlite3_open(w->path, &db) != SQLITE_OK ||
		sqlite3_exec(db, "BEGIN IMMEDIATE", NULL, NULL, NULL) !=
			SQLITE_OK ||
		write(ready, "", 1) != 1 || nanosleep(&nap, NULL) == -1 ||
		sqlite3_exec(db, sql, NULL, NULL, NULL) != SQLITE_OK)
		_exit(1);
	sqlite3_close(db);
	_exit(0);
}

/* Both have seen that it is old; one waits, and has nothing left to do. */
static void
two_at_once_bring_it_up_to_date(void **arg)
{
	struct world *w = *arg;
	int ready[2], status = 0;
	pid_t pid;
	char c;

	world_close(w);
	make_version_1(w);
	assert_int_equal(pipe(ready), 0);
	pid = fork();
	assert_int_not_equal(pid, -1);
	if (pid == 0)
		migrate_slowly(w, ready[1]);
	assert_int_equal(read(ready[0], &c, 1), 1);
	if (state_open_beside(w->path, 30000, &w->st, &w->err) == -1)
		fail_msg("%s", w->err.text);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(status, 0);
	assert_int_equal(world_number(w, "SELECT count(*) FROM incident"), 2);
	close(ready[0]);
	close(ready[1]);
}

static void
a_damaged_file_is_told(void **arg)
{
	struct world *w = *arg;
	char rubbish[4096];
	int fd;

	world_scan(w, T0, BROKEN);
	world_close(w);
	memset(rubbish, 0x5a, sizeof(rubbish));
	fd = open(w->path, O_WRONLY);
	/* All pages but the head of the first. */
	for (off_t at = 100; at < 40000; at += (off_t)sizeof(rubbish))
		assert_int_equal(pwrite(fd, rubbish, sizeof(rubbish), at),
			sizeof(rubbish));
	close(fd);
	expect_refused(w, "the database is damaged");
}

static void
a_cut_file_is_told(void **arg)
{
	struct world *w = *arg;

	world_scan(w, T0, BROKEN);
	world_close(w);
	assert_int_equal(truncate(w->path, 4096), 0);
	expect_refused(w, "the database is damaged");
}

static void
a_path_that_cannot_be_is_told(void **arg)
{
	struct world *w = *arg;
	cleanup(str_free) char *path = str_fmt("%s/no/state.db", w->dir);
	struct state *st = NULL;

	assert_int_equal(state_open(path, WAIT_MS, &st, &w->err), -1);
	assert_non_null(strstr(w->err.text, path));
	assert_non_null(strstr(w->err.text, strerror(ENOENT)));
	assert_int_equal(state_open_reader(path, &st, &w->err), -1);
	assert_non_null(strstr(w->err.text, "not there"));
}

/* As a user to whom modes mean something: root may write everything. */
static void
be_nobody(struct world *w, bool nobody)
{
	if (geteuid() != 0 && getuid() != 0)
		return;
	if (nobody)
		assert_int_equal(chown(w->dir, 65534, (gid_t)-1), 0);
	assert_int_equal(seteuid(nobody ? 65534 : 0), 0);
}

static void
what_may_not_be_written_is_told(void **arg)
{
	struct world *w = *arg;
	cleanup(str_free) char *lock = str_fmt("%s.lock", w->path);
	struct state *st = NULL;

	world_close(w);
	unlink(w->path);
	unlink(lock);
	be_nobody(w, true);
	assert_int_equal(chmod(w->dir, 0500), 0);
	assert_int_equal(state_open(w->path, WAIT_MS, &st, &w->err), -1);
	assert_non_null(strstr(w->err.text, w->path));
	assert_non_null(strstr(w->err.text, strerror(EACCES)));

	assert_int_equal(chmod(w->dir, 0700), 0);
	world_open(w);
	world_scan(w, T0, BROKEN);
	world_close(w);
	assert_int_equal(chmod(w->path, 0400), 0);
	assert_int_equal(state_open(w->path, WAIT_MS, &st, &w->err), -1);
	assert_non_null(strstr(w->err.text, w->path));
	assert_non_null(strstr(w->err.text, "cannot write"));

	/* For reading it will do. */
	assert_int_equal(state_open_reader(w->path, &w->st, &w->err), 0);
	world_close(w);
	assert_int_equal(chmod(w->path, 0), 0);
	assert_int_equal(state_open_reader(w->path, &st, &w->err), -1);
	assert_non_null(strstr(w->err.text, strerror(EACCES)));
	be_nobody(w, false);
}

static int64_t
clock_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

static void
one_scan_at_a_time(void **arg)
{
	struct world *w = *arg;
	cleanup(str_free) char *want = str_fmt(
		"%s: another scan is running (pid %d)", w->path, getpid());
	int64_t begin = clock_ms();
	struct state *st = NULL;

	assert_int_equal(state_open(w->path, WAIT_MS, &st, &w->err), -1);
	assert_string_equal(w->err.text, want);
	assert_int_equal(w->err.kind, ERROR_BUSY);
	assert_true(clock_ms() - begin >= WAIT_MS);

	/* Readers do not mind. */
	assert_int_equal(state_open_reader(w->path, &st, &w->err), 0);
	state_close(st);

	world_close(w);
	world_open(w);
}

static void
a_lock_that_is_none_is_left_alone(void **arg)
{
	struct world *w = *arg;
	cleanup(str_free) char *lock = str_fmt("%s.lock", w->path);
	BUF_CLEANUP struct buf after = { 0 };
	struct state *st = NULL;

	world_close(w);
	write_file(lock, "precious", 8);
	assert_int_equal(state_open(w->path, WAIT_MS, &st, &w->err), -1);
	assert_non_null(strstr(w->err.text, "want a scan lock"));
	after = read_file(lock);
	assert_string_equal(after.s, "precious");

	unlink(lock);
	assert_int_equal(symlink(w->path, lock), 0);
	assert_int_equal(state_open(w->path, WAIT_MS, &st, &w->err), -1);
	assert_non_null(strstr(w->err.text, lock));
}

static void
a_locked_database_is_told(void **arg)
{
	struct world *w = *arg;
	sqlite3 *db = NULL;

	assert_int_equal(sqlite3_open(w->path, &db), SQLITE_OK);
	assert_int_equal(sqlite3_exec(db, "BEGIN EXCLUSIVE", NULL, NULL, NULL),
		SQLITE_OK);
	assert_int_equal(world_scan(w, T0, BROKEN), -1);
	assert_int_equal(w->err.kind, ERROR_BUSY);
	assert_non_null(strstr(w->err.text, w->path));
	assert_non_null(strstr(w->err.text, "another program has it locked"));
	sqlite3_close(db);
	world_expect(w, T0, BROKEN, BROKEN_EVENTS);
}

/* Nothing of it is kept, and the next scan tells all. */
static void
expect_nothing_lost(struct world *w)
{
	assert_null(w->events);
	assert_int_equal(world_number(w,
				 "SELECT (SELECT count(*) FROM target) + "
				 "(SELECT count(*) FROM incident) + "
				 "(SELECT count(*) FROM outbox) + "
				 "(SELECT count(*) FROM history)"),
		0);
	world_expect(w, T0 + 1, BROKEN, BROKEN_EVENTS);
	assert_int_equal(world_number(w, "SELECT count(*) FROM outbox"), 2);
}

/* A scan too large for the pages that are there already. */
static int
large_scan(struct world *w)
{
	BUF_CLEANUP struct buf script = { 0 };

	buf_puts(&script, "a@1");
	for (int i = 0; i < 500; i++)
		buf_printf(&script, " name.missing:critical:subject%d", i);
	return world_scan(w, T0, buf_str(&script));
}

static void
a_full_database_loses_nothing(void **arg)
{
	struct world *w = *arg;

	sqlite3_exec(w->st->db, "PRAGMA max_page_count = 20", NULL, NULL, NULL);
	assert_int_equal(large_scan(w), -1);
	assert_non_null(strstr(w->err.text, w->path));
	assert_non_null(strstr(w->err.text, "no space left"));
	expect_nothing_lost(w);
}

static void
a_full_disk_loses_nothing(void **arg)
{
	struct world *w = *arg;
	struct rlimit old, small = { .rlim_cur = 64 * 1024 };

	assert_int_equal(getrlimit(RLIMIT_FSIZE, &old), 0);
	small.rlim_max = old.rlim_max;
	signal(SIGXFSZ, SIG_IGN);
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &small), 0);
	assert_int_equal(large_scan(w), -1);
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &old), 0);
	signal(SIGXFSZ, SIG_DFL);
	assert_non_null(strstr(w->err.text, w->path));
	if (strstr(w->err.text, strerror(EFBIG)) == NULL)
		fail_msg("%s", w->err.text);
	expect_nothing_lost(w);
}

/* Also when it is a reader that is asked to write. */
static void
a_reader_writes_nothing(void **arg)
{
	struct world *w = *arg;

	world_close(w);
	assert_int_equal(state_open_reader(w->path, &w->st, &w->err), 0);
	assert_int_equal(world_scan(w, T0, BROKEN), -1);
	assert_non_null(strstr(w->err.text, "not allowed to write"));
}

static int
die(void *arg)
{
	(void)arg;
	kill(getpid(), SIGKILL);
	return 0;
}

/* Killed when all is written but the end of the transaction. */
static void
a_killed_scan_leaves_nothing(void **arg)
{
	struct world *w = *arg;
	int status = 0;
	pid_t pid;

	world_close(w);
	pid = fork();
	assert_int_not_equal(pid, -1);
	if (pid == 0) {
		world_open(w);
		sqlite3_commit_hook(w->st->db, die, NULL);
		world_scan(w, T0, BROKEN);
		_exit(1);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL);
	world_open(w);
	expect_nothing_lost(w);
}

/* Killed when it is committed: the same message waits, and no second one. */
static void
a_scan_killed_after_it_is_kept(void **arg)
{
	struct world *w = *arg;
	int status = 0;
	pid_t pid;

	world_close(w);
	pid = fork();
	assert_int_not_equal(pid, -1);
	if (pid == 0) {
		world_open(w);
		world_scan(w, T0, BROKEN);
		kill(getpid(), SIGKILL);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	world_open(w);
	world_expect(w, T0 + 1, BROKEN, "");
	assert_int_equal(world_number(w, "SELECT count(*) FROM outbox"), 2);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		IN_WORLD(a_new_state_is_private),
		IN_WORLD(an_empty_file_becomes_a_state),
		IN_WORLD(what_is_not_ours_is_left_alone),
		IN_WORLD(a_newer_version_is_refused),
		IN_WORLD(an_older_version_is_brought_up_to_date),
		IN_WORLD(the_first_version_is_brought_up_to_date),
		IN_WORLD(beside_a_scan),
		IN_WORLD(two_at_once_bring_it_up_to_date),
		IN_WORLD(a_damaged_file_is_told),
		IN_WORLD(a_cut_file_is_told),
		IN_WORLD(a_path_that_cannot_be_is_told),
		IN_WORLD(what_may_not_be_written_is_told),
		IN_WORLD(one_scan_at_a_time),
		IN_WORLD(a_lock_that_is_none_is_left_alone),
		IN_WORLD(a_locked_database_is_told),
		IN_WORLD(a_full_database_loses_nothing),
		IN_WORLD(a_full_disk_loses_nothing),
		IN_WORLD(a_reader_writes_nothing),
		IN_WORLD(a_killed_scan_leaves_nothing),
		IN_WORLD(a_scan_killed_after_it_is_kept),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
