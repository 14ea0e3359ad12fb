/* state.c - open the database, and none that is not ours */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "model/alloc.h"
#include "state/lock.h"
#include "state/store.h"

#define READER_WAIT_MS 5000 /* a scan's commit takes less */

DEFINE_CLEANUP(struct state, state_close)

void
state_close(struct state *st)
{
	if (st == NULL)
		return;
	for (int i = 0; i < STATEMENTS; i++)
		sqlite3_finalize(st->statements[i]);
	sqlite3_close(st->db);
	lock_release(st->lock);
	free(st->path);
	free(st);
}

static struct state *
state_new(const char *path)
{
	struct state *st = mem_alloc(sizeof(*st));

	st->path = str_dup(path);
	st->lock = -1;
	return st;
}

/* Connect; SQLite neither reads nor writes anything yet. */
static int
connect_file(struct state *st, int flags, struct error *err)
{
	/* "./", for ":memory:" would be no file to SQLite. */
	cleanup(str_free) char *name = str_fmt(
		"%s%s", st->path[0] == '/' ? "" : "./", st->path);

	/* One thread at a time has it, and needs no locks of SQLite's. */
	flags |= SQLITE_OPEN_NOMUTEX;
	if (sqlite3_open_v2(name, &st->db, flags, NULL) != SQLITE_OK) {
		int why = st->db != NULL ? sqlite3_system_errno(st->db) : 0;

		if (st->db == NULL)
			mem_exhausted();
		errno = why != 0 ? why : EIO;
		return error_sys(err, "%s: cannot open", st->path);
	}
	sqlite3_extended_result_codes(st->db, 1);
	return 0;
}

static uint32_t
big_endian(const unsigned char *p)
{
	return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 |
		(uint32_t)p[2] << 8 | p[3];
}

/*
 * Is the file ours, or empty: *empty? Its first bytes tell, read before
 * SQLite looks: to read a database it may have to change it (a journal left
 * behind). Read through SQLite's own descriptor, for closing another one
 * would drop the locks that this process has on the file.
 */
static int
check_ours(struct state *st, bool *empty, struct error *err)
{
	static const char magic[16] = "SQLite format 3";
	unsigned char head[100];
	sqlite3_file *file = NULL;
	sqlite3_int64 size = 0;

	if (sqlite3_file_control(st->db, "main", SQLITE_FCNTL_FILE_POINTER,
		    &file) != SQLITE_OK ||
		file == NULL || file->pMethods == NULL ||
		file->pMethods->xFileSize(file, &size) != SQLITE_OK)
		return error_set(err, ERROR_IO, "%s: cannot read", st->path);
	*empty = size == 0;
	if (*empty)
		return 0;
	if (size < (sqlite3_int64)sizeof(head) ||
		file->pMethods->xRead(file, head, sizeof(head), 0) !=
			SQLITE_OK ||
		memcmp(head, magic, sizeof(magic)) != 0)
		return error_set(err, ERROR_PARSE,
			"%s: want certvigil's state, have a file that is no "
			"database: it is left alone",
			st->path);
	if (big_endian(head + 68) != SCHEMA_APPLICATION_ID)
		return error_set(err, ERROR_PARSE,
			"%s: want certvigil's state, have the database of "
			"another program: it is left alone",
			st->path);
	return 0;
}

/* One number that a PRAGMA answers with. */
static int
ask_number(struct state *st, const char *sql, int64_t *out, struct error *err)
{
	sqlite3_stmt *q = NULL;
	int more = -1;

	if (sqlite3_prepare_v2(st->db, sql, -1, &q, NULL) != SQLITE_OK)
		return store_error(st, err);
	more = store_step(st, q, err);
	if (more == 1)
		*out = sqlite3_column_int64(q, 0);
	sqlite3_finalize(q);
	return more == -1 ? -1 : 0;
}

static int
run_sql(struct state *st, const char *sql, struct error *err)
{
	if (sqlite3_exec(st->db, sql, NULL, NULL, NULL) == SQLITE_OK)
		return 0;
	store_error(st, err);
	store_rollback(st);
	return -1;
}

static int
check_version(struct state *st, int64_t *version, struct error *err)
{
	int64_t tables;

	/* The tables' names are read too, so that damage shows here. */
	if (ask_number(st, "PRAGMA user_version", version, err) == -1 ||
		ask_number(st, "SELECT count(*) FROM sqlite_schema", &tables,
			err) == -1)
		return -1;
	if (*version < 0 || *version > (int64_t)schema_version)
		return error_set(err, ERROR_PARSE,
			"%s: want a state of version %zu or older, have "
			"version %lld: a newer certvigil has written it",
			st->path, schema_version, (long long)*version);
	return 0;
}

/* One version further, unless another process has done it by now. */
static int
migrate_once(struct state *st, struct error *err)
{
	cleanup(str_free) char *sql = NULL;
	int64_t version = 0;

	if (run_sql(st, "BEGIN EXCLUSIVE", err) == -1)
		return -1;
	if (check_version(st, &version, err) == -1) {
		store_rollback(st);
		return -1;
	}
	if (version == (int64_t)schema_version)
		return run_sql(st, "COMMIT", err);
	sql = str_fmt("%s PRAGMA application_id = %d; "
		      "PRAGMA user_version = %lld; COMMIT",
		schema_migrations[version], SCHEMA_APPLICATION_ID,
		(long long)version + 1);
	return run_sql(st, sql, err);
}

