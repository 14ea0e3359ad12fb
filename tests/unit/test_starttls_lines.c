/* test_starttls_lines.c - FTP, news and IRC before TLS */
#include "tests/unit/dialogue_world.h"

#define AUTH HEARS("AUTH TLS\r\n")

static const struct conversation_row ftp[] = {
	{ "ftp", NULL, { SAYS("220 ready\r\n"), AUTH, SAYS("234 go\r\n") } },
	/* RFC 959, 4.2: what is between the first and the last line is free */
	{ "ftp", NULL,
		{ SAYS("220-Welcome\r\n  220 of you\r\n\r\n22 users\r\n"
		       "220-and\r\n220 bye\r\n"),
			AUTH, SAYS("234-so\r\n234 go\r\n") } },
	{ "ftp", NULL,
		{ SAYS("120 ready in 1 minute\r\n"), SAYS("220 ready\r\n"),
			AUTH, SAYS("234 go\r\n") } },
	{ "ftp",
		"does not offer AUTH TLS; it says \"530 Please login with USER "
		"and PASS.\"",
		{ SAYS("220 ftp\r\n"), AUTH,
			SAYS("530 Please login with USER and PASS.\r\n") } },
	{ "ftp", "does not offer AUTH TLS; it says \"500 what\"",
		{ SAYS("220 ftp\r\n"), AUTH, SAYS("500 what\r\n") } },
	{ "ftp", "refused for now: want 234 to AUTH TLS, have \"431 no key\"",
		{ SAYS("220 ftp\r\n"), AUTH, SAYS("431 no key\r\n") } },
	{ "ftp", "want 234 to AUTH TLS, have \"334 ADAT=\"",
		{ SAYS("220 ftp\r\n"), AUTH, SAYS("334 ADAT=\r\n") } },
	{ "ftp", "refused for now: want 220, a greeting, have \"421 full\"",
		{ SAYS("421 full\r\n") } },
	{ "ftp", "refused for now: want 220, a greeting, have \"421 full\"",
		{ SAYS("220-Welcome\r\n"), SAYS("421 full\r\n") } },
};

#define CAPABILITIES HEARS("CAPABILITIES\r\n")
#define STARTTLS HEARS("STARTTLS\r\n")
#define MODE_READER HEARS("MODE READER\r\n")

static const struct conversation_row nntp[] = {
	{ "nntp", NULL,
		{ SAYS("200 news\r\n"), CAPABILITIES,
			SAYS("101 list\r\nVERSION 2\r\nSTARTTLS\r\n.\r\n"),
			STARTTLS, SAYS("382 go\r\n") } },
	{ "nntp", NULL,
		{ SAYS("201 no posting\r\n"), CAPABILITIES,
			SAYS("500 what\r\n"), STARTTLS, SAYS("382 go\r\n") } },
	/* INN: a transit server that becomes a reader's */
	{ "nntp", NULL,
		{ SAYS("200 innd\r\n"), CAPABILITIES,
			SAYS("101 list\r\nVERSION 2\r\nMODE-READER\r\n.\r\n"),
			MODE_READER, SAYS("200 nnrpd\r\n"), CAPABILITIES,
			SAYS("101 list\r\nREADER\r\nSTARTTLS\r\n.\r\n"),
			STARTTLS, SAYS("382 go\r\n") } },
	{ "nntp", NULL,
		{ SAYS("200 innd\r\n"), CAPABILITIES,
			SAYS("101 list\r\nMODE-READER\r\nSTARTTLS\r\n.\r\n"),
			STARTTLS, SAYS("382 go\r\n") } },
	{ "nntp", "does not offer STARTTLS; it says \"VERSION 2, READER\"",
		{ SAYS("200 news\r\n"), CAPABILITIES,
			SAYS("101 list\r\nVERSION 2\r\nREADER\r\n.\r\n") } },
	{ "nntp", "does not offer STARTTLS; it says \"READER\"",
		{ SAYS("200 innd\r\n"), CAPABILITIES,
			SAYS("101 list\r\nMODE-READER\r\n.\r\n"), MODE_READER,
			SAYS("200 nnrpd\r\n"), CAPABILITIES,
			SAYS("101 list\r\nREADER\r\n.\r\n") } },
	{ "nntp", "want 200 or 201 to MODE READER, have \"502 no readers\"",
		{ SAYS("200 innd\r\n"), CAPABILITIES,
			SAYS("101 list\r\nMODE-READER\r\n.\r\n"), MODE_READER,
			SAYS("502 no readers\r\n") } },
	{ "nntp", "refused for now: want 101 to CAPABILITIES, have \"400 bye\"",
		{ SAYS("200 news\r\n"), CAPABILITIES, SAYS("400 bye\r\n") } },
	{ "nntp",
		"refused for now: want 200 or 201, a greeting, have \"400 "
		"down\"",
		{ SAYS("400 down\r\n") } },
	{ "nntp", "want 200 or 201, a greeting, have \"502 not you\"",
		{ SAYS("502 not you\r\n") } },
	{ "nntp", "want 382 to STARTTLS, have \"580 no key\"",
		{ SAYS("200 news\r\n"), CAPABILITIES,
			SAYS("101 list\r\nSTARTTLS\r\n.\r\n"), STARTTLS,
			SAYS("580 no key\r\n") } },
};

