/* test_config.c - what a configuration means once it is loaded */
#include <sys/socket.h>

#include "model/compat.h"
#include "tests/unit/config_world.h"

static void
defaults_stand_where_nothing_is_set(void **state)
{
	cleanup(config_free) struct config *c = world_load_good(
		"targets:\nstate: ~\nalerts: null\n");

	(void)state;
	assert_int_equal(c->targets.n, 0);
	assert_int_equal(c->notifiers.n, 0);
	assert_int_equal(c->workers, 0);
	assert_string_equal(c->state, "/var/lib/certvigil/state.db");
	assert_int_equal(c->defaults.warning.seconds, 30 * DAY_S);
	assert_int_equal(c->defaults.warning.share_ppm, 330000);
	assert_int_equal(c->defaults.critical.seconds, 14 * DAY_S);
	assert_int_equal(c->defaults.critical.share_ppm, 150000);
	assert_int_equal(c->defaults.timeout_ms, 10000);
	assert_string_equal(c->defaults.trust, "system");
	assert_int_equal(c->defaults.retries, 1);
	assert_int_equal(c->defaults.order_lead, 0);
	assert_int_equal(c->defaults.holidays.n, 0);
	assert_int_equal(c->defaults.findings.n, 0);
	assert_int_equal(c->alerts.steps.n, 5);
	assert_int_equal(c->alerts.steps.v[0], 30 * DAY_S);
	assert_int_equal(c->alerts.steps.v[4], DAY_S);
	assert_int_equal(c->alerts.repeat_s, 7 * DAY_S);
	assert_int_equal(c->alerts.confirm, 2);
	assert_int_equal(c->alerts.routes.n, 0);
	assert_int_equal(c->alerts.silences.n, 0);
	assert_int_equal(c->alerts.group, GROUP_SCAN);
	assert_int_equal(c->alerts.history_s, 400 * DAY_S);
	assert_null(c->alerts.heartbeat);
	assert_int_equal(c->alerts.give_up_s, 3 * DAY_S);
	assert_int_equal(c->alerts.notify_timeout_ms, 30000);
}

/* Two places for the same defaults would drift apart. */
static void
defaults_are_those_of_the_model(void **state)
{
	cleanup(config_free) struct config *c = world_load_good("workers: 1\n");
	struct settings s;

	(void)state;
	settings_init(&s);
	assert_memory_equal(
		&s.warning, &c->defaults.warning, sizeof(s.warning));
	assert_memory_equal(
		&s.critical, &c->defaults.critical, sizeof(s.critical));
	assert_int_equal(s.timeout_ms, c->defaults.timeout_ms);
	assert_string_equal(s.trust, c->defaults.trust);
	assert_int_equal(s.retries, c->defaults.retries);
	assert_int_equal(s.order_lead, c->defaults.order_lead);
	assert_int_equal(s.holidays.n, c->defaults.holidays.n);
	assert_int_equal(s.findings.n, c->defaults.findings.n);
}

static void
endpoint_is_read_whole(void **state)
{
	cleanup(config_free) struct config *c = world_load_good(
		"targets:\n"
		"  - endpoint: HTTPS://www.Example.com/im\n"
		"    name: callback\n"
		"    names: [\"*.example.com\", b\xc3\xbc"
		"cher.example]\n"
		"    owner: web-team\n"
		"    sni: other.example.com\n"
		"    address: 192.0.2.1\n"
		"    family: ipv4\n"
		"  - endpoint: '[2001:DB8::1]:8443'\n"
		"    names: one.example\n");
	const struct target *t = c->targets.v;

	(void)state;
	assert_int_equal(c->targets.n, 2);
	assert_int_equal(t->kind, TARGET_ENDPOINT);
	assert_string_equal(t->name, "callback");
	assert_string_equal(t->address, "https://www.example.com:443/im");
	assert_string_equal(t->scheme->name, "https");
	assert_string_equal(t->host, "www.example.com");
	assert_int_equal(t->port, 443);
	assert_string_equal(t->path, "/im");
	assert_string_equal(t->owner, "web-team");
	assert_int_equal(t->names.n, 2);
	assert_string_equal(t->names.v[0], "*.example.com");
	assert_string_equal(t->names.v[1], "xn--bcher-kva.example");
	assert_string_equal(t->sni, "other.example.com");
	assert_string_equal(t->dial, "192.0.2.1");
	assert_int_equal(t->family, AF_INET);
	assert_null(t->file);
	assert_string_equal(t[1].name, "[2001:db8::1]:8443");
	assert_int_equal(t[1].names.n, 1);
	assert_null(t[1].owner);
	assert_int_equal(t[1].family, AF_UNSPEC);
}

