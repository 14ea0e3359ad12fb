/* test_template.c - bodies of the user's own */
#include "tests/unit/digest_world.h"

#include <stdio.h>
#include <unistd.h>

#include "notifiers/template.h"

static bool
has(const char *text, const char *part)
{
	return strstr(text, part) != NULL;
}

/* Filled in from the ordinary digest, the first two events of it. */
static void
test_fill(void **state)
{
	static const struct {
		const char *text, *want;
	} rows[] = {
		{ "", "" },
		{ "plain } { }} text", "plain } { }} text" },
		{ "{{status}}", "critical" },
		{ "<{{ status }}>", "<critical>" },
		{ "{{host}} {{id}} {{time}}",
			"agent1.example.com msg_00112233445566778899aabbccddeeff "
			"2026-11-20T18:00:00Z" },
		{ "{{subject}}",
			"CRITICAL: www.example.com: expired 3 days ago "
			"(2026-11-17) (+1 more)" },
		{ "{{count}}/{{more}}", "2/0" },
		{ "{{summary}}", "2 critical" },
		{ "{{#events}}{{target}};{{/events}}.",
			"www.example.com;shop.example.com;." },
		{ "[{{#events ,}}\"{{event}}\"{{/events}}]",
			"[\"opened\",\"escalated\"]" },
		{ "{{#events , }}{{severity}}{{/events}}",
			"critical, critical" },
		{ "{{#events \\n}}{{finding}}{{/events}}",
			"expiry.expired\\nexpiry.soon" },
		{ "{{#events}}{{host}}{{/events}}",
			"agent1.example.comagent1.example.com" },
		{ "{{#events |}}{{owner}} {{not_after}}{{/events}}",
			"web-team 2026-11-17T18:00:00Z|"
			"shop-team 2026-11-26T18:00:00Z" },
		{ "{{#events |}}{{incident}} {{opened_at}}{{/events}}",
			"inc_00000000000000000000000000abc000 "
			"2026-11-20T18:00:00Z|"
			"inc_00000000000000000000000000abc001 "
			"2026-11-10T18:00:00Z" },
		{ "{{#events |}}{{address}} {{message}}{{/events}}",
			"https://www.example.com:443 expired 3 days ago "
			"(2026-11-17)|https://shop.example.com:443 expires in "
			"6 days (2026-11-26)" },
		{ "{{#events}}{{/events}}{{status}}", "critical" },
	};
	cleanup(digest_free) struct digest *d = digest_ordinary();

	(void)state;
	while (d->n > 2)
		event_release(&d->v[--d->n]);
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct error err = { 0 };
		cleanup(template_free) struct template *t = template_parse(
			rows[i].text, &err);
		BUF_CLEANUP struct buf out = { 0 };

		if (t == NULL)
			fail_msg("%s: %s", rows[i].text, err.text);
		template_fill(&out, t, d);
		assert_string_equal(buf_str(&out), rows[i].want);
	}
}

static void
test_text(void **state)
{
	cleanup(digest_free) struct digest *d = digest_ordinary();
	cleanup(template_free) struct template *t = template_parse(
		"{\"x\": \"{{text}}\"}", NULL);
	BUF_CLEANUP struct buf out = { 0 };
	json_t *j;

	(void)state;
	template_fill(&out, t, d);
	assert_null(strchr(out.s, '\n'));
	j = json_loads(out.s, 0, NULL);
	assert_non_null(j);
	assert_true(has(json_string_value(json_object_get(j, "x")), "\n"));
	assert_true(has(out.s, "www.example.com"));
	json_decref(j);
}

