/* test_starttls_binary.c - LDAP, PostgreSQL and MySQL before TLS */
#include "tests/unit/dialogue_world.h"

#define LDAP_REQUEST                                                           \
	HEARS("\x30\x1d\x02\x01\x01\x77\x18\x80\x16"                           \
	      "1.3.6.1.4.1.1466.20037")
#define LDAP_FINE "\x30\x0c\x02\x01\x01\x78\x07\x0a\x01\x00\x04\x00\x04\x00"

static const struct conversation_row ldap[] = {
	{ "ldap", NULL, { LDAP_REQUEST, SAYS(LDAP_FINE) } },
	/* Active Directory: long lengths, and the name of the operation */
	{ "ldap", NULL,
		{ LDAP_REQUEST,
			SAYS("\x30\x84\x00\x00\x00\x28"
			     "\x02\x01\x01\x78\x84\x00\x00\x00\x1f"
			     "\x0a\x01\x00\x04\x00\x04\x00"
			     "\x8a\x16"
			     "1.3.6.1.4.1.1466.20037") } },
	/* controls behind it, and a notification in front that is not known */
	{ "ldap", NULL,
		{ LDAP_REQUEST,
			SAYS("\x30\x11\x02\x01\x00\x78\x0c\x0a\x01\x00\x04\x00"
			     "\x04\x00\x8a\x03"
			     "1.2"
			     "\x30\x0e\x02\x01\x01\x78\x07\x0a\x01\x00\x04\x00"
			     "\x04\x00\xa0\x00") } },
	{ "ldap",
		"does not offer StartTLS; it says \"protocolError (2): "
		"unsupported\"",
		{ LDAP_REQUEST,
			SAYS("\x30\x17\x02\x01\x01\x78\x12\x0a\x01\x02\x04\x00"
			     "\x04\x0b"
			     "unsupported") } },
	{ "ldap",
		"refused for now: want success, have \"unavailable (52): no "
		"key\"",
		{ LDAP_REQUEST,
			SAYS("\x30\x12\x02\x01\x01\x78\x0d\x0a\x01\x34\x04\x00"
			     "\x04\x06"
			     "no key") } },
	{ "ldap", "want success, have \"(123)\"",
		{ LDAP_REQUEST,
			SAYS("\x30\x0c\x02\x01\x01\x78\x07\x0a\x01\x7b\x04\x00"
			     "\x04\x00") } },
	{ "ldap",
		"want an answer to StartTLS, have \"strongerAuthRequired (8): "
		"bye\"",
		{ LDAP_REQUEST,
			SAYS("\x30\x27\x02\x01\x00\x78\x22\x0a\x01\x08\x04\x00"
			     "\x04\x03"
			     "bye\x8a\x16"
			     "1.3.6.1.4.1.1466.20036") } },
	{ "ldap", "want an LDAP message, have \"SS",
		{ LDAP_REQUEST, SAYS("SSH-2.0-x\r\n") } },
	{ "ldap", "want packets of at most 8 KiB, have 8193 bytes",
		{ LDAP_REQUEST, SAYS("\x30\x82\x20\x01") } },
	{ "ldap", "want packets of at most 8 KiB, have 4294967295 bytes",
		{ LDAP_REQUEST, SAYS("\x30\x84\xff\xff\xff\xff") } },
	/* an indefinite length, and one of five bytes */
	{ "ldap", "want an LDAP message",
		{ LDAP_REQUEST, SAYS("\x30\x80\x02\x01\x01") } },
	{ "ldap", "want an LDAP message",
		{ LDAP_REQUEST, SAYS("\x30\x85\x01\x01\x01\x01\x01") } },
	/* another message's answer, another operation, no text, a length that
	 * goes beyond, an indefinite one within, a negative result */
	{ "ldap", "have another LDAP message",
		{ LDAP_REQUEST,
			SAYS("\x30\x0c\x02\x01\x02\x78\x07\x0a\x01\x00\x04\x00"
			     "\x04\x00") } },
	{ "ldap", "have another LDAP message",
		{ LDAP_REQUEST,
			SAYS("\x30\x0c\x02\x01\x01\x61\x07\x0a\x01\x00\x04\x00"
			     "\x04\x00") } },
	{ "ldap", "have another LDAP message",
		{ LDAP_REQUEST,
			SAYS("\x30\x0a\x02\x01\x01\x78\x05\x0a\x01\x00\x04"
			     "\x00") } },
	{ "ldap", "have another LDAP message",
		{ LDAP_REQUEST,
			SAYS("\x30\x0c\x02\x01\x01\x78\x07\x0a\x01\x00\x04\x00"
			     "\x04\x01") } },
	{ "ldap", "have another LDAP message",
		{ LDAP_REQUEST,
			SAYS("\x30\x0e\x02\x01\x01\x78\x80\x0a\x01\x00\x04\x00"
			     "\x04\x00\x00\x00") } },
	{ "ldap", "have another LDAP message",
		{ LDAP_REQUEST,
			SAYS("\x30\x10\x02\x01\x01\x78\x0b\x0a\x01\x00\x04\x00"
			     "\x04\x00\xa3\x80\x00\x00") } },
	{ "ldap", "have another LDAP message",
		{ LDAP_REQUEST,
			SAYS("\x30\x0c\x02\x01\x01\x78\x07\x0a\x01\xff\x04\x00"
			     "\x04\x00") } },
	{ "ldap", "have another LDAP message",
		{ LDAP_REQUEST, SAYS("\x30\x00") } },
	{ "ldap", "no answer to StartTLS: the server closed the connection",
		{ LDAP_REQUEST, HANGS_UP } },
};

