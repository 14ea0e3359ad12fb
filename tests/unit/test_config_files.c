/* test_config_files.c - what a configuration includes, and its secrets */
#include "tests/unit/config_world.h"

static void
included_files_add_up_in_order(void **state)
{
	BUF_CLEANUP struct buf why = { 0 };
	cleanup(config_free) struct config *c = NULL;
	static const char *const hosts[] = { "main", "a", "b", "deep", "c" };

	(void)state;
	assert_int_equal(mkdir(world_path("conf.d"), 0700), 0);
	assert_int_equal(mkdir(world_path("conf.d/x"), 0700), 0);
	world_write("c.yaml",
		"include: ['conf.d/[ab].yaml', last.yaml]\n"
		"targets: [{endpoint: main}]\n"
		"alerts: {routes: [{notify: bird}]}\n");
	world_write("conf.d/b.yaml",
		"targets: [{endpoint: b}]\n"
		"include: x/*.yaml\n");
	world_write("conf.d/a.yaml",
		"targets: [{endpoint: a}]\n"
		"defaults: {timeout: 3s}\n");
	world_write("conf.d/x/deep.yaml",
		"targets: [{endpoint: deep}]\n"
		"include: nothing-*.yaml\n");
	world_write("last.yaml",
		"targets: [{endpoint: c}]\n"
		"notifiers: {bird: {drum: }}\n");
	c = world_load("c.yaml", 0, &why);
	assert_string_equal(buf_str(&why), "");
	assert_int_equal(c->targets.n, COUNT(hosts));
	for (size_t i = 0; i < COUNT(hosts); i++) {
		assert_string_equal(c->targets.v[i].host, hosts[i]);
		/* Defaults serve all, wherever they stand. */
		assert_int_equal(c->targets.v[i].set.timeout_ms, 3000);
	}
	assert_string_equal(c->notifiers.v[0].name, "bird");
}

static void
included_file_may_be_empty(void **state)
{
	cleanup(config_free) struct config *c = NULL;

	(void)state;
	world_write("a.yaml", "# all of it commented out\n");
	world_write("b.yaml", "");
	c = world_load_good("include: [a.yaml, b.yaml]\n");
	assert_non_null(c);
}

/* The folder's own name is no pattern. */
static void
folder_may_look_like_a_pattern(void **state)
{
	BUF_CLEANUP struct buf why = { 0 };
	cleanup(config_free) struct config *c = NULL;

	(void)state;
	assert_int_equal(mkdir(world_path("[a]*"), 0700), 0);
	world_write("[a]*/c.yaml", "include: '*.inc'\n");
	world_write("[a]*/x.inc", "targets: [{endpoint: x}]\n");
	c = world_load("[a]*/c.yaml", 0, &why);
	assert_string_equal(buf_str(&why), "");
	assert_int_equal(c->targets.n, 1);
}

static const struct {
	const char *main, *a, *b, *want;
} includes[] = {
	{ "include: missing.yaml\n", "", "",
		"c.yaml:1:10: include: want a file, have \"missing.yaml\": No "
		"such file or directory\n" },
	{ "include: [~, [x]]\n", "", "",
		"c.yaml:1:11: include: want a path, a pattern or a list of "
		"them\n"
		"c.yaml:1:14: include: want a path, a pattern or a list of "
		"them\n" },
	{ "include: {a: b}\n", "", "",
		"c.yaml:1:10: include: want a path, a pattern or a list of "
		"them\n" },
	{ "include: '*.yaml'\n", "", "",
		"c.yaml:1:10: include: want each file once, have \"c.yaml\": "
		"it is read already\n" },
	{ "include: a.yaml\n", "include: b.yaml\n", "include: a.yaml\n",
		"b.yaml:1:10: include: want each file once, have \"a.yaml\": "
		"it is read already\n" },
	{ "include: .\n", "", "", ".: want a file, have a folder\n" },
	{ "include: /dev/zero\n", "", "",
		"/dev/zero: want a file, have a pipe or a device\n" },
	/* keys that stand for one thing */
	{ "include: [a.yaml, b.yaml]\nworkers: 1\n", "workers: 1\nstate: x\n",
		"\nstate: y\n",
		"a.yaml:1:1: workers: want it in one file, have it in c.yaml "
		"as well\n"
		"b.yaml:2:1: state: want it in one file, have it in a.yaml as "
		"well\n" },
	{ "include: a.yaml\nnotifiers: {x: {drum: }}\n",
		"notifiers: {x: {drum: }}\n", "",
		"a.yaml:1:13: notifiers.x: want it once, have it again\n" },
	/* complaints of all files, the main file's first */
	{ "include: [b.yaml, a.yaml]\nworkers: x\n", "- a\n", "retries: 1\n",
		"c.yaml:2:10: workers: want a number from 0 to 1024, have "
		"\"x\"\n"
		"b.yaml:1:1: want a known key, have \"retries\"; see certvigil "
		"config keys\n"
		"a.yaml:1:1: want keys such as \"targets:\", have a list\n" },
	/* names may stand in the file that could not be read */
	{ "include: a.yaml\nalerts: {routes: [{notify: x}]}\n", "a: [", "",
		"a.yaml:2:1: want YAML, have an error: did not find expected "
		"node content while parsing a flow node from line 2\n" },
};

