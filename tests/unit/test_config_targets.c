/* test_config_targets.c - keys of a target: roles, keys, profiles, orders */
#include "model/calendar.h"
#include "tests/unit/config_world.h"

static void
file_is_read_whole(void **state)
{
	cleanup(config_free) struct config *c = NULL;
	const struct target *t;

	(void)state;
	world_write("pass", "geheim\n");
	c = world_load_good("targets:\n"
			    "  - file: /etc/ssl/**/*.pem\n"
			    "    role: client-ca\n"
			    "    profile: edgeone\n"
			    "    key: \"{dir}/{stem}.key\"\n"
			    "    passphrase_file: pass\n"
			    "    pem_only: yes\n"
			    "    exclude: [old, \"*.csr\"]\n"
			    "    trust: private-ca.pem\n" /* R5 */
			    "    order_lead: 7bd\n"
			    "    holidays: [2026-12-25, 2027-01-01]\n"
			    "  - file: a.pem\n");
	t = c->targets.v;
	assert_int_equal(t->role, ROLE_CLIENT_CA);
	assert_ptr_equal(t->profile, profile_find("edgeone"));
	assert_string_equal(t->key, "{dir}/{stem}.key");
	assert_string_equal(t->passphrase, "geheim");
	assert_true(t->pem_only);
	assert_int_equal(t->exclude.n, 2);
	assert_string_equal(t->exclude.v[1], "*.csr");
	assert_string_equal(t->set.trust, world_path("private-ca.pem"));
	assert_int_equal(t->set.order_lead, 7);
	assert_int_equal(t->set.holidays.n, 2);
	assert_int_equal(calendar_begin(t->set.holidays.v[0]), 1798156800);
	/* and nothing of it is the next one's */
	assert_int_equal(t[1].role, ROLE_AUTO);
	assert_null(t[1].profile);
	assert_null(t[1].key);
	assert_null(t[1].passphrase);
	assert_false(t[1].pem_only);
	assert_int_equal(t[1].exclude.n, 0);
	assert_string_equal(t[1].set.trust, "system");
	assert_int_equal(t[1].set.order_lead, 0);
	assert_int_equal(t[1].set.holidays.n, 0);
}

static void
endpoint_is_read_whole(void **state)
{
	cleanup(config_free) struct config *c = world_load_good(
		"targets:\n"
		"  - {endpoint: a, role: server, profile: TENCENT-IM,\n"
		"     deployed: ssl/a.pem}\n"
		"  - {endpoint: b, role: auto, deployed: /ssl/b.pem}\n");
	const struct target *t = c->targets.v;

	(void)state;
	assert_int_equal(t[0].role, ROLE_SERVER);
	assert_string_equal(t[0].profile->name, "tencent-im");
	assert_string_equal(t[0].set.deployed, world_path("ssl/a.pem"));
	assert_int_equal(t[1].role, ROLE_AUTO);
	assert_string_equal(t[1].set.deployed, "/ssl/b.pem");
}

/* The whole of it, and what is there without a word of it. */
static void
client_is_read(void **state)
{
	cleanup(config_free) struct config *c = NULL;
	const struct client_settings *set;

	(void)state;
	world_write("pass", "geheim\n");
	c = world_load_good("targets:\n"
			    "  - endpoint: a\n"
			    "    client:\n"
			    "      certificate: im/client.pem\n"
			    "      key: /k/client.key\n"
			    "      passphrase_file: pass\n"
			    "      expect: optional\n"
			    "      strict: no\n"
			    "    client_ca: ca.pem\n"
			    "  - {endpoint: a, client: {certificate: c.p12,\n"
			    "     passphrase: auch geheim}}\n"
			    "  - {endpoint: a, client: {expect: none}}\n"
			    "  - {endpoint: a}\n"
			    "  - {endpoint: a, client: }\n");
	set = &c->targets.v[0].client;
	assert_string_equal(set->certificate, world_path("im/client.pem"));
	assert_string_equal(set->key, "/k/client.key");
	assert_string_equal(set->passphrase, "geheim");
	assert_int_equal(set->expect, EXPECT_OPTIONAL);
	assert_true(set->expects);
	assert_false(set->strict);
	assert_string_equal(set->ca, world_path("ca.pem"));
	set = &c->targets.v[1].client;
	assert_string_equal(set->passphrase, "auch geheim");
	assert_int_equal(set->expect, EXPECT_REQUIRED);
	assert_false(set->expects);
	assert_true(set->strict);
	assert_null(set->key);
	assert_null(set->ca);
	set = &c->targets.v[2].client;
	assert_int_equal(set->expect, EXPECT_NONE);
	assert_null(set->certificate);
	assert_true(client_is_asked_for(set));
	assert_false(client_is_asked_for(&c->targets.v[3].client));
	assert_false(client_is_asked_for(&c->targets.v[4].client));
}

