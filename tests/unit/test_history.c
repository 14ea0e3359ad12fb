/* test_history.c - what is open now, and what has happened so far */
#include "tests/unit/state_world.h"

/* "T+2 renewed a; T+0 opened a name.www" */
static void
expect_history(struct world *w, const char *target, size_t most,
	const char *want, size_t left_out)
{
	BUF_CLEANUP struct buf have = { 0 };
	struct happenings hs = { 0 };

	assert_int_equal(state_history(w->st, target, most, &hs, &w->err), 0);
	for (size_t i = 0; i < hs.n; i++) {
		const struct happening *h = &hs.v[i];

		buf_printf(&have, "%sT+%d %s %s%s%s", i > 0 ? "; " : "",
			(int)(h->time - T0), h->kind, h->target,
			h->finding != NULL ? " " : "",
			h->finding != NULL ? h->finding : "");
	}
	assert_string_equal(buf_str(&have), want);
	assert_int_equal(hs.left_out, left_out);
	happenings_release(&hs);
	assert_null(hs.v);
}

static void
latest_first(void **arg)
{
	struct world *w = *arg;

	expect_history(w, "*", 9, "", 0);
	world_scan(w, T0, "a@1 name.www:warning:x;b@1");
	world_scan(w, T0 + 1, "a@1 name.www:critical:x;b@1");
	world_scan(w, T0 + 2, "a@1;b@2");
	expect_history(w, "*", 9,
		"T+2 renewed b; T+2 resolved a name.www; "
		"T+1 escalated a name.www; T+0 opened a name.www",
		0);
	expect_history(w, "a", 2,
		"T+2 resolved a name.www; T+1 escalated a name.www", 1);
	expect_history(w, "b*", 9, "T+2 renewed b", 0);
	expect_history(w, "https://192.0.2.1:*", 1, "T+2 renewed b", 3);
	expect_history(w, "c", 9, "", 0);
	expect_history(w, "*", 0, "", 4);

	/* As it was written, whatever the clock said. */
	world_scan(w, T0 - 7, "a@1 name.apex:warning:x;b@2");
	expect_history(w, "*", 1, "T+-7 opened a name.apex", 4);
}

/* A target that has left is still found, by its name. */
static void
of_those_that_left(void **arg)
{
	struct world *w = *arg;

	world_scan(w, T0, "a@1 name.www:warning:x");
	world_scan(w, T0 + 1, "b@1");
	expect_history(w, "a", 9, "T+0 opened a name.www", 0);
	expect_history(w, "https://*", 9, "", 0);
}

/* Names that begin alike, patterns of all sorts, and addresses. */
static void
whatever_fits(void **arg)
{
	static const struct {
		const char *glob, *want;
	} rows[] = {
		{ "a", "T+0 renewed a" },
		{ "ab", "T+1 renewed ab" },
		{ "a*",
			"T+4 renewed a[b]; T+2 renewed abc; T+1 renewed ab; "
			"T+0 renewed a" },
		{ "a?", "T+1 renewed ab" },
		{ "a?*", "T+4 renewed a[b]; T+2 renewed abc; T+1 renewed ab" },
		{ "*b", "T+3 renewed b; T+2 renewed abc; T+1 renewed ab" },
		{ "[ab]", "T+3 renewed b; T+2 renewed abc; T+0 renewed a" },
		{ "**",
			"T+4 renewed a[b]; T+3 renewed b; T+2 renewed abc; "
			"T+1 renewed ab; T+0 renewed a" },
		/* its name to the letter, and another one as a pattern */
		{ "a[b]", "T+4 renewed a[b]; T+1 renewed ab" },
		{ "a\\[b\\]", "T+4 renewed a[b]" },
		/* the address of one is the name of another */
		{ "b*", "T+3 renewed b; T+2 renewed abc" },
		{ "b", "T+3 renewed b; T+2 renewed abc" },
		{ "x", "T+1 renewed ab; T+0 renewed a" },
		{ "[x]", "T+1 renewed ab; T+0 renewed a" },
		{ "", "" },
		{ "abcd", "" },
		{ "z*", "" },
	};
	struct world *w = *arg;

	world_scan(w, T0, "a@1;ab@1;abc@1;b@1");
	world_sql(w,
		"INSERT INTO history (time, target, kind, severity, message, "
		"not_after, old_not_after) VALUES "
		"(1800000000, 'a', 'renewed', 0, 'm', 0, 0), "
		"(1800000001, 'ab', 'renewed', 0, 'm', 0, 0), "
		"(1800000002, 'abc', 'renewed', 0, 'm', 0, 0), "
		"(1800000003, 'b', 'renewed', 0, 'm', 0, 0), "
		"(1800000004, 'a[b]', 'renewed', 0, 'm', 0, 0); "
		"UPDATE target SET address = 'x'; "
		"UPDATE target SET address = 'b' WHERE name IN ('abc', 'b')");
	for (size_t i = 0; i < COUNT(rows); i++)
		expect_history(w, rows[i].glob, 9, rows[i].want, 0);
	expect_history(w, "a*", 2, "T+4 renewed a[b]; T+2 renewed abc", 2);
}

