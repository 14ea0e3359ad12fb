/* test_mail_headers.c - the header of a mail: fields, threads, RFC 2047 */
#include "tests/unit/mail_world.h"

#include <openssl/evp.h>

static char *
find_header(const struct strlist *fields, const char *name)
{
	size_t n = strlen(name);

	for (size_t i = 0; i < fields->n; i++) {
		if (strncmp(fields->v[i], name, n) == 0 &&
			strncmp(fields->v[i] + n, ": ", 2) == 0)
			return fields->v[i] + n + 2;
	}
	return NULL;
}

static char *
header(const struct strlist *fields, const char *name)
{
	char *value = find_header(fields, name);

	if (value == NULL)
		fail_msg("no %s", name);
	return value;
}

static void
make_headers(struct strlist *out, const struct digest *d, const char *prefix)
{
	struct address to[2];
	struct mail_envelope m = envelope(to, prefix);

	mail_headers(out, &m, d);
}

static void
test_fields(void **state)
{
	cleanup(digest_free) struct digest *d = digest_ordinary();
	struct strlist h = { 0 };

	(void)state;
	make_headers(&h, d, "[certvigil]");
	assert_string_equal(header(&h, "From"), "Cert Vigil <cv@example.com>");
	assert_string_equal(header(&h, "To"),
		"a@example.com,\r\n \"Ops, Team\" <b@example.com>");
	assert_string_equal(
		header(&h, "Date"), "Fri, 20 Nov 2026 18:00:00 +0000");
	assert_string_equal(header(&h, "Message-ID"),
		"<msg_00112233445566778899aabbccddeeff@example.com>");
	assert_string_equal(
		header(&h, "List-Id"), "certvigil <certvigil.example.com>");
	assert_string_equal(header(&h, "Auto-Submitted"), "auto-generated");
	assert_string_equal(header(&h, "X-Auto-Response-Suppress"), "All");
	assert_string_equal(header(&h, "Subject"),
		"[certvigil] CRITICAL: www.example.com: expired 3 days ago"
		"\r\n (2026-11-17) (+4 more)");
	strlist_release(&h);
}

/* --- threads */

/* The thread of a digest of this event alone; NULL: of none. */
static char *
thread_of(enum event_kind kind, const char *incident, const char *host)
{
	cleanup(digest_free) struct digest *d = digest_empty();
	struct event *e = digest_event(
		d, kind, SEV_WARNING, "a.example", "expiry.soon", "soon");
	struct strlist h = { 0 };
	char *thread;

	digest_set(&e->incident, incident);
	digest_set(&d->host, host);
	make_headers(&h, d, "");
	thread = str_dup(find_header(&h, "References"));
	if (thread == NULL)
		assert_null(find_header(&h, "In-Reply-To"));
	else
		assert_string_equal(header(&h, "In-Reply-To"), thread);
	strlist_release(&h);
	return thread;
}

static void
test_thread_of_an_incident(void **state)
{
	static const enum event_kind kinds[] = { EVENT_ESCALATED,
		EVENT_REPEATED, EVENT_RESOLVED };
	cleanup(str_free) char *first = thread_of(
		EVENT_OPENED, "inc_1", "h.example");
	cleanup(str_free) char *other = thread_of(
		EVENT_OPENED, "inc_2", "h.example");
	cleanup(str_free) char *elsewhere = thread_of(
		EVENT_OPENED, "inc_1", "i.example");

	(void)state;
	/* printf 'h.example\ninc_1' | sha256sum */
	assert_string_equal(
		first, "<thread_4261e276d3093b9634231ba04bbf70ae@example.com>");
	assert_string_not_equal(first, other);
	assert_string_not_equal(first, elsewhere);
	for (size_t i = 0; i < COUNT(kinds); i++) {
		cleanup(str_free) char *later = thread_of(
			kinds[i], "inc_1", "h.example");

		assert_string_equal(first, later);
	}
	assert_null(thread_of(EVENT_RENEWED, NULL, "h.example"));
	assert_null(thread_of(EVENT_TEST, NULL, "h.example"));
}

/* One incident's thread, the worst one's, and never two: they would merge. */
static void
test_thread_of_a_digest(void **state)
{
	cleanup(digest_free) struct digest *d = digest_ordinary();
	cleanup(str_free) char *worst = thread_of(
		EVENT_OPENED, d->v[0].incident, d->host);
	struct strlist h = { 0 };

	(void)state;
	make_headers(&h, d, "");
	assert_string_equal(header(&h, "In-Reply-To"), worst);
	assert_string_equal(header(&h, "References"), worst);
	assert_int_equal(times(header(&h, "References"), "<"), 1);
	strlist_release(&h);
}

static void
test_thread_is_harmless(void **state)
{
	BUF_CLEANUP struct buf big = { 0 };

	(void)state;
	while (big.len < 10000)
		buf_puts(&big, "inc>\r\nBcc: evil@x ");
	for (int i = 0; i < 2; i++) {
		cleanup(str_free) char *thread = thread_of(EVENT_OPENED,
			i == 0 ? big.s : "x", i == 0 ? "h" : big.s);

		assert_int_equal(strlen(thread),
			strlen("<thread_00112233445566778899aabbccddeeff"
			       "@example.com>"));
	}
}

/* --- RFC 2047 */

