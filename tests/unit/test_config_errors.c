/* test_config_errors.c - what is said of a configuration that is wrong */
#include "tests/unit/config_world.h"

#define LONG60 "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"

/* A file, and all that is said of it, line by line. */
static const struct row {
	const char *yaml, *want;
} rows[] = {
	/* all mistakes in one run, each at its place */
	{ "defaults:\n"
	  "  tiemout: 5s\n"
	  "  retries: [1]\n"
	  "workers: 1025\n",
		"c.yaml:2:3: defaults: want a known key, have \"tiemout\"; did "
		"you mean \"timeout\"?\n"
		"c.yaml:3:12: defaults.retries: want a value, have a list\n"
		"c.yaml:4:10: workers: want a number from 0 to 1024, have "
		"\"1025\"\n" },
	/* metrics that nobody would collect, and names that nobody has */
	{ "textfile: /x/y.txt\ncompat: [blackbox, ssl-exporter]\n",
		"c.yaml:1:11: textfile: want a path that ends in .prom, or "
		"node_exporter does not read it, have \"/x/y.txt\"\n"
		"c.yaml:2:20: compat: want ssl_exporter, x509_exporter or "
		"blackbox, have \"ssl-exporter\"; did you mean "
		"\"ssl_exporter\"?\n" },
	{ "textfile: x.prom/.prom\ncompat: {blackbox: yes}\n",
		"c.yaml:1:11: textfile: want a path that ends in .prom, or "
		"node_exporter does not read it, have \"x.prom/.prom\"\n"
		"c.yaml:2:9: compat: want a value or a list of values, have a "
		"map\n" },
	/* thresholds that are the wrong way round */
	{ "defaults: {warning: 5d, critical: 25d}\n"
	  "targets: [{file: a}, {file: b, critical: 6d}]\n",
		"c.yaml:1:21: defaults.warning: want no less than critical, "
		"which is 25d, have 5d\n"
		"c.yaml:2:22: targets.warning: want no less than critical, "
		"which is 6d, have 5d\n" },
	/* keys */
	{ "xyzzy: 1\n",
		"c.yaml:1:1: want a known key, have \"xyzzy\"; see "
		"certvigil config keys\n" },
	{ "? [a]\n: 1\n", "c.yaml:1:3: want a key, have a list\n" },
	{ "workers: 1\nworkers: 2\n",
		"c.yaml:2:1: workers: want it once, have it again after line "
		"1\n" },
	{ "defaults: &d {retries: 1}\nalerts:\n  <<: *d\n",
		"c.yaml:3:3: alerts: want a known key, have \"<<\", a merge, "
		"which is not read here\n" },
	{ "TARGETS: []\n",
		"c.yaml:1:1: want a known key, have \"TARGETS\"; "
		"did you mean \"targets\"?\n" },
	{ "\"w\\e[31m\": 1\n",
		"c.yaml:1:1: want a known key, have "
		"\"w\\x1b[31m\"; see certvigil config keys\n" },
	{ "targets: [{fiel: a}]\n",
		"c.yaml:1:12: targets: want a known key, "
		"have \"fiel\"; did you mean \"file\"?\n" },
	/* by place, whatever is read first */
	{ "workers: x\ndefaults: {retries: x}\n",
		"c.yaml:1:10: workers: want a number from 0 to 1024, have "
		"\"x\"\n"
		"c.yaml:2:21: defaults.retries: want a number from 0 to 10, "
		"have \"x\"\n" },
	/* kinds */
	{ "- a\n",
		"c.yaml:1:1: want keys such as \"targets:\", have a list\n" },
	{ "just text\n",
		"c.yaml:1:1: want keys such as \"targets:\", have "
		"text\n" },
	{ "targets: {}\n",
		"c.yaml:1:10: targets: want a list of maps, have a "
		"map\n" },
	{ "targets: [a]\n", "c.yaml:1:11: targets: want a map, have text\n" },
	{ "targets:\n  -\n",
		"c.yaml:2:4: targets: want a map, have nothing\n" },
	{ "defaults: []\n",
		"c.yaml:1:11: defaults: want a map, have a list\n" },
	{ "state: {}\n", "c.yaml:1:8: state: want a value, have a map\n" },
	{ "alerts: {steps: [1d, [2d]]}\n",
		"c.yaml:1:22: alerts.steps: want a "
		"value or a list of values, have a "
		"list\n" },
	{ "state: \"a\\0b\"\n",
		"c.yaml:1:8: state: want a value, have a NUL "
		"in it\n" },
	/* values; a column counts characters, not bytes */
	{ "{\"\xc3\xa4\": 1, workers: many}\n",
		"c.yaml:1:2: want a known key, have \"\xc3\xa4\"; see "
		"certvigil config keys\n"
		"c.yaml:1:19: workers: want a number from 0 to 1024, have "
		"\"many\"\n" },
	{ "workers: 010\n",
		"c.yaml:1:10: workers: want a number from 0 to "
		"1024, have \"010\"\n" },
	{ "workers: -1\n",
		"c.yaml:1:10: workers: want a number from 0 to "
		"1024, have \"-1\"\n" },
	{ "workers: 99999999999999999999\n",
		"c.yaml:1:10: workers: want a number from 0 to 1024, have "
		"\"99999999999999999999\"\n" },
	{ "workers: ''\n",
		"c.yaml:1:10: workers: want a number from 0 to "
		"1024, have nothing\n" },
	{ "workers: " LONG60 "aaa\n",
		"c.yaml:1:10: workers: want a number from 0 to 1024, have "
		"\"" LONG60 "...\"\n" },
	{ "defaults: {timeout: 10}\n",
		"c.yaml:1:21: defaults.timeout: want a "
		"span with its unit, 100ms to 1h, have "
		"\"10\"\n" },
	{ "defaults: {timeout: 99ms}\n",
		"c.yaml:1:21: defaults.timeout: want "
		"100ms to 1h, have \"99ms\"\n" },
	{ "defaults: {timeout: 61m}\n",
		"c.yaml:1:21: defaults.timeout: want "
		"100ms to 1h, have \"61m\"\n" },
	{ "defaults: {warning: 101%}\n",
		"c.yaml:1:21: defaults.warning: want a span, a share or the "
		"smaller of both, such as 30d, 33% or min(30d, 33%), have "
		"\"101%\"\n" },
	{ "defaults: {trust: ''}\n",
		"c.yaml:1:19: defaults.trust: want a "
		"path, have nothing\n" },
	{ "alerts: {confirm: 0}\n",
		"c.yaml:1:19: alerts.confirm: want a "
		"number from 1 to 100, have \"0\"\n" },
	{ "alerts: {steps: [0]}\n",
		"c.yaml:1:18: alerts.steps: want 1s to "
		"3650d, have \"0\"\n" },
	/* findings */
	{ "defaults: {findings: {nam.www: off}}\n",
		"c.yaml:1:23: defaults.findings: want the id of a finding, "
		"have \"nam.www\"; did you mean \"name.www\"?\n" },
	{ "defaults: {findings: {name.www: unknown}}\n",
		"c.yaml:1:33: defaults.findings.name.www: want off, ok, "
		"warning or critical, have \"unknown\"\n" },
	{ "defaults: {findings: {name.www: }}\n",
		"c.yaml:1:33: defaults.findings.name.www: want a value, have "
		"nothing\n" },
	{ "defaults: {findings: {name.www: ok, name.www: ok}}\n",
		"c.yaml:1:37: defaults.findings.name.www: want it once, have "
		"it again\n" },
	{ "defaults: {findings: [name.www]}\n",
		"c.yaml:1:22: defaults.findings: want a map, have a list\n" },
	/* targets */
	{ "targets: [{owner: x}]\n",
		"c.yaml:1:11: targets: want endpoint or "
		"file, have neither\n" },
	{ "targets: [{endpoint: }]\n",
		"c.yaml:1:11: targets: want endpoint "
		"or file, have neither\n" },
	{ "targets: [{endpiont: a.example}]\n",
		"c.yaml:1:12: targets: want a known key, have \"endpiont\"; "
		"did you mean \"endpoint\"?\n" },
	{ "targets: [{endpoint: a, file: b}]\n",
		"c.yaml:1:25: targets.file: want endpoint or file, have "
		"both\n" },
	{ "targets: [{file: b, sni: a, family: any, retries: 2}]\n",
		"c.yaml:1:21: targets.sni: want it beside endpoint, have it "
		"beside file\n"
		"c.yaml:1:29: targets.family: want it beside endpoint, have "
		"it beside file\n" },
	{ "targets: [{endpoint: 'gopher://a'}]\n",
		"c.yaml:1:22: targets.endpoint: want one of the schemes "
		"https, tls, smtp, have \"gopher\"\n" },
	{ "targets: [{endpoint: 'tls://a'}]\n",
		"c.yaml:1:22: targets.endpoint: want tls://HOST:PORT, have no "
		"port\n" },
	{ "targets: [{endpoint: \"a\\e\"}]\n",
		"c.yaml:1:22: targets.endpoint: want a host name or an "
		"address, have \"a\\x1b\": it holds a sign other than "
		"letters, digits, '-' and '.'\n" },
	{ "targets: [{endpoint: a, names: [ok, -x]}]\n",
		"c.yaml:1:37: targets.names: want a host name or an address, "
		"have \"-x\": a label of it begins or ends with '-'\n" },
	{ "targets: [{endpoint: a, address: b.example}]\n",
		"c.yaml:1:34: targets.address: want an IP address, have "
		"\"b.example\"\n" },
	{ "targets: [{endpoint: a, address: '::1', family: ipv4}]\n",
		"c.yaml:1:34: targets.address: want an address of the family "
		"set, have \"::1\"\n" },
	{ "targets: [{endpoint: a, family: ipv5}]\n",
		"c.yaml:1:33: targets.family: want any, ipv4 or ipv6, have "
		"\"ipv5\"; did you mean \"ipv4\"?\n" },
	{ "targets: [{endpoint: a, name: ''}]\n",
		"c.yaml:1:31: targets.name: want text, have nothing\n" },
	/* notifiers */
	{ "notifiers: {a: }\n",
		"c.yaml:1:16: notifiers.a: want a map of its "
		"kind, have nothing\n" },
	{ "notifiers: {a: {}}\n",
		"c.yaml:1:16: notifiers.a: want one kind, "
		"pigeon or drum, have 0\n" },
	{ "notifiers: {a: {drum: , pigeon: }}\n",
		"c.yaml:1:16: notifiers.a: want one kind, pigeon or drum, "
		"have 2\n" },
	{ "notifiers: {a: {pidgeon: {}}}\n",
		"c.yaml:1:17: notifiers.a: want pigeon or drum, have "
		"\"pidgeon\"; did you mean \"pigeon\"?\n" },
	{ "notifiers: {a: {pigeon: }}\n",
		"c.yaml:1:25: "
		"notifiers.a.pigeon.loft: want this "
		"key, have nothing\n" },
	{ "notifiers: {a: {pigeon: {lofd: x}}}\n",
		"c.yaml:1:26: notifiers.a.pigeon: want a known key, have "
		"\"lofd\"; did you mean \"loft\"?\n" },
	{ "notifiers: {a: {pigeon: {loft: x, cal_file: y}}}\n",
		"c.yaml:1:35: notifiers.a.pigeon: want a known key, have "
		"\"cal_file\"; did you mean \"call_file\"?\n" },
	{ "notifiers: {a: {pigeon: {loft: x, loft_file: y}}}\n",
		"c.yaml:1:35: notifiers.a.pigeon: want a known key, have "
		"\"loft_file\"; did you mean \"loft\"?\n" },
	{ "notifiers: {a: {drum: }, a: {drum: }}\n",
		"c.yaml:1:26: notifiers.a: want it once, have it again\n" },
	{ "notifiers: {'': {drum: }}\n",
		"c.yaml:1:13: notifiers: want a name "
		"of 1 to 100 bytes, have 0\n" },
	{ "notifiers: {a: {pigeon: {loft: x, tame: maybe}}}\n",
		"c.yaml:1:41: notifiers.a.pigeon.tame: want true or false, "
		"have \"maybe\"\n" },
	{ "notifiers: {a: {pigeon: {loft: x, colour: red}}}\n",
		"c.yaml:1:25: notifiers.a.pigeon: want call beside colour, "
		"have \"red\" alone\n" },
	/* what may be a token is never quoted */
	{ "notifiers: {a: {pigeon: {loft: x, via: " LONG60 "}}}\n",
		"c.yaml:1:40: notifiers.a.pigeon.via: want at most 30 "
		"characters, have something else\n" },
	{ "notifiers: {a: {pigeon: {loft: x, call: [geheim]}}}\n",
		"c.yaml:1:41: notifiers.a.pigeon.call: want a value, have a "
		"list\n" },
	{ "notifiers: {a: {pigeon: geheim}}\n",
		"c.yaml:1:25: notifiers.a.pigeon: want a map, have text\n" },
	/* routes */
	{ "alerts: {routes: [{notify: [opps, x]}]}\n"
	  "notifiers: {ops: {drum: }}\n",
		"c.yaml:1:29: alerts.routes.notify: want the name of a "
		"notifier, have \"opps\"; did you mean \"ops\"?\n"
		"c.yaml:1:35: alerts.routes.notify: want the name of a "
		"notifier, have \"x\"\n" },
	{ "alerts: {routes: [{owner: x}]}\n",
		"c.yaml:1:19: alerts.routes.notify: want this key, have "
		"nothing\n" },
	{ "alerts: {routes: [{notify: [], severity: ok}]}\n",
		"c.yaml:1:42: alerts.routes.severity: want any, warning or "
		"critical, have \"ok\"\n" },
	{ "alerts: {routes: [{default: yes, owner: x, tags: y, notify: []}]}\n",
		"c.yaml:1:34: alerts.routes.owner: want default: true without "
		"it, have both\n"
		"c.yaml:1:44: alerts.routes.tags: want default: true without "
		"it, have both\n" },
	/* silences */
	{ "alerts: {silences: [{target: a}]}\n",
		"c.yaml:1:21: alerts.silences.until: want this key, have "
		"nothing\n"
		"c.yaml:1:21: alerts.silences.reason: want this key, have "
		"nothing\n" },
	{ "alerts: {silences: [{target: a, reason: x, until: 30d}]}\n",
		"c.yaml:1:51: alerts.silences.until: want a date such as "
		"2026-12-24, or a moment such as 2026-12-24T18:00:00Z, have "
		"\"30d\"\n" },
	{ "alerts: {silences: [{target: a, reason: x, until: 1800000000}]}\n",
		"c.yaml:1:51: alerts.silences.until: want a date such as "
		"2026-12-24, or a moment such as 2026-12-24T18:00:00Z, have "
		"\"1800000000\"\n" },
	{ "alerts: {silences: [{target: a, reason: x, until: 2027-02-30}]}\n",
		"c.yaml:1:51: alerts.silences.until: want a date such as "
		"2026-12-24, or a moment such as 2026-12-24T18:00:00Z, have "
		"\"2027-02-30\"\n" },
	{ "alerts: {silences: [{target: a, reason: x, from: 2027-01-01,\n"
	  "  until: 2026-12-01}]}\n",
		"c.yaml:2:10: alerts.silences.until: want it after from, which "
		"is 2027-01-01T00:00:00Z, have 2026-12-01T00:00:00Z\n" },
	/* a misspelt key takes its notifiers with it: told once */
	{ "notifers: {ops: {drum: }}\nalerts: {routes: [{notify: ops}]}\n",
		"c.yaml:1:1: want a known key, have \"notifers\"; did you mean "
		"\"notifiers\"?\n" },
	/* YAML itself */
	{ "a: [\n",
		"c.yaml:2:1: want YAML, have an error: did not find "
		"expected node content while parsing a flow node from "
		"line 2\n" },
	{ "a:\n\t- b\n",
		"c.yaml:2:1: want YAML, have an error: found "
		"character that cannot start any token while "
		"scanning for the next token from line 2; indent "
		"with blanks, not with tabs\n" },
	{ "a: *nobody\n",
		"c.yaml:1:4: want YAML, have an error: found "
		"undefined alias\n" },
	{ "workers: 1\n---\nworkers: 2\n",
		"c.yaml:2:1: want one document, "
		"have a second one\n" },
	{ "state: !secret x\nowner: !x/y {}\n",
		"c.yaml:1:8: want a plain value, have the tag \"!secret\"\n"
		"c.yaml:2:8: want a plain value, have the tag \"!x/y\"\n" },
	{ "workers: 1\n# \xff\n",
		"c.yaml:2:3: want text in UTF-8, have 0xff "
		"(invalid leading UTF-8 octet)\n" },
	{ "\xef\xbb\xbfstate: a\x01\n",
		"c.yaml:1:9: want text in UTF-8, have "
		"0x01 (control characters are not "
		"allowed)\n" },
	/* a map that holds itself is walked as far as keys know it */
	{ "&r\ndefaults: *r\n",
		"c.yaml:2:1: defaults: want a known key, have "
		"\"defaults\"; see certvigil config keys\n" },
	{ "targets: &t [*t]\n",
		"c.yaml:1:10: targets: want a map, have a "
		"list\n" },
	/* files as a whole */
	{ "", "c.yaml: want a configuration, have an empty file\n" },
	{ "# nothing\n", "c.yaml: want a configuration, have an empty file\n" },
	{ "~\n", "c.yaml: want a configuration, have an empty file\n" },
};