/* Beside the main file, but for the secret under systemd. */
static void
client_secret_is_a_credential(void **state)
{
	cleanup(config_free) struct config *c = NULL;

	(void)state;
	assert_int_equal(mkdir(world_path("credentials"), 0700), 0);
	world_write("credentials/pass", "geheim");
	assert_int_equal(
		setenv("CREDENTIALS_DIRECTORY", world_path("credentials"), 1),
		0);
	c = world_load_good("targets: [{endpoint: a, client: {certificate: "
			    "c.p12, passphrase_file: pass}}]\n");
	unsetenv("CREDENTIALS_DIRECTORY");
	assert_string_equal(c->targets.v[0].client.passphrase, "geheim");
	assert_string_equal(
		c->targets.v[0].client.certificate, world_path("c.p12"));
}

/* A word, which is no path, for all endpoints; files are not asked. */
static void
deployed_is_inherited(void **state)
{
	cleanup(config_free) struct config *c = world_load_good(
		"defaults: {deployed: auto}\n"
		"targets:\n"
		"  - {endpoint: a}\n"
		"  - {endpoint: a, deployed: none}\n"
		"  - {endpoint: a, deployed: ./auto}\n"
		"  - {file: a}\n");
	cleanup(config_free) struct config *again = NULL;
	const struct target *t = c->targets.v;
	BUF_CLEANUP struct buf shown = { 0 };

	(void)state;
	assert_true(target_is_paired(&t[0]));
	assert_null(target_deployed(&t[0]));
	assert_false(target_is_paired(&t[1]));
	assert_null(target_deployed(&t[1]));
	assert_false(target_is_paired(&t[2]));
	assert_non_null(target_deployed(&t[2]));
	assert_false(target_is_paired(&t[3]));
	assert_null(target_deployed(&t[3]));
	/* What is shown of the file would be an error beside it. */
	config_show(&shown, c, &world_rooms);
	again = world_load_good(shown.s);
	assert_true(target_is_paired(&again->targets.v[0]));
	assert_false(target_is_paired(&again->targets.v[1]));
}

