/* test_report.c - what outputs say, to the letter */
#include "tests/unit/unit.h"

#include <string.h>

#include <jansson.h>

#include "model/result.h"
#include "report/report.h"

#define NOW 1795132800 /* 2026-11-20T00:00:00Z */

/* A result of a made-up leaf that ends `left_s` from NOW. */
static struct result *
result_of(const struct target *t, int64_t left_s)
{
	struct result *r = mem_alloc(sizeof(*r));
	struct cert *c = mem_alloc(sizeof(*c));

	r->target = t;
	r->observed_at = NOW;
	r->looked = true;
	r->seen = observation_new();
	*c = (struct cert){ .subject = str_dup("CN=x"),
		.issuer = str_dup("CN=CA"),
		.label = str_dup("x"),
		.issuer_label = str_dup("CA"),
		.serial = str_dup("0a1b"),
		.key_type = str_dup("EC"),
		.key_bits = 256,
		.signature = str_dup("ecdsa-with-SHA256"),
		.has_dates = true,
		.not_after = NOW + left_s,
		.not_before = NOW + left_s - 90 * DAY_S };
	r->seen->certs = c;
	r->seen->n_certs = 1;
	return r;
}

static void
add_finding(struct result *r, const char *id, const char *message)
{
	findings_add(&r->findings, id, "subject", "%s", message);
	r->status = findings_worst(&r->findings);
}

static char *
render(const char *name, struct result **v, size_t n, unsigned verbose)
{
	struct results rs = { .v = v, .n = n, .time = NOW };
	struct report_options opt = { .verbose = verbose };
	struct buf out = { 0 };

	report_find(name)->render(&out, &rs, &opt);
	return buf_detach(&out);
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
		"0;7776000\n");
	result_free(r);
}

static void
nagios_lines(void **state)
{
	static const struct {
		const char *name;
		int64_t left_s;
		const char *id, *message; /* NULL: no finding */
		const char *want;
	} rows[] = {
		{ "a", 80 * DAY_S, NULL, NULL,
			"CERTVIGIL OK - a: expires in 80 days (2027-02-08) | "
			"'a'=6912000s;2592000:;1209600:;0;7776000\n" },
		{ "a", DAY_S, NULL, NULL,
			"CERTVIGIL OK - a: expires in 1 day (2026-11-21) | "
			"'a'=86400s;2592000:;1209600:;0;7776000\n" },
		{ "a", 5 * HOUR_S, NULL, NULL,
			"CERTVIGIL OK - a: expires in 5 hours "
			"(2026-11-20T05:00:00Z) | "
			"'a'=18000s;2592000:;1209600:;0;7776000\n" },
		{ "a", -3 * DAY_S, "expiry.expired", "expired",
			"CERTVIGIL CRITICAL - a: expired | "
			"'a'=-259200s;2592000:;1209600:;0;7776000\n" },
		{ "a", -3 * DAY_S, NULL, NULL,
			"CERTVIGIL OK - a: expired 3 days ago (2026-11-17) | "
			"'a'=-259200s;2592000:;1209600:;0;7776000\n" },
		/* nothing from outside parts the line or names a label */
		{ "o'x|=y\n", DAY_S, "chain.untrusted", "a|b\nc\033[m",
			"CERTVIGIL CRITICAL - o'x/=y\\x0a: "
			"a/b\\x0ac\\x1b[m | "
			"'o''x/_y\\x0a'=86400s;2592000:;1209600:;0;7776000\n" },
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
		cmocka_unit_test(nothing_at_all),
		cmocka_unit_test(json_is_one_document),
		cmocka_unit_test(roles),
		cmocka_unit_test(nothing_was_seen),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