static void
include_mistakes_are_told(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(includes); i++) {
		BUF_CLEANUP struct buf have = { 0 };

		world_write("c.yaml", includes[i].main);
		world_write("a.yaml", includes[i].a);
		world_write("b.yaml", includes[i].b);
		assert_null(world_load("c.yaml", 0, &have));
		assert_string_equal(have.s, includes[i].want);
	}
}

static void
include_has_a_depth(void **state)
{
	BUF_CLEANUP struct buf have = { 0 };

	(void)state;
	world_write("c.yaml", "include: 1.yaml\n");
	for (int i = 1; i < 9; i++) {
		char name[32], text[64];

		(void)snprintf(name, sizeof(name), "%d.yaml", i);
		(void)snprintf(text, sizeof(text), "include: %d.yaml\n", i + 1);
		world_write(name, text);
	}
	world_write("9.yaml", "workers: 1\n");
	assert_null(world_load("c.yaml", 0, &have));
	assert_non_null(strstr(have.s,
		"7.yaml:1:10: include: want at most 8 "
		"levels, have "));
}

#define LONG_SECRET (64 << 10)

static const struct {
	const char *name;
	size_t n; /* of the secret; 0: strlen() */
	const char *secret, *have, *want;
} secrets[] = {
	{ "a line break is dropped", 0, "geheim\n", "geheim", NULL },
	{ "one alone", 0, "geheim\n\n", "geheim\n", NULL },
	{ "of either kind", 0, "geheim\r\n", "geheim", NULL },
	{ "blanks stay", 0, " geheim \r", " geheim \r", NULL },
	{ "nothing", 0, "", NULL, "want a secret in s, have nothing" },
	{ "a line break alone", 0, "\n", NULL,
		"want a secret in s, have nothing" },
	{ "a NUL", 6, "geh\0im", NULL,
		"want a secret of text in s, have a NUL" },
	{ "too long", 0, NULL, NULL, "s: want at most 64 KiB, have more" },
};

static void
secret_comes_from_a_file(void **state)
{
	static char spaces[LONG_SECRET + 2];

	(void)state;
	memset(spaces, ' ', LONG_SECRET + 1);
	world_write("c.yaml",
		"notifiers: {a: {pigeon: {loft: x, call_file: s}}}\n");
	for (size_t i = 0; i < COUNT(secrets); i++) {
		BUF_CLEANUP struct buf have = { 0 };
		cleanup(config_free) struct config *c = NULL;
		const char *text = secrets[i].secret;

		if (text == NULL)
			text = spaces;
		world_write_bytes("s", text,
			secrets[i].n > 0 ? secrets[i].n : strlen(text), 0600);
		c = world_load("c.yaml", 0, &have);
		if (secrets[i].have != NULL) {
			const struct pigeon *p = c->notifiers.v[0].settings;

			assert_string_equal(p->call, secrets[i].have);
			continue;
		}
		assert_null(c);
		assert_non_null(strstr(have.s, "notifiers.a.pigeon.call_file"));
		assert_non_null(strstr(have.s, secrets[i].want));
		assert_null(strstr(have.s, "geh"));
	}
}

