/* test_starttls_mail.c - SMTP, LMTP, IMAP, POP3 and ManageSieve before TLS */
#include "tests/unit/dialogue_world.h"

#define EHLO HEARS("EHLO [127.0.0.1]\r\n")
#define EHLO_AGAIN HEARS_MORE("EHLO ")
#define STARTTLS HEARS("STARTTLS\r\n")

static const struct conversation_row smtp[] = {
	{ "smtp", NULL,
		{ SAYS("220 mx.example ESMTP\r\n"), EHLO,
			SAYS("250-mx.example\r\n250-SIZE 1000\r\n"
			     "250 STARTTLS\r\n"),
			STARTTLS, SAYS("220 2.0.0 Ready\r\n") } },
	{ "submission", NULL,
		{ SAYS("220 mx.example\r\n"), EHLO,
			SAYS("250-mx\r\n250-starttls \r\n250 DSN\r\n"),
			STARTTLS, SAYS("220 go\r\n") } },
	/* postscreen's pause, line feeds alone, no text at all */
	{ "smtp", NULL,
		{ SAYS("220-mx.example wait\r\n"), SAYS("220 mx.example\n"),
			EHLO, SAYS("250-mx\n250 STARTTLS\n"), STARTTLS,
			SAYS("220\n") } },
	/* who wants a name and not an address */
	{ "smtp", NULL,
		{ SAYS("220 mx\r\n"), EHLO,
			SAYS("550 5.7.1 no literals here\r\n"), EHLO_AGAIN,
			SAYS("250-mx\r\n250 STARTTLS\r\n"), STARTTLS,
			SAYS("220 go\r\n") } },
	{ "smtp", "want 250 to EHLO, have \"550 first\"",
		{ SAYS("220 mx\r\n"), EHLO, SAYS("550 first\r\n"), EHLO_AGAIN,
			SAYS("550 second\r\n") } },
	{ "smtp", "want 250 to EHLO, have \"550 go away\"",
		{ SAYS("220 mx\r\n"), EHLO, SAYS("550 go away\r\n"),
			HANGS_UP } },
	{ "smtp", "refused for now: want 250 to EHLO, have \"421 too busy\"",
		{ SAYS("220 mx\r\n"), EHLO, SAYS("421 too busy\r\n") } },

	{ "smtp", "does not offer STARTTLS; it says \"SIZE 1, X-STARTTLS\"",
		{ SAYS("220 mx\r\n"), EHLO,
			SAYS("250-mx STARTTLS\r\n250-SIZE 1\r\n"
			     "250 X-STARTTLS\r\n") } },
	/* what old firewalls leave of it */
	{ "smtp", "does not offer STARTTLS; it says \"XXXXXXXA\"",
		{ SAYS("220 *****\r\n"), EHLO,
			SAYS("250-mx\r\n250 XXXXXXXA\r\n") } },
	{ "smtp", "the server does not offer STARTTLS",
		{ SAYS("220 mx\r\n"), EHLO, SAYS("250 mx\r\n") } },
	{ "smtp", "want 220, a greeting, have \"554 5.7.1 go away\"",
		{ SAYS("554 5.7.1 go away\r\n") } },
	{ "smtp", "refused for now: want 220, a greeting, have \"421 later\"",
		{ SAYS("421 later\r\n") } },
	{ "smtp", "want 220, a greeting, have \"521 5.7.1 Blocked\"",
		{ SAYS("220-wait\r\n"), SAYS("521 5.7.1 Blocked\r\n") } },
	{ "smtp",
		"refused for now: want 220 to STARTTLS, have \"454 4.7.0 TLS "
		"not available due to local problem\"",
		{ SAYS("220 mx\r\n"), EHLO, SAYS("250-mx\r\n250 STARTTLS\r\n"),
			STARTTLS,
			SAYS("454 4.7.0 TLS not available due to local "
			     "problem\r\n") } },
	{ "smtp", "want 220 to STARTTLS, have \"250 what\"",
		{ SAYS("220 mx\r\n"), EHLO, SAYS("250-mx\r\n250 STARTTLS\r\n"),
			STARTTLS, SAYS("250 what\r\n") } },
	{ "smtp", "want a reply of three digits, have \"* OK IMAP4rev1\"",
		{ SAYS("* OK IMAP4rev1\r\n") } },
	{ "smtp", "want a reply of three digits, have \"22\"",
		{ SAYS("22\r\n") } },
	{ "smtp", "want a reply of three digits, have \"2200\"",
		{ SAYS("2200\r\n") } },
	{ "smtp", "want a reply of three digits, have \"\"", { SAYS("\r\n") } },
};

