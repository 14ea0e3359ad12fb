/* test_past.c - targets come and go while the state is read beside them */
#include "tests/unit/state_world.h"

#include "state/store.h"

#define MAX_STEPS 4

#define BAD " name.www:warning:x"
#define OPENED(name) "opened " name " name.www warning"

/* Scans a day apart, and their events: see world_scan(). */
static const struct scenario {
	const char *name;
	struct step {
		const char *scan, *want;
	} steps[MAX_STEPS];
} scenarios[] = {
	{ "the first, the middle and the last one leave, and come back",
		{ { "a@1" BAD ";b@1" BAD ";c@1" BAD ";d@1" BAD ";e@1" BAD,
			  OPENED("a") ", " OPENED("b") ", " OPENED(
				  "c") ", " OPENED("d") ", " OPENED("e") },
			{ "b@1" BAD ";d@1" BAD, "" },
			{ "a@1" BAD ";b@1" BAD ";c@1" BAD ";d@1" BAD ";e@1" BAD,
				OPENED("a") ", " OPENED("c") ", " OPENED("e") },
			{ "a@1;b@1;c@1;d@1;e@1",
				"resolved a name.www warning, "
				"resolved b name.www warning, "
				"resolved c name.www warning, "
				"resolved d name.www warning, "
				"resolved e name.www warning" } } },
	{ "others come before, between and behind",
		{ { "b@1" BAD ";d@1" BAD, OPENED("b") ", " OPENED("d") },
			{ "a@1" BAD ";b@1" BAD ";c@1" BAD ";d@1" BAD ";e@1" BAD,
				OPENED("a") ", " OPENED("c") ", " OPENED("e") },
			{ "a@1" BAD ";b@1" BAD ";c@1" BAD ";d@1" BAD ";e@1" BAD,
				"" } } },
	{ "all leave at once, and one comes in their place",
		{ { "a@1" BAD ";c@1" BAD, OPENED("a") ", " OPENED("c") },
			{ "b@1" BAD, OPENED("b") },
			{ "a@1" BAD ";b@1" BAD, OPENED("a") } } },
	{ "a scan of nothing",
		{ { "a@1" BAD ";b@1" BAD, OPENED("a") ", " OPENED("b") },
			{ "", "" }, { "", "" },
			{ "a@1" BAD ";b@1", OPENED("a") } } },
	{ "bytes are compared, not letters, and in whatever order they come",
		{ { "a.b@1" BAD ";\xc3\xa4@1" BAD ";a@1" BAD ";B@1" BAD
		    ";a-b@1" BAD,
			  OPENED("B") ", " OPENED("a") ", " OPENED(
				  "a-b") ", " OPENED("a.b") ", " OPENED("\xc3"
									"\xa4") },
			{ "B@1" BAD ";a@1" BAD ";a-b@1" BAD ";a.b@1" BAD
			  ";\xc3\xa4@1" BAD,
				"" },
			{ "\xc3\xa4@1" BAD ";a.b@1" BAD ";a-b@1" BAD ";B@1" BAD,
				"" },
			{ "\xc3\xa4@1" BAD ";a@1" BAD, OPENED("a") } } },
	{ "one name begins with another",
		{ { "a@1" BAD ";aa@1" BAD ";ab@1" BAD,
			  OPENED("a") ", " OPENED("aa") ", " OPENED("ab") },
			{ "aa@1" BAD ";ab@1" BAD, "" },
			{ "a@1" BAD ";aa@1" BAD, OPENED("a") },
			{ "a@1" BAD ";aa@1" BAD ";ab@1" BAD, OPENED("ab") } } },
	{ "a pending one goes with its target",
		{ { "a endpoint.timeout:critical:h;b@1", "" }, { "b@1", "" },
			{ "a endpoint.timeout:critical:h;b@1", "" },
			{ "a endpoint.timeout:critical:h;b@1",
				"opened a endpoint.timeout critical" } } },
};

static void
play(const struct scenario *s)
{
	void *arg = NULL;
	struct world *w;

	assert_int_equal(world_setup(&arg), 0);
	w = arg;
	for (size_t i = 0; i < MAX_STEPS && s->steps[i].scan != NULL; i++) {
		const struct step *step = &s->steps[i];
		cleanup(str_free) char *have = NULL;

		if (world_scan(w, T0 + (time_t)i * DAY_S, step->scan) == -1)
			fail_msg("%s: %s", s->name, w->err.text);
		have = world_events(w->events);
		if (strcmp(have, step->want) != 0)
			fail_msg("%s, scan %zu: want \"%s\", have \"%s\"",
				s->name, i, step->want, have);
	}
	world_teardown(&arg);
}