static void
file_is_relative_to_the_main_folder(void **state)
{
	cleanup(config_free) struct config *c = NULL;
	BUF_CLEANUP struct buf why = { 0 };

	(void)state;
	assert_int_equal(mkdir(world_path("conf.d"), 0700), 0);
	world_write("c.yaml",
		"include: conf.d/x.yaml\n"
		"defaults: {trust: ./roots.pem}\n"
		"state: s.db\n"
		"targets: [{file: /etc/ssl/*.pem, name: all}]\n");
	world_write("conf.d/x.yaml", "targets: [{file: ssl/a.pem}]\n");
	c = world_load("c.yaml", 0, &why);
	assert_non_null(c);
	assert_int_equal(c->targets.n, 2);
	assert_int_equal(c->targets.v[0].kind, TARGET_FILE);
	assert_string_equal(c->targets.v[0].file, "/etc/ssl/*.pem");
	assert_string_equal(c->targets.v[0].name, "all");
	assert_string_equal(c->targets.v[0].address, "/etc/ssl/*.pem");
	assert_string_equal(c->targets.v[1].file, world_path("ssl/a.pem"));
	assert_string_equal(c->targets.v[1].name, world_path("ssl/a.pem"));
	assert_string_equal(c->state, world_path("s.db"));
	assert_string_equal(c->defaults.trust, world_path("roots.pem"));
}

static const struct override *
find_override(const struct target *t, const char *id)
{
	for (size_t i = 0; i < t->set.findings.n; i++) {
		if (strcmp(t->set.findings.v[i].kind->id, id) == 0)
			return &t->set.findings.v[i];
	}
	return NULL;
}

static void
target_inherits_what_it_does_not_set(void **state)
{
	cleanup(config_free) struct config *c = world_load_good(
		"targets:\n"
		"  - {endpoint: a.example, timeout: 250ms, findings: "
		"{name.www: OFF, name.apex: ok}}\n"
		"  - {endpoint: b.example, retries: , trust: system}\n"
		"defaults:\n"
		"  timeout: 1m\n"
		"  retries: 0\n"
		"  trust: /roots.pem\n"
		"  warning: 20\n"
		"  findings: {name.www: critical, chain.untrusted: warning}\n");
	const struct target *t = c->targets.v;

	(void)state;
	assert_int_equal(t[0].set.timeout_ms, 250);
	assert_int_equal(t[0].set.retries, 0);
	assert_string_equal(t[0].set.trust, "/roots.pem");
	assert_int_equal(t[0].set.warning.seconds, 20 * DAY_S);
	assert_int_equal(t[0].set.warning.share_ppm, -1);
	assert_int_equal(t[0].set.findings.n, 3);
	assert_true(find_override(&t[0], "name.www")->off);
	assert_int_equal(find_override(&t[0], "name.apex")->severity, SEV_OK);
	assert_int_equal(
		find_override(&t[0], "chain.untrusted")->severity, SEV_WARNING);
	assert_int_equal(t[1].set.timeout_ms, 60000);
	assert_int_equal(t[1].set.retries, 0);
	assert_string_equal(t[1].set.trust, "system");
	/* What the first target set is not the second one's. */
	assert_int_equal(t[1].set.findings.n, 2);
	assert_false(find_override(&t[1], "name.www")->off);
}

