/* schema.h - the tables of the state, and all that is ever asked of them */
#ifndef STATE_SCHEMA_H
#define STATE_SCHEMA_H

#include <stddef.h>

#define SCHEMA_APPLICATION_ID 0x43564731 /* "CVG1", at byte 68 of the file */

/*
 * Row i brings a database of version i to i + 1; PRAGMA user_version holds
 * the version. Rows are only ever added.
 */
extern const char *const schema_migrations[];
extern const size_t schema_version; /* what this program writes and reads */

enum statement {
	STMT_BEGIN,
	STMT_COMMIT,
	STMT_ROLLBACK,
	STMT_SCAN_PUT,
	STMT_SCAN_GET,
	STMT_TARGET_ALL,
	STMT_TARGET_PUT,
	STMT_TARGET_DROP,
	STMT_FORMER_PUT,
	STMT_FORMER_DROP,
	STMT_FORMER_PRUNE,
	STMT_INCIDENT_ALL,
	STMT_INCIDENT_PUT,
	STMT_INCIDENT_DROP,
	STMT_INCIDENT_FORGET,
	STMT_INCIDENT_COUNT,
	STMT_INCIDENT_OPEN,
	STMT_HISTORY_ADD,
	STMT_HISTORY_PRUNE,
	STMT_HISTORY_OF,
	STMT_HISTORY_FROM,
	STMT_HISTORY_GET,
	STMT_SILENCE_ADD,
	STMT_SILENCE_LIST,
	STMT_SILENCE_END,
	STMT_SILENCE_PRUNE,
	STMT_BASIS_GET,
	STMT_BASIS_PUT,
	STMT_LOOK_ALL,
	STMT_LOOK_PUT,
	STMT_LOOK_DROP,
	STMT_LOOK_CLEAR,
	STMT_LOOK_GET,
	STMT_SIGHT_ALL,
	STMT_SIGHT_GET,
	STMT_SIGHT_PUT,
	STMT_SIGHT_DROP,
	STMT_OUTBOX_ADD,
	STMT_OUTBOX_DUE,
	STMT_OUTBOX_PENDING,
	STMT_OUTBOX_GET,
	STMT_OUTBOX_RETRY,
	STMT_OUTBOX_HOLD,
	STMT_OUTBOX_DROP,
	STMT_OUTBOX_PRUNE,
	STATEMENTS
};

extern const char *const schema_statements[STATEMENTS];

#endif