/* Seen from the main file's folder, but for those beside a certificate. */
static void
key_paths_begin_where_they_should(void **state)
{
	static const struct {
		const char *key, *want; /* '@': the folder */
	} rows[] = {
		{ "/k/a.key", "/k/a.key" },
		{ "a.key", "@a.key" },
		{ "./k/{stem}.key", "@k/{stem}.key" },
		{ "{stem}.key", "@{stem}.key" },
		{ "{dir}/{stem}.key", "{dir}/{stem}.key" },
		{ "{dir}.key", "{dir}.key" },
		{ "x{dir}/a.key", "@x{dir}/a.key" },
		/* R17: names are bytes */
		{ "/k/\xc3\xa4.key", "/k/\xc3\xa4.key" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		BUF_CLEANUP struct buf text = { 0 }, want = { 0 };
		cleanup(config_free) struct config *c = NULL;

		buf_printf(&text, "targets: [{file: a, key: \"%s\"}]\n",
			rows[i].key);
		if (*rows[i].want == '@')
			buf_puts(&want, world_path(""));
		buf_puts(&want, rows[i].want + (*rows[i].want == '@'));
		c = world_load_good(text.s);
		assert_string_equal(c->targets.v[0].key, want.s);
	}
}

/* R17: what is written is what is looked for, whatever the script. */
static void
paths_are_bytes(void **state)
{
	cleanup(config_free) struct config *c = world_load_good(
		"targets:\n"
		"  - {file: \"/etc/ssl/\xe8\xa8\xbc\xe6\x98\x8e/*.pem\", "
		"exclude: \"\xc3\xa4\"}\n");
	BUF_CLEANUP struct buf shown = { 0 };

	(void)state;
	assert_string_equal(c->targets.v[0].file,
		"/etc/ssl/\xe8\xa8\xbc\xe6\x98\x8e/*.pem");
	assert_string_equal(c->targets.v[0].exclude.v[0], "\xc3\xa4");
	config_show(&shown, c, &world_rooms);
	assert_non_null(strstr(shown.s, "\xe8\xa8\xbc\xe6\x98\x8e"));
}

static void
note_holidays(struct buf *out, const struct settings *set)
{
	for (size_t i = 0; i < set->holidays.n; i++)
		buf_printf(
			out, "%s%d", i > 0 ? " " : "", (int)set->holidays.v[i]);
	buf_putc(out, ';');
}

/* A list of a target's own stands in place of the common one. */
static void
holidays_are_replaced(void **state)
{
	cleanup(config_free) struct config *c = world_load_good(
		"defaults:\n"
		"  order_lead: 5bd\n"
		"  holidays: [1970-01-02, 1970-01-03, 1970-01-04]\n"
		"targets:\n"
		"  - {file: a, holidays: 1970-01-05}\n"
		"  - {file: b, holidays: []}\n"
		"  - {file: c, order_lead: 0}\n"
		"  - {file: d, holidays: [1970-01-08, 1970-01-09]}\n"
		"  - {endpoint: e}\n");
	BUF_CLEANUP struct buf have = { 0 };

	(void)state;
	for (size_t i = 0; i < c->targets.n; i++)
		note_holidays(&have, &c->targets.v[i].set);
	note_holidays(&have, &c->defaults);
	assert_string_equal(have.s, "4;;1 2 3;7 8;1 2 3;1 2 3;");
	assert_int_equal(c->targets.v[0].set.order_lead, 5);
	assert_int_equal(c->targets.v[2].set.order_lead, 0);
}

/* The same words here and there. */
static void
roles_are_those_of_the_model(void **state)
{
	(void)state;
	for (enum role r = ROLE_AUTO; r <= ROLE_ANY; r++) {
		BUF_CLEANUP struct buf text = { 0 }, shown = { 0 };
		cleanup(config_free) struct config *c = NULL;

		buf_printf(&text, "targets: [{file: a, role: %s}]\n",
			role_name(r));
		c = world_load_good(text.s);
		assert_int_equal(c->targets.v[0].role, r);
		buf_reset(&text);
		buf_printf(&text, "\n    role: %s\n", role_name(r));
		config_show(&shown, c, &world_rooms);
		assert_non_null(strstr(shown.s, text.s));
	}
}

/* A file, and all that is said of it. */
static const struct {
	const char *targets, *want;
} rows[] = {
	{ "{file: a, role: servr}",
		"c.yaml:1:28: targets.role: want auto, server, client, "
		"client-ca, ca or any, have \"servr\"; did you mean "
		"\"server\"?\n" },
	{ "{endpoint: a, role: client}",
		"c.yaml:1:32: targets.role: want auto or server beside "
		"endpoint, have \"client\"\n" },
	{ "{file: a, profile: edgeon}",
		"c.yaml:1:31: targets.profile: want tencent-im, huawei-elb, "
		"edgeone or entrust, have \"edgeon\"; did you mean "
		"\"edgeone\"?\n" },
	{ "{file: a, profile: ''}",
		"c.yaml:1:31: targets.profile: want tencent-im, huawei-elb, "
		"edgeone or entrust, have nothing\n" },
	{ "{file: a, key: \"{name}.key\"}",
		"c.yaml:1:27: targets.key: want {stem} or {dir} where a brace "
		"opens, have \"{name}\"\n" },
	{ "{file: a, key: ''}",
		"c.yaml:1:27: targets.key: want a path, have nothing\n" },
	{ "{file: a, key: {dir}}",
		"c.yaml:1:27: targets.key: want a value, have a map\n" },
	/* YAML takes a brace for a map */
	{ "{file: a, key: {dir}/{stem}.key}",
		"c.yaml:1:32: want YAML, have an error: did not find expected "
		"',' or '}' while parsing a flow mapping from line 1; put a "
		"path that begins with a brace in quotes\n" },
	{ "{endpoint: a, key: k, passphrase: p, pem_only: no, exclude: x}",
		"c.yaml:1:26: targets.key: want it beside file, have it "
		"beside endpoint\n"
		"c.yaml:1:34: targets.passphrase: want it beside file, have "
		"it beside endpoint\n"
		"c.yaml:1:49: targets.pem_only: want it beside file, have it "
		"beside endpoint\n"
		"c.yaml:1:63: targets.exclude: want it beside file, have it "
		"beside endpoint\n" },
	{ "{endpoint: a, passphrase_file: p}",
		"c.yaml:1:26: targets.passphrase_file: want it beside file, "
		"have it beside endpoint\n"
		"c.yaml:1:43: targets.passphrase_file: p: cannot be read: No "
		"such file or directory\n" },
	{ "{file: a, passphrase_file: p}",
		"c.yaml:1:39: targets.passphrase_file: p: cannot be read: No "
		"such file or directory\n" },
	{ "{file: a, deployed: b}",
		"c.yaml:1:22: targets.deployed: want it beside endpoint, have "
		"it beside file\n" },
	{ "{file: a, client: {certificate: b}, client_ca: c}",
		"c.yaml:1:22: targets.client: want it beside endpoint, have it "
		"beside file\n"
		"c.yaml:1:48: targets.client_ca: want it beside endpoint, have "
		"it beside file\n" },
	{ "{endpoint: a, client: c.pem}",
		"c.yaml:1:34: targets.client: want a map, have text\n" },
	{ "{endpoint: a, client: {}}",
		"c.yaml:1:34: targets.client: want certificate or expect, have "
		"neither\n" },
	{ "{endpoint: a, client: {cert: c.pem}}",
		"c.yaml:1:35: targets.client: want a known key, have \"cert\"; "
		"did you mean \"certificate\"?\n" },
	{ "{endpoint: a, client: {strict: no}}",
		"c.yaml:1:34: targets.client: want certificate or expect, have "
		"neither\n" },
	{ "{endpoint: a, client: {key: k, passphrase: p, strict: no}}",
		"c.yaml:1:35: targets.client.key: want certificate beside it, "
		"have none\n"
		"c.yaml:1:43: targets.client.passphrase: want certificate "
		"beside it, have none\n" },
	{ "{endpoint: a, client: {certificate: '', expect: some}}",
		"c.yaml:1:48: targets.client.certificate: want a path, have "
		"nothing\n"
		"c.yaml:1:60: targets.client.expect: want required, optional "
		"or none, have \"some\"\n" },
	{ "{endpoint: a, client: {certificate: c, passphrase_file: p}}",
		"c.yaml:1:68: targets.client.passphrase_file: p: cannot be "
		"read: No such file or directory\n" },
	{ "{endpoint: a, client: {certificate: c, passphrase: p, "
	  "passphrase_file: p}}",
		"c.yaml:1:66: targets.client.passphrase_file: want passphrase "
		"or passphrase_file, have both\n" },
	{ "{endpoint: a, client_ca: c}",
		"c.yaml:1:26: targets.client_ca: want client.certificate "
		"beside it, have none\n" },
	{ "{endpoint: a, client_ca: c, client: {expect: none}}",
		"c.yaml:1:26: targets.client_ca: want client.certificate "
		"beside it, have none\n" },
	{ "{file: a, exclude: [b, '']}",
		"c.yaml:1:35: targets.exclude: want text, have nothing\n" },
	{ "{file: a, pem_only: maybe}",
		"c.yaml:1:32: targets.pem_only: want true or false, have "
		"\"maybe\"\n" },
	/* R43 */
	{ "{file: a, order_lead: 7d}",
		"c.yaml:1:34: targets.order_lead: want 0 to 366 business "
		"days, such as 7bd, have \"7d\"\n" },
	{ "{file: a, order_lead: 367bd}",
		"c.yaml:1:34: targets.order_lead: want 0 to 366 business "
		"days, such as 7bd, have \"367bd\"\n" },
	{ "{file: a, holidays: [2026-12-25, 2026-02-30]}",
		"c.yaml:1:45: targets.holidays: want a date such as "
		"2026-12-25, have \"2026-02-30\"\n" },
	{ "{file: a, holidays: {2026-12-25: x}}",
		"c.yaml:1:32: targets.holidays: want a value or a list of "
		"values, have a map\n" },
};

static void
mistakes_are_told(void **state)
{
	size_t wrong = 0;

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		BUF_CLEANUP struct buf text = { 0 }, have = { 0 };

		buf_printf(&text, "targets: [ %s ]\n", rows[i].targets);
		world_write("c.yaml", text.s);
		config_free(world_load("c.yaml", 0, &have));
		if (strcmp(buf_str(&have), rows[i].want) == 0)
			continue;
		print_error("of %s\nwant %shave %s", rows[i].targets,
			rows[i].want, buf_str(&have));
		wrong++;
	}
	assert_int_equal(wrong, 0);
}