static void
secret_may_come_from_systemd(void **state)
{
	cleanup(config_free) struct config *c = NULL;
	const struct pigeon *p;

	(void)state;
	assert_int_equal(mkdir(world_path("cred"), 0700), 0);
	world_write("call", "wrong");
	world_write("cred/call", "right");
	assert_int_equal(
		setenv("CREDENTIALS_DIRECTORY", world_path("cred"), 1), 0);
	c = world_load_good("notifiers: {a: {pigeon: {loft: x, call_file: "
			    "call}}}\n");
	p = c->notifiers.v[0].settings;
	assert_string_equal(p->call, "right");
}

static const struct {
	mode_t mode;
	const char *keys, *want;
} guards[] = {
	{ 0644, "call: geheim",
		"c.yaml:1:41: notifiers.a.pigeon.call: want a secret only in a "
		"file that others cannot read, have mode 0644; chmod o-r "
		"c.yaml, or set call_file\n" },
	{ 0640, "call: geheim", "" },
	{ 0600, "call: ''",
		"c.yaml:1:41: notifiers.a.pigeon.call: want a secret, have "
		"nothing\n" },
	{ 0600, "call: \"geh\\0im\"",
		"c.yaml:1:41: notifiers.a.pigeon.call: want a value, have a "
		"NUL in it\n" },
	{ 0600, "call: geheim, call_file: geheim",
		"c.yaml:1:49: notifiers.a.pigeon.call_file: want call or "
		"call_file, have both\n" },
	{ 0644, "call: ", "" },
	{ 0644, "call_file: ", "" },
	{ 0644, "call_file: ''",
		"c.yaml:1:46: notifiers.a.pigeon.call_file: want a path, have "
		"nothing\n" },
	{ 0644, "call_file: gone",
		"c.yaml:1:46: notifiers.a.pigeon.call_file: gone: cannot be "
		"read: No such file or directory\n" },
	{ 0600, "via: geheimgeheimgeheimgeheimgeheimgeheim",
		"c.yaml:1:40: notifiers.a.pigeon.via: want at most 30 "
		"characters, have something else\n" },
};

static void
secret_is_guarded_and_never_told(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(guards); i++) {
		BUF_CLEANUP struct buf text = { 0 }, have = { 0 };
		cleanup(config_free) struct config *c = NULL;

		buf_printf(&text, "notifiers: {a: {pigeon: {loft: x, %s}}}\n",
			guards[i].keys);
		world_write_bytes("c.yaml", text.s, text.len, guards[i].mode);
		c = world_load("c.yaml", 0, &have);
		assert_string_equal(buf_str(&have), guards[i].want);
	}
}

/* For those who may not read secrets, such as `config show`. */
static void
secret_may_be_done_without(void **state)
{
	BUF_CLEANUP struct buf have = { 0 };
	cleanup(config_free) struct config *c = NULL;
	const struct pigeon *p;

	(void)state;
	/* Its rule wants a call, and may not be asked about half of it. */
	world_write("c.yaml",
		"notifiers: {a: {pigeon: {loft: x, colour: red, "
		"call_file: gone}}}\n");
	c = world_load("c.yaml", 1, &have);
	assert_string_equal(buf_str(&have), "");
	p = c->notifiers.v[0].settings;
	assert_null(p->call);
	/* What is wrong with a file that is there is told all the same. */
	world_write("gone", "");
	assert_null(world_load("c.yaml", 1, &have));
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, world_setup, world_teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(included_files_add_up_in_order),
		TEST(included_file_may_be_empty),
		TEST(folder_may_look_like_a_pattern),
		TEST(include_mistakes_are_told),
		TEST(include_has_a_depth),
		TEST(secret_comes_from_a_file),
		TEST(secret_may_come_from_systemd),
		TEST(secret_is_guarded_and_never_told),
		TEST(secret_may_be_done_without),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
