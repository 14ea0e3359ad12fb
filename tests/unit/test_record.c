/* test_record.c - scans in sequence, and what is told of them */
#include "tests/unit/state_world.h"

#define MAX_STEPS 12

/* A scan, `day` days after the first, and its events: see world_scan(). */
static const struct scenario {
	const char *name;
	struct step {
		double day;
		const char *scan, *want;
	} steps[MAX_STEPS];
} scenarios[] = {
	{ "nothing is wrong",
		{ { 0, "a@1", "" }, { 1, "a@1", "" }, { 2, "a@1", "" } } },
	{ "a note is no incident", { { 0, "a@1 chain.surplus:ok:x", "" } } },
	{ "opened, once, and resolved",
		{ { 0, "a@1 name.www:warning:x", "opened a name.www warning" },
			{ 1, "a@1 name.www:warning:x", "" },
			{ 2, "a@1", "resolved a name.www warning" },
			{ 3, "a@1", "" } } },
	{ "each subject is an incident",
		{ { 0, "a@1 name.missing:critical:x name.missing:critical:y",
			  "opened a name.missing critical, "
			  "opened a name.missing critical" },
			{ 1, "a@1 name.missing:critical:y",
				"resolved a name.missing critical" } } },
	{ "said twice in one scan it is one, and the worst counts",
		{ { 0, "a@1 name.www:warning:x name.www:critical:x",
			  "opened a name.www critical" },
			{ 1, "a@1 name.www:critical:x name.www:critical:x",
				"" } } },
	{ "each target has its own",
		{ { 0, "a@1 name.www:warning:x;b@2 name.www:warning:x",
			  "opened a name.www warning, "
			  "opened b name.www warning" },
			{ 1, "b@2 name.www:warning:x;a@1",
				"resolved a name.www warning" } } },
	{ "of a target that is not looked at all stays as it is",
		{ { 0, "a@1 name.missing:critical:x;b@1",
			  "opened a name.missing critical" },
			{ 1, "~a@2;b@1", "" }, { 8, "~a;b@1", "" },
			{ 9, "a@1;~b@3", "resolved a name.missing critical" },
			{ 10, "a@1;b@1", "" } } },
	{ "worst first",
		{ { 0, "a@1 name.www:warning:x;b@2 name.missing:critical:x",
			"opened b name.missing critical, "
			"opened a name.www warning" } } },
	{ "escalated",
		{ { 0, "a@1 expiry.issuer:warning:x",
			  "opened a expiry.issuer warning" },
			{ 1, "a@1 expiry.issuer:critical:x",
				"escalated a expiry.issuer critical" },
			{ 2, "a@1 expiry.issuer:warning:x", "" },
			{ 3, "a@1 expiry.issuer:critical:x",
				"escalated a expiry.issuer critical" } } },
	{ "an expiry, step by step, to its end",
		{ { 0, "a@1 expiry.soon:warning:1:25",
			  "opened a expiry.soon warning" },
			{ 10, "a@1 expiry.soon:warning:1:15", "" },
			{ 12, "a@1 expiry.soon:critical:1:13",
				"escalated a expiry.soon critical" },
			{ 18, "a@1 expiry.soon:critical:1:7", "" },
			{ 19, "a@1 expiry.soon:critical:1:6",
				"escalated a expiry.soon critical" },
			{ 24.5, "a@1 expiry.soon:critical:1:0.5",
				"escalated a expiry.soon critical" },
			{ 25.5, "a@1 expiry.expired:critical:1:-0.5",
				"escalated a expiry.expired critical" },
			{ 26, "a@1 expiry.expired:critical:1:-1", "" },
			{ 27, "a@2",
				"resolved a expiry.expired critical, "
				"renewed a" } } },
	{ "it expired, and the clock was set back",
		{ { 0, "a@1 expiry.expired:critical:1:-1",
			  "opened a expiry.expired critical" },
			{ -9, "a@1 expiry.soon:warning:1:8", "" },
			{ 1, "a@1 expiry.expired:critical:1:-2",
				"escalated a expiry.expired critical" } } },
	{ "reminders of what is critical",
		{ { 0, "a@1 name.missing:critical:x name.www:warning:y",
			  "opened a name.missing critical, "
			  "opened a name.www warning" },
			{ 6.9, "a@1 name.missing:critical:x name.www:warning:y",
				"" },
			{ 7, "a@1 name.missing:critical:x name.www:warning:y",
				"repeated a name.missing critical" },
			{ 13, "a@1 name.missing:critical:x name.www:warning:y",
				"" },
			{ 14, "a@1 name.missing:critical:x name.www:warning:y",
				"repeated a name.missing critical" } } },
	{ "an endpoint that is down is told at the second scan",
		{ { 0, "a@1", "" }, { 1, "a endpoint.timeout:critical:h", "" },
			{ 2, "a endpoint.timeout:critical:h",
				"opened a endpoint.timeout critical" },
			{ 3, "a endpoint.timeout:critical:h", "" },
			{ 4, "a@1",
				"resolved a endpoint.timeout critical" } } },
	{ "once down is not told",
		{ { 0, "a endpoint.timeout:critical:h", "" }, { 1, "a@1", "" },
			{ 2, "a endpoint.timeout:critical:h", "" },
			{ 3, "a@1", "" } } },
	{ "down in one way and another",
		{ { 0, "a endpoint.timeout:critical:h", "" },
			{ 1, "a endpoint.unreachable:critical:h", "" },
			{ 2, "a endpoint.timeout:critical:h",
				"opened a endpoint.timeout critical" },
			{ 3, "a endpoint.unreachable:critical:h",
				"opened a endpoint.unreachable critical" },
			{ 4, "a endpoint.handshake:critical:h", "" },
			{ 5, "a@1",
				"resolved a endpoint.timeout critical, "
				"resolved a endpoint.unreachable critical" },
			{ 6, "a endpoint.timeout:critical:h", "" } } },
	{ "a failed look resolves nothing",
		{ { 0, "a@1 name.www:warning:x", "opened a name.www warning" },
			{ 1, "a endpoint.timeout:critical:h", "" },
			{ 2, "a@1 name.www:warning:x", "" },
			{ 3, "a endpoint.timeout:critical:h", "" },
			{ 4, "a@1", "resolved a name.www warning" } } },
	{ "a client certificate is one more of the target's",
		{ { 0, "a@1+ expiry.soon:warning:client1:25",
			  "opened a expiry.soon warning" },
			{ 12, "a@1+ expiry.soon:critical:client1:13",
				"escalated a expiry.soon critical" },
			/* the server's own, at the same time */
			{ 13,
				"a@2+ expiry.soon:critical:client1:12 "
				"expiry.soon:warning:2:20",
				"opened a expiry.soon warning, renewed a" },
			/* another one, and no renewal of the server's */
			{ 14, "a@2+ expiry.soon:warning:2:19",
				"resolved a expiry.soon critical" } } },
	{ "a client certificate that cannot be read may be as it was",
		{ { 0, "a@1+ expiry.soon:warning:client1:25 name.www:warning:x",
			  "opened a expiry.soon warning, "
			  "opened a name.www warning" },
			{ 1, "a@1- file.unreadable:critical:client.pem",
				"opened a file.unreadable critical, "
				"resolved a name.www warning" },
			{ 2, "a@1+ expiry.soon:warning:client1:23",
				"resolved a file.unreadable critical" },
			{ 3, "a@1+", "resolved a expiry.soon warning" } } },
	{ "a client certificate that is tested no more",
		{ { 0, "a@1+ expiry.soon:warning:client1:25",
			  "opened a expiry.soon warning" },
			{ 1, "a@1", "resolved a expiry.soon warning" } } },
	{ "renewed",
		{ { 0, "a@1 expiry.soon:warning:1:9",
			  "opened a expiry.soon warning" },
			{ 1, "a@2",
				"resolved a expiry.soon warning, renewed a" },
			{ 2, "a@2", "" }, { 3, "a@3", "renewed a" } } },
	{ "renewed while it was down",
		{ { 0, "a@1", "" }, { 1, "a endpoint.timeout:critical:h", "" },
			{ 2, "a@2", "renewed a" } } },
	{ "first seen after it was down is no renewal",
		{ { 0, "a endpoint.timeout:critical:h", "" },
			{ 1, "a@1", "" } } },
	{ "two certificates by turns are not a stream of renewals",
		{ { 0, "a@1", "" }, { 1, "a@2", "renewed a" }, { 2, "a@1", "" },
			{ 3, "a@2", "" }, { 4, "a@1", "" },
			{ 5, "a@3", "renewed a" }, { 6, "a@2", "" },
			{ 7, "a@1", "" } } },
	{ "a new incident after the old one",
		{ { 0, "a@1 name.www:warning:x", "opened a name.www warning" },
			{ 1, "a@1", "resolved a name.www warning" },
			{ 2, "a@1 name.www:warning:x",
				"opened a name.www warning" } } },
	{ "what leaves the configuration leaves quietly",
		{ { 0, "a@1 name.www:warning:x;b@2",
			  "opened a name.www warning" },
			{ 1, "b@2", "" },
			{ 2, "a@3 name.www:warning:x;b@2",
				"opened a name.www warning" } } },
	{ "the clock was set back",
		{ { 0, "a@1 name.missing:critical:x",
			  "opened a name.missing critical" },
			{ -1000, "a@1 name.missing:critical:x", "" },
			{ -994, "a@1 name.missing:critical:x", "" },
			{ -993, "a@1 name.missing:critical:x",
				"repeated a name.missing critical" },
			{ -992, "a@2",
				"resolved a name.missing critical, "
				"renewed a" } } },
};

