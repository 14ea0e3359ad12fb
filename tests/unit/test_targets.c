/* test_targets.c - folders and patterns become files, names become unique */
#include <time.h>

#include "scan/scan.h"
#include "scan/walk.h"
#include "tests/unit/folder_world.h"

#define NOW 1795132800 /* 2026-11-20T00:00:00Z */

/* A target in the folder; "" is the folder itself. */
static struct target
target_of(struct arena *a, const char *path)
{
	struct target t = { .kind = TARGET_FILE };

	t.file = t.name = t.address = arena_fmt(
		a, "%s%s%s", folder_root, *path != '\0' ? "/" : "", path);
	return t;
}

/* A path without the folder in front. */
static const char *
short_of(const char *path)
{
	size_t n = strlen(folder_root);

	if (strncmp(path, folder_root, n) != 0)
		return path;
	return path[n] == '/' ? path + n + 1 : ".";
}

/* "file", of those that were met "+file", with its key behind '='. */
static void
note(struct buf *out, const struct targets *ts)
{
	for (size_t i = 0; i < ts->n; i++) {
		const struct target *t = ts->v[i];

		buf_printf(out, "%s%s%s", i > 0 ? " " : "",
			t->listed ? "+" : "", short_of(t->file));
		if (t->key != NULL)
			buf_printf(out, "=%s", short_of(t->key));
	}
}

static void
files_are_listed(void **state)
{
	static const struct {
		const char *path, *key, *want;
	} rows[] = {
		{ "", NULL,
			"+a.pem +b.pem +c.key +dangling +sub/d.pem "
			"+sub/deep/e.pem" },
		{ "sub", NULL, "+sub/d.pem +sub/deep/e.pem" },
		{ "sub/", NULL, "+sub/d.pem +sub/deep/e.pem" },
		{ "empty", NULL, "empty" },
		{ "*.pem", NULL, "+a.pem +b.pem" },
		{ "*.{key,pem}", NULL, "+a.pem +b.pem +c.key" },
		{ "{a,gone}.pem", NULL, "a.pem gone.pem" },
		{ "**/e.pem", NULL, "+sub/deep/e.pem" },
		{ "a.pem", NULL, "a.pem" },
		{ "dangling", NULL, "dangling" },
		{ "missing.pem", NULL, "missing.pem" },
		{ "none*.pem", NULL, "none*.pem" },
		/* R16, R46: each certificate's own key, there or not */
		{ "a.pem", "{dir}/{stem}.key", "a.pem=a.key" },
		{ "a.pem", "/k/x.key", "a.pem=/k/x.key" },
		{ "missing.pem", "{dir}/{stem}.key",
			"missing.pem=missing.key" },
		{ "**/?.pem", "{dir}/{stem}.key",
			"+a.pem=a.key +b.pem=b.key +sub/d.pem=sub/d.key "
			"+sub/deep/e.pem=sub/deep/e.key" },
		{ "{a,gone}.pem", "{dir}/{stem}.key",
			"a.pem=a.key gone.pem=gone.key" },
		/* of no certificate there is no key to look for */
		{ "empty", "{dir}/{stem}.key", "empty" },
		{ "none*.pem", "{dir}/{stem}.key", "none*.pem" },
	};

	(void)state;
	folder_make_all("b.pem a.pem c.key sub/d.pem sub/deep/e.pem empty/ "
			"dangling>nowhere empty/loop>..");
	for (size_t i = 0; i < COUNT(rows); i++) {
		cleanup(arena_free) struct arena *a = arena_new();
		BUF_CLEANUP struct buf have = { 0 };
		struct target t = target_of(a, rows[i].path);
		struct targets out;

		t.key = rows[i].key;
		scan_expand(a, &t, 1, &out);
		note(&have, &out);
		assert_string_equal(have.s, rows[i].want);
		assert_int_equal(out.n_missed, 0);
		for (size_t k = 0; k < out.n; k++) {
			assert_string_equal(out.v[k]->name, out.v[k]->file);
			assert_string_equal(out.v[k]->address, out.v[k]->file);
			assert_true(
				!out.v[k]->listed || out.v[k]->origin == &t);
		}
		free(out.v);
	}
}

/* A folder that cannot be looked into is told, and never passed over. */
static void
closed_folder_is_a_target(void **state)
{
	cleanup(arena_free) struct arena *a = arena_new();
	BUF_CLEANUP struct buf have = { 0 };
	bool root = geteuid() == 0;
	struct target t = target_of(a, "");
	struct targets out;
	char shut[80];

	(void)state;
	folder_make_all("a.pem shut.key/x.pem");
	(void)snprintf(shut, sizeof(shut), "%s/shut.key", folder_root);
	assert_int_equal(chmod(shut, 0), 0);
	assert_int_equal(chmod(folder_root, 0755), 0);
	t.key = "{dir}/{stem}.key";
	assert_int_equal(root ? seteuid(65534) : 0, 0);
	scan_expand(a, &t, 1, &out);
	assert_int_equal(root ? seteuid(0) : 0, 0);
	assert_int_equal(chmod(shut, 0700), 0);
	note(&have, &out);
	assert_string_equal(have.s, "+a.pem=a.key shut.key");
	assert_ptr_equal(out.v[1]->origin, &t);
	free(out.v);
}

static void
make_deep(int levels)
{
	BUF_CLEANUP struct buf path = { 0 };

	for (int i = 1; i <= levels; i++)
		buf_printf(&path, "%d/", i);
	buf_puts(&path, "x.pem");
	folder_make(path.s);
}