#define LHLO HEARS("LHLO [127.0.0.1]\r\n")

static const struct conversation_row lmtp[] = {
	{ "lmtp", NULL,
		{ SAYS("220 mx LMTP\r\n"), LHLO,
			SAYS("250-mx\r\n250 STARTTLS\r\n"), STARTTLS,
			SAYS("220 go\r\n") } },
	{ "lmtp", "does not offer STARTTLS; it says \"CHUNKING\"",
		{ SAYS("220 mx LMTP\r\n"), LHLO,
			SAYS("250-mx\r\n250 CHUNKING\r\n") } },
	{ "lmtp", "want 250 to LHLO, have \"500 SMTP here\"",
		{ SAYS("220 mx\r\n"), LHLO, SAYS("500 SMTP here\r\n"),
			HEARS_MORE("LHLO "), SAYS("500 SMTP here\r\n") } },
};

#define CAPABILITY HEARS("a CAPABILITY\r\n")
#define IMAP_STARTTLS HEARS("b STARTTLS\r\n")

static const struct conversation_row imap[] = {
	{ "imap", NULL,
		{ SAYS("* OK [CAPABILITY IMAP4rev1 STARTTLS LOGINDISABLED] "
		       "ready\r\n"),
			IMAP_STARTTLS, SAYS("b OK Begin TLS\r\n") } },
	{ "imap", NULL,
		{ SAYS("* OK hello\r\n"), CAPABILITY,
			SAYS("* CAPABILITY IMAP4rev1 starttls\r\n"
			     "* OK by the way\r\na OK done\r\n"),
			IMAP_STARTTLS, SAYS("* OK so\r\nb ok\r\n") } },
	/* one that does not like to be asked */
	{ "imap", NULL,
		{ SAYS("* OK\r\n"), CAPABILITY, SAYS("a BAD what\r\n"),
			IMAP_STARTTLS, SAYS("b OK\r\n") } },
	{ "imap", "does not offer STARTTLS; it says \"IMAP4rev1 AUTH=PLAIN\"",
		{ SAYS("* OK [CAPABILITY IMAP4rev1 AUTH=PLAIN] STARTTLS?\r\n") } },
	{ "imap", "does not offer STARTTLS; it says \"IMAP4rev1 XSTARTTLS\"",
		{ SAYS("* OK hello\r\n"), CAPABILITY,
			SAYS("* CAPABILITY IMAP4rev1 XSTARTTLS\r\na OK\r\n") } },
	{ "imap", "takes us for logged in (PREAUTH)",
		{ SAYS("* PREAUTH [CAPABILITY IMAP4rev1 STARTTLS] hi\r\n") } },
	{ "imap", "want \"* OK\", a greeting, have \"* BYE too many\"",
		{ SAYS("* BYE too many\r\n") } },
	{ "imap", "have \"* OKAY\"", { SAYS("* OKAY\r\n") } },
	{ "imap", "have \"220 mail ESMTP\"", { SAYS("220 mail ESMTP\r\n") } },
	{ "imap", "want OK to STARTTLS, have \"NO not now\"",
		{ SAYS("* OK [CAPABILITY STARTTLS]\r\n"), IMAP_STARTTLS,
			SAYS("b NO not now\r\n") } },
	{ "imap", "want an answer, have \"* BYE shutting down\"",
		{ SAYS("* OK [CAPABILITY STARTTLS]\r\n"), IMAP_STARTTLS,
			SAYS("* BYE shutting down\r\n") } },
	{ "imap", "want a line of \"*\" or our tag, have \"a OK late\"",
		{ SAYS("* OK [CAPABILITY STARTTLS]\r\n"), IMAP_STARTTLS,
			SAYS("a OK late\r\n") } },
};