#define IRC_STARTTLS HEARS("CAP LS 302\r\nSTARTTLS\r\n")

static const struct conversation_row irc[] = {
	{ "irc", NULL,
		{ IRC_STARTTLS,
			SAYS(":irc.example CAP * LS :multi-prefix tls\r\n"
			     ":irc.example 670 * :go ahead\r\n") } },
	/* before it: notices, a cookie, a list in two lines, message tags */
	{ "irc", NULL,
		{ IRC_STARTTLS,
			SAYS("NOTICE AUTH :*** Looking up 670\r\n"
			     ":irc.example NOTICE * :*** STARTTLS\r\n"
			     "PING :a cookie\r\n"),
			SAYS(":x CAP * LS * :a=b\r\n"),
			HEARS("PONG :a cookie\r\n"),
			SAYS("@time=1 :x CAP * LS :tls\r\n670 you :go\r\n") } },
	/* older than CAP, and yet it has STARTTLS */
	{ "irc", NULL,
		{ IRC_STARTTLS,
			SAYS(":x 451 CAP :You have not registered\r\n"
			     ":x 670 * :go\r\n") } },
	{ "irc", NULL,
		{ IRC_STARTTLS,
			SAYS(":x 451 * :You have not registered\r\n"
			     ":x 670 * :go\r\n") } },
	{ "irc",
		"does not offer STARTTLS; it says \"421 * STARTTLS :Unknown "
		"command\"",
		{ IRC_STARTTLS,
			SAYS(":x CAP * LS :sasl\r\n"
			     ":x 421 * STARTTLS :Unknown command\r\n") } },
	{ "irc", "does not offer STARTTLS; it says \"451 * :Not registered\"",
		{ IRC_STARTTLS,
			SAYS(":x 451 * :Not registered\r\n"
			     ":x 451 * :Not registered\r\n") } },
	{ "irc", "does not offer STARTTLS; it says \"451 * :Not registered\"",
		{ IRC_STARTTLS,
			SAYS(":x CAP * LS :sasl\r\n"
			     ":x 451 * :Not registered\r\n") } },
	{ "irc", "does not offer STARTTLS; it says \"CAP LS without tls",
		{ IRC_STARTTLS, SAYS(":x CAP * LS :sasl tlsx\r\n") } },
	{ "irc", "no answer to STARTTLS in time (a server without it may",
		{ IRC_STARTTLS, SAYS(":x CAP * LS :sasl tls\r\n") } },
	{ "irc", "want 670 to STARTTLS, have \"691 * :STARTTLS failed\"",
		{ IRC_STARTTLS, SAYS(":x 691 * :STARTTLS failed\r\n") } },
	{ "irc", "want 670 to STARTTLS, have \"ERROR :Closing link\"",
		{ IRC_STARTTLS, SAYS("ERROR :Closing link\r\n"), HANGS_UP } },
};

HOLD(ftp)
HOLD(nntp)
HOLD(irc)

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(ftp_is_held),
		cmocka_unit_test(nntp_is_held),
		cmocka_unit_test(irc_is_held),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