static void
test_refuses(void **state)
{
	static const struct {
		const char *text, *want;
	} rows[] = {
		{ "{{nonsense}}", "1:1: want one of subject text" },
		{ "a\nbc {{ nonsense }}", "2:4: want one of" },
		{ "{{}}", "have \"\"" },
		{ "{{a\033[2Jb}}", "have \"a\\x1b[2Jb\"" },
		{ "{{target}}", "1:1: {{target}} is of one event" },
		{ "{{{subject}}}", "1:1: want two braces, have three" },
		{ "x {{subject", "1:3: \"{{\" has no \"}}\"" },
		{ "\n\n {{#events}}", "3:2: {{#events}} has no {{/events}}" },
		{ "{{/events}}", "1:1: want {{/events}}, once" },
		{ "{{#events}}{{#events}}{{/events}}",
			"1:12: {{#events}} is here for the second time" },
		{ "{{#events}}{{/events}}{{#events}}{{/events}}",
			"1:23: {{#events}} is here for the second time" },
		{ "{{#event}}{{/event}}", "1:1: want {{#events}}" },
		{ "{{#eventsx}}", "1:1: want {{#events}}" },
		{ "{{#events}}{{/event}}", "1:12: want {{/events}}" },
		{ "{{#events}}{{/events}}{{/events}}", "1:23: want" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct error err = { 0 };

		assert_null(template_parse(rows[i].text, &err));
		if (!has(err.text, rows[i].want))
			fail_msg("row %zu: %s", i, err.text);
		assert_null(strpbrk(err.text, "\n\033"));
	}
}

/* --- files */

static char file[] = "/tmp/certvigil-template-XXXXXX";

static int
setup(void **state)
{
	int fd = mkstemp(file);

	(void)state;
	return fd == -1 ? -1 : close(fd);
}

static int
teardown(void **state)
{
	(void)state;
	return unlink(file);
}

static void
write_file(const void *data, size_t n)
{
	FILE *f = fopen(file, "w");

	assert_non_null(f);
	assert_int_equal(fwrite(data, 1, n, f), n);
	assert_int_equal(fclose(f), 0);
}

static void
test_check(void **state)
{
	static const struct {
		const char *text, *want; /* NULL: it is content */
	} rows[] = {
		{ "{\"text\": \"{{subject}}\", \"n\": {{count}}}", NULL },
		{ "[{{#events ,}}{\"a\": \"{{target}}\"}{{/events}}]\n", NULL },
		{ "{\"a\": \"{{#events \\n}}{{target}}{{/events}}\"}", NULL },
		{ "{\"text\": {{subject}}}",
			":1: want JSON, have none: invalid token" },
		{ "{\n\"a\": 1,\n}\n", ":3: want JSON" },
		{ "{\"a\": \"\n\"}", "want JSON" },
		{ "hello {{subject}}", ":1: want JSON" },
		{ "", "want JSON" },
		{ "{\"a\": 1, \"a\": 2}", "want JSON" },
		{ "{\"a\": \"\377\"}", "want JSON" },
		{ "[{{#events}}{\"a\": \"{{target}}\"}{{/events}}]",
			"with two events (as {{#events ,}}" },
		{ "{\"a\":\n \"{{nonsense}}\"}", ":2:3: want one of" },
	};
	struct account a = { .url = "http://h", .template = file };

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct error err = { 0 };
		int rc;

		write_file(rows[i].text, strlen(rows[i].text));
		rc = format_check(FORMAT_template, &a, &err);
		if (rc != (rows[i].want == NULL ? 0 : -1) ||
			(rc == -1 && !has(err.text, rows[i].want)))
			fail_msg("row %zu: %d %s", i, rc, err.text);
		if (rc == -1)
			assert_int_equal(
				strncmp(err.text, "template: /tmp/", 15), 0);
	}
}

static void
test_files(void **state)
{
	static const struct {
		const char *path, *want;
	} rows[] = {
		{ "/nonexistent/x", "No such file" },
		{ "/tmp", "want a file" },
		{ "/dev/zero", "want a file" },
		{ NULL, "template: the format template needs it" },
	};
	static char big[TEMPLATE_MAX + 1];
	struct account a = { .url = "http://h" };
	struct error err;

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		a.template = rows[i].path;
		assert_int_equal(format_check(FORMAT_template, &a, &err), -1);
		if (!has(err.text, rows[i].want))
			fail_msg("row %zu: %s", i, err.text);
	}
	a.template = file;
	memset(big, ' ', sizeof(big));
	memcpy(big, "{}", 2);
	write_file(big, TEMPLATE_MAX);
	assert_int_equal(format_check(FORMAT_template, &a, &err), 0);
	write_file(big, TEMPLATE_MAX + 1);
	assert_int_equal(format_check(FORMAT_template, &a, &err), -1);
	assert_true(has(err.text, "want at most 65536 bytes"));
	write_file("{}\0", 3);
	assert_int_equal(format_check(FORMAT_template, &a, &err), -1);
	assert_true(has(err.text, "have a NUL byte"));
}

/* --- requests */

