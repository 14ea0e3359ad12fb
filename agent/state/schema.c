/* schema.c - the tables of the state, and all that is ever asked of them */
#include "state/schema.h"

/*
 * Tables that are walked by name are WITHOUT ROWID and written in the order
 * of their key: that halves the bytes written, and out of order costs ten
 * times as many. Moments are seconds since the epoch, severities the values
 * of enum severity.
 */
static const char version_1[] =
	"CREATE TABLE scan ("
	"	only INTEGER PRIMARY KEY CHECK (only = 1),"
	"	time INTEGER NOT NULL,"
	"	host TEXT NOT NULL);"

	/*
	 * observed_at is NULL where it is the last scan's time, so that a
	 * target of which nothing is new costs no write.
	 */
	"CREATE TABLE target ("
	"	name TEXT PRIMARY KEY,"
	"	address TEXT NOT NULL,"
	"	owner TEXT,"
	"	status INTEGER NOT NULL,"
	"	message TEXT,"
	"	observed_at INTEGER,"
	"	not_after INTEGER NOT NULL,"
	"	sha256 TEXT) WITHOUT ROWID;"

	/* Certificates that a target had before the one it has. */
	"CREATE TABLE former ("
	"	target TEXT NOT NULL"
	"		REFERENCES target (name) ON DELETE CASCADE,"
	"	sha256 TEXT NOT NULL,"
	"	replaced_at INTEGER NOT NULL,"
	"	PRIMARY KEY (target, sha256)) WITHOUT ROWID;"

	/* id and opened_at are NULL while it waits to be confirmed. */
	"CREATE TABLE incident ("
	"	target TEXT NOT NULL"
	"		REFERENCES target (name) ON DELETE CASCADE,"
	"	finding TEXT NOT NULL,"
	"	subject TEXT NOT NULL,"
	"	id TEXT,"
	"	severity INTEGER NOT NULL,"
	"	told INTEGER NOT NULL,"
	"	scans INTEGER NOT NULL,"
	"	step INTEGER NOT NULL," /* the largest integer: none */
	"	opened_at INTEGER,"
	"	told_at INTEGER,"
	"	message TEXT NOT NULL,"
	"	PRIMARY KEY (target, finding, subject)) WITHOUT ROWID;"

	"CREATE TABLE history ("
	"	seq INTEGER PRIMARY KEY,"
	"	time INTEGER NOT NULL,"
	"	target TEXT NOT NULL,"
	"	kind TEXT NOT NULL,"
	"	incident TEXT,"
	"	finding TEXT,"
	"	subject TEXT,"
	"	severity INTEGER NOT NULL,"
	"	message TEXT NOT NULL,"
	"	not_after INTEGER NOT NULL,"
	"	old_not_after INTEGER NOT NULL,"
	"	old_sha256 TEXT,"
	"	new_sha256 TEXT);"
	"CREATE INDEX history_target ON history (target, seq);"

	"CREATE TABLE outbox ("
	"	seq INTEGER PRIMARY KEY,"
	"	id TEXT NOT NULL UNIQUE,"
	"	notifier TEXT NOT NULL,"
	"	attempts INTEGER NOT NULL DEFAULT 0,"
	"	created_at INTEGER NOT NULL,"
	"	next_at INTEGER NOT NULL,"
	"	gave_up_at INTEGER,"
	"	last_answer TEXT,"
	"	body TEXT NOT NULL);";

/*
 * Silences, and what an incident needs to be kept silent and to come back as
 * the same. level and told_step begin as what was told last: every incident
 * of version 1 was told when it opened.
 */