static void
scenarios_hold(void **arg)
{
	(void)arg;
	for (size_t i = 0; i < COUNT(scenarios); i++)
		play(&scenarios[i]);
}

/*
 * A row that is written while the pass stands on it has another place behind
 * its key for SQLite: it must be neither missed nor taken for one that left.
 */
static void
a_row_that_moves(void **arg)
{
	static const char *const others[] = { "'a'", "'zzz'", "NULL", "7" };
	static const char scan[] = "a@1" BAD ";b@1" BAD ";c@1" BAD;
	struct world *w = *arg;

	world_scan(w, T0, scan);
	world_sql(w,
		"PRAGMA writable_schema = ON; "
		"UPDATE sqlite_schema SET sql = replace(sql, ' NOT NULL', '')");
	for (size_t i = 0; i < COUNT(others); i++) {
		cleanup(str_free) char *sql = str_fmt(
			"UPDATE target SET address = %s", others[i]);

		world_close(w);
		world_sql(w, sql);
		world_open(w);
		world_expect(w, T0 + 1 + (time_t)i, scan, "");
		assert_int_equal(world_number(w,
					 "SELECT count(*) FROM target WHERE "
					 "address = 'https://192.0.2.1:443'"),
			3);
		assert_int_equal(
			world_number(w, "SELECT count(*) FROM incident"), 3);
	}
}

#define MANY 300
#define ROUNDS 40

/* A world of many targets, of which a scan sees some. */
struct crowd {
	struct target targets[MANY];
	char names[MANY][16], addresses[MANY][32];
	uint32_t chance;
};

static uint32_t
roll(struct crowd *c, uint32_t sides)
{
	c->chance = c->chance * 1664525 + 1013904223;
	return (c->chance >> 8) % sides;
}

static struct result *
one_of(struct crowd *c, size_t i, time_t now)
{
	struct result *r = mem_alloc(sizeof(*r));
	struct cert *leaf = mem_alloc(sizeof(*leaf));
	struct target *t = &c->targets[i];

	/* Names of different lengths, none in the order of its number. */
	snprintf(c->names[i], sizeof(c->names[i]), "%zu", i * 7919 % 10007);
	snprintf(c->addresses[i], sizeof(c->addresses[i]), "at %u",
		roll(c, 8) == 0 ? roll(c, 100) : 0);
	t->name = c->names[i];
	t->address = c->addresses[i];
	leaf->sha256 = str_fmt("%u", roll(c, 9) == 0 ? roll(c, 5) : 0);
	leaf->has_dates = true;
	leaf->not_after = T0 + 100 * DAY_S;
	r->target = t;
	r->looked = true;
	r->observed_at = now;
	r->seen = observation_new();
	r->seen->certs = leaf;
	r->seen->n_certs = 1;
	if (roll(c, 3) == 0)
		findings_add(&r->findings, "name.missing", "x", "m");
	r->status = findings_worst(&r->findings);
	return r;
}

/* Is each result a row, as it is? Are its findings incidents, and open? */
static void
expect_rows(struct world *w, const struct results *rs)
{
	sqlite3 *db = NULL;
	sqlite3_stmt *q = NULL;
	int64_t bad = 0;

	assert_int_equal(sqlite3_open(w->path, &db), SQLITE_OK);
	assert_int_equal(
		sqlite3_prepare_v2(db,
			"SELECT count(*) FROM target WHERE name = ?1 AND "
			"address = ?2 AND status = ?3 AND sha256 = ?4 AND "
			"(SELECT count(*) FROM incident WHERE target = ?1 "
			"AND good = 0 AND resolved_at IS NULL) = ?5",
			-1, &q, NULL),
		SQLITE_OK);
	for (size_t i = 0; i < rs->n; i++) {
		const struct result *r = rs->v[i];

		sqlite3_bind_text(q, 1, r->target->name, -1, SQLITE_STATIC);
		sqlite3_bind_text(q, 2, r->target->address, -1, SQLITE_STATIC);
		sqlite3_bind_int(q, 3, (int)r->status);
		sqlite3_bind_text(
			q, 4, r->seen->certs[0].sha256, -1, SQLITE_STATIC);
		sqlite3_bind_int(q, 5, (int)r->findings.n);
		assert_int_equal(sqlite3_step(q), SQLITE_ROW);
		assert_int_equal(sqlite3_column_int(q, 0), 1);
		sqlite3_reset(q);
		bad += (int64_t)r->findings.n;
	}
	sqlite3_finalize(q);
	sqlite3_close(db);
	assert_int_equal(world_number(w, "SELECT count(*) FROM target"), rs->n);
	assert_int_equal(world_number(w,
				 "SELECT count(*) FROM incident WHERE good = 0 "
				 "AND resolved_at IS NULL"),
		bad);
}

