/* test_report.c - what outputs say, to the letter */
#include "tests/unit/report_world.h"

#include <stdio.h>
#include <string.h>

#include <jansson.h>

static struct result *
result_of(const struct target *t, int64_t left_s)
{
	struct result *r = result_of_leaf(t, cert_of("CN=x", "CN=CA", left_s));

	r->duration_ms = 41;
	return r;
}

static struct target
target(const char *name)
{
	struct target t = { .name = name,
		.kind = TARGET_ENDPOINT,
		.address = "https://www.example.com:443" };

	settings_init(&t.set);
	t.set.warning = (struct threshold){ 30 * DAY_S, -1 };
	t.set.critical = (struct threshold){ 14 * DAY_S, -1 };
	return t;
}

static void
the_nagios_line(void **state)
{
	struct target t = target("www.example.com");
	struct result *r = result_of(&t, 12 * DAY_S);
	cleanup(str_free) char *line = NULL;

	(void)state;
	add_finding(r, "expiry.soon", "expires in 12 days (2026-12-02)");
	line = render("nagios", &r, 1, 0);
	assert_string_equal(line,
		"CERTVIGIL WARNING - www.example.com: expires in 12 days "
		"(2026-12-02) | 'www.example.com'=1036800s;2592000:;1209600:;"
		"0;7776000 'time'=0.041s;;;0;10\n");
	result_free(r);
}

static void
nagios_lines(void **state)
{
#define TIME " 'time'=0.041s;;;0;10\n"
	static const struct {
		const char *name;
		int64_t left_s;
		const char *id, *message; /* NULL: no finding */
		const char *want;
	} rows[] = {
		{ "a", 80 * DAY_S, NULL, NULL,
			"CERTVIGIL OK - a: expires in 80 days (2027-02-08) | "
			"'a'=6912000s;2592000:;1209600:;0;7776000" TIME },
		{ "a", DAY_S, NULL, NULL,
			"CERTVIGIL OK - a: expires in 1 day (2026-11-21) | "
			"'a'=86400s;2592000:;1209600:;0;7776000" TIME },
		{ "a", 5 * HOUR_S, NULL, NULL,
			"CERTVIGIL OK - a: expires in 5 hours "
			"(2026-11-20T05:00:00Z) | "
			"'a'=18000s;2592000:;1209600:;0;7776000" TIME },
		{ "a", -3 * DAY_S, "expiry.expired", "expired",
			"CERTVIGIL CRITICAL - a: expired | "
			"'a'=-259200s;2592000:;1209600:;0;7776000" TIME },
		{ "a", -3 * DAY_S, NULL, NULL,
			"CERTVIGIL OK - a: expired 3 days ago (2026-11-17) | "
			"'a'=-259200s;2592000:;1209600:;0;7776000" TIME },
		/* nothing from outside parts the line or names a label */
		{ "o'x|=y\n", DAY_S, "chain.untrusted", "a|b\nc\033[m",
			"CERTVIGIL CRITICAL - o'x/=y\\x0a: "
			"a/b\\x0ac\\x1b[m | "
			"'o''x/_y\\x0a'=86400s;2592000:;1209600:;0;7776000" TIME },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct target t = target(rows[i].name);
		struct result *r = result_of(&t, rows[i].left_s);
		cleanup(str_free) char *line = NULL;

		if (rows[i].id != NULL)
			add_finding(r, rows[i].id, rows[i].message);
		line = render("nagios", &r, 1, 0);
		assert_string_equal(line, rows[i].want);
		result_free(r);
	}
}

