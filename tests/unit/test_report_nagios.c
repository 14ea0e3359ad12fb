/* test_report_nagios.c - what Nagios, Icinga and Checkmk make of our lines */
#include "tests/unit/report_world.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Control characters, both ends of a line, bidi, quotes, and our marks. */
#define HOSTILE "e\n|'x'=1s;;;0 \r\t\033[31m\xe2\x80\xae\xc2\x85\\n\"';=\xff"

/* A target and its result: a leaf of 90 days that ends `left_s` from NOW. */
struct look {
	struct target target;
	struct result *result;
};

static void
look_init(struct look *l, const char *name, int64_t left_s)
{
	l->target = (struct target){
		.name = name, .kind = TARGET_FILE, .address = name
	};
	settings_init(&l->target.set);
	l->result = result_of_leaf(
		&l->target, cert_of("CN=" HOSTILE, "CN=" HOSTILE, left_s));
	l->result->duration_ms = 1041;
}

static size_t
count(const char *text, char c)
{
	size_t n = 0;

	for (; *text != '\0'; text++)
		n += *text == c;
	return n;
}

/* Of one look at `name`: what stands behind " | ". */
static void
perfdata(void **state)
{
	static const struct {
		const char *what, *name;
		enum target_kind kind;
		int64_t left_s, warning_s, critical_s;
		bool looked, store;
		int64_t ms;
		const char *want; /* NULL: none */
	} rows[] = {
		{ "a file", "/etc/a.pem", TARGET_FILE, 80 * DAY_S, 30 * DAY_S,
			14 * DAY_S, true, false, 7,
			"'/etc/a.pem'=6912000s;2592000:;1209600:;0;7776000" },
		{ "an endpoint", "a", TARGET_ENDPOINT, 80 * DAY_S, 30 * DAY_S,
			14 * DAY_S, true, false, 1041,
			"'a'=6912000s;2592000:;1209600:;0;7776000 "
			"'time'=1.041s;;;0;10" },
		{ "its time is not known", "a", TARGET_ENDPOINT, DAY_S,
			30 * DAY_S, 14 * DAY_S, true, false, -1,
			"'a'=86400s;2592000:;1209600:;0;7776000" },
		{ "of an earlier look", "a", TARGET_ENDPOINT, DAY_S, 30 * DAY_S,
			14 * DAY_S, false, false, 1041,
			"'a'=86400s;2592000:;1209600:;0;7776000" },
		{ "ended", "a", TARGET_FILE, -3 * DAY_S, 30 * DAY_S, 14 * DAY_S,
			true, false, 7,
			"'a'=-259200s;2592000:;1209600:;0;7776000" },
		{ "no warning", "a", TARGET_FILE, 1, 0, 14 * DAY_S, true, false,
			7, "'a'=1s;;1209600:;0;7776000" },
		{ "neither", "a", TARGET_FILE, 0, 0, 0, true, false, 7,
			"'a'=0s;;;0;7776000" },
		{ "a store of roots", "a", TARGET_FILE, 1, 0, 0, true, true, 7,
			NULL },
		{ "a quote and what parts labels", "o'x y=z|\n", TARGET_FILE, 1,
			0, 0, true, false, 7,
			"'o''x y_z/\\x0a'=1s;;;0;7776000" },
		{ "Icinga's marks", "[2001:db8::1]:::443", TARGET_FILE, 1, 0, 0,
			true, false, 7,
			"'[2001:db8:_:1]:_:_:443'=1s;;;0;7776000" },
		{ "no name", "", TARGET_FILE, 1, 0, 0, true, false, 7,
			"'target'=1s;;;0;7776000" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct look l;
		cleanup(str_free) char *line = NULL;
		const char *at;
		struct result *r;

		look_init(&l, rows[i].name, rows[i].left_s);
		r = l.result;
		l.target.kind = rows[i].kind;
		r->warning_at = rows[i].warning_s == 0
			? 0
			: NOW + rows[i].left_s - rows[i].warning_s;
		r->critical_at = rows[i].critical_s == 0
			? 0
			: NOW + rows[i].left_s - rows[i].critical_s;
		r->looked = rows[i].looked;
		r->store = rows[i].store;
		r->duration_ms = rows[i].ms;
		line = render("nagios", &r, 1, 0);
		result_free(r);
		assert_true(strlen(line) > 0);
		line[strlen(line) - 1] = '\0';
		at = strstr(line, " | ");
		if ((at != NULL) != (rows[i].want != NULL) ||
			(at != NULL && strcmp(at + 3, rows[i].want) != 0))
			fail_msg("%s: %s", rows[i].what, line);
	}
}

/* Whatever a certificate, a server or a file's name says: one line. */
static void
hostile_text(void **state)
{
	struct look l;
	cleanup(str_free) char *line = NULL, *more = NULL, *local = NULL;

	(void)state;
	look_init(&l, HOSTILE, DAY_S);
	add_finding(l.result, "chain.untrusted", HOSTILE);
	line = render("nagios", &l.result, 1, 0);
	more = render("nagios", &l.result, 1, 3);
	local = render("checkmk", &l.result, 1, 3);
	result_free(l.result);
	assert_int_equal(count(line, '\n'), 1);
	assert_int_equal(count(line, '|'), 1);
	assert_non_null(strstr(line,
		"e\\x0a/'x'=1s;;;0 \\x0d\\x09\\x1b[31m\\u{202e}\\u{0085}/n\"';="
		"\\xff | 'e\\x0a/''x''_1s;;;0 "));
	/* The target, its finding, what to do, and the certificate. */
	assert_int_equal(count(more, '\n'), 5);
	assert_int_equal(count(more, '|'), 1);
	assert_int_equal(count(local, '\n'), 1);
	assert_int_equal(count(local, '|'), 0);
	for (const char *p = more; *p != '\0'; p++)
		assert_true(*p == '\n' || (*p >= ' ' && *p < 0x7f));
	for (const char *p = local; p[1] != '\0'; p++)
		assert_true(*p >= ' ' && *p < 0x7f);
}

/* A pager shows the beginning; no character and no escape is cut in two. */
static void
long_text(void **state)
{
	static const struct {
		const char *before, *unit;
		const char *want; /* what stands before the dots */
	} rows[] = {
		{ "", "0123456789", "0123" },
		{ "", "\xc3\xa9", "\xc3\xa9" },
		{ "x", "\xc3\xa9", "\xc3\xa9" },
		{ "", "\n", "x0a" },
		{ "x", "\n", "x0a" },
		{ "xx", "\n", "x0a" },
		{ "xxx", "\n", "x0a" },
		{ "", "\xe2\x80\xae", "{202e}" },
		{ "x", "\xe2\x80\xae", "{202e}" },
		{ "xxxx", "\xe2\x80\xae", "{202e}" },
		{ "xxxxxx", "\xe2\x80\xae", "{202e}" },
		{ "", "\xf4\x8f\xbf\xbf", "{10ffff}" },
		{ "xx", "\xf4\x8f\xbf\xbf", "{10ffff}" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct look l;
		BUF_CLEANUP struct buf message = { 0 };
		cleanup(str_free) char *line = NULL, *want = NULL;
		const char *end;

		buf_puts(&message, rows[i].before);
		while (message.len < 3000)
			buf_puts(&message, rows[i].unit);
		look_init(&l, "a", DAY_S);
		add_finding(l.result, "chain.untrusted", buf_str(&message));
		add_finding(l.result, "name.www", "no www");
		line = render("nagios", &l.result, 1, 0);
		result_free(l.result);
		want = str_fmt("%s... (+1 more) | 'a'=", rows[i].want);
		end = strstr(line, want);
		if (end == NULL)
			fail_msg("%zu: %s", i, line);
		else
			assert_in_range(end - line, 460, 510);
	}
}

/* What fits is whole, and the same targets have a graph each time. */
static void
many_targets(void **state)
{
	enum { N = 2000 };
	static struct look looks[N];
	static struct result *v[N];
	static char names[N][40];
	cleanup(str_free) char *line = NULL, *few = NULL;
	char *bar;
	int left_out = 0;
	size_t told;

	(void)state;
	for (size_t i = 0; i < N; i++) {
		(void)snprintf(names[i], sizeof(names[i]),
			"host-%04zu.example.com", i);
		look_init(&looks[i], names[i], 80 * DAY_S);
		v[i] = looks[i].result;
	}
	add_finding(looks[N - 1].result, "chain.untrusted", "no trust");
	line = render("nagios", v, N, 0);
	few = render("nagios", v, 500, 0);
	for (size_t i = 0; i < N; i++)
		result_free(v[i]);
	bar = strstr(line, " | ");
	assert_non_null(bar);
	assert_in_range(strlen(bar), 60000, 60 * 1024 + 4);
	told = count(bar, '=');
	assert_int_equal(
		sscanf(strstr(line, "no performance data of "),
			"no performance data of %d, too many | ", &left_out),
		1);
	assert_int_equal(told + (size_t)left_out, N);
	assert_memory_equal(line,
		"CERTVIGIL CRITICAL - 2000 targets: 1 critical, 1999 ok; "
		"host-1999.example.com: no trust; no performance data of ",
		110);
	assert_memory_equal(bar, " | 'host-0000.example.com'=6912000s;", 36);
	assert_string_equal(line + strlen(line) - 9, ";7776000\n");
	assert_int_equal(count(line, '\n'), 1);
	assert_null(strstr(few, "too many"));
	assert_int_equal(count(few, '='), 500);
}

/* STATUS "SERVICE" METRIC TEXT, and details behind "\n" (Checkmk's manual). */
static void
checkmk_lines(void **state)
{
	static const struct {
		const char *name;
		int64_t left_s;
		bool store;
		const char *id, *message; /* NULL: no finding */
		const char *want; /* the beginning */
	} rows[] = {
		{ "www.example.com", 80 * DAY_S, false, NULL, NULL,
			"0 \"Certificate www.example.com\" "
			"seconds_left=6912000;2592000:;1209600:;0;7776000 "
			"expires in 80 days (2027-02-08)\n" },
		{ "https://[::1]:443/a b", -DAY_S, false, "expiry.expired",
			"expired",
			"2 \"Certificate https://[::1]:443/a b\" "
			"seconds_left=-86400;2592000:;1209600:;0;7776000 "
			"expired\\nCRITICAL expiry.expired: expired\\nRenew" },
		{ "a", DAY_S, false, "expiry.soon", "soon",
			"1 \"Certificate a\" "
			"seconds_left=86400;2592000:;1209600:;0;7776000 "
			"soon\\nWARNING expiry.soon: soon\\n" },
		{ "store", DAY_S, true, "file.password", "is locked",
			"2 \"Certificate store\" - is locked\\nCRITICAL " },
		/* of a service's name, what parts it and what is dropped */
		{ "a\"b'c\\d;e=f|g\nh", DAY_S, false, NULL, NULL,
			"0 \"Certificate a_b_c_d_e_f/g_x0ah\" seconds_left=" },
		{ "a", DAY_S, false, "chain.untrusted", "a\\nb|c\nd",
			"2 \"Certificate a\" "
			"seconds_left=86400;2592000:;1209600:;0;7776000 "
			"a/nb/c\\x0ad\\nCRITICAL chain.untrusted: a/nb/c\\x0ad"
			"\\n" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct look l;
		cleanup(str_free) char *line = NULL;

		look_init(&l, rows[i].name, rows[i].left_s);
		l.result->store = rows[i].store;
		if (rows[i].id != NULL)
			add_finding(l.result, rows[i].id, rows[i].message);
		line = render("checkmk", &l.result, 1, 0);
		result_free(l.result);
		if (strncmp(line, rows[i].want, strlen(rows[i].want)) != 0)
			fail_msg("%s", line);
		assert_int_equal(count(line, '\n'), 1);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(perfdata),
		cmocka_unit_test(hostile_text),
		cmocka_unit_test(long_text),
		cmocka_unit_test(many_targets),
		cmocka_unit_test(checkmk_lines),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