static void
every_mistake_is_told(void **state)
{
	size_t wrong = 0;

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		BUF_CLEANUP struct buf have = { 0 };

		world_write("c.yaml", rows[i].yaml);
		config_free(world_load("c.yaml", 0, &have));
		if (strcmp(buf_str(&have), rows[i].want) == 0)
			continue;
		print_error("of %swant %shave %s", rows[i].yaml, rows[i].want,
			buf_str(&have));
		wrong++;
	}
	assert_int_equal(wrong, 0);
}

static void
no_file_is_one_line(void **state)
{
	static char zeros[64] = { 'a', ':', ' ' };
	BUF_CLEANUP struct buf have = { 0 };

	(void)state;
	assert_null(world_load("missing.yaml", 0, &have));
	assert_int_equal(mkdir(world_path("folder"), 0700), 0);
	assert_null(world_load("folder", 0, &have));
	world_write_bytes("binary", zeros, sizeof(zeros), 0600);
	assert_null(world_load("binary", 0, &have));
	assert_string_equal(have.s,
		"missing.yaml: cannot be read: No such file or directory\n"
		"folder: want a file, have a folder\n"
		"binary: want YAML text in UTF-8, have binary data\n");
}

/* Root reads everything, so the test becomes nobody for a moment. */
static void
unreadable_file_is_one_line(void **state)
{
	BUF_CLEANUP struct buf have = { 0 };
	bool root = geteuid() == 0;

	(void)state;
	world_write_bytes("c.yaml", "workers: 1\n", 11, 0);
	assert_int_equal(chmod(world_folder, 0755), 0);
	assert_int_equal(root ? seteuid(65534) : 0, 0);
	config_free(world_load("c.yaml", 0, &have));
	assert_int_equal(root ? seteuid(0) : 0, 0);
	assert_string_equal(
		have.s, "c.yaml: cannot be read: Permission denied\n");
}