static void
several_targets(void **state)
{
	struct target a = target("a"), b = target("b");
	struct result *v[] = { result_of(&a, 80 * DAY_S),
		result_of(&b, 80 * DAY_S) };
	cleanup(str_free) char *line = NULL, *table = NULL;

	(void)state;
	add_finding(v[1], "name.www", "no www");
	add_finding(v[1], "chain.untrusted", "no trust");
	line = render("nagios", v, 2, 2);
	assert_memory_equal(line,
		"CERTVIGIL CRITICAL - 2 targets: 1 critical, 1 ok; b: no "
		"trust (+1 more) | 'a'=",
		strlen("CERTVIGIL CRITICAL - 2 targets: 1 critical, 1 ok; b: "
		       "no trust (+1 more) | 'a'="));
	assert_non_null(strstr(line, "\n[CRITICAL] b "));
	assert_non_null(strstr(line, "\n  WARNING name.www: no www\n"));
	table = render("table", v, 2, 0);
	assert_non_null(strstr(table,
		"\nCRITICAL  b       2027-02-08    80d  "
		"no trust\n"));
	assert_non_null(strstr(table, "\nok        a       2027-02-08    80d"));
	assert_non_null(strstr(table, "\n2 targets: 1 critical, 1 ok\n"));
	result_free(v[0]);
	result_free(v[1]);
}

/* Beside a narrow column the texts would be read word by word. */
static void
a_narrow_terminal(void **state)
{
	struct target t = target("a-name-of-34-characters.example.com");
	struct result *r = result_of(&t, 80 * DAY_S);
	struct results rs = { .v = &r, .n = 1, .time = NOW };
	static const struct {
		size_t width;
		const char *want;
	} rows[] = {
		{ 0,
			"STATUS    TARGET                               "
			"EXPIRES      LEFT   FINDINGS\n"
			"CRITICAL  a-name-of-34-characters.example.com  "
			"2027-02-08    80d  one two three four five six seven "
			"eight nine ten eleven\n\n" },
		{ 106,
			"STATUS    TARGET                               "
			"EXPIRES      LEFT   FINDINGS\n"
			"CRITICAL  a-name-of-34-characters.example.com  "
			"2027-02-08    80d  one two three four five six seven "
			"eight\n                                            "
			"                      nine ten eleven\n\n" },
		{ 105,
			"STATUS    TARGET                               "
			"EXPIRES      LEFT\n"
			"CRITICAL  a-name-of-34-characters.example.com  "
			"2027-02-08    80d\n"
			"          one two three four five six seven eight nine "
			"ten eleven\n\n" },
		{ 80,
			"STATUS    TARGET                               "
			"EXPIRES      LEFT\n"
			"CRITICAL  a-name-of-34-characters.example.com  "
			"2027-02-08    80d\n"
			"          one two three four five six seven eight nine "
			"ten eleven\n\n" },
		{ 40,
			"STATUS    TARGET       EXPIRES      LEFT\n"
			"CRITICAL  a-name-of-34-characters.example.com\n"
			"                       2027-02-08    80d\n"
			"          one two three four five six\n"
			"          seven eight nine ten eleven\n\n" },
	};

	(void)state;
	add_finding(r, "chain.untrusted",
		"one two three four five six seven eight nine ten eleven");
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct report_options opt = { .width = rows[i].width };
		BUF_CLEANUP struct buf out = { 0 };
		char *end;

		report_find("table")->render(&out, &rs, &opt);
		end = strstr(out.s, "1 target");
		assert_non_null(end);
		*end = '\0';
		assert_string_equal(rows[i].want, out.s);
	}
	result_free(r);
}

/* What the state knows is of its last scan, however long ago that was. */
static void
a_table_has_its_age(void **state)
{
	static const struct {
		time_t now;
		const char *want;
	} rows[] = {
		{ NOW, "ago\n" },
		{ NOW + 21 * DAY_S + 5, "Z, 21 days ago\n" },
		{ NOW - DAY_S, "Z, 1 day ahead of the clock\n" },
	};
	struct results rs = { .time = NOW };

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		const struct standing standing = { .now = rows[i].now,
			.last_scan = NOW };
		const struct report_options opt = { .standing = &standing };
		BUF_CLEANUP struct buf out = { 0 };
		const char *last;

		report_find("table")->render(&out, &rs, &opt);
		last = strstr(out.s, "\nLast scan: ");
		assert_non_null(last);
		assert_non_null(strstr(last, rows[i].want));
	}
}