static void
alerts_are_read_whole(void **state)
{
	cleanup(config_free) struct config *c = world_load_good(
		"alerts:\n"
		"  steps: [1d, 90m, 2w]\n"
		"  repeat: 0\n"
		"  routes:\n"
		"    - {owner: web, notify: a, continue: yes}\n"
		"    - {severity: critical, notify: [a, b]}\n"
		"    - {notify: []}\n"
		"notifiers:\n"
		"  a: {drum: }\n"
		"  b: {drum: {colour: ''}}\n");
	const struct route *r = c->alerts.routes.v;

	(void)state;
	assert_int_equal(c->alerts.steps.n, 3);
	assert_int_equal(c->alerts.steps.v[0], 14 * DAY_S);
	assert_int_equal(c->alerts.steps.v[2], 90 * MINUTE_S);
	assert_int_equal(c->alerts.repeat_s, 0);
	assert_int_equal(c->alerts.routes.n, 3);
	assert_string_equal(r[0].owner, "web");
	assert_int_equal(r[0].severity, ROUTE_ANY_SEVERITY);
	assert_true(r[0].proceed);
	assert_null(r[1].owner);
	assert_int_equal(r[1].severity, SEV_CRITICAL);
	assert_int_equal(r[1].notify.n, 2);
	assert_false(r[1].proceed);
	assert_int_equal(r[2].notify.n, 0);
	assert_string_equal(
		((struct ring *)c->notifiers.v[1].settings)->colour, "");
}

static void
silences_are_read_whole(void **state)
{
	cleanup(config_free) struct config *c = world_load_good(
		"alerts:\n"
		"  group: target\n"
		"  history: 0s\n"
		"  heartbeat: https://hc.example/geheim\n"
		"  silences:\n"
		"    - target: '*.example.com'\n"
		"      finding: expiry.*\n"
		"      from: 2001-09-09T03:46:40+02:00\n"
		"      until: 2027-01-15\n"
		"      reason: being replaced\n"
		"    - {target: a, until: 2001-09-09T01:46:41Z, reason: over}\n"
		"  routes: [{tags: prod, notify: []}, {notify: [], default: "
		"yes}]\n"
		"targets: [{endpoint: a, tags: [prod, web]}]\n");
	const struct silence *s = c->alerts.silences.v;
	BUF_CLEANUP struct buf shown = { 0 };

	(void)state;
	assert_int_equal(c->alerts.group, GROUP_TARGET);
	assert_int_equal(c->alerts.history_s, 0);
	assert_string_equal(c->alerts.heartbeat, "https://hc.example/geheim");
	assert_int_equal(c->alerts.silences.n, 2);
	assert_string_equal(s[0].target, "*.example.com");
	assert_string_equal(s[0].finding, "expiry.*");
	assert_int_equal(s[0].from, 1000000000);
	assert_int_equal(s[0].until, 1799971200);
	assert_string_equal(s[0].reason, "being replaced");
	assert_null(s[0].id);
	assert_string_equal(s[1].finding, "*");
	assert_int_equal(s[1].from, 0);
	assert_int_equal(s[1].until, 1000000001);
	assert_string_equal(c->alerts.routes.v[0].tags.v[0], "prod");
	assert_false(c->alerts.routes.v[0].otherwise);
	assert_true(c->alerts.routes.v[1].otherwise);
	assert_int_equal(c->targets.v[0].tags.n, 2);
	assert_string_equal(c->targets.v[0].tags.v[1], "web");

	config_show(&shown, c, &world_rooms);
	assert_non_null(strstr(shown.s, "from: 2001-09-09T01:46:40Z\n"));
	assert_non_null(strstr(shown.s, "until: 2027-01-15T00:00:00Z\n"));
	assert_non_null(strstr(shown.s, "https://hc.example/********"));
	assert_null(strstr(shown.s, "geheim"));
}

static void
metrics_and_their_names(void **state)
{
	static const struct {
		const char *yaml, *textfile, *shown;
		int64_t compat;
	} rows[] = {
		{ "workers: 1\n", NULL, "compat: []\n", 0 },
		{ "compat: []\n", NULL, "compat: []\n", 0 },
		{ "compat: blackbox\n", NULL, "compat: [blackbox]\n",
			COMPAT_BLACKBOX },
		{ "compat: [X509_exporter, ssl_exporter, x509_exporter]\n"
		  "textfile: /x/a.prom\n",
			"/x/a.prom",
			"textfile: /x/a.prom\n"
			"compat: [ssl_exporter, x509_exporter]\n",
			COMPAT_SSL_EXPORTER | COMPAT_X509_EXPORTER },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		cleanup(config_free) struct config *c = world_load_good(
			rows[i].yaml);
		BUF_CLEANUP struct buf shown = { 0 };

		assert_int_equal(c->compat, rows[i].compat);
		if (rows[i].textfile == NULL)
			assert_null(c->textfile);
		else
			assert_string_equal(c->textfile, rows[i].textfile);
		config_show(&shown, c, &world_rooms);
		assert_non_null(strstr(shown.s, rows[i].shown));
	}
}

