/* test_formats_pager.c - the requests of PagerDuty and Opsgenie */
#include "tests/unit/pager_world.h"

static const struct account pagerduty = { .token = TOKEN };
static const struct account opsgenie = { .token = TOKEN };

/* --- PagerDuty */

/* "Send an Alert Event": the parameters and their lengths. */
static void
assert_pagerduty(const struct post *p)
{
	static const struct limit limits[] = {
		{ "routing_key", 32, true },
		{ "event_action", 7, true },
		{ "dedup_key", 255, true },
	};
	static const struct limit trigger[] = {
		{ "payload.summary", 1024, true },
		{ "payload.source", 1024, true },
		{ "payload.severity", 8, true },
		{ "payload.timestamp", 20, true },
		{ "payload.custom_details.hint", 1024, false },
	};
	static const char *const severities[] = { "critical", "error",
		"warning", "info" };
	json_t *j = digest_body(p);
	bool known = false;

	assert_null(p->url);
	assert_headers(p, 0);
	assert_true(strlen(p->body) < (size_t)512 * 1024);
	assert_limits(j, limits, COUNT(limits));
	assert_at(j, "routing_key", TOKEN);
	assert_harmless(j);
	if (strcmp(at(j, "event_action"), "trigger") == 0) {
		assert_limits(j, trigger, COUNT(trigger));
		assert_at(j, "client", "certvigil");
		for (size_t i = 0; i < COUNT(severities); i++)
			known |= strcmp(at(j, "payload.severity"),
					 severities[i]) == 0;
		assert_true(known);
	} else {
		assert_at(j, "event_action", "resolve");
	}
	json_decref(j);
}

static void
test_pagerduty(void **state)
{
	static const struct {
		const char *path, *want;
	} rows[] = {
		{ "event_action", "trigger" },
		{ "dedup_key", "inc_00000000000000000000000000abc000" },
		{ "payload.summary",
			"www.example.com: expired 3 days ago (2026-11-17)" },
		{ "payload.source", "www.example.com" },
		{ "payload.severity", "critical" },
		{ "payload.timestamp", "2026-11-20T18:00:00Z" },
		{ "payload.component", "https://www.example.com:443" },
		{ "payload.group", "web-team" },
		{ "payload.class", "expiry.expired" },
		{ "payload.custom_details.event", "opened" },
		{ "payload.custom_details.tags", "production, shop" },
		{ "payload.custom_details.hint",
			"Renew the certificate now and reload nginx." },
		{ "payload.custom_details.not_after", "2026-11-17T18:00:00Z" },
		{ "payload.custom_details.told_by", "agent1.example.com" },
	};
	cleanup(digest_free) struct digest *d = digest_ordinary();
	POSTS_CLEANUP struct posts ps = make(FORMAT_pagerduty, &pagerduty, d);
	json_t *j;

	(void)state;
	/* Opened, escalated, repeated, resolved; of the renewal nothing. */
	assert_int_equal(ps.n, 4);
	for (size_t i = 0; i < ps.n; i++)
		assert_pagerduty(&ps.v[i]);
	j = digest_body(&ps.v[0]);
	for (size_t i = 0; i < COUNT(rows); i++)
		assert_at(j, rows[i].path, rows[i].want);
	json_decref(j);
	j = digest_body(&ps.v[3]);
	assert_at(j, "event_action", "resolve");
	assert_at(j, "dedup_key", d->v[3].incident);
	json_decref(j);
}

static void
test_pagerduty_test(void **state)
{
	cleanup(digest_free) struct digest *d = digest_of_test();
	POSTS_CLEANUP struct posts ps = make(FORMAT_pagerduty, &pagerduty, d);
	json_t *j;

	(void)state;
	assert_int_equal(ps.n, 2);
	j = digest_body(&ps.v[0]);
	assert_at(j, "payload.severity", "info");
	assert_at(j, "dedup_key", d->id);
	assert_true(strncmp(at(j, "payload.summary"), "TEST: ", 6) == 0);
	json_decref(j);
	j = digest_body(&ps.v[1]);
	assert_at(j, "event_action", "resolve");
	assert_at(j, "dedup_key", d->id);
	json_decref(j);
	assert_pagerduty(&ps.v[0]);
}