static void
nothing_at_all(void **state)
{
	cleanup(str_free) char *line = render("nagios", NULL, 0, 0);
	cleanup(str_free) char *table = render("table", NULL, 0, 0);
	cleanup(str_free) char *json = render("json", NULL, 0, 0);

	(void)state;
	assert_string_equal(line, "CERTVIGIL OK - 0 targets\n");
	assert_non_null(strstr(table, "0 targets"));
	assert_non_null(strstr(json, "\"targets\": []"));
}

static void
json_is_one_document(void **state)
{
	struct target t = target("www");
	struct result *r = result_of(&t, DAY_S);
	cleanup(str_free) char *text = NULL;
	json_t *j, *one, *cert;

	(void)state;
	add_finding(r, "chain.untrusted", "bad \xff byte \"quoted\"");
	text = render("json", &r, 1, 0);
	j = json_loads(text, 0, NULL);
	assert_non_null(j);
	assert_int_equal(json_integer_value(json_object_get(j, "version")), 1);
	assert_string_equal(
		json_string_value(json_object_get(j, "status")), "critical");
	one = json_array_get(json_object_get(j, "targets"), 0);
	cert = json_array_get(json_object_get(one, "certificates"), 0);
	assert_int_equal(
		json_integer_value(json_object_get(cert, "seconds_left")),
		DAY_S);
	assert_string_equal(
		json_string_value(json_object_get(
			json_array_get(json_object_get(one, "findings"), 0),
			"message")),
		"bad \xc3\xbf byte \"quoted\"");
	json_decref(j);
	result_free(r);
}

/* What the document says of the first target: "role/inferred/format". */
static char *
role_in_json(const char *text)
{
	json_t *j = json_loads(text, 0, NULL);
	json_t *t = json_array_get(json_object_get(j, "targets"), 0);
	json_t *role = json_object_get(t, "role");
	json_t *inferred = json_object_get(t, "role_inferred");
	json_t *format = json_object_get(t, "format");
	char *out = str_fmt("%s/%s/%s",
		role != NULL ? json_string_value(role) : "-",
		inferred == NULL		 ? "-"
			: json_is_true(inferred) ? "true"
						 : "false",
		format != NULL ? json_string_value(format) : "-");

	json_decref(j);
	return out;
}