static void
passphrase_is_a_secret(void **state)
{
	BUF_CLEANUP struct buf shown = { 0 }, have = { 0 };
	cleanup(config_free) struct config *c = world_load_good(
		"targets: [{file: a.p12, passphrase: geheim}]\n");
	const char *text = "targets: [{file: a.p12, passphrase: geheim}]\n";

	(void)state;
	assert_string_equal(c->targets.v[0].passphrase, "geheim");
	config_show(&shown, c, &world_rooms);
	assert_null(strstr(shown.s, "geheim"));
	assert_non_null(strstr(shown.s, "passphrase: \"********\""));
	config_free(c);
	buf_reset(&shown);
	c = world_load_good("targets: [{endpoint: a, client: {certificate: "
			    "a.p12, passphrase: geheim}}]\n");
	config_show(&shown, c, &world_rooms);
	assert_null(strstr(shown.s, "geheim"));
	assert_non_null(strstr(shown.s,
		"    client:\n"
		"      certificate: "));
	assert_non_null(strstr(shown.s,
		"      passphrase: \"********\"\n"
		"      expect: required\n"
		"      strict: true\n"));
	world_write_bytes("c.yaml", text, strlen(text), 0644);
	config_free(world_load("c.yaml", 0, &have));
	assert_non_null(strstr(have.s, "others cannot read"));
	assert_null(strstr(have.s, "geheim"));
}

