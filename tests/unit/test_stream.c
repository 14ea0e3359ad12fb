/* test_stream.c - what is printed part by part is what it was as one */
#include "tests/unit/state_world.h"

#include <jansson.h>

#include "commands/commands.h"
#include "model/json.h"
#include "model/result.h"
#include "report/report.h"

#define MANY 2000
#define MUCH ((size_t)128 * 1024) /* more than is ever held back */
#define HOSTILE "a\"\n\xc3\xa4\x01/\\"

/* What parts have made is what the whole tree prints. */
static void
expect_one_document(const char *text)
{
	json_error_t why;
	json_t *j = json_loads(text, 0, &why);
	cleanup(str_free) char *again = NULL, *line = NULL;

	if (j == NULL)
		fail_msg("%s at %d:\n%s", why.text, why.line, text);
	again = json_dumps(j, JSON_INDENT(2));
	json_decref(j);
	line = str_fmt("%s\n", again);
	assert_string_equal(text, line);
}

static json_t *
a_tree(void)
{
	return json_pack("{s:s, s:[], s:{}, s:[{s:i, s:[i, n, s]}]}", "text",
		HOSTILE, "none", "empty", "list", "n", 7, "deeper", 1, "\t");
}

static void
a_tree_is_printed(void **arg)
{
	BUF_CLEANUP struct buf out = { 0 };
	cleanup(str_free) char *flat = NULL, *deep = NULL;
	json_t *j = a_tree();

	(void)arg;
	flat = json_dumps(j, JSON_COMPACT);
	deep = json_dumps(j, JSON_INDENT(2));
	json_print(&out, json_incref(j));
	assert_string_equal(out.s, flat);
	buf_reset(&out);
	json_print_indented(&out, json_incref(j), 0);
	assert_string_equal(out.s, deep);
	buf_reset(&out);
	json_print_indented(&out, j, 3);
	for (char *p = out.s, *q = deep; *q != '\0'; q++) {
		assert_int_equal(*p++, *q);
		if (*q != '\n')
			continue;
		assert_memory_equal(p, "   ", 3);
		p += 3;
	}
}

static void
lists_of_a_document(void **arg)
{
	(void)arg;
	for (size_t n = 0; n < 3; n++) {
		BUF_CLEANUP struct buf out = { 0 };

		json_print_head(&out, a_tree());
		json_begin_list(&out, "first");
		for (size_t i = 0; i < n; i++)
			json_print_item(&out, i, a_tree());
		json_end_list(&out, n);
		json_begin_list(&out, "second");
		json_end_list(&out, 0);
		json_end(&out);
		expect_one_document(out.s);
	}
}

static struct result *
make_result(struct target *t, size_t i)
{
	struct result *r = mem_alloc(sizeof(*r));
	struct cert *c = mem_alloc(sizeof(*c));

	t->name = str_fmt("%s %zu", HOSTILE, i * 7919 % MANY);
	t->address = t->name;
	t->kind = TARGET_FILE;
	settings_init(&t->set);
	*c = (struct cert){ .subject = str_dup("CN=" HOSTILE),
		.issuer = str_dup("CN=CA"),
		.label = str_dup(HOSTILE),
		.issuer_label = str_dup("CA"),
		.sha256 = str_fmt("%zu", i),
		.serial = str_dup("0a1b"),
		.key_type = str_dup("EC"),
		.signature = str_dup("ecdsa-with-SHA256"),
		.has_dates = i % 5 != 0,
		.not_after = T0 + (time_t)(i % 3) * DAY_S };
	strlist_add(&c->names, HOSTILE);
	r->target = t;
	r->observed_at = T0;
	r->looked = true;
	r->seen = observation_new();
	r->seen->certs = c;
	r->seen->n_certs = 1;
	if (i % 4 == 0)
		findings_add(&r->findings, "name.missing", "x", HOSTILE);
	r->status = findings_worst(&r->findings);
	return r;
}

static char *
read_back(FILE *f)
{
	struct buf all = { 0 };
	char part[4096];
	size_t n;

	assert_int_equal(fflush(f), 0);
	rewind(f);
	while ((n = fread(part, 1, sizeof(part), f)) > 0)
		buf_add(&all, part, n);
	return buf_detach(&all);
}

/* What went on meanwhile and what is left make the same text. */
static void
expect_the_same(const struct report *how, const struct results *rs)
{
	for (unsigned verbose = 0; verbose <= 3; verbose++) {
		struct report_options show = { .verbose = verbose };
		BUF_CLEANUP struct buf whole = { 0 }, parts = { 0 };
		cleanup(str_free) char *passed = NULL;
		FILE *f = tmpfile();

		assert_non_null(f);
		how->render(&whole, rs, &show);
		show.to = f;
		how->render(&parts, rs, &show);
		assert_int_equal(
			fwrite(buf_str(&parts), 1, parts.len, f), parts.len);
		passed = read_back(f);
		fclose(f);
		assert_string_equal(buf_str(&whole), passed);
		if (whole.len > MUCH && parts.len >= whole.len)
			fail_msg("%s: %zu of %zu bytes are held back",
				how->name, parts.len, whole.len);
		if (strcmp(how->name, "json") == 0)
			expect_one_document(whole.s);
	}
}

