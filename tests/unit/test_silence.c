/* test_silence.c - trouble that is known, and told to nobody for a while */
#include "tests/unit/state_world.h"

#define ADDRESS "https://[2001:db8::1]:443"

static const struct row {
	const char *name;
	struct silence s;
	const char *target, *finding; /* NULL: of the whole target */
	bool found;
} rows[] = {
	{ "by name", { .target = "www", .finding = "*" }, "www", "name.www",
		true },
	{ "another", { .target = "www", .finding = "*" }, "web", "name.www",
		false },
	{ "a part of it", { .target = "ww", .finding = "*" }, "www", "name.www",
		false },
	{ "a glob", { .target = "w?[vw]*", .finding = "*" }, "www", "name.www",
		true },
	{ "by address", { .target = ADDRESS, .finding = "*" }, "www",
		"name.www", true },
	{ "a glob of addresses", { .target = "https://*", .finding = "*" },
		"www", "name.www", true },
	{ "a finding", { .target = "*", .finding = "name.www" }, "www",
		"name.www", true },
	{ "other findings", { .target = "*", .finding = "expiry.*" }, "www",
		"name.www", false },
	{ "a kind of them", { .target = "*", .finding = "name.*" }, "www",
		"name.www", true },
	{ "the whole target", { .target = "*", .finding = "*" }, "www", NULL,
		true },
	{ "but a part of it is not all", { .target = "*", .finding = "name.*" },
		"www", NULL, false },
	{ "an unclosed set is no set", { .target = "[www", .finding = "*" },
		"www", "name.www", false },
	{ "but may be a name", { .target = "[www", .finding = "*" }, "[www",
		"name.www", true },
};

static void
test_rows(void **arg)
{
	(void)arg;
	for (size_t i = 0; i < COUNT(rows); i++) {
		const struct row *r = &rows[i];
		struct silence s = r->s;
		struct silences all = { &s, 1 };

		s.from = T0;
		s.until = T0 + 10;
		if ((silences_find(&all, r->target, ADDRESS, r->finding, T0) !=
			    NULL) != r->found)
			fail_msg("%s", r->name);
		/* From its beginning, and not at its end. */
		assert_null(silences_find(
			&all, r->target, ADDRESS, r->finding, T0 - 1));
		assert_null(silences_find(
			&all, r->target, ADDRESS, r->finding, T0 + 10));
	}
}

static void
the_longest_counts(void **arg)
{
	struct silence v[] = {
		{ .target = "*", .finding = "*", .until = T0 + 5 },
		{ .target = "a", .finding = "*", .until = T0 + 9 },
		{ .target = "b", .finding = "*", .until = T0 + 99 },
		{ .target = "*", .finding = "x", .until = T0 + 7 },
	};
	const struct silences all = { v, COUNT(v) }, none = { 0 };

	(void)arg;
	assert_ptr_equal(silences_find(&all, "a", "h", "x", T0), &v[1]);
	assert_ptr_equal(silences_find(&all, "a", "h", "x", T0 + 8), &v[1]);
	assert_null(silences_find(&all, "a", "h", "x", T0 + 9));
	assert_ptr_equal(silences_find(&all, "c", "h", "x", T0 + 6), &v[3]);
	assert_null(silences_find(&none, "a", "h", "x", T0));
}

/* Patterns and names that make a matcher try and try again. */
static void
a_long_pattern_takes_no_time(void **arg)
{
	char name[256], glob[256];

	(void)arg;
	memset(name, 'a', sizeof(name));
	name[255] = '\0';
	for (size_t i = 0; i + 1 < sizeof(glob); i += 2)
		memcpy(&glob[i], "*a", 2);
	glob[253] = 'b';
	glob[254] = '\0';
	alarm(10);
	for (int i = 0; i < 1000; i++)
		assert_false(silence_fits(glob, name));
	alarm(0);
}

static void
silence(struct world *w, const char *target, const char *finding, time_t from,
	time_t until, char **id)
{
	const struct silence s = { .target = target,
		.finding = finding,
		.reason = "being replaced",
		.by = "root",
		.from = from,
		.until = until };

	if (state_silence_add(w->st, &s, id, &w->err) == -1)
		fail_msg("%s", w->err.text);
}

static void
expect_silenced(struct world *w, size_t open, size_t silenced, size_t untold)
{
	struct known_incidents is = { 0 };

	assert_int_equal(state_incidents(w->st, &is, &w->err), 0);
	assert_int_equal(is.n, open);
	for (size_t i = 0; i < is.n; i++) {
		silenced -= is.v[i].silenced;
		untold -= is.v[i].told_at == 0;
	}
	assert_int_equal(silenced, 0);
	assert_int_equal(untold, 0);
	known_incidents_release(&is);
}