#define SSL_REQUEST HEARS("\0\0\0\x08\x04\xd2\x16\x2f")

static const struct conversation_row postgres[] = {
	{ "postgres", NULL, { SSL_REQUEST, SAYS("S") } },
	{ "postgres", "does not offer TLS: it answers N",
		{ SSL_REQUEST, SAYS("N") } },
	{ "postgres",
		"refused for now: want S to SSLRequest, have \"53300: sorry, "
		"too many clients already\"",
		{ SSL_REQUEST,
			SAYS("E\0\0\0\x3aSFATAL\0VFATAL\0"
			     "C53300\0Msorry, too many clients already\0\0") } },
	{ "postgres", "have \"28000: no\"",
		{ SSL_REQUEST,
			SAYS("E\0\0\0\x0fMno\0"
			     "C28000\0") } },
	{ "postgres", "have \"error: no message\"",
		{ SSL_REQUEST, SAYS("E\0\0\0\x04") } },
	{ "postgres", "have a damaged error",
		{ SSL_REQUEST, SAYS("E\0\0\0\x03") } },
	{ "postgres", "want packets of at most 8 KiB, have 16777211 bytes",
		{ SSL_REQUEST, SAYS("E\0\xff\xff\xff") } },
	/* of a server before 7.4 */
	{ "postgres", "want S to SSLRequest, have \"FATA",
		{ SSL_REQUEST, SAYS("EFATAL:  no\n\0") } },
	{ "postgres", "want S to SSLRequest, have \"H",
		{ SSL_REQUEST, SAYS("HTTP/1.1 400 Bad Request\r\n") } },
};

/* Protocol 10, the version, thread 7, salt, the flags' lower half, the rest. */
#define GREETING(length, version, flags)                                       \
	SAYS(length "\0\0\0\x0a" version "\0\x07\0\0\0saltsalt\0" flags        \
		    "\x21\x02\0\xff\xc1\x15"                                   \
		    "\0\0\0\0\0\0\0\0\0\0moresaltmore\0"                       \
		    "mysql_native_password\0")
#define MYSQL_REQUEST(flags)                                                   \
	HEARS("\x20\0\0\x01" flags "\0\0\0\0\0\x01\x21"                        \
	      "\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0")

static const struct conversation_row mysql[] = {
	{ "mysql", NULL,
		{ GREETING("\x4a", "8.0.36", "\xff\xff"),
			MYSQL_REQUEST("\x01\x8a") } },
	/* MariaDB says 5.5.5 first, and has no CLIENT_LONG_PASSWORD */
	{ "mysql", NULL,
		{ GREETING("\x59", "5.5.5-10.11.4-MariaDB", "\xfe\xff"),
			MYSQL_REQUEST("\x00\x8a") } },
	/* of 4.0: nothing behind the flags */
	{ "mysql", NULL,
		{ SAYS("\x16\0\0\0\x0a"
		       "4.0.1\0\x07\0\0\0saltsalt\0\x00\x08"),
			MYSQL_REQUEST("\x00\x0a") } },
	{ "mysql", "does not offer TLS; it says \"8.0.36\"",
		{ GREETING("\x4a", "8.0.36", "\xff\xf7") } },
	{ "mysql", "does not offer TLS; it says \"protocol 9\"",
		{ SAYS("\x06\0\0\0\x09"
		       "3.20\0") } },
	{ "mysql",
		"want a greeting, have \"1130: Host 'x' is not allowed to "
		"connect\"",
		{ SAYS("\x25\0\0\0\xff\x6a\x04Host 'x' is not allowed to "
		       "connect") } },
	{ "mysql",
		"refused for now: want a greeting, have \"1040: Too many "
		"connections\"",
		{ SAYS("\x1d\0\0\0\xff\x10\x04#08004Too many connections") } },
	{ "mysql", "have a damaged error", { SAYS("\x02\0\0\0\xff\x10") } },
	{ "mysql", "want a MySQL greeting of protocol 10, have 11",
		{ SAYS("\x01\0\0\0\x0b") } },
	{ "mysql", "want a MySQL greeting with flags, have one of 21 bytes",
		{ SAYS("\x15\0\0\0\x0a"
		       "4.0.1\0\x07\0\0\0saltsalt\0\x00") } },
	/* a version that never ends */
	{ "mysql", "want a MySQL greeting with flags",
		{ SAYS("\x04\0\0\0\x0a"
		       "4.0") } },
	{ "mysql", "want a MySQL greeting, have \"SSH-",
		{ SAYS("SSH-2.0-x\r\n") } },
	{ "mysql", "want a MySQL greeting, have \"\\x01\"",
		{ SAYS("\x01\0\0\x01\x0a") } },
	{ "mysql", "no complete greeting in time",
		{ SAYS("\x4a\0\0\0\x0a"
		       "8.0") } },
};

HOLD(ldap)
HOLD(postgres)
HOLD(mysql)

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(ldap_is_held),
		cmocka_unit_test(postgres_is_held),
		cmocka_unit_test(mysql_is_held),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