static const char rich[] =
	"{\"text\": \"{{subject}}\", \"long\": \"{{text}}\", \"events\": [\n"
	"{{#events ,}}{\"t\": \"{{target}}\", \"m\": \"{{message}}\",\n"
	" \"h\": \"{{hint}}\", \"o\": \"{{owner}}\", \"a\": \"{{address}}\"}\n"
	"{{/events}}], \"more\": {{more}}}";

/* For json_decref(). */
static json_t *
made(const struct digest *d)
{
	struct account a = { .url = "http://h", .template = file };
	struct posts ps = { 0 };
	struct error err = { 0 };
	json_t *j;

	if (format_template.make(d, &a, 0, &ps, &err) == -1)
		fail_msg("%s", err.text);
	assert_int_equal(ps.n, 1);
	j = digest_body(&ps.v[0]);
	posts_release(&ps);
	return j;
}

/* Values stay within their quotes: the members are those of the file. */
static void
test_hostile(void **state)
{
	cleanup(digest_free) struct digest *d = digest_hostile();
	json_t *j, *one;
	size_t i;

	(void)state;
	write_file(rich, strlen(rich));
	j = made(d);
	assert_int_equal(json_object_size(j), 4);
	assert_int_equal(json_array_size(json_object_get(j, "events")), d->n);
	json_array_foreach(json_object_get(j, "events"), i, one)
	{
		const char *key;
		json_t *value;

		assert_int_equal(json_object_size(one), 5);
		json_object_foreach(one, key, value)
		{
			const char *s = json_string_value(value);

			assert_true(strlen(s) <= 4 * 1024 + 3);
			assert_null(strpbrk(s, "\r\n\033\001\177"));
			assert_false(has(s, "\342\200\256"));
		}
	}
	json_decref(j);
}

static void
test_many(void **state)
{
	cleanup(digest_free) struct digest *d = digest_huge(5000);
	json_t *j;

	(void)state;
	write_file(rich, strlen(rich));
	j = made(d);
	assert_int_equal(
		json_array_size(json_object_get(j, "events")), TEMPLATE_EVENTS);
	assert_int_equal(json_integer_value(json_object_get(j, "more")),
		5000 - TEMPLATE_EVENTS);
	json_decref(j);
}

/* What no receiver takes is not made; what is left out is counted. */
static void
test_long(void **state)
{
	static const char whole[] = "{\"events\": [{{#events ,}}\"{{message}}"
				    "{{hint}}{{text}}\"{{/events}}], "
				    "\"more\": {{more}}}";
	cleanup(digest_free) struct digest *d = digest_huge(300);
	cleanup(str_free) char *text = hostile_text(HOSTILE_TEXTS);
	struct account a = { .url = "http://h", .template = file };
	struct posts ps = { 0 };
	struct error err = { 0 };
	size_t told;
	json_t *j;

	(void)state;
	write_file(whole, strlen(whole));
	for (size_t i = 0; i < d->n; i++) {
		digest_set(&d->v[i].message, text);
		digest_set(&d->v[i].hint, text);
	}
	assert_int_equal(format_template.make(d, &a, 0, &ps, &err), 0);
	assert_true(strlen(ps.v[0].body) <= TEMPLATE_BODY);
	j = digest_body(&ps.v[0]);
	told = json_array_size(json_object_get(j, "events"));
	assert_true(told > 10 && told < 300);
	assert_int_equal(
		json_integer_value(json_object_get(j, "more")), 300 - told);
	json_decref(j);
	posts_release(&ps);
}

/* It may be another file than the one that was checked. */
static void
test_changed(void **state)
{
	cleanup(digest_free) struct digest *d = digest_ordinary();
	struct account a = { .url = "http://h", .template = file };
	struct posts ps = { 0 };
	struct error err = { 0 };

	(void)state;
	write_file("{{host}}", 8);
	assert_int_equal(format_template.make(d, &a, 0, &ps, &err), -1);
	assert_true(has(err.text, "want JSON"));
	assert_int_equal(ps.n, 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_fill),
		cmocka_unit_test(test_text),
		cmocka_unit_test(test_refuses),
		cmocka_unit_test(test_check),
		cmocka_unit_test(test_files),
		cmocka_unit_test(test_hostile),
		cmocka_unit_test(test_many),
		cmocka_unit_test(test_long),
		cmocka_unit_test(test_changed),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
