/* test_mail_message.c - a whole mail: MIME, quoted-printable, its size */
#include "tests/unit/mail_world.h"

#include <ctype.h>

static void
make(struct buf *out, const struct digest *d)
{
	struct address to[2];
	struct mail_envelope m = envelope(to, "[certvigil]");

	mail_message(out, &m, d);
}

/* What RFC 5321 (4.5.3.1.6), 5322 (2.3) and 2045 (6.7) ask of every line. */
static void
check_lines(const char *message)
{
	while (*message != '\0') {
		size_t n = strcspn(message, "\r\n");

		if (n > 78)
			fail_msg("%.100s", message);
		for (size_t i = 0; i < n; i++)
			assert_in_range((unsigned char)message[i], ' ', '~');
		/* Blanks at the end of a line get lost on the way. */
		assert_true(n == 0 || message[n - 1] != ' ');
		assert_true(message[0] != '.');
		assert_true(strncmp(message, "From ", 5) != 0);
		message += n;
		assert_int_equal(strncmp(message, "\r\n", 2), 0);
		message += 2;
	}
}

static int
hex(char c)
{
	assert_true(isdigit((unsigned char)c) || (c >= 'A' && c <= 'F'));
	return c <= '9' ? c - '0' : c - 'A' + 10;
}

/* The text of the part of this type, decoded. */
static void
read_part(struct buf *out, const char *message, const char *type)
{
	cleanup(str_free) char *start = str_fmt(
		"Content-Type: %s; charset=UTF-8\r\n"
		"Content-Transfer-Encoding: quoted-printable\r\n\r\n",
		type);
	const char *s = strstr(message, start), *end;

	assert_non_null(s);
	s += strlen(start);
	end = strstr(s, "\r\n--=_");
	assert_non_null(end);
	while (s < end) {
		if (strncmp(s, "=\r\n", 3) == 0) {
			s += 3;
		} else if (*s == '=') {
			buf_putc(out, (char)(hex(s[1]) * 16 + hex(s[2])));
			s += 3;
		} else {
			if (*s != '\r')
				buf_putc(out, *s);
			s++;
		}
	}
}

static void
check_parts(const char *message, const struct digest *d, size_t most)
{
	BUF_CLEANUP struct buf text = { 0 }, html = { 0 }, want = { 0 };

	read_part(&text, message, "text/plain");
	mail_text(&want, d, most);
	assert_string_equal(text.s, want.s);
	buf_reset(&want);
	read_part(&html, message, "text/html");
	mail_html(&want, d, most);
	assert_string_equal(html.s, want.s);
}

static void
test_ordinary(void **state)
{
	cleanup(digest_free) struct digest *d = digest_ordinary();
	BUF_CLEANUP struct buf out = { 0 }, again = { 0 };
	static const char boundary[] =
		"--=_msg_00112233445566778899aabbccddeeff";

	(void)state;
	make(&out, d);
	check_lines(out.s);
	assert_true(has(out.s,
		"\r\nMIME-Version: 1.0\r\n"
		"Content-Type: multipart/alternative;\r\n boundary="
		"\"=_msg_00112233445566778899aabbccddeeff\"\r\n\r\n--=_msg_"));
	assert_int_equal(times(out.s, boundary), 3);
	assert_string_equal(out.s + out.len - sizeof(boundary) - 3,
		"--=_msg_00112233445566778899aabbccddeeff--\r\n");
	assert_true(strstr(out.s, "text/plain") < strstr(out.s, "text/html"));
	check_parts(out.s, d, MAIL_EVENTS_MAX);
	/* Each try sends the same bytes. */
	make(&again, d);
	assert_string_equal(out.s, again.s);
}

/* A line of a digest that servers would make something else of. */
static void
test_quoted(void **state)
{
	static const char *const messages[] = { ".", "..", "From here", ". .",
		"=", "a=3D", "x ", " x", "\303\274\346\274\242\360\237\224\245",
		"----=_msg_00112233445566778899aabbccddeeff",
		"--=_msg_00112233445566778899aabbccddeeff--" };

	(void)state;
	for (size_t i = 0; i < COUNT(messages); i++) {
		/* At every place of a line, also where it is broken. */
		for (int before = 0; before < 80; before++) {
			cleanup(digest_free) struct digest *d = digest_empty();
			cleanup(str_free) char *text = str_fmt("%.*s%s", before,
				"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
				"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
				messages[i]);
			BUF_CLEANUP struct buf out = { 0 };

			digest_event(d, EVENT_TEST, SEV_OK, "test", NULL, text);
			make(&out, d);
			check_lines(out.s);
			check_parts(out.s, d, MAIL_EVENTS_MAX);
			assert_int_equal(times(out.s, "\r\n--=_msg_"), 3);
		}
	}
}

static void
test_hostile(void **state)
{
	cleanup(digest_free) struct digest *d = digest_hostile();
	BUF_CLEANUP struct buf out = { 0 };

	(void)state;
	digest_set(&d->id, "msg_\"\r\n\r\n--x");
	make(&out, d);
	check_lines(out.s);
	assert_true(has(out.s, "boundary=\"=_msg________x\"\r\n"));
	check_parts(out.s, d, MAIL_EVENTS_MAX);
}

/* The more it would take, the fewer events; what is left out is counted. */
static void
test_size(void **state)
{
	static const char *const units[] = { "word ", "\"<&'", "\303\274",
		"\342\200\256", "\360\237\224\245" };

	(void)state;
	for (size_t i = 0; i < COUNT(units); i++) {
		cleanup(digest_free) struct digest *d = digest_empty();
		BUF_CLEANUP struct buf out = { 0 }, big = { 0 }, text = { 0 };

		while (big.len < 2000)
			buf_puts(&big, units[i]);
		for (size_t n = 0; n < 500; n++) {
			cleanup(str_free) char *target = str_fmt(
				"%zu%s", n, big.s);
			struct event *e = digest_event(d, EVENT_OPENED,
				SEV_CRITICAL, target, big.s, big.s);

			digest_set(&e->owner, big.s);
			digest_set(&e->hint, big.s);
		}
		make(&out, d);
		assert_in_range(out.len, 100000, MAIL_BYTES_MAX);
		check_lines(out.s);
		read_part(&text, out.s, "text/plain");
		assert_true(has(text.s, " more; `certvigil status` tells"));
	}
}

static void
test_five_thousand(void **state)
{
	cleanup(digest_free) struct digest *d = digest_huge(5000);
	BUF_CLEANUP struct buf out = { 0 };

	(void)state;
	make(&out, d);
	assert_true(out.len < 200000);
	check_lines(out.s);
	check_parts(out.s, d, MAIL_EVENTS_MAX);
	assert_true(has(out.s, "... and 4800 more;"));
	assert_true(has(out.s, "(+4999 more)"));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_ordinary),
		cmocka_unit_test(test_quoted),
		cmocka_unit_test(test_hostile),
		cmocka_unit_test(test_size),
		cmocka_unit_test(test_five_thousand),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