static const char version_2[] =
	"CREATE TABLE silence ("
	"	seq INTEGER PRIMARY KEY,"
	"	id TEXT NOT NULL UNIQUE,"
	"	target TEXT NOT NULL,"
	"	finding TEXT NOT NULL,"
	"	reason TEXT NOT NULL,"
	"	author TEXT,"
	"	from_at INTEGER NOT NULL,"
	"	until_at INTEGER NOT NULL,"
	"	ended_at INTEGER);" /* lifted before its time */

	"ALTER TABLE incident ADD COLUMN silenced INTEGER NOT NULL DEFAULT 0;"
	"ALTER TABLE incident ADD COLUMN level INTEGER NOT NULL DEFAULT 0;"
	"ALTER TABLE incident ADD COLUMN told_level INTEGER NOT NULL DEFAULT 0;"
	"ALTER TABLE incident ADD COLUMN told_step INTEGER NOT NULL DEFAULT 0;"
	"ALTER TABLE incident ADD COLUMN turns INTEGER NOT NULL DEFAULT 0;"
	"ALTER TABLE incident ADD COLUMN good INTEGER NOT NULL DEFAULT 0;"
	"ALTER TABLE incident ADD COLUMN good_at INTEGER;"
	"ALTER TABLE incident ADD COLUMN calm INTEGER NOT NULL DEFAULT 0;"
	"ALTER TABLE incident ADD COLUMN resolved_at INTEGER;" /* NULL: open */
	"UPDATE incident SET level = severity, told_level = severity, "
	"	told_step = step;";

/*
 * What was made of files, for as long as they are unchanged (model/look.h):
 * `result` is NULL for one that holds nothing of ours. The id is made of the
 * name, so that a scan walks them in the order of their key. Of one row, which
 * basis they all rest on.
 */
static const char version_3[] =
	"CREATE TABLE look ("
	"	id INTEGER PRIMARY KEY,"
	"	name TEXT NOT NULL,"
	"	stamp BLOB NOT NULL,"
	"	until INTEGER NOT NULL,"
	"	result BLOB);"

	"CREATE TABLE basis ("
	"	only INTEGER PRIMARY KEY CHECK (only = 1),"
	"	digest BLOB NOT NULL);";

/*
 * What the last scan saw of each target that has no look: what reports show of
 * it. `sum` is the hash of what was packed, without its moment, so that what
 * reads the same is not written again. The id is the look's.
 */
static const char version_4[] = "CREATE TABLE sight ("
				"	id INTEGER PRIMARY KEY,"
				"	name TEXT NOT NULL,"
				"	sum INTEGER NOT NULL,"
				"	result BLOB NOT NULL);";

const char *const schema_migrations[] = {
	version_1,
	version_2,
	version_3,
	version_4,
};
const size_t schema_version = sizeof(schema_migrations) /
	sizeof(schema_migrations[0]);