/* "unsilenced silenced opened", latest first */
static void
expect_history(struct world *w, const char *target, const char *want)
{
	BUF_CLEANUP struct buf have = { 0 };
	struct happenings hs = { 0 };

	assert_int_equal(state_history(w->st, target, 99, &hs, &w->err), 0);
	for (size_t i = 0; i < hs.n; i++)
		buf_printf(&have, "%s%s", i > 0 ? " " : "", hs.v[i].kind);
	happenings_release(&hs);
	assert_string_equal(buf_str(&have), want);
}

static void
recorded_and_told_afterwards(void **arg)
{
	struct world *w = *arg;
	struct happenings hs = { 0 };
	cleanup(str_free) char *id = NULL;

	silence(w, "a", "name.*", T0, T0 + 100, &id);
	assert_memory_equal(id, "sil_", 4);
	world_expect(w, T0, "a@1 name.www:warning:x expiry.issuer:warning:y",
		"opened a expiry.issuer warning");
	assert_int_equal(world_number(w, "SELECT count(*) FROM outbox"), 2);
	expect_silenced(w, 2, 1, 1);
	expect_history(w, "a", "opened silenced opened");
	world_expect(w, T0 + 99,
		"a@1 name.www:warning:x expiry.issuer:warning:y", "");
	world_expect(w, T0 + 100,
		"a@1 name.www:warning:x expiry.issuer:warning:y",
		"opened a name.www warning");
	assert_int_equal(w->events->v[0].opened_at, T0);
	expect_silenced(w, 2, 0, 0);
	expect_history(w, "a", "unsilenced opened silenced opened");
	world_expect(w, T0 + 101, "a@1 expiry.issuer:warning:y",
		"resolved a name.www warning");

	assert_int_equal(state_history(w->st, "a", 99, &hs, &w->err), 0);
	assert_string_equal(hs.v[3].kind, "silenced");
	assert_string_equal(
		hs.v[3].message, "until 2027-01-15T08:01:40Z: being replaced");
	assert_string_equal(hs.v[3].finding, "name.www");
	happenings_release(&hs);
}

static void
begun_and_ended_in_silence(void **arg)
{
	struct world *w = *arg;
	cleanup(str_free) char *id = NULL;

	silence(w, "*", "*", T0, T0 + 100, &id);
	world_expect(w, T0, "a@1 name.www:critical:x", "");
	world_expect(w, T0 + 1, "a@2", ""); /* nor of the renewal */
	assert_int_equal(world_number(w, "SELECT count(*) FROM outbox"), 0);
	expect_silenced(w, 0, 0, 0);
	expect_history(w, "a", "resolved renewed silenced opened");
	world_expect(w, T0 + 100, "a@2", "");
}

/* A pager that was told of it must not stay red. */
static void
the_end_of_what_was_told_is_told(void **arg)
{
	struct world *w = *arg;
	cleanup(str_free) char *id = NULL;

	world_scan(w, T0, "a@1 name.www:critical:x");
	silence(w, "a", "*", T0 + 1, T0 + 100 * DAY_S, &id);
	world_expect(w, T0 + 20 * DAY_S, "a@1 name.www:critical:x", "");
	world_expect(w, T0 + 21 * DAY_S, "a@1", "resolved a name.www critical");
	expect_history(w, "a", "resolved silenced opened");
}

/* The renewal of a target of which only something is silenced is told. */
static void
a_renewal_is_news(void **arg)
{
	struct world *w = *arg;
	cleanup(str_free) char *id = NULL;

	silence(w, "a", "name.*", T0, T0 + 100, &id);
	world_scan(w, T0, "a@1");
	world_expect(w, T0 + 1, "a@2", "renewed a");
}

static void
by_configuration(void **arg)
{
	static struct silence v[] = { { .target = "https://192.0.2.*",
		.finding = "*",
		.reason = "known",
		.until = T0 + 50 } };
	struct world *w = *arg;
	cleanup(str_free) char *id = NULL;

	w->alerts.silences = (struct silences){ v, 1 };
	silence(w, "a", "*", T0, T0 + 20, &id);
	world_expect(w, T0, "a@1 name.www:critical:x", "");
	world_expect(w, T0 + 30, "a@1 name.www:critical:x", "");
	world_expect(w, T0 + 50, "a@1 name.www:critical:x",
		"opened a name.www critical");
	expect_history(w, "a", "unsilenced silenced opened");
}