/* Each in a state of its own; with `reopen`, closed and opened between. */
static void
play(const struct scenario *s, bool reopen)
{
	void *arg = NULL;
	struct world *w;

	assert_int_equal(world_setup(&arg), 0);
	w = arg;
	for (size_t i = 0; i < MAX_STEPS && s->steps[i].scan != NULL; i++) {
		const struct step *step = &s->steps[i];
		time_t now = T0 + (time_t)(step->day * DAY_S);
		cleanup(str_free) char *have = NULL;

		if (world_scan(w, now, step->scan) == -1)
			fail_msg("%s: %s", s->name, w->err.text);
		have = world_events(w->events);
		if (strcmp(have, step->want) != 0)
			fail_msg("%s, day %g: want \"%s\", have \"%s\"",
				s->name, step->day, step->want, have);
		if (reopen) {
			world_close(w);
			world_open(w);
		}
	}
	world_teardown(&arg);
}

static void
scenarios_hold(void **arg)
{
	(void)arg;
	for (size_t i = 0; i < COUNT(scenarios); i++)
		play(&scenarios[i], false);
}

static void
scenarios_hold_from_run_to_run(void **arg)
{
	(void)arg;
	for (size_t i = 0; i < COUNT(scenarios); i++)
		play(&scenarios[i], true);
}

