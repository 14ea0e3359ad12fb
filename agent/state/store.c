/* store.c - the open database: its statements, transactions and errors */
#include <assert.h>
#include <errno.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "model/alloc.h"
#include "model/duration.h"
#include "state/store.h"

/*
 * The system's reason for an input or output error. SQLite's own memory of it
 * is gone once it has rolled back; then the log's descriptor still has it.
 */
static int
last_errno(const struct state *st)
{
	int why = sqlite3_system_errno(st->db);
	sqlite3_file *log = NULL;

	if (why == 0 &&
		sqlite3_file_control(st->db, "main",
			SQLITE_FCNTL_JOURNAL_POINTER, &log) == SQLITE_OK &&
		log != NULL && log->pMethods != NULL)
		(void)log->pMethods->xFileControl(
			log, SQLITE_FCNTL_LAST_ERRNO, &why);
	return why;
}

int
store_error(const struct state *st, struct error *err)
{
	const char *path = st->path;
	int code = sqlite3_extended_errcode(st->db);

	switch (code & 0xff) {
	case SQLITE_NOMEM:
		mem_exhausted();
	case SQLITE_BUSY:
	case SQLITE_LOCKED:
		return error_set(err, ERROR_BUSY,
			"%s: another program has it locked", path);
	case SQLITE_READONLY:
	case SQLITE_PERM:
		return error_set(
			err, ERROR_IO, "%s: it is not allowed to write", path);
	case SQLITE_FULL:
		return error_set(
			err, ERROR_IO, "%s: cannot write: no space left", path);
	case SQLITE_NOTADB:
	case SQLITE_CORRUPT:
		return error_set(err, ERROR_PARSE,
			"%s: the database is damaged (%s); put a backup in its "
			"place, or move it away to begin anew",
			path, sqlite3_errmsg(st->db));
	case SQLITE_CANTOPEN:
	case SQLITE_IOERR:
		errno = last_errno(st);
		if (errno != 0)
			return error_sys(err, "%s: cannot %s", path,
				(code & 0xff) == SQLITE_IOERR ? "read or write"
							      : "open");
		break;
	}
	return error_set(err, ERROR_IO, "%s: database: %s", path,
		sqlite3_errmsg(st->db));
}

/* Bind each argument; a binding fails only for want of memory. */
static void
store_bind(sqlite3_stmt *q, const char *types, va_list ap)
{
	for (int i = 1; types[i - 1] != '\0'; i++) {
		const struct store_blob *blob;
		const char *text;
		int64_t number;
		int code;

		switch (types[i - 1]) {
		case 't':
			text = va_arg(ap, const char *);
			code = sqlite3_bind_text(q, i, text, -1, SQLITE_STATIC);
			break;
		case 'i':
			code = sqlite3_bind_int64(q, i, va_arg(ap, int64_t));
			break;
		case 'b':
			blob = va_arg(ap, const struct store_blob *);
			code = sqlite3_bind_blob64(
				q, i, blob->bytes, blob->n, SQLITE_STATIC);
			break;
		default:
			assert(types[i - 1] == 'z');
			number = va_arg(ap, int64_t);
			code = number == 0 ? sqlite3_bind_null(q, i)
					   : sqlite3_bind_int64(q, i, number);
			break;
		}
		assert(code == SQLITE_OK || code == SQLITE_NOMEM);
		if (code != SQLITE_OK)
			mem_exhausted();
	}
}

static sqlite3_stmt *
store_vquery(struct state *st, struct error *err, enum statement which,
	const char *types, va_list ap)
{
	sqlite3_stmt **q = &st->statements[which];

	if (*q == NULL &&
		sqlite3_prepare_v3(st->db, schema_statements[which], -1,
			SQLITE_PREPARE_PERSISTENT, q, NULL) != SQLITE_OK) {
		store_error(st, err);
		return NULL;
	}
	assert(sqlite3_bind_parameter_count(*q) == (int)strlen(types));
	store_bind(*q, types, ap);
	return *q;
}

sqlite3_stmt *
store_query(struct state *st, struct error *err, enum statement which,
	const char *types, ...)
{
	sqlite3_stmt *q;
	va_list ap;

	va_start(ap, types);
	q = store_vquery(st, err, which, types, ap);
	va_end(ap);
	return q;
}

int
store_step(struct state *st, sqlite3_stmt *q, struct error *err)
{
	int code = sqlite3_step(q);

	if (code == SQLITE_ROW)
		return 1;
	if (code != SQLITE_DONE)
		store_error(st, err);
	sqlite3_reset(q);
	return code == SQLITE_DONE ? 0 : -1;
}

int
store_run(struct state *st, struct error *err, enum statement which,
	const char *types, ...)
{
	sqlite3_stmt *q;
	va_list ap;

	va_start(ap, types);
	q = store_vquery(st, err, which, types, ap);
	va_end(ap);
	return q == NULL ? -1 : store_step(st, q, err);
}

int
store_begin(struct state *st, struct error *err)
{
	return store_run(st, err, STMT_BEGIN, "");
}

int
store_commit(struct state *st, struct error *err)
{
	if (store_run(st, err, STMT_COMMIT, "") == 0)
		return 0;
	store_rollback(st);
	return -1;
}

void
store_rollback(struct state *st)
{
	for (int i = 0; i < STATEMENTS; i++)
		sqlite3_reset(st->statements[i]);

	/* A full disk may have made SQLite roll back already. */
	if (sqlite3_get_autocommit(st->db) == 0)
		(void)store_run(st, NULL, STMT_ROLLBACK, "");
}

enum severity
store_severity(sqlite3_stmt *q, int i)
{
	int64_t s = sqlite3_column_int64(q, i);

	return s >= SEV_OK && s < SEV_UNKNOWN ? (enum severity)s : SEV_UNKNOWN;
}

int64_t
store_time(sqlite3_stmt *q, int i)
{
	int64_t t = sqlite3_column_int64(q, i);

	return moment_is_dated(t) ? t : 0;
}

int64_t
store_count(sqlite3_stmt *q, int i)
{
	int64_t n = sqlite3_column_int64(q, i);

	return n < 0 ? 0 : n > INT32_MAX ? INT32_MAX : n;
}

const char *
store_text(sqlite3_stmt *q, int i)
{
	return (const char *)sqlite3_column_text(q, i);
}

char *
store_dup(sqlite3_stmt *q, int i)
{
	return str_dup(store_text(q, i));
}

char *
store_must(sqlite3_stmt *q, int i)
{
	const char *s = store_text(q, i);

	return str_dup(s != NULL ? s : "");
}

char *
store_keep(sqlite3_stmt *q, int i, struct arena *texts)
{
	return arena_dup(texts, store_text(q, i));
}

char *
store_keep_must(sqlite3_stmt *q, int i, struct arena *texts)
{
	const char *s = store_text(q, i);

	return arena_dup(texts, s != NULL ? s : "");
}
