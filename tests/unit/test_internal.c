/* test_internal.c - names and addresses of one network only */
#include "checks/internal.h"
#include "tests/unit/unit.h"

static const struct row {
	const char *name;
	bool internal;
} rows[] = {
	{ "router1", true },
	{ "localhost", true },
	{ "db.corp", true },
	{ "DB.CORP", true },
	{ "*.corp.internal", true },
	{ "*.internal", true },
	{ "printer.local", true },
	{ "nas.home.arpa", true },
	{ "home.arpa", false },
	{ "a.test", true },
	{ "a.invalid", true },
	{ "a.example", true },
	{ "a.lan", true },
	{ "a.localdomain", true },
	{ "www.example.com", false },
	{ "local.example.com", false },
	{ "notlocal", true },
	{ "a.notlocal", false }, /* nobody's today, somebody's tomorrow */
	{ "1.2.in-addr.arpa", false },
	{ "com", false },
	{ "*.com", false },
	{ "*", false },
	{ "", false },
	{ "*.", false },

	{ "0.0.0.0", true },
	{ "10.255.255.255", true },
	{ "11.0.0.0", false },
	{ "9.255.255.255", false },
	{ "100.63.255.255", false },
	{ "100.64.0.0", true },
	{ "100.127.255.255", true },
	{ "100.128.0.0", false },
	{ "127.0.0.1", true },
	{ "169.254.1.1", true },
	{ "172.15.255.255", false },
	{ "172.16.0.0", true },
	{ "172.31.255.255", true },
	{ "172.32.0.0", false },
	{ "192.0.2.1", true },
	{ "192.167.255.255", false },
	{ "192.168.0.1", true },
	{ "198.17.255.255", false },
	{ "198.19.255.255", true },
	{ "223.255.255.255", false },
	{ "224.0.0.1", true },
	{ "255.255.255.255", true },
	{ "1.1.1.1", false },
	{ "::", true },
	{ "::1", true },
	{ "::2", false },
	{ "::ffff:10.0.0.1", true },
	{ "::ffff:1.1.1.1", false },
	{ "2001:db8::1", true },
	{ "2001:db9::1", false },
	{ "2606:4700:4700::1111", false },
	{ "fbff::1", false },
	{ "fc00::1", true },
	{ "fdff::1", true },
	{ "fe7f::1", false },
	{ "fe80::1", true },
	{ "febf::1", true },
	{ "fec0::1", false },
	{ "ff02::1", true },
};

static void
test_rows(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		if (internal_is(rows[i].name) != rows[i].internal)
			fail_msg("%s: want %d", rows[i].name, rows[i].internal);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_rows),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
