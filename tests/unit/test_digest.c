/* test_digest.c - events, their order, and the form they are kept in */
#include "tests/unit/unit.h"

#include <string.h>

#include "model/digest.h"

static struct event
event(enum event_kind kind, enum severity sev, const char *target,
	const char *message)
{
	return (struct event){ .kind = kind,
		.severity = sev,
		.target = LENT(target),
		.address = LENT("https://x:443"),
		.message = LENT(message),
		.incident = LENT("inc-1"),
		.finding = LENT("expiry.soon"),
		.opened_at = 1700000000,
		.not_after = 1800000000 };
}

static struct digest *
digest_of(const struct event *v, size_t n)
{
	struct digest *d = mem_alloc(sizeof(*d));

	d->id = digest_new_id();
	d->host = str_dup("host");
	d->time = 1790000000;
	for (size_t i = 0; i < n; i++)
		digest_add(d, &v[i]);
	return d;
}

static void
worst_comes_first(void **state)
{
	const struct event v[] = {
		event(EVENT_REPEATED, SEV_CRITICAL, "A", "m"),
		event(EVENT_RENEWED, SEV_OK, "a", "m"),
		event(EVENT_RESOLVED, SEV_CRITICAL, "b", "m"),
		event(EVENT_OPENED, SEV_WARNING, "c", "m"),
		event(EVENT_ESCALATED, SEV_CRITICAL, "e", "m"),
		event(EVENT_OPENED, SEV_CRITICAL, "d", "m"),
	};
	cleanup(digest_free) struct digest *d = digest_of(v, COUNT(v));
	char order[COUNT(v) + 1] = "";

	(void)state;
	digest_sort(d);
	for (size_t i = 0; i < d->n; i++)
		strcat(order, d->v[i].target);
	assert_string_equal(order, "deAcba");
	assert_int_equal(digest_worst(d), SEV_CRITICAL);
	assert_int_equal(digest_count(d, EVENT_OPENED), 2);
}