static void
show_loads_again(void **state)
{
	BUF_CLEANUP struct buf once = { 0 }, twice = { 0 };
	cleanup(config_free) struct config *again = NULL;
	cleanup(config_free) struct config *c = world_load_good(
		"defaults: {order_lead: 7, holidays: [2026-12-25, "
		"2027-01-01]}\n"
		"targets:\n"
		"  - {file: a, key: '{dir}/{stem}.key', role: ca, pem_only: "
		"yes,\n"
		"     exclude: ['*.csr', /x], profile: entrust, holidays: []}\n"
		"  - {endpoint: a, deployed: /x, order_lead: 0}\n"
		"  - {endpoint: a, client: {certificate: /c, key: /k, strict: "
		"no},\n"
		"     client_ca: /ca}\n"
		"  - {endpoint: a, client: {expect: optional}}\n");

	(void)state;
	config_show(&once, c, &world_rooms);
	again = world_load_good(once.s);
	config_show(&twice, again, &world_rooms);
	assert_string_equal(once.s, twice.s);
	assert_non_null(strstr(once.s, "  order_lead: 7bd\n"));
	assert_non_null(
		strstr(once.s, "  holidays: [2026-12-25, 2027-01-01]\n"));
	assert_non_null(strstr(once.s, "    key: \"{dir}/{stem}.key\"\n"));
	assert_non_null(strstr(once.s, "    holidays: []\n"));
	assert_non_null(strstr(once.s, "    order_lead: 0\n"));
	/* Defaults that nobody asked for would ask for a test. */
	assert_false(client_is_asked_for(&again->targets.v[1].client));
	assert_string_equal(again->targets.v[2].client.certificate, "/c");
	assert_string_equal(again->targets.v[2].client.ca, "/ca");
	assert_false(again->targets.v[2].client.strict);
	assert_int_equal(again->targets.v[3].client.expect, EXPECT_OPTIONAL);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, world_setup, world_teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(file_is_read_whole),
		TEST(endpoint_is_read_whole),
		TEST(client_is_read),
		TEST(client_secret_is_a_credential),
		TEST(deployed_is_inherited),
		TEST(key_paths_begin_where_they_should),
		TEST(paths_are_bytes),
		TEST(holidays_are_replaced),
		TEST(roles_are_those_of_the_model),
		TEST(mistakes_are_told),
		TEST(passphrase_is_a_secret),
		TEST(show_loads_again),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
