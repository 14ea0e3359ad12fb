/* test_starttls.c - what all dialogues before TLS have in common */
#include "tests/unit/dialogue_world.h"

#include <stdlib.h>

/* A script of one answer, of `n` times `text` behind `head`. */
static void
hold_flood(const char *scheme, const char *head, const char *text, size_t n,
	const char *wants)
{
	BUF_CLEANUP struct buf data = { 0 };
	struct conversation_row row = { .scheme = scheme, .wants = wants };

	buf_puts(&data, head);
	for (size_t i = 0; i < n; i++)
		buf_puts(&data, text);
	row.script[0] = (struct script_step){ SCRIPT_SAYS, data.s, data.len };
	world_hold(&row);
}

static void
floods_are_bounded(void **state)
{
	(void)state;
	hold_flood("smtp", "", "220-again\r\n", 200,
		"want a dialogue of at most 100 lines, have more");
	hold_flood("smtp", "220 ", "x", 9000,
		"want lines of at most 8 KiB, have more");
	hold_flood("ftp", "220-", "hello hello hello hello hello hello\r\n ",
		90, "no complete greeting in time");
	hold_flood("irc", "", "PING :x\r\n", 1000,
		"want a dialogue of at most 100 lines, have more");
	hold_flood("nntp", "200 hi\r\n101 list\r\n", "X\r\n", 1000,
		"want a dialogue of at most 100 lines, have more");
	hold_flood("xmpp", "", "\n", 70000,
		"want a dialogue of at most 64 KiB, have more");
	hold_flood("xmpp", "<stream version='1.0'>", "<a>", 70000,
		"want a dialogue of at most 64 KiB, have more");
	hold_flood("xmpp", "<stream version='1.0'><a>", "x", 70000,
		"want a dialogue of at most 64 KiB, have more");
	hold_flood("xmpp", "<stream a='", ">", 5000,
		"want XML tags of at most 4 KiB, have more");
	/* notifications that nobody knows */
	hold_flood("ldap", "", "0\x7f\x02\x01\x01", 1,
		"no complete answer to StartTLS in time");
}

/* Nothing is more often wrong than the port. */
static void
twins_are_suggested(void **state)
{
	static const struct {
		enum error_kind kind;
		const char *twin; /* NULL: none is suggested */
		struct conversation_row row;
	} rows[] = {
		{ ERROR_TIMEOUT, "; if it speaks TLS at once, it is smtps://",
			{ "smtp",
				"no greeting in time: the server says nothing",
				{ SILENCE } } },
		{ ERROR_TIMEOUT, "it is submissions://",
			{ "submission", "no greeting", { SILENCE } } },
		{ ERROR_TIMEOUT, "it is imaps://",
			{ "imap", "no greeting", { SILENCE } } },
		{ ERROR_TIMEOUT, "it is tls://",
			{ "sieve", "no greeting", { SILENCE } } },
		{ ERROR_TIMEOUT, "it is ldaps://",
			{ "ldap", "no answer to StartTLS in time: the server",
				{ SILENCE } } },
		{ ERROR_IO, "; if it speaks TLS at once, it is ldaps://",
			{ "ldap",
				"no answer to StartTLS: the server closed the "
				"connection",
				{ HEARS_MORE("\x30"), HANGS_UP } } },
		{ ERROR_PARSE, "; is it ldaps://?",
			{ "ldap", "the server speaks TLS at once",
				{ SAYS("\x15\x03\x01\x00\x02\x02\x0a") } } },
		{ ERROR_PARSE, "; is it xmpps://?",
			{ "xmpp", "the server speaks TLS at once",
				{ SAYS("\x15\x03\x01\x00\x02\x02\x46"),
					HANGS_UP } } },
		{ ERROR_PARSE, "; is it imaps://?",
			{ "imap", "the server speaks TLS at once",
				{ SAYS("\x16\x03\x03\x00\x02\x02\x0a") } } },
		{ ERROR_PARSE, "; is it tls://?",
			{ "postgres", "the server speaks TLS at once",
				{ SAYS("\x15\x03\x03\x00\x02\x02\x0a") } } },
		/* who greets first and hangs up turns us away */
		{ ERROR_IO, NULL,
			{ "smtp",
				"no greeting: the server closed the connection",
				{ HANGS_UP } } },
		{ ERROR_TIMEOUT, NULL,
			{ "smtp", "no complete greeting in time",
				{ SAYS("220-wait\r\n") } } },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct error err = { 0 };

		world_hold(&rows[i].row);
		assert_int_equal(world_talk(&rows[i].row, "www.example.com",
					 IN_STEPS, NOTHING, &err),
			-1);
		assert_int_equal(err.kind, rows[i].kind);
		if (rows[i].twin == NULL)
			assert_null(strstr(err.text, "://"));
		else
			assert_non_null(strstr(err.text, rows[i].twin));
	}
}

/* A table that names what it does not have would mislead. */
static void
rows_are_sound(void **state)
{
	(void)state;
	for (size_t i = 0; dialect_table[i].scheme.name != NULL; i++) {
		const struct dialect *d = &dialect_table[i];

		assert_ptr_equal(dialect_scheme(i), &d->scheme);
		assert_ptr_equal(dialect_of(&d->scheme), d);
		assert_ptr_equal(world_dialect(d->scheme.name), d);
		assert_true(strlen(d->scheme.help) > 0);
		if (d->starttls != NULL)
			assert_true(d->scheme.port > 0);
		if (d->twin == NULL)
			continue;
		assert_non_null(d->starttls);
		assert_null(world_dialect(d->twin)->starttls);
	}
	assert_null(dialect_of(NULL));
}

static const char *
long_line(const char *text, size_t n)
{
	static char line[1000];

	line[0] = '\0';
	for (size_t i = 0; i < n; i++)
		strcat(line, text);
	return strcat(line, "\n");
}

/* Words are cut between characters, and hold no control characters. */
static void
words_are_harmless(void **state)
{
	static const char e[] = "\xc3\xa9";

	(void)state;
	hold_flood("imap", "\r\x1b[2J\x07", "\n", 1,
		"have \"\\x0d\\x1b[2J\\x07\"");
	hold_flood("imap", "", long_line(e, 100), 1, "\xc3\xa9...\"");
	hold_flood("imap", "x", long_line(e, 100), 1, "\xc3\xa9...\"");
	hold_flood("imap", "", "\xff\n", 1, "have \"\\xff\"");
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(floods_are_bounded),
		cmocka_unit_test(twins_are_suggested),
		cmocka_unit_test(rows_are_sound),
		cmocka_unit_test(words_are_harmless),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