static void
all_of_it(void **arg)
{
	struct world *w = *arg;
	struct happenings hs = { 0 };

	world_scan(w, T0, "a@1 name.www:critical:x");
	world_scan(w, T0 + 1, "a@2 name.www:critical:x");
	assert_int_equal(state_history(w->st, "a", 9, &hs, &w->err), 0);
	assert_int_equal(hs.n, 2);
	assert_null(hs.v[0].incident);
	assert_null(hs.v[0].finding);
	assert_int_equal(hs.v[0].not_after, T0 + 100 * DAY_S);
	assert_int_equal(hs.v[0].old_not_after, T0 + 100 * DAY_S);
	assert_memory_equal(hs.v[1].incident, "inc_", 4);
	assert_string_equal(hs.v[1].subject, "x");
	assert_string_equal(hs.v[1].message, "name.www");
	assert_int_equal(hs.v[1].severity, SEV_CRITICAL);
	assert_int_equal(hs.v[1].old_not_after, 0);
	happenings_release(&hs);
}

/* Worst first, then oldest; what is pending or over is not open. */
static void
what_is_open(void **arg)
{
	struct world *w = *arg;
	struct known_incidents is = { 0 };
	BUF_CLEANUP struct buf have = { 0 };

	world_scan(w, T0, "a@1 name.www:warning:x;b@1 name.www:critical:x");
	world_scan(w, T0 + 1,
		"a@1 name.www:warning:x name.apex:critical:y;b@1;"
		"c endpoint.timeout:critical:h");
	world_scan(w, T0 + 2,
		"a@1 name.www:warning:x name.apex:critical:y;b@1 "
		"name.www:critical:x;c@1");
	world_scan(w, T0 + 3,
		"a@1 name.www:warning:x name.apex:critical:y;b@1;c@1");
	assert_int_equal(state_incidents(w->st, &is, &w->err), 0);
	for (size_t i = 0; i < is.n; i++)
		buf_printf(&have, "%s %s %s; ", is.v[i].target, is.v[i].finding,
			severity_name(is.v[i].severity));
	/* One good look is not enough for what has come back. */
	assert_string_equal(buf_str(&have),
		"a name.apex critical; b name.www critical; "
		"a name.www warning; ");
	assert_int_equal(is.v[0].opened_at, T0 + 1);
	assert_int_equal(is.v[0].told_at, T0 + 1);
	assert_int_equal(is.v[1].opened_at, T0 + 2);
	assert_string_equal(is.v[0].subject, "y");
	assert_string_equal(is.v[0].message, "name.apex");
	assert_null(is.v[0].owner);
	known_incidents_release(&is);
	assert_null(is.v);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		IN_WORLD(latest_first),
		IN_WORLD(of_those_that_left),
		IN_WORLD(whatever_fits),
		IN_WORLD(all_of_it),
		IN_WORLD(what_is_open),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