static void
subjects(void **state)
{
	static const struct {
		enum event_kind kind;
		enum severity severity;
		size_t n;
		const char *want;
	} rows[] = {
		{ EVENT_OPENED, SEV_CRITICAL, 1, "CRITICAL: www: expired" },
		{ EVENT_OPENED, SEV_UNKNOWN, 1, "UNKNOWN: www: expired" },
		{ EVENT_OPENED, SEV_WARNING, 3,
			"WARNING: www: expired (+2 more)" },
		{ EVENT_RESOLVED, SEV_WARNING, 1,
			"RESOLVED: www, was \"expired\"" },
		{ EVENT_RENEWED, SEV_OK, 1,
			"RENEWED: www: valid until 2027-01-15" },
		{ EVENT_TEST, SEV_OK, 1, "TEST: certvigil on host" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct event v[3];
		cleanup(digest_free) struct digest *d = NULL;
		cleanup(str_free) char *subject = NULL;

		for (size_t k = 0; k < 3; k++)
			v[k] = event(rows[i].kind, rows[i].severity, "www",
				"expired");
		d = digest_of(v, rows[i].n);
		subject = digest_subject(d);
		assert_string_equal(subject, rows[i].want);
		if (rows[i].kind != EVENT_RENEWED)
			continue;
		free(subject);
		d->v[0].old_not_after = d->v[0].not_after + 1;
		subject = digest_subject(d);
		assert_non_null(strstr(subject, "15, earlier than before"));
	}
}

static void
json_keeps_everything(void **state)
{
	struct event e = event(EVENT_RENEWED, SEV_OK, "t\n\"x", "m\xff");
	cleanup(digest_free) struct digest *d = NULL, *back = NULL;
	struct error err;
	json_t *j;

	(void)state;
	e.old_not_after = 1700000001;
	e.new_sha256 = LENT("ab");
	d = digest_of(&e, 1);
	j = digest_to_json(d);
	back = digest_from_json(j, &err);
	json_decref(j);
	assert_non_null(back);
	assert_string_equal(back->id, d->id);
	assert_int_equal(back->time, d->time);
	assert_int_equal(back->n, 1);
	assert_int_equal(back->v[0].kind, EVENT_RENEWED);
	assert_string_equal(back->v[0].target, "t\n\"x");
	/* what is no UTF-8 is taken for Latin-1 */
	assert_string_equal(back->v[0].message, "m\xc3\xbf");
	assert_int_equal(back->v[0].old_not_after, 1700000001);
	assert_string_equal(back->v[0].new_sha256, "ab");
	assert_null(back->v[0].old_sha256);
	assert_null(back->v[0].hint);
}

/* Event by event it is the same text. */
static void
parts_make_the_whole(void **state)
{
	static const char *tags[] = { "prod", "a\"b" };
	struct event v[3] = {
		event(EVENT_RENEWED, SEV_OK, "t\n\"x", "m\xff"),
		event(EVENT_OPENED, SEV_CRITICAL, "\xc3\xa4", "\x01/\\"),
		event(EVENT_RESOLVED, SEV_WARNING, "b", ""),
	};

	(void)state;
	v[1].tags = (struct strlist){ (char **)tags, 2 };
	for (size_t n = 0; n <= 3; n++) {
		cleanup(digest_free) struct digest *d = digest_of(v, n);
		cleanup(str_free) char *whole = NULL;
		BUF_CLEANUP struct buf parts = { 0 };
		json_t *j = digest_to_json(d);

		whole = json_dumps(j, JSON_COMPACT);
		json_decref(j);
		digest_print(&parts, d);
		assert_string_equal(parts.s, whole);
	}
}

/* An outbox may hold digests that were written before there were tags. */
static void
tags_come_back(void **state)
{
	static const char *v[] = { "prod", "a\"b" };
	struct event e = event(EVENT_OPENED, SEV_WARNING, "t", "m");
	cleanup(digest_free) struct digest *d = NULL, *back = NULL, *old = NULL;
	struct error err;
	json_t *j, *one;

	(void)state;
	e.tags = (struct strlist){ (char **)v, 2 };
	d = digest_of(&e, 1);
	j = digest_to_json(d);
	back = digest_from_json(j, &err);
	assert_non_null(back);
	assert_int_equal(back->v[0].tags.n, 2);
	assert_string_equal(back->v[0].tags.v[0], "prod");
	assert_string_equal(back->v[0].tags.v[1], "a\"b");

	one = json_array_get(json_object_get(j, "events"), 0);
	assert_int_equal(json_object_del(one, "tags"), 0);
	old = digest_from_json(j, &err);
	assert_non_null(old);
	assert_int_equal(old->v[0].tags.n, 0);

	json_object_set_new(one, "tags", json_pack("[i]", 1));
	assert_null(digest_from_json(j, &err));
	json_object_set_new(one, "tags", json_string("prod"));
	assert_null(digest_from_json(j, &err));
	json_decref(j);
}

static void
damaged_json_is_refused(void **state)
{
	static const char *const rows[] = {
		"{}",
		"[]",
		"{\"id\":\"x\",\"host\":\"h\",\"time\":\"2026-01-01\"}",
		"{\"id\":\"x\",\"host\":\"h\",\"time\":\"2026-01-01\","
		"\"events\":[{}]}",
		"{\"id\":\"x\",\"host\":\"h\",\"time\":\"2026-01-01\","
		"\"events\":[{\"event\":\"opened\",\"severity\":\"bad\"}]}",
		"{\"id\":\"x\",\"host\":\"h\",\"time\":\"never\","
		"\"events\":[]}",
		"{\"id\":\"\",\"host\":\"h\",\"time\":\"2026-01-01\","
		"\"events\":[]}",
		"{\"id\":\"x\\r\\ny: z\",\"host\":\"h\","
		"\"time\":\"2026-01-01\",\"events\":[]}",
		"{\"id\":\"x\",\"host\":\"h\",\"time\":\"@999999999999\","
		"\"events\":[]}",
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		json_t *j = json_loads(rows[i], 0, NULL);
		struct error err;

		assert_non_null(j);
		assert_null(digest_from_json(j, &err));
		json_decref(j);
	}
}

static void
ids_differ(void **state)
{
	cleanup(str_free) char *a = digest_new_id(), *b = digest_new_id();

	(void)state;
	assert_int_equal(strlen(a), 36);
	assert_memory_equal(a, "msg_", 4);
	assert_string_not_equal(a, b);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(worst_comes_first),
		cmocka_unit_test(subjects),
		cmocka_unit_test(json_keeps_everything),
		cmocka_unit_test(parts_make_the_whole),
		cmocka_unit_test(tags_come_back),
		cmocka_unit_test(damaged_json_is_refused),
		cmocka_unit_test(ids_differ),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