static void
an_incident_keeps_its_id_to_the_end(void **arg)
{
	struct world *w = *arg;
	cleanup(str_free) char *id = NULL;

	world_scan(w, T0, "a@1 expiry.soon:warning:1:2");
	id = str_dup(w->events->v[0].incident);
	assert_memory_equal(id, "inc_", 4);
	assert_string_equal(w->events->v[0].message, "expiry.soon 2");
	assert_string_equal(
		w->events->v[0].hint, finding_kind("expiry.soon")->remedy);
	assert_int_equal(w->events->v[0].opened_at, T0);
	assert_int_equal(w->events->v[0].not_after, T0 + 100 * DAY_S);
	assert_null(w->events->id);
	assert_string_equal(w->events->host, "host");

	world_scan(w, T0 + 1, "a@1 expiry.expired:critical:1:-1");
	assert_string_equal(w->events->v[0].incident, id);
	assert_int_equal(w->events->v[0].opened_at, T0);

	/* Its last words are what was last found. */
	world_scan(w, T0 + 2, "a@1");
	assert_string_equal(w->events->v[0].incident, id);
	assert_string_equal(w->events->v[0].message, "expiry.expired -1");
	assert_null(w->events->v[0].hint);

	/* What comes back soon is the same; after a week it is another. */
	world_scan(w, T0 + 3, "a@1 expiry.soon:warning:1:2");
	assert_string_equal(w->events->v[0].incident, id);
	assert_int_equal(w->events->v[0].opened_at, T0 + 3);
	world_scan(w, T0 + 4, "a@1");
	world_scan(w, T0 + 5, "a@1");
	assert_int_equal(w->events->v[0].kind, EVENT_RESOLVED);
	world_scan(w, T0 + 6 + 7 * DAY_S, "a@1 expiry.soon:warning:1:2");
	assert_int_equal(w->events->v[0].kind, EVENT_OPENED);
	assert_string_not_equal(w->events->v[0].incident, id);
}