/* The rows of many pages, and whatever may become of them. */
static void
whatever_comes_and_goes(void **arg)
{
	struct world *w = *arg;
	struct crowd *c = mem_alloc(sizeof(*c));

	for (uint32_t round = 0; round < ROUNDS; round++) {
		struct results rs = { .time = T0 + (time_t)round };

		rs.v = mem_alloc(MANY * sizeof(struct result *));
		c->chance = round / 2; /* each scan is made twice */
		for (size_t i = 0; i < MANY; i++) {
			if (round % 11 != 10 && roll(c, 4) != 0)
				rs.v[rs.n++] = one_of(c, i, rs.time);
		}
		if (state_record(w->st, &rs, &w->alerts, &w->notifiers, "host",
			    NULL, &w->err) == -1)
			fail_msg("%s", w->err.text);
		expect_rows(w, &rs);
		results_release(&rs);
	}
	free(c);
}

static int
count_steps(struct world *w, enum statement which, int what)
{
	sqlite3_stmt *q = w->st->statements[which];

	return q == NULL ? 0 : sqlite3_stmt_status(q, what, 1);
}

/* A scan without news runs each of these once, and no other. */
static void
what_is_known_is_read_once(void **arg)
{
	static const char scan[] = "a@1" BAD ";b@1" BAD ";c@1;d@1;e@1";
	static const enum statement once[] = { STMT_TARGET_ALL,
		STMT_INCIDENT_ALL, STMT_SCAN_PUT };
	static const enum statement never[] = { STMT_TARGET_PUT,
		STMT_TARGET_DROP, STMT_INCIDENT_PUT, STMT_INCIDENT_DROP,
		STMT_FORMER_PUT, STMT_HISTORY_ADD, STMT_OUTBOX_ADD };
	struct world *w = *arg;

	world_scan(w, T0, scan);
	world_close(w);
	world_open(w);
	world_expect(w, T0 + 1, scan, "");
	for (size_t i = 0; i < COUNT(once); i++)
		assert_int_equal(
			count_steps(w, once[i], SQLITE_STMTSTATUS_RUN), 1);
	for (size_t i = 0; i < COUNT(never); i++)
		assert_int_equal(
			count_steps(w, never[i], SQLITE_STMTSTATUS_RUN), 0);
}

/* Of a long history those rows are looked at that are too old, and one. */
static void
what_is_young_is_not_read(void **arg)
{
	struct world *w = *arg;
	int steps;

	world_scan(w, T0, "a@1");
	world_sql(w,
		"WITH RECURSIVE n (i) AS (SELECT 0 UNION ALL "
		"SELECT i + 1 FROM n WHERE i < 9999) "
		"INSERT INTO history (time, target, kind, severity, message, "
		"not_after, old_not_after) "
		"SELECT 1800000000 + i, 'a', 'renewed', 0, 'm', 0, 0 FROM n");
	world_scan(w, T0 + 1, "a@1");
	steps = count_steps(w, STMT_HISTORY_PRUNE, SQLITE_STMTSTATUS_VM_STEP);
	assert_in_range(steps, 1, 100);
	assert_int_equal(
		world_number(w, "SELECT count(*) FROM history"), 10000);

	w->alerts.history_s = DAY_S;
	world_scan(w, T0 + DAY_S + 5, "a@1");
	world_scan(w, T0 + DAY_S + 5, "a@1");
	steps = count_steps(w, STMT_HISTORY_PRUNE, SQLITE_STMTSTATUS_VM_STEP);
	assert_in_range(steps, 1, 400);
	assert_int_equal(world_number(w, "SELECT count(*) FROM history"), 9995);
}

/* Nothing new takes no room: neither in the file nor in its log. */
static void
a_hundred_scans_take_no_room(void **arg)
{
	static const char scan[] = "a@1" BAD ";b@1;c endpoint.timeout:"
				   "critical:h";
	cleanup(str_free) char *log = NULL;
	struct world *w = *arg;
	int64_t pages;

	log = str_fmt("%s-wal", w->path);
	world_scan(w, T0, scan);
	world_scan(w, T0 + 1, scan);
	pages = world_number(w, "PRAGMA page_count");
	for (time_t i = 2; i < 102; i++) {
		world_close(w);
		assert_int_equal(access(log, F_OK), -1);
		world_open(w);
		world_expect(w, T0 + i, scan, "");
	}
	assert_int_equal(world_number(w, "PRAGMA page_count"), pages);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(scenarios_hold),
		IN_WORLD(a_row_that_moves),
		IN_WORLD(whatever_comes_and_goes),
		IN_WORLD(what_is_known_is_read_once),
		IN_WORLD(what_is_young_is_not_read),
		IN_WORLD(a_hundred_scans_take_no_room),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