static void
test_pagerduty_hostile(void **state)
{
	cleanup(digest_free) struct digest *d = digest_hostile();
	POSTS_CLEANUP struct posts ps = { 0 };

	(void)state;
	d->v[0].severity = SEV_UNKNOWN;
	ps = make(FORMAT_pagerduty, &pagerduty, d);
	for (size_t i = 0; i < ps.n; i++)
		assert_pagerduty(&ps.v[i]);
}

static void
test_pagerduty_many(void **state)
{
	cleanup(digest_free) struct digest *d = digest_huge(5000);
	POSTS_CLEANUP struct posts ps = make(FORMAT_pagerduty, &pagerduty, d);
	json_t *j;

	(void)state;
	assert_int_equal(ps.n, PAGER_MOST + 1);
	for (size_t i = 0; i < ps.n; i++)
		assert_pagerduty(&ps.v[i]);
	j = digest_body(&ps.v[PAGER_MOST]);
	assert_at(j, "payload.summary",
		"and 4950 more incidents; see certvigil status on "
		"agent1.example.com");
	assert_at(j, "payload.severity", "critical");
	assert_at(j, "dedup_key", d->id);
	json_decref(j);
}

/* --- Opsgenie */

/* "Alert API", Create Alert: its fields and their lengths. */
static void
assert_opsgenie(const struct post *p)
{
	static const struct limit limits[] = {
		{ "message", 130, true },
		{ "alias", 512, true },
		{ "description", 15000, false },
		{ "entity", 512, false },
		{ "source", 100, true },
		{ "priority", 2, true },
		{ "note", 25000, false },
	};
	json_t *j = digest_body(p), *value;
	size_t i, details = 0;
	const char *key;

	assert_headers(p, 1);
	assert_string_equal(p->headers.v[0], "Authorization: GenieKey " TOKEN);
	assert_null(strpbrk(p->url, "\r\n <>\""));
	assert_harmless(j);
	if (strstr(p->url, "identifierType") == NULL) {
		assert_string_equal(
			p->url, "https://api.opsgenie.com/v2/alerts");
		assert_limits(j, limits, COUNT(limits));
		assert_null(strpbrk(at(j, "message"), "<>"));
	}
	if (at(j, "description") != NULL)
		assert_null(strpbrk(at(j, "description"), "<>"));
	assert_true(json_array_size(json_object_get(j, "tags")) <= 20);
	json_array_foreach(json_object_get(j, "tags"), i, value)
	{
		assert_true(chat_utf16(json_string_value(value)) <= 50);
	}
	json_object_foreach(json_object_get(j, "details"), key, value)
	{
		details += strlen(key) + chat_utf16(json_string_value(value));
	}
	assert_true(details <= 8000);
	json_decref(j);
}

static void
test_opsgenie(void **state)
{
#define ALERTS "https://api.opsgenie.com/v2/alerts"
#define INC "inc_00000000000000000000000000abc00"
	static const struct {
		bool put;
		const char *url, *alias, *priority, *message, *note;
	} rows[] = {
		{ false, ALERTS, INC "0", "P1",
			"www.example.com: expired 3 days ago (2026-11-17)",
			NULL },
		{ false, ALERTS, INC "1", "P1",
			"shop.example.com: expires in 6 days (2026-11-26)",
			"worse now: expires in 6 days (2026-11-26)" },
		{ true, ALERTS "/" INC "1/priority?identifierType=alias", NULL,
			"P1", NULL, NULL },
		{ false, ALERTS, INC "2", "P3",
			"www.example.com: the www name is not covered",
			"reminder: the www name is not covered" },
		{ false, ALERTS "/" INC "3/close?identifierType=alias", NULL,
			NULL, NULL, "resolved" },
	};
	cleanup(digest_free) struct digest *d = digest_ordinary();
	POSTS_CLEANUP struct posts ps = make(FORMAT_opsgenie, &opsgenie, d);

	(void)state;
	assert_int_equal(ps.n, COUNT(rows));
	for (size_t i = 0; i < ps.n; i++) {
		json_t *j = digest_body(&ps.v[i]);

		assert_opsgenie(&ps.v[i]);
		assert_string_equal(ps.v[i].url, rows[i].url);
		assert_int_equal(ps.v[i].put, rows[i].put);
		assert_at(j, "alias", rows[i].alias);
		assert_at(j, "priority", rows[i].priority);
		assert_at(j, "message", rows[i].message);
		assert_at(j, "note", rows[i].note);
		json_decref(j);
	}
}