static void
notifier_fills_its_own_struct(void **state)
{
	cleanup(config_free) struct config *c = world_load_good(
		"notifiers:\n"
		"  bird: {pigeon: {loft: 'roof: 1', call: coo, crew: [x, y],"
		" tame: On, colour: red}}\n"
		"  plain: {pigeon: {loft: a, height: 5000, count: 7}}\n");
	const struct pigeon *p = c->notifiers.v[0].settings;
	const struct pigeon *q = c->notifiers.v[1].settings;

	(void)state;
	assert_int_equal(c->notifiers.n, 2);
	assert_string_equal(c->notifiers.v[0].name, "bird");
	assert_ptr_equal(c->notifiers.v[0].kind, &pigeon_section);
	assert_string_equal(p->loft, "roof: 1");
	assert_string_equal(p->call, "coo");
	assert_null(p->home);
	assert_int_equal(p->height, 0);
	assert_true(p->tame);
	assert_int_equal(p->crew.n, 2);
	assert_string_equal(p->ring.colour, "red");
	assert_int_equal(p->ring.count, 2);
	assert_int_equal(q->height, 5000);
	assert_int_equal(q->ring.count, 7);
	assert_false(q->tame);
}

/* systemd names the folder unless the configuration does. */
static void
state_follows_systemd(void **state)
{
	static const struct {
		const char *yaml, *folder, *want;
	} rows[] = {
		{ "workers: 1\n", "/run/s", "/run/s/state.db" },
		{ "workers: 1\n", "/run/s:/run/t", "/run/s/state.db" },
		{ "workers: 1\n", "", "/var/lib/certvigil/state.db" },
		{ "state: /x.db\n", "/run/s", "/x.db" },
		{ "state:\n", "/run/s", "/run/s/state.db" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		cleanup(config_free) struct config *c = NULL;

		assert_int_equal(
			setenv("STATE_DIRECTORY", rows[i].folder, 1), 0);
		c = world_load_good(rows[i].yaml);
		assert_string_equal(c->state, rows[i].want);
	}
}

/* Forms of the bytes that mean the same. */
static void
bytes_may_come_from_anywhere(void **state)
{
	static const char *const texts[] = {
		"\xef\xbb\xbftargets:\n- endpoint: a.example\n",
		"targets:\r\n- endpoint: a.example\r\n",
		"targets:\n- endpoint:\ta.example\t# a tab\n",
		"---\ntargets: [{endpoint: a.example}]\n...\n",
		"{\"targets\": [{\"endpoint\": \"a.example\"}]}",
		"targets:\n- &a {endpoint: &h a.example, names: [*h]}\n",
		"targets:\n- endpoint: !!str a.example\n",
	};

	(void)state;
	for (size_t i = 0; i < COUNT(texts); i++) {
		cleanup(config_free) struct config *c = world_load_good(
			texts[i]);

		assert_int_equal(c->targets.n, 1);
		assert_string_equal(c->targets.v[0].host, "a.example");
	}
}

static void
show_loads_again(void **state)
{
	BUF_CLEANUP struct buf once = { 0 }, twice = { 0 };
	cleanup(config_free) struct config *again = NULL;
	cleanup(config_free) struct config *c = world_load_good(
		"defaults: {findings: {name.www: off}, critical: 15%}\n"
		"targets:\n"
		"  - {endpoint: a.example, name: \"\\e[1m \\\"x\\\" "
		"\\u202e\\x85\\\\\"}\n"
		"  - {file: 'a*.pem', timeout: 1500ms, owner: 'null'}\n"
		"  - {endpoint: 'smtp://[::1]', names: ['*.x.example', "
		"'::1']}\n"
		"notifiers:\n"
		"  '- a: #b': {pigeon: {loft: '', call: geheim, tame: yes}}\n"
		"alerts: {repeat: 0, routes: [{notify: '- a: #b'}]}\n");

	(void)state;
	config_show(&once, c, &world_rooms);
	assert_null(strstr(once.s, "geheim"));
	assert_null(strchr(once.s, '\x1b'));
	assert_null(strstr(once.s, "\xe2\x80\xae"));
	again = world_load_good(once.s);
	config_show(&twice, again, &world_rooms);
	assert_string_equal(once.s, twice.s);
	assert_string_equal(again->targets.v[0].name,
		"\x1b[1m \"x\" \xe2\x80\xae\xc2\x85\\");
	assert_string_equal(again->targets.v[1].owner, "null");
	assert_int_equal(again->targets.v[1].set.timeout_ms, 1500);
}

/* A name that was made from a path is as good as one that was given. */
static void
show_loads_again_with_a_long_name(void **state)
{
	BUF_CLEANUP struct buf text = { 0 }, once = { 0 };
	cleanup(config_free) struct config *c = NULL, *again = NULL;

	(void)state;
	buf_printf(&text, "targets: [{file: /%0*d}]\n", 1000, 0);
	c = world_load_good(text.s);
	config_show(&once, c, &world_rooms);
	again = world_load_good(once.s);
	assert_string_equal(again->targets.v[0].name, c->targets.v[0].name);
}

static void
show_masks_what_is_secret(void **state)
{
	static const struct {
		const char *yaml, *want;
	} rows[] = {
		{ "call: geheim", "call: \"********\"" },
		{ "home: 'https://h.example/geheim'",
			"home: https://h.example/********" },
		{ "home: 'geheim'", "home: \"********\"" },
		{ "via: 'http://geheim:geheim@p:1'",
			"via: http://********@p:1" },
		{ "via: 'https://h.example?geheim'",
			"via: https://h.example/********" },
		{ "via: none", "via: none" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		BUF_CLEANUP struct buf text = { 0 }, shown = { 0 };
		cleanup(config_free) struct config *c = NULL;

		buf_printf(&text, "notifiers: {a: {pigeon: {loft: x, %s}}}\n",
			rows[i].yaml);
		c = world_load_good(text.s);
		config_show(&shown, c, &world_rooms);
		assert_non_null(strstr(shown.s, rows[i].want));
		assert_null(strstr(shown.s, "geheim"));
	}
}

static void
keys_lists_every_key(void **state)
{
	static const char *const lines[] = {
		"defaults.timeout ",
		"\ntargets.timeout ",
		"\nalerts.routes.continue ",
		"\nnotifiers.NAME.pigeon.call ",
		"\nnotifiers.NAME.pigeon.call_file ",
		"\nnotifiers.NAME.pigeon.count ",
		"\nnotifiers.NAME.drum.colour ",
		" number 1 to 5000 ",
		" [30d, 14d, 7d, 3d, 1d] ",
	};
	BUF_CLEANUP struct buf out = { 0 };

	(void)state;
	config_keys(&out, &world_rooms);
	for (size_t i = 0; i < COUNT(lines); i++)
		assert_non_null(strstr(out.s, lines[i]));
	/* They are inherited from no section of the root. */
	assert_non_null(strstr(strstr(out.s, "pigeon.count "), "  2  "));
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, world_setup, world_teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(defaults_stand_where_nothing_is_set),
		TEST(defaults_are_those_of_the_model),
		TEST(endpoint_is_read_whole),
		TEST(file_is_relative_to_the_main_folder),
		TEST(target_inherits_what_it_does_not_set),
		TEST(alerts_are_read_whole),
		TEST(silences_are_read_whole),
		TEST(metrics_and_their_names),
		TEST(notifier_fills_its_own_struct),
		TEST(state_follows_systemd),
		TEST(bytes_may_come_from_anywhere),
		TEST(show_loads_again),
		TEST(show_loads_again_with_a_long_name),
		TEST(show_masks_what_is_secret),
		TEST(keys_lists_every_key),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
