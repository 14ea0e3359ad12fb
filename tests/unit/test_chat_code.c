/* test_chat_code.c - words that could be more than words are set as code */
#include "tests/unit/unit.h"

#include "model/buf.h"
#include "notifiers/chat.h"

#define JOINER "\342\201\240" /* the only hidden character that is ours */

static void
test_code(void **state)
{
	static const struct {
		const char *plain, *want;
	} rows[] = {
		{ "CRITICAL: expired 3 days ago (2026-11-17)",
			"CRITICAL: expired 3 days ago (2026-11-17)" },
		{ "www.example.com: gone.", "`www.example.com`: gone." },
		{ "1. one", "`1`. one" },
		{ "1) one", "`1)` one" },
		{ "a 1 b", "a 1 b" },
		{ "at 18:00 UTC", "at 18:00 UTC" },
		{ "a:b 1:2 :1:", "`a:b` `1:2` `:1`:" },
		{ "x (+4999 more)", "x (+4999 more)" },
		{ "x (+15551234567)", "x `(+15551234567)`" },
		{ "- item", "`-` item" },
		{ "+1555 x", "`+1555` x" },
		{ "a - b", "a `-` b" },
		{ "```", "`'''`" },
		{ "a`b", "`a'b`" },
		{ "...", "`...`" },
		{ "@here", "`@" JOINER "here`" },
		{ "<!channel>", "`<" JOINER "!channel>`" },
		{ "[x](http://y)", "`[x](http://y)`" },
		{ ":tada:", "`:tada`:" },
		{ "~town #tag", "`~town` `#tag`" },
		{ "\346\274\242 x", "\346\274\242 x" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		BUF_CLEANUP struct buf out = { 0 };

		chat_code(&out, rows[i].plain);
		assert_string_equal(buf_str(&out), rows[i].want);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_code),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