static void
test_opsgenie_words(void **state)
{
	cleanup(digest_free) struct digest *d = digest_ordinary();
	POSTS_CLEANUP struct posts ps = make(FORMAT_opsgenie, &opsgenie, d);
	json_t *j = digest_body(&ps.v[0]);

	(void)state;
	assert_at(j, "description",
		"expired 3 days ago (2026-11-17)\n"
		"since: 2026-11-20 18:00 UTC (new)\n"
		"to do: Renew the certificate now and reload nginx.\n"
		"what it means: certvigil explain expiry.expired");
	assert_at(j, "source", "certvigil on agent1.example.com");
	assert_at(j, "entity", "www.example.com");
	assert_at(j, "details.owner", "web-team");
	assert_string_equal(json_string_value(json_array_get(
				    json_object_get(j, "tags"), 3)),
		"production");
	assert_int_equal(json_array_size(json_object_get(j, "tags")), 5);
	json_decref(j);
}

static void
test_opsgenie_elsewhere(void **state)
{
	static const struct {
		const char *url, *want;
	} rows[] = {
		{ "https://api.eu.opsgenie.com",
			"https://api.eu.opsgenie.com/v2/alerts" },
		{ "https://api.eu.opsgenie.com/v2/alerts/",
			"https://api.eu.opsgenie.com/v2/alerts" },
		{ "https://api.atlassian.com/jsm/ops/integration/v2/alerts",
			"https://api.atlassian.com/jsm/ops/integration"
			"/v2/alerts" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct account a = { .url = rows[i].url, .token = TOKEN };
		cleanup(digest_free) struct digest *d = digest_of_test();
		cleanup(digest_free) struct digest *life = digest_ordinary();
		cleanup(str_free) char *close_url = str_fmt(
			"%s/msg_a%%2fb%%3f/close?identifierType=alias",
			rows[i].want);
		POSTS_CLEANUP struct posts ps = { 0 };
		POSTS_CLEANUP struct posts all = make(
			FORMAT_opsgenie, &a, life);

		/* One more where a priority can be changed. */
		assert_int_equal(all.n, i == 2 ? 4 : 5);
		digest_set(&d->id, "msg_a/b?");
		ps = make(FORMAT_opsgenie, &a, d);
		assert_int_equal(ps.n, 2);
		assert_string_equal(ps.v[0].url, rows[i].want);
		assert_string_equal(ps.v[1].url, close_url);
	}
}

static void
test_opsgenie_hostile(void **state)
{
	cleanup(digest_free) struct digest *d = digest_hostile();
	cleanup(digest_free) struct digest *many = digest_huge(5000);
	POSTS_CLEANUP struct posts all = make(FORMAT_opsgenie, &opsgenie, many);
	POSTS_CLEANUP struct posts ps = { 0 };
	json_t *j;

	(void)state;
	free(d->host);
	d->host = hostile_text(HOSTILE_TEXTS);
	ps = make(FORMAT_opsgenie, &opsgenie, d);
	for (size_t i = 0; i < ps.n; i++)
		assert_opsgenie(&ps.v[i]);
	assert_int_equal(all.n, PAGER_MOST + 1);
	j = digest_body(&all.v[PAGER_MOST]);
	assert_opsgenie(&all.v[PAGER_MOST]);
	assert_at(j, "message",
		"and 4950 more incidents; see certvigil status on "
		"agent1.example.com");
	assert_at(j, "priority", "P1");
	json_decref(j);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_pagerduty),
		cmocka_unit_test(test_pagerduty_test),
		cmocka_unit_test(test_pagerduty_hostile),
		cmocka_unit_test(test_pagerduty_many),
		cmocka_unit_test(test_opsgenie),
		cmocka_unit_test(test_opsgenie_words),
		cmocka_unit_test(test_opsgenie_elsewhere),
		cmocka_unit_test(test_opsgenie_hostile),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
