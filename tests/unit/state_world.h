/* state_world.h - a state in a folder of its own, and scans to remember */
#ifndef TESTS_STATE_WORLD_H
#define TESTS_STATE_WORLD_H

#include "tests/unit/unit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <sqlite3.h>

#include "model/buf.h"
#include "model/duration.h"
#include "state/state.h"

#define T0 ((time_t)1800000000) /* 2027-01-15 */
#define WAIT_MS 100
#define MAX_TARGETS 8

/* A test that gets a world of its own. */
#define IN_WORLD(test)                                                         \
	cmocka_unit_test_setup_teardown(test, world_setup, world_teardown)

struct world {
	char dir[64];
	char *path;
	struct state *st;
	struct alerts alerts;
	struct notifier_list notifiers;
	struct target targets[MAX_TARGETS];
	char names[MAX_TARGETS][32];
	struct digest *events; /* of the last scan */
	struct error err;
};

static inline void
world_open(struct world *w)
{
	if (state_open(w->path, WAIT_MS, &w->st, &w->err) == -1)
		fail_msg("%s", w->err.text);
}

static inline void
world_close(struct world *w)
{
	state_close(w->st);
	w->st = NULL;
}

static inline int
world_setup(void **arg)
{
	static int64_t steps[] = { 30 * DAY_S, 14 * DAY_S, 7 * DAY_S, 3 * DAY_S,
		DAY_S };
	static struct notifier_config notifiers[] = { { .name = "mail" },
		{ .name = "chat" } };
	struct world *w = mem_alloc(sizeof(*w));

	strcpy(w->dir, "/tmp/certvigil-state-XXXXXX");
	if (mkdtemp(w->dir) == NULL)
		return -1;
	w->path = str_fmt("%s/state.db", w->dir);
	w->alerts = (struct alerts){ .steps = { steps, 5 },
		.repeat_s = 7 * DAY_S,
		.confirm = 2,
		.history_s = 400 * DAY_S,
		.give_up_s = 3 * DAY_S };
	w->notifiers = (struct notifier_list){ notifiers, 2 };
	world_open(w);
	*arg = w;
	return 0;
}

static inline int
world_teardown(void **arg)
{
	static const char *const ends[] = { "", "-wal", "-shm", "-journal",
		".lock" };
	struct world *w = *arg;

	world_close(w);
	for (size_t i = 0; i < COUNT(ends); i++) {
		cleanup(str_free) char *name = str_fmt(
			"%s%s", w->path, ends[i]);

		(void)unlink(name);
	}
	(void)rmdir(w->dir);
	digest_free(w->events);
	free(w->path);
	free(w);
	return 0;
}

/*
 * "expiry.soon:warning:SUBJECT" or "...:SUBJECT:DAYS", with DAYS left. The
 * message tells the id and the days; of a SUBJECT "client..." whose it is, too.
 */
static inline void
world_add_finding(struct result *r, char *text)
{
	char *more = NULL, *id = strtok_r(text, ":", &more);
	char *severity = strtok_r(NULL, ":", &more);
	char *subject = strtok_r(NULL, ":", &more);
	char *days = strtok_r(NULL, ":", &more);
	bool client = strncmp(subject, "client", 6) == 0;
	struct finding *f = findings_add(&r->findings, id, subject, "%s%s%s%s",
		client ? CLIENT_CERTIFICATE ": " : "", id,
		days != NULL ? " " : "", days != NULL ? days : "");

	assert_int_equal(severity_parse(severity, &f->severity), 0);
	if (days != NULL)
		finding_detail(f, "seconds_left",
			json_integer((json_int_t)(atof(days) * DAY_S)));
}

static inline void
world_add_client(struct observation *seen, char *mark)
{
	if (mark == NULL)
		return;
	seen->client = client_test_new();
	seen->client->own = observation_new();
	if (*mark == '+') {
		seen->client->own->certs = mem_alloc(sizeof(struct cert));
		seen->client->own->n_certs = 1;
	}
	*mark = '\0';
}