/* `n` times `text`, after `head` and before `tail`. */
static void
write_many(const char *head, const char *text, size_t n, const char *tail)
{
	BUF_CLEANUP struct buf b = { 0 };

	buf_puts(&b, head);
	for (size_t i = 0; i < n; i++)
		buf_puts(&b, text);
	buf_puts(&b, tail);
	world_write("c.yaml", b.s);
}

/* Little text that would be much work or memory: refused in one line. */
static void
bounds_hold(void **state)
{
	static const struct {
		const char *head, *text;
		size_t n;
		const char *tail, *want;
	} bombs[] = {
		{ "", "# 4567890123456\n", (16 << 20) / 16, "x",
			"c.yaml: want at most 16 MiB, have more\n" },
		{ "a: ", "[", 100000, "",
			"c.yaml:1:35: want at most 32 levels, have more\n" },
		{ "a: [", "x,", 1000000, "]",
			"c.yaml:1:1999999: want at most 1000000 values in "
			"all, have more\n" },
		{ "a: [", "&x 1,", 1001, "]",
			"c.yaml:1:5005: want at most 1000 anchors, have "
			"more\n" },
		{ "a: [&x 1", ",*x", 10001, "]",
			"c.yaml:1:30010: want at most 10000 aliases, have "
			"more\n" },
		{ "targets: [{endpoint: a, names: &n [a,a,a,a,a,a,a,a,a,a,a,a,"
		  "a,a,a,a,a,a,a,a,a,a,a,a,a,a,a,a,a,a,a,a,a,a,a,a,a,a,a,a,a,"
		  "a,a,a,a,a,a,a,a,a,a,a,a,a,a,a,a,a,a,a,a,a,a,a,a,a,a,a,a,a,a,"
		  "a,a,a,a,a,a,a,a,a,a,a,a,a,a,a,a,a,a,a,a,a,a,a,a,a,a,a,a,a,a,"
		  "a,a,a,a,a,a,a,a,a,a,a,a,a,a,a,a,a,a,a,a,a,a,a,a,a,a,a,a,a]}",
			",{endpoint: a, names: *n}", 9990, "]",
			"c.yaml:1:240: targets.names: want at most 1000000 "
			"values, aliases counted each time, have more\n" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(bombs); i++) {
		BUF_CLEANUP struct buf have = { 0 };

		write_many(bombs[i].head, bombs[i].text, bombs[i].n,
			bombs[i].tail);
		assert_null(world_load("c.yaml", 0, &have));
		assert_string_equal(have.s, bombs[i].want);
	}
}

static void
complaints_have_an_end(void **state)
{
	BUF_CLEANUP struct buf have = { 0 };
	size_t lines = 0;

	(void)state;
	write_many("targets:\n", "- {}\n", 5000, "");
	assert_null(world_load("c.yaml", 0, &have));
	for (const char *p = have.s; *p != '\0'; p++)
		lines += *p == '\n';
	assert_int_equal(lines, 1001);
	assert_non_null(strstr(have.s, "\nand 4000 more\n"));
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, world_setup, world_teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(every_mistake_is_told),
		TEST(no_file_is_one_line),
		TEST(unreadable_file_is_one_line),
		TEST(bounds_hold),
		TEST(complaints_have_an_end),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
