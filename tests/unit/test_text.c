/* test_text.c - hostile text for each destination */
#include "tests/unit/unit.h"

#include <string.h>

#include "model/text.h"

typedef void (*escape)(struct buf *out, const char *s);

static void
each_destination(void **state)
{
	static const struct {
		escape fn;
		const char *text, *want;
	} rows[] = {
		{ text_plain, "www.example.com", "www.example.com" },
		{ text_plain, "a\nb\r\tc", "a\\x0ab\\x0d\\x09c" },
		{ text_plain, "\033[31mred", "\\x1b[31mred" },
		{ text_plain, "münchen", "münchen" },
		{ text_plain, "\xff\xc0\x80", "\\xff\\xc0\\x80" },
		{ text_plain, "\xed\xa0\x80", "\\xed\\xa0\\x80" },
		{ text_plain, "\xc2\x9b", "\\u{009b}" },
		{ text_plain,
			"a\xe2\x80\xae"
			"b",
			"a\\u{202e}b" },
		/* all that Unicode has as "default ignorable" */
		{ text_plain, "\xcd\x8f", "\\u{034f}" },
		{ text_plain, "\xe1\x9e\xb4", "\\u{17b4}" },
		{ text_plain, "\xef\xbe\xa0", "\\u{ffa0}" },
		{ text_plain, "\xf0\x9b\xb2\xa0", "\\u{1bca0}" },
		{ text_plain, "\xf0\x9d\x85\xb3", "\\u{1d173}" },
		{ text_plain, "\xe2\x80\x8b", "\\u{200b}" },
		{ text_plain, "\xf3\xa0\x80\x81", "\\u{e0001}" },
		{ text_plain, "\xe2\x80", "\\xe2\\x80" },
		{ text_nagios, "a|b\n|", "a/b\\x0a/" },
		{ text_html, "<a href=\"x\" b='y'>&",
			"&lt;a href=&quot;x&quot; "
			"b=&#39;y&#39;&gt;&amp;" },
		{ text_html, "\x01<", "\\x01&lt;" },
		{ text_header, "plain words", "plain words" },
		{ text_header, "a\r\nBcc: x@y", "a\\x0d\\x0aBcc: x@y" },
		{ text_header, "grün", "=?UTF-8?B?Z3LDvG4=?=" },
		{ text_header, "=?UTF-8?B?eA==?=",
			"=?UTF-8?B?PT9VVEYtOD9CP2VBPT0/PQ==?=" },
		{ text_header, "", "" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		BUF_CLEANUP struct buf out = { 0 };

		rows[i].fn(&out, rows[i].text);
		assert_string_equal(buf_str(&out), rows[i].want);
	}
}

static void
long_headers_are_folded(void **state)
{
	static const char *const words[] = { "word ", "wörter " };

	(void)state;
	for (size_t w = 0; w < COUNT(words); w++) {
		BUF_CLEANUP struct buf text = { 0 }, out = { 0 };
		const char *line;

		for (int i = 0; i < 60; i++)
			buf_puts(&text, words[w]);
		text_header(&out, buf_str(&text));
		for (line = buf_str(&out); *line != '\0';) {
			size_t n = strcspn(line, "\r");

			assert_true(n <= 76);
			line += n;
			if (*line == '\0')
				break;
			/* CRLF and a blank: never a header of its own */
			assert_memory_equal(line, "\r\n ", 3);
			line += 2;
		}
	}
}

static void
widths(void **state)
{
	(void)state;
	assert_int_equal(text_width("abc"), 3);
	assert_int_equal(text_width("例え.jp"), 7);
	assert_int_equal(text_width("e\xcc\x81"), 1);
	assert_int_equal(text_width(""), 0);
}

static void
counts(void **state)
{
	BUF_CLEANUP struct buf out = { 0 };

	(void)state;
	text_count(&out, 1, "day", "days");
	text_count(&out, 0, "day", "days");
	assert_string_equal(buf_str(&out), "1 day0 days");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_destination),
		cmocka_unit_test(long_headers_are_folded),
		cmocka_unit_test(widths),
		cmocka_unit_test(counts),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