const char *const schema_statements[STATEMENTS] = {
	[STMT_BEGIN] = "BEGIN IMMEDIATE",
	[STMT_COMMIT] = "COMMIT",
	[STMT_ROLLBACK] = "ROLLBACK",

	[STMT_SCAN_PUT] = "INSERT INTO scan (only, time, host) "
			  "VALUES (1, ?1, ?2) "
			  "ON CONFLICT (only) DO UPDATE "
			  "SET time = excluded.time, host = excluded.host",
	[STMT_SCAN_GET] = "SELECT time FROM scan",

	[STMT_TARGET_ALL] = "SELECT name, address, owner, status, message, "
			    "observed_at, not_after, sha256 "
			    "FROM target ORDER BY name",
	[STMT_TARGET_PUT] =
		"INSERT INTO target (name, address, owner, status, message, "
		"observed_at, not_after, sha256) "
		"VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8) "
		"ON CONFLICT (name) DO UPDATE SET address = excluded.address, "
		"owner = excluded.owner, status = excluded.status, "
		"message = excluded.message, "
		"observed_at = excluded.observed_at, "
		"not_after = excluded.not_after, sha256 = excluded.sha256",
	[STMT_TARGET_DROP] = "DELETE FROM target WHERE name = ?1",
	[STMT_FORMER_PUT] = "INSERT INTO former (target, sha256, replaced_at) "
			    "VALUES (?1, ?2, ?3) "
			    "ON CONFLICT (target, sha256) DO UPDATE "
			    "SET replaced_at = excluded.replaced_at",
	[STMT_FORMER_DROP] =
		"DELETE FROM former WHERE target = ?1 AND sha256 = ?2",
	[STMT_FORMER_PRUNE] =
		"DELETE FROM former WHERE target = ?1 AND sha256 IN "
		"(SELECT sha256 FROM former WHERE target = ?1 "
		"ORDER BY replaced_at DESC, sha256 LIMIT -1 OFFSET ?2)",

	[STMT_INCIDENT_ALL] =
		"SELECT target, finding, subject, id, severity, told, scans, "
		"step, opened_at, told_at, message, silenced, level, "
		"told_level, told_step, turns, good, good_at, calm, "
		"resolved_at FROM incident ORDER BY target, finding, subject",
	[STMT_INCIDENT_PUT] =
		"INSERT INTO incident (target, finding, subject, id, "
		"severity, told, scans, step, opened_at, told_at, message, "
		"silenced, level, told_level, told_step, turns, good, "
		"good_at, calm, resolved_at) "
		"VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, "
		"?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20) "
		"ON CONFLICT (target, finding, subject) DO UPDATE "
		"SET id = excluded.id, severity = excluded.severity, "
		"told = excluded.told, scans = excluded.scans, "
		"step = excluded.step, opened_at = excluded.opened_at, "
		"told_at = excluded.told_at, message = excluded.message, "
		"silenced = excluded.silenced, level = excluded.level, "
		"told_level = excluded.told_level, "
		"told_step = excluded.told_step, turns = excluded.turns, "
		"good = excluded.good, good_at = excluded.good_at, "
		"calm = excluded.calm, resolved_at = excluded.resolved_at",
	[STMT_INCIDENT_DROP] = "DELETE FROM incident WHERE target = ?1 "
			       "AND finding = ?2 AND subject = ?3",
	[STMT_INCIDENT_FORGET] = "DELETE FROM incident WHERE resolved_at < ?1",
	[STMT_INCIDENT_COUNT] = "SELECT count(*) FROM incident "
				"WHERE id IS NOT NULL AND resolved_at IS NULL",
	[STMT_INCIDENT_OPEN] =
		"SELECT i.id, i.target, i.finding, i.subject, i.message, "
		"t.address, t.owner, i.severity, i.opened_at, "
		"CASE WHEN i.told <> 0 THEN i.told_at END, i.silenced "
		"FROM incident i JOIN target t ON t.name = i.target "
		"WHERE i.id IS NOT NULL AND i.resolved_at IS NULL "
		"ORDER BY i.severity DESC, i.opened_at, i.target, i.finding, "
		"i.subject",

	[STMT_HISTORY_ADD] =
		"INSERT INTO history (time, target, kind, incident, finding, "
		"subject, severity, message, not_after, old_not_after, "
		"old_sha256, new_sha256) "
		"VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)",
	/* From the oldest row on, until one is young enough: few are read. */
	[STMT_HISTORY_PRUNE] = "DELETE FROM history WHERE seq < "
			       "(SELECT seq FROM history WHERE time >= ?1 "
			       "ORDER BY seq LIMIT 1)",

	/* Of one target, or of those from a name on: the index has it all. */
	[STMT_HISTORY_OF] = "SELECT seq FROM history WHERE target = ?1",
	[STMT_HISTORY_FROM] = "SELECT target, seq FROM history "
			      "WHERE target >= ?1 ORDER BY target, seq",
	[STMT_HISTORY_GET] = "SELECT target, time, kind, incident, finding, "
			     "subject, severity, message, not_after, "
			     "old_not_after FROM history WHERE seq = ?1",

	[STMT_SILENCE_ADD] = "INSERT INTO silence (id, target, finding, "
			     "reason, author, from_at, until_at) "
			     "VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
	[STMT_SILENCE_LIST] =
		"SELECT id, target, finding, reason, author, from_at, until_at "
		"FROM silence WHERE ended_at IS NULL AND until_at > ?1 "
		"ORDER BY seq",
	[STMT_SILENCE_END] =
		"UPDATE silence SET ended_at = ?2 "
		"WHERE id = ?1 AND ended_at IS NULL AND until_at > ?2",
	[STMT_SILENCE_PRUNE] = "DELETE FROM silence WHERE until_at < ?1 AND "
			       "(ended_at IS NULL OR ended_at < ?1)",

	[STMT_BASIS_GET] = "SELECT digest FROM basis",
	[STMT_BASIS_PUT] = "INSERT INTO basis (only, digest) VALUES (1, ?1) "
			   "ON CONFLICT (only) DO UPDATE "
			   "SET digest = excluded.digest",
	[STMT_LOOK_ALL] = "SELECT id, name, stamp, until, result "
			  "FROM look ORDER BY id",
	[STMT_LOOK_PUT] = "INSERT OR REPLACE INTO look "
			  "(id, name, stamp, until, result) "
			  "VALUES (?1, ?2, ?3, ?4, ?5)",
	[STMT_LOOK_DROP] = "DELETE FROM look WHERE id = ?1",
	[STMT_LOOK_CLEAR] = "DELETE FROM look",
	[STMT_LOOK_GET] = "SELECT name, result FROM look WHERE id = ?1",

	[STMT_SIGHT_ALL] = "SELECT id, name, sum, result FROM sight "
			   "ORDER BY id",
	[STMT_SIGHT_GET] = "SELECT name, result FROM sight WHERE id = ?1",
	[STMT_SIGHT_PUT] = "INSERT OR REPLACE INTO sight "
			   "(id, name, sum, result) VALUES (?1, ?2, ?3, ?4)",
	[STMT_SIGHT_DROP] = "DELETE FROM sight WHERE id = ?1",

	[STMT_OUTBOX_ADD] = "INSERT INTO outbox "
			    "(id, notifier, created_at, next_at, body) "
			    "VALUES (?1, ?2, ?3, ?3, ?4)",
	/*
	 * No try is set further ahead than ?2: if one is, the clock has
	 * jumped back since, and it is due. So is what is older than a message
	 * that is due: who is told that an incident is over, and then that it
	 * has begun, waits for its end for ever.
	 */
	[STMT_OUTBOX_DUE] =
		"SELECT id, outbox.notifier, attempts, created_at, next_at, "
		"gave_up_at IS NOT NULL, last_answer, body FROM outbox JOIN "
		"(SELECT notifier, max(seq) AS last FROM outbox "
		"WHERE gave_up_at IS NULL AND "
		"(next_at <= ?1 OR next_at > ?1 + ?2) GROUP BY notifier) AS due "
		"ON outbox.notifier = due.notifier AND seq <= last "
		"WHERE gave_up_at IS NULL ORDER BY seq",
	[STMT_OUTBOX_PENDING] =
		"SELECT id, notifier, attempts, created_at, next_at, "
		"gave_up_at IS NOT NULL, last_answer FROM outbox ORDER BY seq",
	[STMT_OUTBOX_GET] = "SELECT attempts, created_at, next_at FROM outbox "
			    "WHERE id = ?1",
	[STMT_OUTBOX_RETRY] =
		"UPDATE outbox SET attempts = ?2, created_at = ?3, "
		"next_at = ?4, gave_up_at = ?5, last_answer = ?6 "
		"WHERE id = ?1",
	/* What waits behind it, untried, would have it tried by each scan. */
	[STMT_OUTBOX_HOLD] =
		"UPDATE outbox SET next_at = ?2 WHERE attempts = 0 AND "
		"gave_up_at IS NULL AND next_at < ?2 AND (notifier, seq) IN "
		"(SELECT o.notifier, o.seq FROM outbox AS o JOIN outbox AS f "
		"ON f.id = ?1 AND o.notifier = f.notifier AND o.seq > f.seq)",
	[STMT_OUTBOX_DROP] = "DELETE FROM outbox WHERE id = ?1",
	[STMT_OUTBOX_PRUNE] = "DELETE FROM outbox WHERE gave_up_at < ?1",
};