static void
lifted_before_its_end(void **arg)
{
	struct world *w = *arg;
	struct silences ss = { 0 };
	cleanup(str_free) char *id = NULL;

	silence(w, "a", "*", T0, T0 + DAY_S, &id);
	world_expect(w, T0, "a@1 name.www:critical:x", "");
	assert_int_equal(state_silences(w->st, T0, &ss, &w->err), 0);
	assert_int_equal(ss.n, 1);
	assert_string_equal(ss.v[0].id, id);
	assert_string_equal(ss.v[0].target, "a");
	assert_string_equal(ss.v[0].finding, "*");
	assert_string_equal(ss.v[0].reason, "being replaced");
	assert_string_equal(ss.v[0].by, "root");
	assert_int_equal(ss.v[0].from, T0);
	assert_int_equal(ss.v[0].until, T0 + DAY_S);
	silences_release(&ss);

	assert_int_equal(state_silence_end(w->st, "sil_x", T0, &w->err), 1);
	assert_int_equal(state_silence_end(w->st, id, T0 + 1, &w->err), 0);
	assert_int_equal(state_silence_end(w->st, id, T0 + 1, &w->err), 1);
	assert_int_equal(state_silences(w->st, T0, &ss, &w->err), 0);
	assert_int_equal(ss.n, 0);
	silences_release(&ss);
	/* Not even when the clock is set back before its end. */
	world_expect(w, T0 - 9, "a@1 name.www:critical:x",
		"opened a name.www critical");
}

/* One ahead of its silence's end, once: told early, and nothing lost. */
static void
a_clock_that_jumps(void **arg)
{
	struct world *w = *arg;
	cleanup(str_free) char *id = NULL;
	time_t ahead = T0 + 3650 * DAY_S;

	silence(w, "a", "*", T0, T0 + 100, &id);
	world_expect(w, T0, "a@1 name.www:warning:x", "");
	world_expect(w, ahead, "a@1 name.www:warning:x",
		"opened a name.www warning");
	world_expect(w, T0 + 2, "a@1 name.www:critical:x", "");
	world_expect(w, ahead + 1, "a@1 name.www:critical:x",
		"escalated a name.www critical");
	world_expect(w, T0 + 3, "a@1 name.www:critical:x", "");
	expect_silenced(w, 1, 1, 0);
	world_expect(w, T0 + 100, "a@1 name.www:critical:x", "");
	world_expect(w, T0 + 101, "a@1", "resolved a name.www critical");
}

static void
what_is_no_silence_is_refused(void **arg)
{
	static const struct silence wrong[] = {
		{ .target = "", .finding = "*", .reason = "x", .until = 1 },
		{ .target = "a", .finding = "", .reason = "x", .until = 1 },
		{ .target = "a", .finding = "*", .reason = "", .until = 1 },
		{ .target = "a", .finding = "*", .until = 1 },
		{ .target = "a", .finding = "*", .reason = "x" },
	};
	struct world *w = *arg;
	char *id = NULL;

	for (size_t i = 0; i < COUNT(wrong); i++) {
		assert_int_equal(
			state_silence_add(w->st, &wrong[i], &id, &w->err), -1);
		assert_null(id);
	}
	assert_int_equal(world_number(w, "SELECT count(*) FROM silence"), 0);
}

/* Those that are over are kept with the history. */
static void
old_ones_are_forgotten(void **arg)
{
	struct world *w = *arg;
	cleanup(str_free) char *id = NULL;

	silence(w, "a", "*", T0, T0 + 1, &id);
	w->alerts.history_s = DAY_S;
	for (time_t t = T0; t <= T0 + DAY_S + 1; t += DAY_S)
		world_scan(w, t, "a@1");
	assert_int_equal(world_number(w, "SELECT count(*) FROM silence"), 1);
	world_scan(w, T0 + DAY_S + 2, "a@1");
	world_scan(w, T0 + DAY_S + 3, "a@1");
	assert_int_equal(world_number(w, "SELECT count(*) FROM silence"), 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_rows),
		cmocka_unit_test(the_longest_counts),
		cmocka_unit_test(a_long_pattern_takes_no_time),
		IN_WORLD(recorded_and_told_afterwards),
		IN_WORLD(begun_and_ended_in_silence),
		IN_WORLD(the_end_of_what_was_told_is_told),
		IN_WORLD(a_renewal_is_news),
		IN_WORLD(by_configuration),
		IN_WORLD(lifted_before_its_end),
		IN_WORLD(a_clock_that_jumps),
		IN_WORLD(what_is_no_silence_is_refused),
		IN_WORLD(old_ones_are_forgotten),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
