/* test_damage.c - a state whose rows hold what nobody has ever written there */
#include "tests/unit/state_world.h"

static const char *const wrong_values[] = { "NULL", "'text'",
	"9223372036854775807", "-9223372036854775808" };

static const struct table {
	const char *name;
	const char *columns[20];
} tables[] = {
	{ "scan", { "time", "host" } },
	{ "target",
		{ "address", "owner", "status", "message", "observed_at",
			"not_after", "sha256" } },
	{ "former", { "replaced_at" } },
	{ "incident",
		{ "id", "severity", "told", "scans", "step", "opened_at",
			"told_at", "message", "silenced", "level", "told_level",
			"told_step", "turns", "good", "good_at", "calm",
			"resolved_at" } },
	{ "history",
		{ "time", "target", "kind", "incident", "finding", "subject",
			"severity", "message", "not_after", "old_not_after" } },
	{ "silence",
		{ "id", "target", "finding", "reason", "author", "from_at",
			"until_at", "ended_at" } },
	{ "sight", { "name", "sum", "result" } },
	{ "outbox",
		{ "notifier", "attempts", "created_at", "next_at", "gave_up_at",
			"last_answer", "body" } },
};

static const char before[] = "a@1 expiry.soon:critical:1:6;b@2 "
			     "name.www:warning:x;c endpoint.timeout:critical:h";

static void
damage(const struct world *w, const char *table, const char *column,
	const char *value)
{
	cleanup(str_free) char *sql = str_fmt(
		"PRAGMA foreign_keys = OFF; PRAGMA synchronous = OFF; "
		"UPDATE OR IGNORE %s SET %s = %s",
		table, column, value);

	world_sql(w, sql);
}

/* All that is ever read; every text that must be there is. */
static void
read_all(struct world *w)
{
	struct known_targets ts = { 0 };
	struct known_incidents is = { 0 };
	struct happenings hs = { 0 };
	struct silences ss = { 0 };
	struct messages ms = { 0 };
	struct remembered rs = { 0 };

	assert_int_equal(state_targets(w->st, &ts, &w->err), 0);
	for (size_t i = 0; i < ts.n; i++)
		assert_non_null(ts.v[i].address);
	assert_int_equal(state_incidents(w->st, &is, &w->err), 0);
	for (size_t i = 0; i < is.n; i++)
		assert_non_null(is.v[i].message);
	assert_int_equal(state_history(w->st, "*", 100, &hs, &w->err), 0);
	for (size_t i = 0; i < hs.n; i++)
		assert_true(hs.v[i].kind != NULL && hs.v[i].message != NULL &&
			moment_is_dated(hs.v[i].time));
	assert_int_equal(state_silences(w->st, T0, &ss, &w->err), 0);
	for (size_t i = 0; i < ss.n; i++)
		assert_true(ss.v[i].id != NULL && ss.v[i].reason != NULL);
	assert_int_equal(outbox_pending(w->st, &ms, &w->err), 0);
	for (size_t i = 0; i < ms.n; i++)
		assert_true(ms.v[i].notifier != NULL && ms.v[i].attempts >= 0);
	assert_int_equal(state_results(w->st, &rs, &w->err), 0);
	for (size_t i = 0; i < rs.results.n; i++)
		assert_non_null(rs.results.v[i]->target->name);
	remembered_release(&rs);
	known_targets_release(&ts);
	known_incidents_release(&is);
	happenings_release(&hs);
	silences_release(&ss);
	messages_release(&ms);
}

/* What is due fails once more. */
static void
fail_due(struct world *w, time_t now)
{
	struct messages ms = { 0 };
	bool gave_up;

	assert_int_equal(outbox_due(w->st, now, &ms, &w->err), 0);
	for (size_t i = 0; i < ms.n; i++)
		assert_int_equal(outbox_failed(w->st, ms.v[i].id, now, 0, DAY_S,
					 "no", &gave_up, &w->err),
			0);
	messages_release(&ms);
}

/* A state with something in every table, as the bytes of one file. */
static void
make_whole(struct world *w, struct buf *out)
{
	const struct silence s = { .target = "b",
		.finding = "*",
		.reason = "r",
		.from = T0,
		.until = T0 + DAY_S };
	cleanup(str_free) char *id = NULL;
	char some[4096];
	size_t n;
	FILE *f;

	assert_int_equal(world_scan(w, T0 - 60, "a@0;b@2;c@3"), 0);
	assert_int_equal(world_scan(w, T0, before), 0);
	assert_int_equal(state_silence_add(w->st, &s, &id, &w->err), 0);
	world_close(w);
	world_sql(w,
		"PRAGMA journal_mode = DELETE; PRAGMA writable_schema = ON; "
		"UPDATE sqlite_schema SET sql = replace(sql, ' NOT NULL', '')");
	f = fopen(w->path, "re");
	assert_non_null(f);
	while ((n = fread(some, 1, sizeof(some), f)) > 0)
		buf_add(out, some, n);
	assert_int_equal(fclose(f), 0);
}

static void
begin(struct world *w, const struct buf *whole)
{
	static const char *const ends[] = { "-wal", "-shm" };
	FILE *f;

	world_close(w);
	for (size_t i = 0; i < COUNT(ends); i++) {
		cleanup(str_free) char *path = str_fmt(
			"%s%s", w->path, ends[i]);

		(void)unlink(path);
	}
	f = fopen(w->path, "we");
	assert_non_null(f);
	assert_int_equal(fwrite(whole->s, 1, whole->len, f), whole->len);
	assert_int_equal(fclose(f), 0);
}

/* Whatever it is, scans go on, and so does what tells of them. */
static void
any_column_may_hold_anything(void **arg)
{
	struct world *w = *arg;
	BUF_CLEANUP struct buf whole = { 0 };

	make_whole(w, &whole);
	for (size_t t = 0; t < COUNT(tables); t++) {
		const char *const *column = tables[t].columns;

		for (; *column != NULL; column++) {
			for (size_t i = 0; i < COUNT(wrong_values); i++) {
				begin(w, &whole);
				damage(w, tables[t].name, *column,
					wrong_values[i]);
				world_open(w);
				read_all(w);
				fail_due(w, T0 + 60);
				if (world_scan(w, T0 + DAY_S, "a@1;b@4;c@3") !=
					0)
					fail_msg("%s.%s = %s: %s",
						tables[t].name, *column,
						wrong_values[i], w->err.text);
				read_all(w);
			}
		}
	}
}

/* A try has to be the same message under the same id. */
static void
a_message_has_its_own_id(void **arg)
{
	static const char *const ids[] = { "msg_other", "",
		"msg_1\\r\\nX-Evil: 1" };
	struct world *w = *arg;

	w->notifiers.n = 1;
	assert_int_equal(world_scan(w, T0, before), 0);
	for (size_t i = 0; i < COUNT(ids); i++) {
		cleanup(str_free) char *sql = str_fmt(
			"UPDATE outbox SET body "
			"= json_set(body, '$.id', json('\"%s\"'))",
			ids[i]);
		struct messages ms = { 0 };

		world_sql(w, sql);
		assert_int_equal(outbox_due(w->st, T0, &ms, &w->err), 0);
		assert_int_equal(ms.n, 1);
		assert_null(ms.v[0].digest);
		messages_release(&ms);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		IN_WORLD(any_column_may_hold_anything),
		IN_WORLD(a_message_has_its_own_id),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
