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
		{ text_nagios, "\\n\\\\n\\", "/n\\/n\\" },
		{ text_html, "<a href=\"x\" b='y'>&",
			"&lt;a href=&quot;x&quot; "
			"b=&#39;y&#39;&gt;&amp;" },
		{ text_html, "\x01<", "\\x01&lt;" },
		{ text_label, "www.example.com", "www.example.com" },
		{ text_label, "a\"b\\c", "a\\\"b\\\\c" },
		{ text_label, "CN=a\\,b", "CN=a\\\\,b" },
		{ text_label, "a\nb\x7f", "a\\\\x0ab\\\\x7f" },
		{ text_label, "münchen", "münchen" },
		{ text_label, "\xff\xe2\x80", "\\\\xff\\\\xe2\\\\x80" },
		{ text_label, "\xe2\x80\xae", "\\\\u{202e}" },
		/* no text of theirs passes for an escape of ours */
		{ text_label, "\\xff", "\\\\x5cxff" },
		{ text_label, "\\u{202e}", "\\\\x5cu{202e}" },
		{ text_label, "\\", "\\\\" },
		{ text_label, "a\"} 1\nb{c=\"", "a\\\"} 1\\\\x0ab{c=\\\"" },
		{ text_label, "", "" },
		{ text_csv, "", "\"\"" },
		{ text_csv, "a,b", "\"a,b\"" },
		{ text_csv, "a\"b", "\"a\"\"b\"" },
		{ text_csv, "a\r\nb", "\"a\\x0d\\x0ab\"" },
		{ text_csv, "=1", "\"'=1\"" },
		{ text_csv, "+1", "\"'+1\"" },
		{ text_csv, "-1", "\"'-1\"" },
		{ text_csv, "@a", "\"'@a\"" },
		{ text_csv, "a=1", "\"a=1\"" },
		/* what a spreadsheet passes over, or tells by another sign */
		{ text_csv, " =1", "\"' =1\"" },
		{ text_csv, "\"=1", "\"'\"\"=1\"" },
		{ text_csv, "'=1", "\"''=1\"" },
		{ text_csv, "\xc2\xa0\xe3\x80\x80=1",
			"\"'\xc2\xa0\xe3\x80\x80=1\"" },
		{ text_csv,
			"\xef\xbc\x9d"
			"1",
			"\"'\xef\xbc\x9d"
			"1\"" },
		{ text_csv, "\xef\xbc\x8b", "\"'\xef\xbc\x8b\"" },
		{ text_csv, "\xef\xbc\x8d", "\"'\xef\xbc\x8d\"" },
		{ text_csv, "\xef\xbc\xa0", "\"'\xef\xbc\xa0\"" },
		{ text_csv, "\t=1", "\"\\x09=1\"" },
		{ text_csv, "\xe2\x80\x8b=1", "\"\\u{200b}=1\"" },
		/* where a comma is decimal, a semicolon parts the cells */
		{ text_csv, "a;=1", "\"a;'=1\"" },
		{ text_csv, "a;; \"@b;c", "\"a;;' \"\"@b;c\"" },
		{ text_ics, "a\\b;c,d", "a\\\\b\\;c\\,d" },
		{ text_ics, "a\nb\r", "a\\\\x0ab\\\\x0d" },
		{ text_ics, "a\\nb\\Nc\\", "a/nb/Nc\\\\" },
		{ text_ics, "<b>&amp;", "\\\\x3cb>&amp\\;" },
		{ text_ics, "m\xc3\xbc\xe2\x80\xae", "m\xc3\xbc\\\\u{202e}" },
		{ text_ics, "a:\"b\"", "a:\"b\"" },
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

/* Documents that jansson wrote, whose controls are escaped but for these. */
static void
json(void **state)
{
	static const struct {
		const char *text, *want;
	} rows[] = {
		{ "", "" },
		{ "{\n  \"a\": \"b\\u001b\"\n}",
			"{\n  \"a\": \"b\\u001b\"\n}" },
		{ "\x7f", "\\u007F" },
		{ "\xc2\x9b[2J", "\\u009B[2J" },
		{ "m\xc3\xbcnchen", "m\xc3\xbcnchen" },
		{ "a\xe2\x80\xae", "a\\u202E" },
		{ "\xf0\x9f\x94\xa5", "\xf0\x9f\x94\xa5" },
		{ "\xf3\xa0\x81\x81z", "\\uDB40\\uDC41z" },
		{ "\xf4\x8f\xbf\xbf", "\\uDBFF\\uDFFF" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		BUF_CLEANUP struct buf out = { 0 };

		text_json(&out, rows[i].text, strlen(rows[i].text));
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
		cmocka_unit_test(json),
		cmocka_unit_test(long_headers_are_folded),
		cmocka_unit_test(widths),
		cmocka_unit_test(counts),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
