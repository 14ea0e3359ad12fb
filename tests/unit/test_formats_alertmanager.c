/* test_formats_alertmanager.c - the alerts of Alertmanager */
#include "tests/unit/pager_world.h"

static const struct account alertmanager = { .url = "http://am:9093/x/",
	.token = TOKEN };

static bool
is_label_name(const char *s)
{
	size_t n = strspn(s, "abcdefghijklmnopqrstuvwxyz_");

	return n > 0 && s[n] == '\0';
}

static time_t
moment_at(const json_t *j, const char *path)
{
	time_t t;

	assert_int_equal(moment_parse(at(j, path), 0, &t), 0);
	return t;
}

/* api/v2/openapi.yaml, postableAlert, and what its Validate() asks for. */
static void
assert_alert(const json_t *j)
{
	const char *key;
	json_t *value;

	assert_harmless(j);
	assert_non_null(at(j, "labels.alertname"));
	assert_at(j, "labels.job", "certvigil");
	json_object_foreach(json_object_get(j, "labels"), key, value)
	{
		assert_true(is_label_name(key));
		assert_true(chat_utf16(json_string_value(value)) <= 255);
		assert_true(json_string_length(value) > 0);
	}
	json_object_foreach(json_object_get(j, "annotations"), key, value)
	{
		assert_true(is_label_name(key));
		assert_true(chat_utf16(json_string_value(value)) <= 1100);
	}
	assert_true(moment_at(j, "startsAt") <= moment_at(j, "endsAt"));
	assert_true(moment_at(j, "startsAt") <= NOW);
}

static json_t *
alerts_of(const struct digest *d)
{
	POSTS_CLEANUP struct posts ps = make(
		FORMAT_alertmanager, &alertmanager, d);
	json_t *all, *one;
	size_t i;

	assert_int_equal(ps.n, 1);
	assert_string_equal(ps.v[0].url, "http://am:9093/x/api/v2/alerts");
	assert_headers(&ps.v[0], 1);
	assert_string_equal(
		ps.v[0].headers.v[0], "Authorization: Bearer " TOKEN);
	all = digest_body(&ps.v[0]);
	assert_true(json_is_array(all));
	json_array_foreach(all, i, one)
	{
		assert_alert(one);
	}
	return all;
}

static void
test_alertmanager(void **state)
{
	static const struct {
		const char *path, *want;
	} rows[] = {
		{ "labels.alertname", "CertificateExpiry" },
		{ "labels.severity", "critical" },
		{ "labels.target", "www.example.com" },
		{ "labels.instance", "www.example.com" },
		{ "labels.owner", "web-team" },
		{ "labels.incident", "inc_00000000000000000000000000abc000" },
		{ "annotations.summary",
			"www.example.com: expired 3 days ago (2026-11-17)" },
		{ "annotations.description",
			"expired 3 days ago (2026-11-17)" },
		{ "annotations.hint",
			"Renew the certificate now and reload nginx." },
		{ "annotations.finding", "expiry.expired" },
		{ "annotations.tags", "production, shop" },
		{ "annotations.address", "https://www.example.com:443" },
		{ "startsAt", "2026-11-20T18:00:00Z" },
		{ "endsAt", "2027-11-20T18:01:00Z" },
	};
	cleanup(digest_free) struct digest *d = digest_ordinary();
	json_t *all = alerts_of(d);

	(void)state;
	/* One, two (warning is over), one, two (both are over), none. */
	assert_int_equal(json_array_size(all), 6);
	for (size_t i = 0; i < COUNT(rows); i++)
		assert_at(json_array_get(all, 0), rows[i].path, rows[i].want);
	json_decref(all);
}

/* What an Alertmanager knows: the last word on each set of labels. */
static void
hear(json_t *known, const json_t *all)
{
	json_t *one;
	size_t i;

	json_array_foreach(all, i, one)
	{
		cleanup(str_free) char *labels = json_dumps(
			json_object_get(one, "labels"), JSON_SORT_KEYS);

		json_object_set(known, labels, one);
	}
}

/* The severities of those that fire, as "warning critical ". */
static void
firing(struct buf *out, json_t *known)
{
	const char *key;
	json_t *one;

	json_object_foreach(known, key, one)
	{
		if (moment_at(one, "endsAt") > NOW)
			buf_printf(out, "%s ", at(one, "labels.severity"));
	}
}