static void
a_renewal_names_both_certificates(void **arg)
{
	struct world *w = *arg;
	const struct event *e;

	world_scan(w, T0, "a@1");
	world_sql(w, "UPDATE target SET not_after = 1800086400");
	world_scan(w, T0 + 5, "a@2");
	assert_int_equal(w->events->n, 1);
	e = &w->events->v[0];
	assert_string_equal(e->old_sha256, "1");
	assert_string_equal(e->new_sha256, "2");
	assert_int_equal(e->old_not_after, T0 + DAY_S);
	assert_int_equal(e->not_after, T0 + 100 * DAY_S);
	assert_int_equal(e->severity, SEV_OK);
	assert_null(e->incident);
	assert_null(e->finding);
	assert_string_equal(e->message,
		"another certificate, valid until 2027-04-25; the one before: "
		"2027-01-16");
}

/* Beyond 32 others the oldest is forgotten. */
static void
few_certificates_are_remembered(void **arg)
{
	struct world *w = *arg;
	char scan[32];

	for (int i = 0; i <= 33; i++) {
		snprintf(scan, sizeof(scan), "a@%d", i);
		world_scan(w, T0 + i, scan);
	}
	assert_int_equal(world_number(w, "SELECT count(*) FROM former"), 32);
	world_expect(w, T0 + 40, "a@1", "");
	world_expect(w, T0 + 41, "a@0", "renewed a");
}

/* How many messages wait for `notifier`, and the events of the last one. */
static char *
last_told(struct world *w, const char *notifier, size_t *n)
{
	struct messages ms = { 0 };
	char *events = NULL;

	*n = 0;
	assert_int_equal(outbox_due(w->st, T0 + 9 * DAY_S, &ms, &w->err), 0);
	for (size_t i = 0; i < ms.n; i++) {
		if (strcmp(ms.v[i].notifier, notifier) != 0)
			continue;
		free(events);
		events = world_events(ms.v[i].digest);
		++*n;
	}
	messages_release(&ms);
	return events;
}

static void
expect_told(struct world *w, const char *notifier, size_t n, const char *want)
{
	size_t have_n;
	cleanup(str_free) char *have = last_told(w, notifier, &have_n);

	assert_int_equal(have_n, n);
	if (n > 0)
		assert_string_equal(have, want);
}

/* Critical ones to the chat, the rest by mail; the end goes to both. */
static void
the_end_reaches_all_who_were_told(void **arg)
{
	static const char *chat[] = { "chat" }, *mail[] = { "mail" };
	static struct route routes[] = {
		{ .severity = SEV_CRITICAL, .notify = { chat, 1 } },
		{ .notify = { mail, 1 } },
	};
	struct world *w = *arg;

	w->alerts.routes = (struct routes){ routes, 2 };
	world_scan(w, T0, "a@1 expiry.issuer:warning:x");
	expect_told(w, "mail", 1, "opened a expiry.issuer warning");
	expect_told(w, "chat", 0, NULL);
	world_scan(w, T0 + 1, "a@1 expiry.issuer:critical:x");
	expect_told(w, "mail", 1, "opened a expiry.issuer warning");
	expect_told(w, "chat", 1, "escalated a expiry.issuer critical");
	world_scan(w, T0 + 2, "a@1 expiry.issuer:warning:x");
	world_scan(w, T0 + 3, "a@2");
	expect_told(
		w, "mail", 2, "resolved a expiry.issuer warning, renewed a");
	expect_told(
		w, "chat", 2, "resolved a expiry.issuer warning, renewed a");
}

static void
nobody_is_told_and_it_is_remembered(void **arg)
{
	static struct route routes[] = { { .owner = "web" } };
	struct world *w = *arg;

	w->alerts.routes = (struct routes){ routes, 1 };
	world_expect(
		w, T0, "a@1 name.www:warning:x", "opened a name.www warning");
	expect_told(w, "mail", 0, NULL);
	expect_told(w, "chat", 0, NULL);
	assert_int_equal(world_number(w, "SELECT count(*) FROM history"), 1);
}

/* Everything of one scan is one message a notifier, with its own id. */
static void
one_digest_a_notifier(void **arg)
{
	struct world *w = *arg;
	struct messages ms = { 0 };

	world_scan(w, T0, "b@2 name.www:warning:x;a@1 name.www:critical:x");
	expect_told(w, "mail", 1,
		"opened a name.www critical, opened b name.www warning");
	expect_told(w, "chat", 1,
		"opened a name.www critical, opened b name.www warning");
	assert_int_equal(outbox_due(w->st, T0, &ms, &w->err), 0);
	assert_int_equal(ms.n, 2);
	assert_string_not_equal(ms.v[0].id, ms.v[1].id);
	for (size_t i = 0; i < ms.n; i++) {
		assert_string_equal(ms.v[i].id, ms.v[i].digest->id);
		assert_string_equal(ms.v[i].digest->host, "host");
		assert_int_equal(ms.v[i].digest->time, T0);
	}
	messages_release(&ms);
}