#define CAPA HEARS("CAPA\r\n")
#define STLS HEARS("STLS\r\n")

static const struct conversation_row pop3[] = {
	{ "pop3", NULL,
		{ SAYS("+OK ready\r\n"), CAPA,
			SAYS("+OK\r\nTOP\r\nSTLS\r\n.\r\n"), STLS,
			SAYS("+OK Begin\r\n") } },
	{ "pop3", NULL,
		{ SAYS("+OK\r\n"), CAPA, SAYS("-ERR what\r\n"), STLS,
			SAYS("+OK\r\n") } },
	{ "pop3", "does not offer STLS; it says \"TOP, UIDL\"",
		{ SAYS("+OK\r\n"), CAPA,
			SAYS("+OK\r\nTOP\r\nUIDL\r\n.\r\n") } },
	{ "pop3", "want \"+OK\", a greeting, have \"-ERR go away\"",
		{ SAYS("-ERR go away\r\n") } },
	{ "pop3", "want \"+OK\" to STLS, have \"-ERR no \\x1b[31m\"",
		{ SAYS("+OK\r\n"), CAPA, SAYS("+OK\r\nSTLS\r\n.\r\n"), STLS,
			SAYS("-ERR no \x1b[31m\r\n") } },
	{ "pop3", "no complete answer to CAPA: the server closed",
		{ SAYS("+OK\r\n"), CAPA, SAYS("+OK\r\nSTLS\r\n"), HANGS_UP } },
};

static const struct conversation_row sieve[] = {
	{ "sieve", NULL,
		{ SAYS("\"IMPLEMENTATION\" \"Example\"\r\n\"SASL\" \"\"\r\n"
		       "\"STARTTLS\"\r\nOK \"ready\"\r\n"),
			STARTTLS, SAYS("OK \"Begin TLS\"\r\n") } },
	/* literals: a name, a value that looks like the end, an empty one */
	{ "sieve", NULL,
		{ SAYS("{14}\r\nIMPLEMENTATION {12+}\r\nOK\r\nNO \"no\" "
		       "\r\n{8+}\r\nstarttls\r\n\"SASL\" {0}\r\n\r\nOK\r\n"),
			STARTTLS, SAYS("OK (X) {4}\r\n1\r\n2\r\n") } },
	{ "sieve",
		"does not offer STARTTLS; it says "
		"\"\"SASL\" \"PLAIN STARTTLS\"\"",
		{ SAYS("\"SASL\" \"PLAIN STARTTLS\"\r\nOK\r\n") } },
	{ "sieve", "want OK, a greeting, have \"BYE \"no\"\"",
		{ SAYS("BYE \"no\"\r\n") } },
	{ "sieve", "refused for now: want OK, a greeting, have \"BYE (TRYLATER",
		{ SAYS("BYE (TRYLATER) {4}\r\nbusy\r\n") } },
	{ "sieve", "want OK to STARTTLS, have \"NO \"TLS\\x0d\\x0aoff\"\"",
		{ SAYS("\"STARTTLS\"\r\nOK\r\n"), STARTTLS,
			SAYS("NO {8+}\r\nTLS\r\noff\r\n") } },
	{ "sieve", "want OK, a greeting, have \"NO {3 a}\"",
		{ SAYS("NO {3 a}\r\n") } },
	{ "sieve", "want OK, a greeting, have \"NO {}\"",
		{ SAYS("NO {}\r\n") } },
	{ "sieve", "want packets of at most 8 KiB, have 99999999 bytes",
		{ SAYS("\"SASL\" {99999999}\r\n") } },
	{ "sieve", "want packets of at most 8 KiB",
		{ SAYS("{99999999999999999999999999999}\r\n") } },
};

HOLD(smtp)
HOLD(lmtp)
HOLD(imap)
HOLD(pop3)
HOLD(sieve)

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(smtp_is_held),
		cmocka_unit_test(lmtp_is_held),
		cmocka_unit_test(imap_is_held),
		cmocka_unit_test(pop3_is_held),
		cmocka_unit_test(sieve_is_held),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