/* By which rules a file was judged, and whether anybody said so. */
static void
roles(void **state)
{
	static const struct {
		enum target_kind kind;
		enum role configured, judged;
		const char *format;
		const char *text; /* of -vvv; NULL: none */
		const char *json;
	} rows[] = {
		{ TARGET_FILE, ROLE_AUTO, ROLE_CLIENT_CA, "PEM",
			"role: client-ca (inferred), PEM",
			"client-ca/true/PEM" },
		{ TARGET_FILE, ROLE_CA, ROLE_CA, NULL, "role: ca",
			"ca/false/-" },
		{ TARGET_FILE, ROLE_AUTO, ROLE_AUTO, "PKCS#12",
			"format: PKCS#12", "-/-/PKCS#12" },
		{ TARGET_FILE, ROLE_AUTO, ROLE_AUTO, NULL, NULL, "-/-/-" },
		{ TARGET_ENDPOINT, ROLE_AUTO, ROLE_SERVER, NULL, NULL,
			"server/false/-" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct target t = target("a");
		struct result *r = result_of(&t, 80 * DAY_S);
		cleanup(str_free) char *line = NULL, *table = NULL;
		cleanup(str_free) char *quiet = NULL, *json = NULL;
		cleanup(str_free) char *nagios_row = NULL, *table_row = NULL;
		cleanup(str_free) char *in_json = NULL;

		t.kind = rows[i].kind;
		t.role = rows[i].configured;
		r->role = rows[i].judged;
		r->seen->format = rows[i].format;
		line = render("nagios", &r, 1, 3);
		table = render("table", &r, 1, 3);
		quiet = render("table", &r, 1, 2);
		json = render("json", &r, 1, 0);
		result_free(r);
		assert_null(strstr(quiet, "role"));
		if (rows[i].text != NULL) {
			nagios_row = str_fmt("\n  %s\n  0: ", rows[i].text);
			table_row = str_fmt("    80d  %s\n", rows[i].text);
			assert_non_null(strstr(line, nagios_row));
			assert_non_null(strstr(table, table_row));
		} else {
			assert_null(strstr(line, "role"));
			assert_null(strstr(table, "role"));
		}
		in_json = role_in_json(json);
		assert_string_equal(in_json, rows[i].json);
	}
}

/* A certificate more, called `label`. */
static void
add_cert(struct result *r, const char *label, int64_t left_s, bool ca)
{
	struct observation *ob = r->seen;
	struct cert *c;

	ob->certs = mem_grow(ob->certs, ob->n_certs + 1, sizeof(*ob->certs));
	c = &ob->certs[ob->n_certs++];
	*c = (struct cert){ .subject = str_fmt("CN=%s", label),
		.sha256 = str_dup(""),
		.issuer = str_dup("CN=CA"),
		.label = str_dup(label),
		.issuer_label = str_dup("CA"),
		.serial = str_dup("0a1c"),
		.key_type = str_dup("EC"),
		.signature = str_dup("ecdsa-with-SHA256"),
		.is_ca = ca,
		.has_dates = true,
		.not_after = NOW + left_s,
		.not_before = NOW + left_s - 90 * DAY_S };
}

/* Those that are called "renewed" are noted, and no more. */
static void
note_renewed(struct result *r)
{
	for (size_t i = 0; i < r->seen->n_certs; i++) {
		struct cert *c = &r->seen->certs[i];

		free(c->sha256);
		c->sha256 = str_fmt("%zu", i);
		if (strcmp(c->label, "renewed") == 0)
			findings_add(
				&r->findings, "expiry.soon", c->sha256, "soon")
				->severity = SEV_OK;
	}
}

/* Of all that a file holds, what ends first is told, by its name. */
static void
what_ends_first(void **state)
{
	static const struct {
		const char *name;
		enum target_kind kind;
		enum role role;
		bool first_ca; /* 'x', of 80 days */
		struct {
			const char *label; /* NULL ends the list */
			int days;
			bool ca;
		} others[3];
		const char *headline;
		int days;
	} rows[] = {
		{ "a chain", TARGET_FILE, ROLE_SERVER, false,
			{ { "i", 40, true } },
			"expires in 80 days (2027-02-08)", 80 },
		{ "a second leaf ends first", TARGET_FILE, ROLE_SERVER, false,
			{ { "y", 50, false }, { "i", 40, true } },
			"'y' expires in 50 days (2027-01-09)", 50 },
		{ "a second leaf ends later", TARGET_FILE, ROLE_SERVER, false,
			{ { "y", 90, false } },
			"expires in 80 days (2027-02-08)", 80 },
		{ "a cluster's CA before its user", TARGET_FILE, ROLE_CLIENT,
			true, { { "y", 60, false } },
			"expires in 60 days (2027-01-19)", 60 },
		{ "CAs", TARGET_FILE, ROLE_CLIENT_CA, true,
			{ { "b", 70, true }, { "c", 75, true } },
			"'b' expires in 70 days (2027-01-29)", 70 },
		{ "CAs, the first", TARGET_FILE, ROLE_CA, true,
			{ { "b", 90, true } },
			"'x' expires in 80 days (2027-02-08)", 80 },
		{ "CAs and a leaf among them", TARGET_FILE, ROLE_CLIENT_CA,
			true, { { "b", 70, false } },
			"'b' expires in 70 days (2027-01-29)", 70 },
		{ "CAs, the first is renewed", TARGET_FILE, ROLE_CA, true,
			{ { "b", 90, true }, { "renewed", 9, true } },
			"'x' expires in 80 days (2027-02-08)", 80 },
		{ "a leaf whose end was declared a note", TARGET_FILE,
			ROLE_SERVER, false, { { "renewed", 9, false } },
			"'renewed' expires in 9 days (2026-11-29)", 9 },
		{ "one CA", TARGET_FILE, ROLE_CA, true, { { NULL, 0, false } },
			"expires in 80 days (2027-02-08)", 80 },
		{ "a server's own CA certificate", TARGET_FILE, ROLE_SERVER,
			true, { { NULL, 0, false } },
			"expires in 80 days (2027-02-08)", 80 },
		{ "an endpoint", TARGET_ENDPOINT, ROLE_SERVER, false,
			{ { "y", 50, false }, { "i", 40, true } },
			"expires in 80 days (2027-02-08)", 80 },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct target t = target("a");
		struct result *r = result_of(&t, 80 * DAY_S);
		cleanup(str_free) char *line = NULL, *want = NULL;

		t.kind = rows[i].kind;
		r->role = rows[i].role;
		r->seen->certs[0].is_ca = rows[i].first_ca;
		for (size_t k = 0; k < 3 && rows[i].others[k].label != NULL;
			k++)
			add_cert(r, rows[i].others[k].label,
				rows[i].others[k].days * DAY_S,
				rows[i].others[k].ca);
		note_renewed(r);
		line = render("nagios", &r, 1, 0);
		want = str_fmt("CERTVIGIL OK - a: %s | 'a'=%lds;",
			rows[i].headline, rows[i].days * DAY_S);
		if (strncmp(line, want, strlen(want)) != 0)
			fail_msg("%s: %s", rows[i].name, line);
		result_free(r);
	}
}

/* Below the line: the worst first, and no path twice. */
static void
long_output(void **state)
{
	struct target t = target("/etc/a.pem");
	struct result *r = result_of(&t, 80 * DAY_S);
	cleanup(str_free) char *text = NULL;

	(void)state;
	t.kind = TARGET_FILE;
	t.address = t.name;
	add_finding(r, "chain.surplus", "one too many");
	add_finding(r, "name.www", "no www");
	add_finding(r, "chain.untrusted", "no trust");
	text = render("nagios", &r, 1, 1);
	assert_non_null(strstr(text,
		"\n[CRITICAL] /etc/a.pem\n"
		"  CRITICAL chain.untrusted: no trust\n"
		"  WARNING name.www: no www\n"
		"  OK chain.surplus: one too many\n"));
	result_free(r);
}

/* Where nothing could be judged, the note says why. */
static void
a_note_alone(void **state)
{
	struct target t = target("/etc/a.p12");
	struct result *r = mem_alloc(sizeof(*r));
	cleanup(str_free) char *line = NULL;

	(void)state;
	t.kind = TARGET_FILE;
	r->target = &t;
	findings_add(&r->findings, "file.password", t.address, "is locked")
		->severity = SEV_OK;
	line = render("nagios", &r, 1, 0);
	assert_string_equal(line, "CERTVIGIL OK - /etc/a.p12: is locked\n");
	result_free(r);
}

/* A result that was never looked at has nothing of it. */
static void
nothing_was_seen(void **state)
{
	struct target t = target("a");
	struct result *r = mem_alloc(sizeof(*r));
	static const char *const names[] = { "nagios", "table", "json" };

	(void)state;
	t.kind = TARGET_FILE;
	r->target = &t;
	for (size_t i = 0; i < COUNT(names); i++) {
		cleanup(str_free) char *text = render(names[i], &r, 1, 3);

		assert_null(strstr(text, "role"));
		assert_null(strstr(text, "format"));
	}
	result_free(r);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_nagios_line),
		cmocka_unit_test(nagios_lines),
		cmocka_unit_test(several_targets),
		cmocka_unit_test(a_narrow_terminal),
		cmocka_unit_test(a_table_has_its_age),
		cmocka_unit_test(nothing_at_all),
		cmocka_unit_test(json_is_one_document),
		cmocka_unit_test(roles),
		cmocka_unit_test(what_ends_first),
		cmocka_unit_test(long_output),
		cmocka_unit_test(a_note_alone),
		cmocka_unit_test(nothing_was_seen),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
