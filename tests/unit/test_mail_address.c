/* test_mail_address.c - addresses as the configuration writes them */
#include "tests/unit/mail_world.h"

#include "notifiers/address.h"

static void
test_address(void **state)
{
	static const char sixty_four[] = "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
					 "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa@b";
	static const char sixty_five[] = "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
					 "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa@b";
	static const struct {
		const char *text, *addr, *header; /* addr NULL: refused */
	} rows[] = {
		{ "a@b", "a@b", "a@b" },
		{ "  ops@example.com ", "ops@example.com", "ops@example.com" },
		{ "<ops@example.com>", "ops@example.com", "ops@example.com" },
		{ "o.p-s+x@a-b.example", "o.p-s+x@a-b.example",
			"o.p-s+x@a-b.example" },
		{ "Ops <a@b>", "a@b", "Ops <a@b>" },
		{ "Ops<a@b>", "a@b", "Ops <a@b>" },
		{ "Web Team <a@b>", "a@b", "Web Team <a@b>" },
		{ "Ops, Team <a@b>", "a@b", "\"Ops, Team\" <a@b>" },
		{ "\"Ops, Team\" <a@b>", "a@b", "\"Ops, Team\" <a@b>" },
		{ "\"a \\\"b\\\\\" <a@b>", "a@b", "\"a \\\"b\\\\\" <a@b>" },
		{ "\"<evil@x>\" <a@b>", "a@b", "\"<evil@x>\" <a@b>" },
		{ "M\303\274ller <a@b>", "a@b",
			"=?UTF-8?B?TcO8bGxlcg==?= <a@b>" },
		{ "=?UTF-8?Q?x?= <a@b>", "a@b",
			"=?UTF-8?B?PT9VVEYtOD9RP3g/PQ==?= <a@b>" },
		{ sixty_four, sixty_four, sixty_four },
		{ sixty_five, NULL, NULL },
		{ "", NULL, NULL },
		{ "ops", NULL, NULL },
		{ "@b", NULL, NULL },
		{ "a@", NULL, NULL },
		{ "a@b@c", NULL, NULL },
		{ "a b@c", NULL, NULL },
		{ ".a@b", NULL, NULL },
		{ "a..b@c", NULL, NULL },
		{ "a.@c", NULL, NULL },
		{ "a@b.", NULL, NULL },
		{ "a@b..c", NULL, NULL },
		{ "a@b_c", NULL, NULL },
		{ "a@[127.0.0.1]", NULL, NULL },
		{ "a@b\r\nBcc: c@d", NULL, NULL },
		{ "a\r\nBcc: x <a@b>", NULL, NULL },
		{ "a\tb <a@b>", NULL, NULL },
		{ "Ops <a@b", NULL, NULL },
		{ "Ops a@b>", NULL, NULL },
		{ "Ops <a@b> x", NULL, NULL },
		{ "a@b <c@d>", NULL, NULL },
		{ "<a@b> <c@d>", NULL, NULL },
		{ "a \"b\" <c@d>", NULL, NULL },
		{ "\303\274@b", NULL, NULL },
		{ "a@b,c@d", NULL, NULL },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		BUF_CLEANUP struct buf out = { 0 };
		struct address a = { 0 };
		struct error err = { 0 };
		int rc = address_parse(rows[i].text, &a, &err);

		if (rc != (rows[i].addr != NULL ? 0 : -1))
			fail_msg("\"%s\": %d", rows[i].text, rc);
		if (rc == -1) {
			assert_true(has(err.text, "want an address"));
			assert_null(strchr(err.text, '\n'));
			continue;
		}
		assert_string_equal(a.addr, rows[i].addr);
		address_header(&out, &a);
		assert_string_equal(buf_str(&out), rows[i].header);
	}
}

static void
test_address_bounds(void **state)
{
	char text[400], name[ADDRESS_NAME_MAX + 2];
	struct address a;
	struct error err;

	(void)state;
	memset(name, 'n', sizeof(name));
	for (int n = ADDRESS_NAME_MAX; n <= ADDRESS_NAME_MAX + 1; n++) {
		snprintf(text, sizeof(text), "%.*s <a@b>", n, name);
		assert_int_equal(address_parse(text, &a, &err),
			n > ADDRESS_NAME_MAX ? -1 : 0);
	}
	for (int n = ADDRESS_MAX; n <= ADDRESS_MAX + 1; n++) {
		memset(text, 'b', sizeof(text));
		memcpy(text, "a@", 2);
		text[n] = '\0';
		assert_int_equal(address_parse(text, &a, &err),
			n > ADDRESS_MAX ? -1 : 0);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_address),
		cmocka_unit_test(test_address_bounds),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