/* Two servers behind one name have two certificates, and one is wrong. */
static void
by_turns_for_ever(void **arg)
{
	struct world *w = *arg;
	size_t told = 0;

	w->notifiers.n = 1;
	for (time_t i = 0; i < 300; i++) {
		world_scan(w, T0 + i * HOUR_S,
			i % 2 == 0 ? "a@1" : "a@2 expiry.expired:warning:2:-1");
		told += w->events->n > 0;
	}
	/* With the second certificate, which is another one than before. */
	assert_int_equal(told, 3);
	expect_told(w, "mail", 3, "opened a expiry.expired warning");
	/* A third one, and it is over at once. */
	world_expect(w, T0 + 301 * HOUR_S, "a@3",
		"resolved a expiry.expired warning, renewed a");
}

static void
history_is_kept_for_a_while(void **arg)
{
	struct world *w = *arg;

	world_scan(w, T0, "a@1 name.www:warning:x");
	world_scan(w, T0 + DAY_S, "a@2");
	assert_int_equal(world_number(w, "SELECT count(*) FROM history"), 3);
	assert_int_equal(world_number(w,
				 "SELECT count(*) FROM history "
				 "WHERE kind = 'renewed' AND old_sha256 = '1' "
				 "AND new_sha256 = '2'"),
		1);
	world_scan(w, T0 + 400 * DAY_S, "a@3");
	world_scan(w, T0 + 400 * DAY_S + 1, "a@3");
	assert_int_equal(world_number(w, "SELECT count(*) FROM history"), 4);
	world_scan(w, T0 + 400 * DAY_S + 2, "a@3");
	assert_int_equal(world_number(w, "SELECT count(*) FROM history"), 3);

	/* As configured: */
	w->alerts.history_s = 0;
	world_scan(w, T0 + 9999 * DAY_S, "a@3");
	world_scan(w, T0 + 9999 * DAY_S + 1, "a@3");
	assert_int_equal(world_number(w, "SELECT count(*) FROM history"), 3);
	w->alerts.history_s = DAY_S;
	world_scan(w, T0 + 9999 * DAY_S + 2, "a@4");
	assert_int_equal(world_number(w, "SELECT count(*) FROM history"), 1);
}

/* A scan with the clock ten years ahead, once, takes nothing with it. */
static void
a_clock_ahead_once_keeps_history(void **arg)
{
	struct world *w = *arg;

	world_scan(w, T0, "a@1 name.www:warning:x");
	world_scan(w, T0 + 3650 * DAY_S,
		"a@1 name.www:warning:x name.apex:warning:x");
	world_scan(w, T0 + 1, "a@1 name.www:warning:x name.apex:warning:x");
	world_scan(w, T0 + 2, "a@1 name.www:warning:x name.apex:warning:x");
	assert_int_equal(world_number(w, "SELECT count(*) FROM history"), 2);
}

/* A scan without news leaves the rows alone. */
static void
what_did_not_change_is_not_written(void **arg)
{
	struct world *w = *arg;

	world_scan(
		w, T0, "a@1 name.www:warning:x;b endpoint.timeout:critical:h");
	world_scan(w, T0 + 1,
		"a@1 name.www:warning:x;b endpoint.timeout:critical:h");
	world_sql(w,
		"CREATE TRIGGER t1 BEFORE UPDATE ON target "
		"BEGIN SELECT RAISE(ABORT, 'a target was written'); END;"
		"CREATE TRIGGER t2 BEFORE UPDATE ON incident "
		"BEGIN SELECT RAISE(ABORT, 'an incident was written'); END");
	world_expect(w, T0 + 9,
		"a@1 name.www:warning:x;b endpoint.timeout:critical:h", "");

	/* The triggers do fire. */
	assert_int_equal(world_scan(w, T0 + 10, "a@2;b@1"), -1);
	assert_non_null(strstr(w->err.text, "a target was written"));
	assert_non_null(strstr(w->err.text, w->path));

	/* What failed half-way holds nothing and has left nothing. */
	world_sql(w, "DROP TRIGGER t1; DROP TRIGGER t2");
	world_expect(w, T0 + 11, "a@2;b@1",
		"resolved b endpoint.timeout critical, "
		"resolved a name.www warning, renewed a");
}

