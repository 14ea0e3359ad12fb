/* test_formats_json.c - a digest as JSON of our own */
#include "tests/unit/digest_world.h"

static void
test_json(void **state)
{
	static const struct account account = { .url = "https://h.example/x" };
	const struct format *json = format_table[FORMAT_json];
	cleanup(digest_free) struct digest *d = digest_ordinary();
	cleanup(digest_free) struct digest *back = NULL;
	struct posts posts = { 0 };
	struct error err;
	json_t *j;

	(void)state;
	assert_int_equal(json->make(d, &account, DIGEST_NOW, &posts, &err), 0);
	assert_string_equal(json->content_type, "application/json");
	assert_true(json->standard);
	assert_int_equal(posts.n, 1);
	j = digest_body(&posts.v[0]);
	assert_int_equal(json_object_size(j), 3);
	assert_string_equal(json_string_value(json_object_get(j, "type")),
		"certvigil.digest");
	assert_string_equal(json_string_value(json_object_get(j, "timestamp")),
		"2026-11-20T18:00:00Z");
	back = digest_from_json(json_object_get(j, "data"), &err);
	assert_non_null(back);
	assert_int_equal(back->n, d->n);
	assert_null(strchr(posts.v[0].body, '\n'));
	assert_null(strstr(posts.v[0].body, "\": "));
	json_decref(j);
	posts_release(&posts);
}

/* It becomes a header. */
static void
test_token(void **state)
{
	static const struct {
		const char *token;
		int want;
	} rows[] = {
		{ "tok_0123-456.~+/=", 0 },
		{ "a\r\nX-Evil: 1", -1 },
		{ "a b", -1 },
		{ "a\001", -1 },
		{ "\303\274", -1 },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct account a = { .url = "http://h",
			.token = rows[i].token };
		struct error err = { 0 };

		assert_int_equal(
			format_check(FORMAT_json, &a, &err), rows[i].want);
		a.template = "/dev/null"; /* which is no file */
		assert_int_equal(format_check(FORMAT_template, &a, &err), -1);
		assert_int_equal(strncmp(err.text, "token: ", 7) == 0,
			rows[i].want == -1);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_json),
		cmocka_unit_test(test_token),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
