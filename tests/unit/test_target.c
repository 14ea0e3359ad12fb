/* test_target.c - what may be watched, and how it is written */
#include "tests/unit/unit.h"

#include <string.h>

#include "model/hostname.h"
#include "model/target.h"

static const struct scheme *
schemes(size_t i)
{
	static const struct scheme rows[] = {
		{ "https", 443, "" },
		{ "tls", 0, "" },
		{ "smtp", 25, "" },
		{ "submissions", 465, "" },
		{ "smtps", 465, "" },
	};

	return i < COUNT(rows) ? &rows[i] : NULL;
}

static void
targets_are_read(void **state)
{
	static const struct {
		const char *text;
		bool is_path;
		const char *name, *address; /* NULL: refused */
	} rows[] = {
		{ "www.example.com", false, "www.example.com",
			"https://www.example.com:443" },
		{ "WWW.Example.COM.", false, "www.example.com",
			"https://www.example.com:443" },
		{ "www.example.com:8443", false, "www.example.com:8443",
			"https://www.example.com:8443" },
		{ "https://www.example.com/im?x=1", false,
			"www.example.com/im?x=1",
			"https://www.example.com:443/im?x=1" },
		{ "https://www.example.com/", false, "www.example.com",
			"https://www.example.com:443" },
		{ "HTTPS://www.example.com", false, "www.example.com",
			"https://www.example.com:443" },
		{ "[2001:db8::1]:8443", false, "[2001:db8::1]:8443",
			"https://[2001:db8::1]:8443" },
		{ "[2001:DB8:0::1]", false, "2001:db8::1",
			"https://[2001:db8::1]:443" },
		{ "192.0.2.1:443", false, "192.0.2.1",
			"https://192.0.2.1:443" },
		{ "smtp://mail.example.com", false, "mail.example.com:25",
			"smtp://mail.example.com:25" },
		{ "mail.example.com:25", false, "mail.example.com:25",
			"smtp://mail.example.com:25" },
		{ "[2001:db8::1]:465", false, "[2001:db8::1]:465",
			"submissions://[2001:db8::1]:465" },
		{ "https://mail.example.com:465", false, "mail.example.com:465",
			"https://mail.example.com:465" },
		{ "mail.example.com:26", false, "mail.example.com:26",
			"https://mail.example.com:26" },
		{ "tls://db.example.com:5433", false, "db.example.com:5433",
			"tls://db.example.com:5433" },
		{ "münchen.example", false, "xn--mnchen-3ya.example",
			"https://xn--mnchen-3ya.example:443" },
		{ "./leaf.pem", false, "./leaf.pem", "./leaf.pem" },
		{ "/etc/ssl/*.pem", false, "/etc/ssl/*.pem", "/etc/ssl/*.pem" },
		{ "leaf.pem", true, "leaf.pem", "leaf.pem" },
		{ "a_b.example.com", false, "a_b.example.com",
			"https://a_b.example.com:443" },
		{ "", false, NULL, NULL },
		{ "tls://db.example.com", false, NULL, NULL },
		{ "gopher://x", false, NULL, NULL },
		{ "x:0", false, NULL, NULL },
		{ "x:65536", false, NULL, NULL },
		{ "x:", false, NULL, NULL },
		{ "x:12a", false, NULL, NULL },
		{ "[::1", false, NULL, NULL },
		{ "[::1]x", false, NULL, NULL },
		{ "[127.0.0.1]:1", false, NULL, NULL },
		{ "https://user:pw@x", false, NULL, NULL },
		{ "https://", false, NULL, NULL },
		{ "https://x?y", false, NULL, NULL },
		{ "https://x/a b", false, NULL, NULL },
		{ "https://x/\r\nHost: y", false, NULL, NULL },
		{ "-x.example", false, NULL, NULL },
		{ "x..example", false, NULL, NULL },
		{ "x y", false, NULL, NULL },
		{ "*.example.com", false, NULL, NULL },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		cleanup(arena_free) struct arena *a = arena_new();
		struct target t = { 0 };
		struct error err;
		int rc = target_parse(
			a, rows[i].text, schemes, rows[i].is_path, &t, &err);

		if (rc != (rows[i].name == NULL ? -1 : 0))
			fail_msg("\"%s\": rc %d %s", rows[i].text, rc,
				rc == -1 ? err.text : t.name);
		if (rc == -1)
			continue;
		assert_string_equal(t.name, rows[i].name);
		assert_string_equal(t.address, rows[i].address);
	}
}

/* Where no scheme is written, HTTP is meant on its own ports alone. */
static void
the_web_is_known(void **state)
{
	static const struct {
		const char *text;
		bool web;
	} rows[] = {
		{ "x", true },
		{ "x:443", true },
		{ "x:8443", true },
		{ "x:993", false },
		{ "x:465", false },
		{ "https://x:993", true },
		{ "tls://x:443", false },
		{ "smtp://x", false },
		{ "./x", false },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		cleanup(arena_free) struct arena *a = arena_new();
		struct target t = { 0 };
		struct error err;

		assert_int_equal(0,
			target_parse(
				a, rows[i].text, schemes, false, &t, &err));
		assert_int_equal(rows[i].web, target_is_web(&t));
	}
}

static void
host_names_have_bounds(void **state)
{
	cleanup(arena_free) struct arena *a = arena_new();
	char label[65], name[300] = "";
	struct error err;

	(void)state;
	memset(label, 'a', 64);
	label[64] = '\0';
	assert_null(hostname_canonical(a, label, false, &err));
	assert_non_null(hostname_canonical(a, label + 1, false, &err));
	for (int i = 0; i < 130; i++)
		strcat(name, "a.");
	assert_null(hostname_canonical(a, name, false, &err));
	assert_string_equal(hostname_canonical(a, "*.Example.com", true, &err),
		"*.example.com");
	assert_null(hostname_canonical(a, "*.example.com", false, &err));
	assert_null(hostname_canonical(a, "w*.example.com", true, &err));
	assert_string_equal(
		hostname_canonical(a, "::FFFF:1.2.3.4", false, &err),
		"::ffff:1.2.3.4");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(targets_are_read),
		cmocka_unit_test(the_web_is_known),
		cmocka_unit_test(host_names_have_bounds),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