/* The results of a run in which nothing was found in any file. */
static void
judge(const struct targets *ts, struct results *rs)
{
	*rs = (struct results){ .time = NOW };
	for (size_t i = 0; i < ts->n && !ts->v[i]->listed; i++) {
		struct result *r = mem_alloc(sizeof(*r));

		r->target = ts->v[i];
		rs->v = mem_grow(rs->v, rs->n + 1, sizeof(rs->v[0]));
		rs->v[rs->n++] = r;
	}
}

static void
what_is_missed_is_told(void **state)
{
	cleanup(arena_free) struct arena *a = arena_new();
	const struct finding_kind *kind = finding_kind("file.unreadable");
	struct override critical = { kind, false, SEV_CRITICAL };
	struct override off = { kind, true, SEV_OK };
	struct {
		struct override *set;
		enum severity status;
		size_t findings;
	} rows[] = {
		{ NULL, SEV_WARNING, 1 },
		{ &critical, SEV_CRITICAL, 1 },
		{ &off, SEV_OK, 0 },
	};

	(void)state;
	folder_make("a.pem");
	make_deep(WALK_MAX_DEPTH + 1);
	for (size_t i = 0; i < COUNT(rows); i++) {
		cleanup(str_free) char *want = NULL;
		struct target t = target_of(a, "");
		struct targets ts;
		struct results rs;

		if (rows[i].set != NULL)
			t.set.findings = (struct overrides){ rows[i].set, 1 };
		scan_expand(a, &t, 1, &ts);
		assert_int_equal(ts.n, 1);
		judge(&ts, &rs);
		scan_tell_missed(&ts, NOW, &rs);
		assert_int_equal(rs.n, 1);
		assert_int_equal(rs.v[0]->status, rows[i].status);
		assert_false(rs.v[0]->looked);
		assert_string_equal(rs.v[0]->target->name, folder_root);
		assert_int_equal(rs.v[0]->findings.n, rows[i].findings);
		want = str_fmt("want folders at most 16 deep, have 1 that is "
			       "deeper and not looked into: %s/1/2/3/4/5/6/7/8"
			       "/9/10/11/12/13/14/15/16/17",
			folder_root);
		if (rs.v[0]->findings.n > 0)
			assert_string_equal(
				rs.v[0]->findings.v[0].message, want);
		results_release(&rs);
		free(ts.v);
	}
}

/* Told once, with what else is told of the folder. */
static void
what_is_missed_joins_what_is_known(void **state)
{
	cleanup(arena_free) struct arena *a = arena_new();
	struct target t = target_of(a, "");
	struct targets ts;
	struct results rs = { .time = NOW };
	struct result *r = mem_alloc(sizeof(*r));

	(void)state;
	make_deep(WALK_MAX_DEPTH + 1);
	make_deep(WALK_MAX_DEPTH);
	scan_expand(a, &t, 1, &ts);
	r->target = ts.missed[0].origin;
	rs.v = mem_grow(NULL, 1, sizeof(rs.v[0]));
	rs.v[rs.n++] = r;
	findings_add(&r->findings, "file.no-certificate", "x", "none");
	scan_tell_missed(&ts, NOW, &rs);
	assert_int_equal(rs.n, 1);
	assert_int_equal(r->findings.n, 2);
	assert_int_equal(r->status, SEV_CRITICAL);
	results_release(&rs);
	free(ts.v);
}

static void
impossible_pattern_is_told(void **state)
{
	cleanup(arena_free) struct arena *a = arena_new();
	BUF_CLEANUP struct buf wide = { 0 };
	struct target v[2] = { target_of(a, "") };
	struct targets ts;
	struct results rs;

	(void)state;
	for (int i = 0; i < 100; i++)
		buf_puts(&wide, "*/");
	folder_make("a.pem");
	v[0] = v[1] = target_of(a, wide.s);
	scan_expand(a, v, COUNT(v), &ts);
	judge(&ts, &rs);
	scan_tell_missed(&ts, NOW, &rs);
	/* Instead of "no file fits", and each by a name of its own. */
	assert_int_equal(ts.n, 0);
	assert_int_equal(rs.n, 2);
	assert_string_not_equal(rs.v[0]->target->name, rs.v[1]->target->name);
	assert_string_equal(rs.v[0]->findings.v[0].message,
		"want patterns of at most 1024 alternatives and 60 folders, "
		"have more: not all were looked at");
	results_release(&rs);
	free(ts.v);
}

static void
names_are_unique(void **state)
{
	cleanup(arena_free) struct arena *a = arena_new();
	const struct target v[] = {
		{ .name = "x", .address = "https://x:443" },
		{ .name = "y", .address = "https://y:443" },
		{ .name = "x", .address = "https://x:443/path" },
		{ .name = "x", .address = "https://x:443" },
	};
	struct targets out;

	(void)state;
	scan_expand(a, v, COUNT(v), &out);
	assert_string_equal(out.v[0]->name, "x");
	assert_string_equal(out.v[1]->name, "y");
	assert_string_equal(out.v[2]->name, "x (3)");
	assert_string_equal(out.v[3]->name, "x (2)");
	free(out.v);
}

#define TEST(f)                                                                \
	cmocka_unit_test_setup_teardown(f, folder_setup, folder_teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(files_are_listed),
		TEST(closed_folder_is_a_target),
		TEST(what_is_missed_is_told),
		TEST(what_is_missed_joins_what_is_known),
		TEST(impossible_pattern_is_told),
		cmocka_unit_test(names_are_unique),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