/*
 * "NAME@LEAF FINDING ..." for a look that saw LEAF; "NAME FINDING ..." not;
 * "NAME@LEAF+ ..." and a client certificate, or "@LEAF- ..." that file only;
 * "~NAME..." for one that is carried from an earlier scan.
 */
static inline struct result *
world_result(struct world *w, size_t i, char *text, time_t now)
{
	char *more = NULL, *name = strtok_r(text, " ", &more), *word;
	char *leaf = strchr(name, '@');
	struct result *r = mem_alloc(sizeof(*r));
	struct target *t = &w->targets[i];

	assert_true(i < MAX_TARGETS);
	r->target = t;
	r->observed_at = now;
	if (*name == '~') {
		r->carried = true;
		r->observed_at = now - DAY_S;
		name++;
	}
	r->seen = observation_new();
	if (leaf != NULL) {
		struct cert *c = mem_alloc(sizeof(*c));

		*leaf++ = '\0';
		world_add_client(r->seen, strpbrk(leaf, "+-"));
		c->sha256 = str_dup(leaf);
		c->has_dates = true;
		c->not_after = T0 + 100 * DAY_S;
		r->looked = true;
		r->seen->certs = c;
		r->seen->n_certs = 1;
	}
	snprintf(w->names[i], sizeof(w->names[i]), "%s", name);
	t->name = w->names[i];
	t->address = "https://192.0.2.1:443";
	while ((word = strtok_r(NULL, " ", &more)) != NULL)
		world_add_finding(r, word);
	r->status = findings_worst(&r->findings);
	return r;
}

/* A scan at `now` of targets parted by ';'. What state_record() returns. */
static inline int
world_scan(struct world *w, time_t now, const char *script)
{
	cleanup(str_free) char *text = str_dup(script);
	char *more = NULL, *part = strtok_r(text, ";", &more);
	struct results rs = { .time = now };
	int result;

	for (; part != NULL; part = strtok_r(NULL, ";", &more)) {
		rs.v = mem_grow(rs.v, rs.n + 1, sizeof(*rs.v));
		rs.v[rs.n] = world_result(w, rs.n, part, now);
		rs.n++;
	}
	digest_free(w->events);
	w->events = NULL;
	w->err = (struct error){ 0 };
	result = state_record(w->st, &rs, &w->alerts, &w->notifiers, "host",
		&w->events, &w->err);
	results_release(&rs);
	return result;
}

/* "opened a expiry.soon warning, renewed a" */
static inline char *
world_events(const struct digest *d)
{
	struct buf out = { 0 };

	for (size_t i = 0; i < d->n; i++) {
		const struct event *e = &d->v[i];

		buf_printf(&out, "%s%s %s", i > 0 ? ", " : "",
			event_name(e->kind), e->target);
		if (e->finding != NULL)
			buf_printf(&out, " %s %s", e->finding,
				severity_name(e->severity));
	}
	return buf_detach(&out);
}

static inline void
world_expect(struct world *w, time_t now, const char *script, const char *want)
{
	cleanup(str_free) char *have = NULL;

	if (world_scan(w, now, script) == -1)
		fail_msg("%s", w->err.text);
	have = world_events(w->events);
	assert_string_equal(have, want);
}

/* The first number that `sql` answers, by a connection of its own. */
static inline int64_t
world_number(const struct world *w, const char *sql)
{
	sqlite3_stmt *q = NULL;
	sqlite3 *db = NULL;
	int64_t n;

	assert_int_equal(sqlite3_open(w->path, &db), SQLITE_OK);
	assert_int_equal(sqlite3_prepare_v2(db, sql, -1, &q, NULL), SQLITE_OK);
	assert_int_equal(sqlite3_step(q), SQLITE_ROW);
	n = sqlite3_column_int64(q, 0);
	sqlite3_finalize(q);
	sqlite3_close(db);
	return n;
}

static inline void
world_sql(const struct world *w, const char *sql)
{
	char *why = NULL;
	sqlite3 *db = NULL;

	assert_int_equal(sqlite3_open(w->path, &db), SQLITE_OK);
	if (sqlite3_exec(db, sql, NULL, NULL, &why) != SQLITE_OK)
		fail_msg("%s: %s", sql, why);
	sqlite3_close(db);
}

#endif
