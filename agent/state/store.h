/* store.h - the open database: its statements, transactions and errors */
#ifndef STATE_STORE_H
#define STATE_STORE_H

#include <stdbool.h>
#include <stdint.h>

#include <sqlite3.h>

#include "model/alloc.h"
#include "model/error.h"
#include "state/schema.h"
#include "state/state.h"

struct state {
	sqlite3 *db;
	char *path;
	int lock; /* the scan lock; -1: this is a reader */
	sqlite3_stmt *statements[STATEMENTS]; /* prepared at first use */
};

struct store_blob {
	const void *bytes;
	size_t n;
};

/*
 * The statement with its parameters bound, one for each letter of `types`:
 * 't' const char *, copied by nobody, so it must live until the last row;
 * 'i' int64_t; 'z' int64_t, where 0 becomes NULL; 'b' const struct store_blob
 * *, copied by nobody either, NULL where its bytes are. Returns NULL and *err
 * if it cannot be prepared.
 */
sqlite3_stmt *store_query(struct state *st, struct error *err,
	enum statement which, const char *types, ...);

/* 1: a row; 0: no more; -1 and *err. After 0 and -1 it is reset. */
int store_step(struct state *st, sqlite3_stmt *q, struct error *err);

/* store_query() and all its steps, for what returns no rows. 0, or -1. */
int store_run(struct state *st, struct error *err, enum statement which,
	const char *types, ...);

/* One transaction; a failed commit is rolled back. 0, or -1 and *err. */
int store_begin(struct state *st, struct error *err);
int store_commit(struct state *st, struct error *err);
void store_rollback(struct state *st);

/* What SQLite's last error means to an operator, in *err. Returns -1. */
int store_error(const struct state *st, struct error *err);

/* Column `i` as text of its own; NULL for NULL. */
char *store_dup(sqlite3_stmt *q, int i);
/*
 * In a damaged file anything may stand anywhere. What has no text where there
 * must be one is "", what is no severity is unknown, a moment that no calendar
 * has is none, and what was counted is between 0 and INT32_MAX.
 */
char *store_must(sqlite3_stmt *q, int i);
/* The same two for many rows: their texts live in the arena. */
char *store_keep(sqlite3_stmt *q, int i, struct arena *texts);
char *store_keep_must(sqlite3_stmt *q, int i, struct arena *texts);
enum severity store_severity(sqlite3_stmt *q, int i);
int64_t store_time(sqlite3_stmt *q, int i);
int64_t store_count(sqlite3_stmt *q, int i);
const char *store_text(sqlite3_stmt *q, int i); /* until the next step */

#endif