static void
targets_are_known_worst_first(void **arg)
{
	struct world *w = *arg;
	struct known_targets ts = { 0 };

	assert_int_equal(state_targets(w->st, &ts, &w->err), 0);
	assert_int_equal(ts.n, 0);
	assert_int_equal(ts.last_scan, 0);
	known_targets_release(&ts);

	world_scan(w, T0,
		"a@1;b@2 name.www:warning:x;c endpoint.timeout:critical:h;"
		"d@4 name.missing:critical:y");
	world_scan(w, T0 + 5,
		"a@1;b@2 name.www:warning:x;c endpoint.timeout:critical:h;"
		"d@4 name.missing:critical:y");
	assert_int_equal(state_targets(w->st, &ts, &w->err), 0);
	assert_int_equal(ts.n, 4);
	assert_int_equal(ts.last_scan, T0 + 5);
	assert_int_equal(ts.open_incidents, 3);
	assert_string_equal(ts.v[0].name, "c");
	assert_string_equal(ts.v[1].name, "d");
	assert_string_equal(ts.v[2].name, "b");
	assert_string_equal(ts.v[3].name, "a");
	assert_int_equal(ts.v[0].status, SEV_CRITICAL);
	assert_string_equal(ts.v[0].message, "endpoint.timeout");
	assert_int_equal(ts.v[0].not_after, 0);
	assert_int_equal(ts.v[0].observed_at, T0 + 5);
	assert_int_equal(ts.v[3].status, SEV_OK);
	assert_null(ts.v[3].message);
	assert_null(ts.v[3].owner);
	assert_int_equal(ts.v[3].not_after, T0 + 100 * DAY_S);
	assert_int_equal(ts.v[3].observed_at, T0 + 5);
	known_targets_release(&ts);
}

/* Pending incidents are not counted as open. */
static void
pending_is_not_open(void **arg)
{
	struct world *w = *arg;
	struct known_targets ts = { 0 };

	world_scan(w, T0, "c endpoint.timeout:critical:h");
	assert_int_equal(state_targets(w->st, &ts, &w->err), 0);
	assert_int_equal(ts.open_incidents, 0);
	known_targets_release(&ts);
}

static void
names_must_differ(void **arg)
{
	struct world *w = *arg;

	assert_int_equal(world_scan(w, T0, "a@1;b@2;a@3"), -1);
	assert_string_equal(w->err.text, "two targets are called \"a\"");
	assert_int_equal(world_number(w, "SELECT count(*) FROM target"), 0);
}

/* Others were looked at since: the moment of its own look is written down. */
static void
what_is_carried_keeps_its_moment(void **state)
{
	struct world *w = *state;
	static const char rows[] = "SELECT count(*) FROM target";
	static const char moment[] =
		"SELECT observed_at FROM target WHERE name = 'a'";
	static const char sights[] = "SELECT count(*) FROM sight";

	assert_int_equal(world_scan(w, T0, "a@1;b@1"), 0);
	assert_int_equal(world_number(w, moment), 0);
	assert_int_equal(world_scan(w, T0 + DAY_S, "~a@1;b@1"), 0);
	assert_int_equal(world_number(w, moment), T0);
	assert_int_equal(world_scan(w, T0 + 5 * DAY_S, "~a@1;b@1"), 0);
	assert_int_equal(world_number(w, moment), T0);
	assert_int_equal(world_number(w, rows), 2);
	assert_int_equal(world_number(w, sights), 2);
	assert_int_equal(world_scan(w, T0 + 6 * DAY_S, "a@1;b@1"), 0);
	assert_int_equal(world_number(w, moment), 0);
}

int
main(void)
{

	const struct CMUnitTest tests[] = {
		cmocka_unit_test(scenarios_hold),
		cmocka_unit_test(scenarios_hold_from_run_to_run),
		IN_WORLD(an_incident_keeps_its_id_to_the_end),
		IN_WORLD(a_renewal_names_both_certificates),
		IN_WORLD(few_certificates_are_remembered),
		IN_WORLD(the_end_reaches_all_who_were_told),
		IN_WORLD(nobody_is_told_and_it_is_remembered),
		IN_WORLD(one_digest_a_notifier),
		IN_WORLD(by_turns_for_ever),
		IN_WORLD(history_is_kept_for_a_while),
		IN_WORLD(a_clock_ahead_once_keeps_history),
		IN_WORLD(what_did_not_change_is_not_written),
		IN_WORLD(targets_are_known_worst_first),
		IN_WORLD(pending_is_not_open),
		IN_WORLD(what_is_carried_keeps_its_moment),
		IN_WORLD(names_must_differ),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