/* What a reader makes of a subject, unfolded; fails where it is not right. */
static void
decode(struct buf *out, const char *s)
{
	bool between = false;

	while (*s != '\0') {
		unsigned char raw[100];
		size_t n;

		if (strncmp(s, "\r\n", 2) == 0) {
			s += 2;
			/* Blanks between encoded words are none of the text. */
			if (between && strncmp(s, " =?", 3) == 0)
				s++;
			continue;
		}
		if (strncmp(s, "=?UTF-8?B?", 10) != 0) {
			buf_putc(out, *s++);
			between = false;
			continue;
		}
		s += 10;
		n = strcspn(s, "?");
		assert_true(n + 12 <= 75 && n % 4 == 0 && n > 0);
		assert_int_equal(
			EVP_DecodeBlock(raw, (const unsigned char *)s, (int)n),
			(int)n / 4 * 3);
		n = n / 4 * 3 - (s[n - 1] == '=') - (s[n - 2] == '=');
		/* A character never parts over two words. */
		assert_true((raw[0] & 0xc0) != 0x80);
		buf_add(out, raw, n);
		s = strchr(s, '?');
		assert_int_equal(strncmp(s, "?=", 2), 0);
		s += 2;
		between = true;
	}
}

static void
test_subject(void **state)
{
	static const struct {
		const char *message, *want;
	} rows[] = {
		{ "soon", "WARNING: a: soon (+1 more)" },
		{ "a  b ", "WARNING: a: a b (+1 more)" },
		{ "=?UTF-8?B?eA==?=",
			"WARNING: a: =?UTF-8?B?eA==?= (+1 more)" },
		{ "W\303\266rter", "WARNING: a: W\303\266rter (+1 more)" },
		{ "x\r\nBcc: e@x\r\n\r\nbody",
			"WARNING: a: x\\x0d\\x0aBcc: e@x\\x0d\\x0a\\x0d"
			"\\x0abody (+1 more)" },
		{ "\360\237\224\245 \377\303",
			"WARNING: a: \360\237\224\245 \\xff\\xc3 "
			"(+1 more)" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		cleanup(digest_free) struct digest *d = digest_empty();
		BUF_CLEANUP struct buf text = { 0 };
		struct strlist h = { 0 };

		digest_event(d, EVENT_OPENED, SEV_WARNING, "a", "x.y",
			rows[i].message);
		digest_event(d, EVENT_RENEWED, SEV_OK, "b", NULL, "m");
		make_headers(&h, d, "");
		decode(&text, header(&h, "Subject"));
		assert_string_equal(buf_str(&text), rows[i].want);
		strlist_release(&h);
	}
}

/* However long, it ends with the count, and is cut between characters. */
static void
test_long_subject(void **state)
{
	static const char *const units[] = { "x", "word ", "\303\274",
		"\346\274\242", "\360\237\224\245" };

	(void)state;
	for (size_t i = 0; i < COUNT(units) * 8; i++) {
		cleanup(digest_free) struct digest *d = digest_empty();
		BUF_CLEANUP struct buf text = { 0 }, big = { 0 };
		struct strlist h = { 0 };

		buf_printf(&big, "%.*s", (int)(i % 8), "abcdefgh");
		while (big.len < 5000)
			buf_puts(&big, units[i / 8]);
		digest_event(d, EVENT_OPENED, SEV_CRITICAL, "a", "x.y", big.s);
		digest_event(d, EVENT_RENEWED, SEV_OK, "b", NULL, "m");
		make_headers(&h, d, "[certvigil]");
		decode(&text, header(&h, "Subject"));
		assert_true(has(text.s, "[certvigil] CRITICAL: a: "));
		assert_true(has(text.s, "... (+1 more)"));
		assert_string_equal(strstr(text.s, "..."), "... (+1 more)");
		assert_false(has(text.s, "\\x"));
		assert_true(text.len < 240);
		strlist_release(&h);
	}
}

/* No field ends early, and none is longer than a line should be. */
static void
check_lines(const char *field)
{
	for (const char *s = field; *s != '\0'; s++)
		assert_in_range((unsigned char)*s, '\n', '~');
	for (const char *s = field;;) {
		size_t line = strcspn(s, "\r\n");

		if (line == strspn(s, " ") || line > 78)
			fail_msg("%zu: %s", line, field);
		s += line;
		if (*s == '\0')
			break;
		/* Each line break folds: CR LF blank text. */
		assert_int_equal(strncmp(s, "\r\n ", 3), 0);
		s += 3;
	}
}

static void
test_hostile(void **state)
{
	(void)state;
	for (size_t i = 0; i < HOSTILE_TEXTS + 4; i++) {
		cleanup(str_free) char *text = i < HOSTILE_TEXTS + 2
			? hostile_text(i)
			: i == HOSTILE_TEXTS + 2
			? str_dup(HOSTILE)
			: str_fmt("a%200sb%200s", "", "");
		cleanup(digest_free) struct digest *d = digest_saying(text);
		struct strlist h = { 0 };

		digest_set(&d->id, "msg_1>\r\nBcc: evil@x");
		digest_set(&d->host, text);
		make_headers(&h, d, "");
		assert_int_equal(h.n, 10);
		assert_string_equal(header(&h, "Message-ID"),
			"<msg_1---Bcc--evil-x@example.com>");
		for (size_t j = 0; j < h.n; j++)
			check_lines(h.v[j]);
		strlist_release(&h);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_fields),
		cmocka_unit_test(test_thread_of_an_incident),
		cmocka_unit_test(test_thread_of_a_digest),
		cmocka_unit_test(test_thread_is_harmless),
		cmocka_unit_test(test_subject),
		cmocka_unit_test(test_long_subject),
		cmocka_unit_test(test_hostile),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