static void
test_alertmanager_life(void **state)
{
	static const struct {
		enum event_kind kind;
		enum severity severity;
		const char *finding, *firing;
	} rows[] = {
		{ EVENT_OPENED, SEV_WARNING, "expiry.soon", "warning " },
		{ EVENT_ESCALATED, SEV_WARNING, "expiry.soon", "warning " },
		{ EVENT_ESCALATED, SEV_CRITICAL, "expiry.soon", "critical " },
		{ EVENT_ESCALATED, SEV_CRITICAL, "expiry.expired",
			"critical " },
		{ EVENT_REPEATED, SEV_CRITICAL, "expiry.expired", "critical " },
		/* It was milder when it was last seen. */
		{ EVENT_RESOLVED, SEV_WARNING, "expiry.soon", "" },
		{ EVENT_OPENED, SEV_CRITICAL, "expiry.soon", "critical " },
		{ EVENT_RESOLVED, SEV_CRITICAL, "expiry.soon", "" },
		{ EVENT_OPENED, SEV_UNKNOWN, "agent.failed", "unknown " },
		{ EVENT_RESOLVED, SEV_UNKNOWN, "agent.failed", "" },
	};
	json_t *known = json_object();

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		cleanup(digest_free) struct digest *d = digest_empty();
		BUF_CLEANUP struct buf have = { 0 };
		json_t *all;

		digest_event(d, rows[i].kind, rows[i].severity, "www",
			rows[i].finding, "what is wrong");
		all = alerts_of(d);
		hear(known, all);
		json_decref(all);
		firing(&have, known);
		if (strcmp(buf_str(&have), rows[i].firing) != 0)
			fail_msg("row %zu: want \"%s\", have \"%s\"", i,
				rows[i].firing, buf_str(&have));
	}
	json_decref(known);
}

/* An incident opened by a clock that was ahead does not begin after its end. */
static void
test_alertmanager_clock(void **state)
{
	cleanup(digest_free) struct digest *d = digest_ordinary();
	json_t *all;

	(void)state;
	for (size_t i = 0; i < d->n; i++)
		d->v[i].opened_at = NOW + 30 * DAY_S;
	all = alerts_of(d);
	json_decref(all);
}

static void
test_alertmanager_nothing(void **state)
{
	cleanup(digest_free) struct digest *d = digest_empty();
	POSTS_CLEANUP struct posts ps = { 0 };

	(void)state;
	digest_event(d, EVENT_RENEWED, SEV_OK, "www", NULL, "renewed");
	ps = make(FORMAT_alertmanager, &alertmanager, d);
	assert_int_equal(ps.n, 0);
}

static void
test_alertmanager_test(void **state)
{
	cleanup(digest_free) struct digest *d = digest_of_test();
	json_t *all = alerts_of(d), *one = json_array_get(all, 0);

	(void)state;
	assert_int_equal(json_array_size(all), 1);
	assert_at(one, "labels.alertname", "CertificateTest");
	assert_at(one, "labels.severity", "info");
	assert_at(one, "endsAt", "2026-11-20T18:06:00Z");
	json_decref(all);
}

/* As a stored message may have it that is damaged. */
static void
test_alertmanager_no_name(void **state)
{
	cleanup(digest_free) struct digest *d = digest_empty();
	json_t *all;

	(void)state;
	digest_event(d, EVENT_OPENED, SEV_CRITICAL, "www", "", "x");
	all = alerts_of(d);
	assert_at(
		json_array_get(all, 0), "labels.alertname", "CertificateTest");
	json_decref(all);
}

static void
test_alertmanager_hostile(void **state)
{
	cleanup(digest_free) struct digest *d = digest_hostile();
	cleanup(digest_free) struct digest *many = digest_huge(5000);
	json_t *all = alerts_of(d);

	(void)state;
	json_decref(all);
	all = alerts_of(many);
	assert_int_equal(json_array_size(all), 5000);
	json_decref(all);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_alertmanager),
		cmocka_unit_test(test_alertmanager_life),
		cmocka_unit_test(test_alertmanager_clock),
		cmocka_unit_test(test_alertmanager_nothing),
		cmocka_unit_test(test_alertmanager_test),
		cmocka_unit_test(test_alertmanager_no_name),
		cmocka_unit_test(test_alertmanager_hostile),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