static void
reports_go_on_meanwhile(void **arg)
{
	struct target *targets = mem_alloc(MANY * sizeof(*targets));
	struct results rs = { .time = T0 };

	(void)arg;
	for (size_t i = 0; report_table[i] != NULL; i++)
		expect_the_same(report_table[i], &rs);
	rs.v = mem_alloc(MANY * sizeof(struct result *));
	for (; rs.n < MANY; rs.n++)
		rs.v[rs.n] = make_result(&targets[rs.n], rs.n);
	for (size_t i = 0; report_table[i] != NULL; i++)
		expect_the_same(report_table[i], &rs);
	results_release(&rs);
	for (size_t i = 0; i < MANY; i++)
		free((char *)targets[i].name);
	free(targets);
}

/* Whatever was seen by nobody: no performance data, and no bar. */
static void
a_line_without_figures(void **arg)
{
	struct target t = { 0 };
	struct result *r = make_result(&t, 0);
	struct results rs = { &r, 1, .time = T0 };
	struct report_options show = { .to = stdout };
	BUF_CLEANUP struct buf out = { 0 };

	(void)arg;
	r->seen->n_certs = 0;
	report_find("nagios")->render(&out, &rs, &show);
	assert_null(strchr(out.s, '|'));
	assert_int_equal(out.s[out.len - 1], '\n');
	assert_int_not_equal(out.s[out.len - 2], ' ');
	r->seen->n_certs = 1;
	result_free(r);
	free((char *)t.name);
}

static char *
print(struct world *w, const struct command *c, const char *target)
{
	char *argv[] = { LENT(c->name), LENT("-o"), LENT("json"),
		LENT("--state"), w->path, LENT(target), NULL };
	FILE *f = tmpfile();
	int saved = dup(STDOUT_FILENO), rc;
	char *text;

	assert_non_null(f);
	fflush(stdout);
	dup2(fileno(f), STDOUT_FILENO);
	rc = c->run(target != NULL ? 6 : 5, argv);
	fflush(stdout);
	dup2(saved, STDOUT_FILENO);
	close(saved);
	assert_int_equal(rc, STATUS_OK);
	text = read_back(f);
	fclose(f);
	return text;
}

static void
commands_print_one_document(void **arg)
{
	const struct silence s = { .target = "a",
		.finding = "*",
		.reason = HOSTILE,
		.from = T0,
		.until = T0 + 99999 * DAY_S };
	struct world *w = *arg;

	for (int i = 0; i < 3; i++) {
		cleanup(str_free) char *status = print(
			w, &command_status, NULL);
		cleanup(str_free) char *id = NULL, *history = NULL;

		expect_one_document(status);
		assert_int_equal(i > 0, strstr(status, "\"msg_") != NULL);
		assert_int_equal(i > 1, strstr(status, "\"sil_") != NULL);
		world_scan(w, T0 + i, "a@1 name.www:warning:x;b@2");
		history = print(w, &command_history, i == 0 ? "b" : "a");
		expect_one_document(history);
		assert_int_equal(i > 0, strstr(history, "\"opened\"") != NULL);
		if (i > 0)
			assert_int_equal(
				state_silence_add(w->st, &s, &id, &w->err), 0);
	}
}

/* By status, then by what ends first, then by name. */
static void
known_targets_are_in_order(void **arg)
{
	struct world *w = *arg;
	struct known_targets ts = { 0 };
	BUF_CLEANUP struct buf have = { 0 };

	world_scan(w, T0,
		"d@1;b@1;a@1 name.www:warning:x;c@1;f;"
		"e@1 name.missing:critical:x;B@1");
	world_sql(w,
		"UPDATE target SET not_after = 5 WHERE name = 'c'; "
		"UPDATE target SET address = name WHERE name = 'b'; "
		"UPDATE target SET observed_at = 7 WHERE name = 'd'");
	assert_int_equal(state_targets(w->st, &ts, &w->err), 0);
	for (size_t i = 0; i < ts.n; i++) {
		const struct known_target *t = &ts.v[i];

		buf_printf(&have, "%s ", t->name);
		assert_string_equal(t->address,
			*t->name == 'b' ? "b" : "https://192.0.2.1:443");
		assert_int_equal(t->observed_at, *t->name == 'd' ? 7 : T0);
	}
	assert_string_equal(have.s, "e a f c B b d ");
	known_targets_release(&ts);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_tree_is_printed),
		cmocka_unit_test(lists_of_a_document),
		cmocka_unit_test(reports_go_on_meanwhile),
		cmocka_unit_test(a_line_without_figures),
		IN_WORLD(commands_print_one_document),
		IN_WORLD(known_targets_are_in_order),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
