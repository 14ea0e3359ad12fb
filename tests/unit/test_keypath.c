/* test_keypath.c - keys that lie where their certificate's path says */
#include "tests/unit/unit.h"

#include <string.h>

#include "model/keypath.h"

static void
paths_are_made_from_paths(void **state)
{
	static const struct {
		const char *pattern, *file, *want;
	} rows[] = {
		/* R16, R46: one key a certificate, told once for all */
		{ "/k/{stem}.key", "/c/www.example.com.crt",
			"/k/www.example.com.key" },
		{ "{dir}/{stem}.key", "/c/a.pem", "/c/a.key" },
		{ "{dir}/privkey.pem", "/le/live/x/fullchain.pem",
			"/le/live/x/privkey.pem" },
		{ "{dir}/../private/{stem}.{stem}", "/c/a.b.pem",
			"/c/../private/a.b.a.b" },
		{ "{dir}/x", "a.pem", "./x" },
		{ "{dir}/x", "./a.pem", "./x" },
		{ "{dir}/x", "/a.pem", "/x" },
		{ "{dir}", "/a.pem", "/" },
		{ "{dir}", "/a/b.pem", "/a" },
		{ "{stem}", "/a/.pem", ".pem" },
		{ "{stem}", "/a.d/b", "b" },
		{ "{stem}", "/a/b.", "b" },
		/* R17: whatever bytes a name has, they stay */
		{ "{dir}/{stem}.key", "/\xc3\xa4/\xe6\x97\xa5\xff.pem",
			"/\xc3\xa4/\xe6\x97\xa5\xff.key" },
		{ "/k/plain.key", "/c/a.pem", "/k/plain.key" },
		{ "/k/a}b", "/c/a.pem", "/k/a}b" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		cleanup(arena_free) struct arena *a = arena_new();
		struct error err;

		assert_int_equal(keypath_check(rows[i].pattern, &err), 0);
		assert_string_equal(
			keypath_expand(a, rows[i].pattern, rows[i].file),
			rows[i].want);
	}
}

static void
braces_hold_nothing_else(void **state)
{
	static const struct {
		const char *pattern, *have;
	} rows[] = {
		{ "/k/{name}.key", "{name}" },
		{ "{stem}/{Stem}", "{Stem}" },
		{ "/k/{a,b}.key", "{a,b}" },
		{ "/k/{stem", "{stem" },
		{ "{}", "{}" },
		{ "{{dir}}", "{{dir}" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		cleanup(str_free) char *want = str_fmt(
			"want {stem} or {dir} where a brace opens, have "
			"\"%s\"",
			rows[i].have);
		struct error err;

		assert_int_equal(keypath_check(rows[i].pattern, &err), -1);
		assert_string_equal(err.text, want);
	}
	assert_true(keypath_is_beside("{dir}/x"));
	assert_false(keypath_is_beside("{stem}.key"));
	assert_false(keypath_is_beside("x/{dir}"));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(paths_are_made_from_paths),
		cmocka_unit_test(braces_hold_nothing_else),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
