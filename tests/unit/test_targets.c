/* test_targets.c - folders and patterns become files, names become unique */
#include "tests/unit/unit.h"

#include <sys/stat.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "scan/scan.h"

static char folder[] = "/tmp/certvigil-unit-XXXXXX";

static const char *const paths[] = { "b.pem", "a.pem", "c.key", "sub/d.pem",
	"sub/deep/e.pem" };

static void
run(const char *what, const char *path)
{
	cleanup(str_free) char *full = str_fmt("%s/%s", folder, path);
	FILE *f;

	if (strcmp(what, "mkdir") == 0) {
		assert_int_equal(mkdir(full, 0700), 0);
		return;
	}
	f = fopen(full, "w");
	assert_non_null(f);
	fclose(f);
}

static int
make_folder(void **state)
{
	cleanup(str_free) char *link_path = NULL;

	(void)state;
	assert_non_null(mkdtemp(folder));
	run("mkdir", "sub");
	run("mkdir", "sub/deep");
	run("mkdir", "empty");
	for (size_t i = 0; i < COUNT(paths); i++)
		run("touch", paths[i]);
	link_path = str_fmt("%s/dangling", folder);
	assert_int_equal(symlink("nowhere", link_path), 0);
	free(link_path);
	/* a loop of links is followed no second time */
	link_path = str_fmt("%s/empty/loop", folder);
	assert_int_equal(symlink("..", link_path), 0);
	return 0;
}

static int
remove_folder(void **state)
{
	cleanup(str_free) char *command = str_fmt("rm -r %s", folder);

	(void)state;
	return system(command);
}

static void
patterns(void **state)
{
	static const struct {
		const char *pattern;
		const char *want; /* base names, in order */
	} rows[] = {
		{ "sub", "d.pem e.pem" },
		{ "sub/", "d.pem e.pem" },
		{ "*.pem", "a.pem b.pem" },
		{ "*.{key,pem}", "c.key a.pem b.pem" },
		{ "*/*.pem", "d.pem" },
		{ "a.pem", "a.pem" },
		{ "none*.pem", "none*.pem" },
		{ "missing.pem", "missing.pem" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		cleanup(arena_free) struct arena *a = arena_new();
		BUF_CLEANUP struct buf have = { 0 };
		struct target t = { .kind = TARGET_FILE };
		struct targets out;

		t.file = t.name = t.address = arena_fmt(
			a, "%s/%s", folder, rows[i].pattern);
		scan_expand(a, &t, 1, &out);
		for (size_t k = 0; k < out.n; k++)
			buf_printf(&have, "%s%s", k > 0 ? " " : "",
				strrchr(out.v[k]->file, '/') + 1);
		assert_string_equal(buf_str(&have), rows[i].want);
		free(out.v);
	}
}

static void
loops_end(void **state)
{
	cleanup(arena_free) struct arena *a = arena_new();
	struct target t = { .kind = TARGET_FILE };
	struct targets out;

	(void)state;
	t.file = t.name = t.address = folder;
	scan_expand(a, &t, 1, &out);
	assert_int_equal(out.n, COUNT(paths) + 1); /* the dangling link */
	free(out.v);
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

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(patterns),
		cmocka_unit_test(loops_end),
		cmocka_unit_test(names_are_unique),
	};

	return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