/* Bring the schema up to date, one transaction a version. */
static int
migrate(struct state *st, struct error *err)
{
	int64_t version = 0;

	for (;;) {
		if (check_version(st, &version, err) == -1)
			return -1;
		if (version == (int64_t)schema_version)
			return 0;
		if (migrate_once(st, err) == -1)
			return -1;
	}
}

/* The mode is the database's; SQLite gives it to the files beside it too. */
static int
make_file(const char *path, struct error *err)
{
	int fd, rc;

	if (access(path, F_OK) == 0)
		return 0;
	fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	if (fd == -1)
		return error_sys(err, "%s: cannot make the file", path);
	rc = lock_give(path, fd, err);
	close(fd);
	return rc;
}

/* Is there a file: *there? Anything but a file is refused. */
static int
check_kind(const char *path, bool *there, struct error *err)
{
	struct stat sb;

	*there = stat(path, &sb) == 0;
	if (!*there && errno != ENOENT)
		return error_sys(err, "%s: cannot look at it", path);
	if (*there && !S_ISREG(sb.st_mode))
		return error_set(err, ERROR_IO,
			"%s: want a file, have a folder or a device", path);
	return 0;
}

/* Refuse a file that is not ours before there is a lock beside it. */
static int
check_before_lock(const char *path, struct error *err)
{
	cleanup(state_close) struct state *st = state_new(path);
	bool there, empty;

	if (check_kind(path, &there, err) == -1)
		return -1;
	if (!there)
		return 0;
	if (connect_file(st, SQLITE_OPEN_READONLY, err) == -1)
		return -1;
	return check_ours(st, &empty, err);
}

static int
set_up_writer(struct state *st, struct error *err)
{
	bool empty;

	if (check_ours(st, &empty, err) == -1)
		return -1;
	if (sqlite3_db_readonly(st->db, "main") == 1) {
		errno = access(st->path, W_OK) == -1 ? errno : EROFS;
		return error_sys(err, "%s: cannot write", st->path);
	}
	/* The journal's mode is set once the file says that it is ours. */
	if (run_sql(st,
		    "PRAGMA foreign_keys = ON; PRAGMA synchronous = FULL; "
		    "PRAGMA trusted_schema = OFF",
		    err) == -1 ||
		migrate(st, err) == -1 ||
		run_sql(st, "PRAGMA journal_mode = WAL", err) == -1)
		return -1;
	return 0;
}

int
state_open(const char *path, int64_t wait_ms, struct state **out,
	struct error *err)
{
	cleanup(state_close) struct state *st = state_new(path);

	if (check_before_lock(path, err) == -1 ||
		lock_take(path, wait_ms, &st->lock, err) == -1 ||
		make_file(path, err) == -1 ||
		connect_file(st, SQLITE_OPEN_READWRITE, err) == -1)
		return -1;
	sqlite3_busy_timeout(
		st->db, wait_ms > INT_MAX ? INT_MAX : (int)wait_ms);
	if (set_up_writer(st, err) == -1)
		return -1;
	*out = st;
	st = NULL;
	return 0;
}

/* There must be something in it already. Returns 0, or -1 and *err. */
static int
connect_old(struct state *st, int flags, struct error *err)
{
	bool there, empty;

	if (check_kind(st->path, &there, err) == -1)
		return -1;
	if (!there)
		return error_set(err, ERROR_IO,
			"%s: not there: no scan has been made yet", st->path);
	if (connect_file(st, flags, err) == -1 ||
		check_ours(st, &empty, err) == -1)
		return -1;
	if (empty)
		return error_set(err, ERROR_IO,
			"%s: empty: no scan has been made yet", st->path);
	return 0;
}

int
state_open_beside(const char *path, int64_t wait_ms, struct state **out,
	struct error *err)
{
	cleanup(state_close) struct state *st = state_new(path);

	if (connect_old(st, SQLITE_OPEN_READWRITE, err) == -1)
		return -1;
	sqlite3_busy_timeout(
		st->db, wait_ms > INT_MAX ? INT_MAX : (int)wait_ms);
	if (set_up_writer(st, err) == -1)
		return -1;
	*out = st;
	st = NULL;
	return 0;
}

int
state_open_reader(const char *path, struct state **out, struct error *err)
{
	cleanup(state_close) struct state *st = state_new(path);
	int64_t version = 0;

	if (connect_old(st, SQLITE_OPEN_READONLY, err) == -1)
		return -1;
	sqlite3_busy_timeout(st->db, READER_WAIT_MS);
	if (check_version(st, &version, err) == -1)
		return -1;
	if (version < (int64_t)schema_version)
		return error_set(err, ERROR_IO,
			"%s: of an older certvigil (version %lld): the next "
			"scan brings it up to date",
			path, (long long)version);
	*out = st;
	st = NULL;
	return 0;
}
