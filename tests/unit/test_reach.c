/* test_reach.c - every edge of every range, and addresses within addresses */
#include "tests/unit/unit.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/un.h>

#include "probes/reach.h"

static const struct row {
	const char *address;
	enum reach reach;
	const char *kind;
} rows[] = {
	{ "0.0.0.0", REACH_NOWHERE, "unspecified" },
	{ "0.255.255.255", REACH_NOWHERE, "unspecified" },
	{ "1.0.0.0", REACH_PUBLIC, "public" },
	{ "9.255.255.255", REACH_PUBLIC, "public" },
	{ "10.0.0.0", REACH_PRIVATE, "private" },
	{ "10.255.255.255", REACH_PRIVATE, "private" },
	{ "11.0.0.0", REACH_PUBLIC, "public" },
	{ "100.63.255.255", REACH_PUBLIC, "public" },
	{ "100.64.0.0", REACH_PRIVATE, "carrier-grade NAT" },
	{ "100.100.100.199", REACH_PRIVATE, "carrier-grade NAT" },
	{ "100.100.100.200", REACH_LOCAL, "a cloud's own" },
	{ "100.100.100.201", REACH_PRIVATE, "carrier-grade NAT" },
	{ "100.127.255.255", REACH_PRIVATE, "carrier-grade NAT" },
	{ "100.128.0.0", REACH_PUBLIC, "public" },
	{ "126.255.255.255", REACH_PUBLIC, "public" },
	{ "127.0.0.0", REACH_LOCAL, "loopback" },
	{ "127.0.0.1", REACH_LOCAL, "loopback" },
	{ "127.255.255.255", REACH_LOCAL, "loopback" },
	{ "128.0.0.0", REACH_PUBLIC, "public" },
	{ "168.63.129.15", REACH_PUBLIC, "public" },
	{ "168.63.129.16", REACH_LOCAL, "a cloud's own" },
	{ "168.63.129.17", REACH_PUBLIC, "public" },
	{ "169.253.255.255", REACH_PUBLIC, "public" },
	{ "169.254.0.0", REACH_LOCAL, "link-local" },
	{ "169.254.169.254", REACH_LOCAL, "link-local" },
	{ "169.254.255.255", REACH_LOCAL, "link-local" },
	{ "169.255.0.0", REACH_PUBLIC, "public" },
	{ "172.15.255.255", REACH_PUBLIC, "public" },
	{ "172.16.0.0", REACH_PRIVATE, "private" },
	{ "172.31.255.255", REACH_PRIVATE, "private" },
	{ "172.32.0.0", REACH_PUBLIC, "public" },
	{ "191.255.255.255", REACH_PUBLIC, "public" },
	{ "192.0.0.0", REACH_LOCAL, "reserved" },
	{ "192.0.0.255", REACH_LOCAL, "reserved" },
	{ "192.0.1.0", REACH_PUBLIC, "public" },
	{ "192.0.1.255", REACH_PUBLIC, "public" },
	{ "192.0.2.0", REACH_PRIVATE, "for documentation" },
	{ "192.0.2.255", REACH_PRIVATE, "for documentation" },
	{ "192.0.3.0", REACH_PUBLIC, "public" },
	{ "192.88.98.255", REACH_PUBLIC, "public" },
	{ "192.88.99.0", REACH_NOWHERE, "reserved" },
	{ "192.88.99.255", REACH_NOWHERE, "reserved" },
	{ "192.88.100.0", REACH_PUBLIC, "public" },
	{ "192.167.255.255", REACH_PUBLIC, "public" },
	{ "192.168.0.0", REACH_PRIVATE, "private" },
	{ "192.168.255.255", REACH_PRIVATE, "private" },
	{ "192.169.0.0", REACH_PUBLIC, "public" },
	{ "198.17.255.255", REACH_PUBLIC, "public" },
	{ "198.18.0.0", REACH_PRIVATE, "for benchmarks" },
	{ "198.19.255.255", REACH_PRIVATE, "for benchmarks" },
	{ "198.20.0.0", REACH_PUBLIC, "public" },
	{ "198.51.99.255", REACH_PUBLIC, "public" },
	{ "198.51.100.0", REACH_PRIVATE, "for documentation" },
	{ "198.51.100.255", REACH_PRIVATE, "for documentation" },
	{ "198.51.101.0", REACH_PUBLIC, "public" },
	{ "203.0.112.255", REACH_PUBLIC, "public" },
	{ "203.0.113.0", REACH_PRIVATE, "for documentation" },
	{ "203.0.113.255", REACH_PRIVATE, "for documentation" },
	{ "203.0.114.0", REACH_PUBLIC, "public" },
	{ "223.255.255.255", REACH_PUBLIC, "public" },
	{ "224.0.0.0", REACH_NOWHERE, "multicast" },
	{ "239.255.255.255", REACH_NOWHERE, "multicast" },
	{ "240.0.0.0", REACH_NOWHERE, "reserved" },
	{ "255.255.255.254", REACH_NOWHERE, "reserved" },
	{ "255.255.255.255", REACH_NOWHERE, "broadcast" },

	{ "::", REACH_NOWHERE, "unspecified" },
	{ "::1", REACH_LOCAL, "loopback" },
	{ "::2", REACH_NOWHERE, "unspecified" }, /* IPv4's 0.0.0.2 */
	{ "64:ff9b:1::", REACH_PRIVATE, "private" },
	{ "64:ff9b:1:ffff:ffff:ffff:ffff:ffff", REACH_PRIVATE, "private" },
	{ "64:ff9b:2::", REACH_NOWHERE, "reserved" },
	{ "64:ff9a::1", REACH_NOWHERE, "reserved" },
	{ "100::1", REACH_NOWHERE, "reserved" },
	{ "1fff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", REACH_NOWHERE,
		"reserved" },
	{ "2000::", REACH_PUBLIC, "public" },
	{ "2000:ffff::1", REACH_PUBLIC, "public" },
	{ "2001::1", REACH_NOWHERE, "Teredo" },
	{ "2001:0:ffff:ffff:ffff:ffff:ffff:ffff", REACH_NOWHERE, "Teredo" },
	{ "2001:1::", REACH_PRIVATE, "reserved" },
	{ "2001:2::1", REACH_PRIVATE, "reserved" }, /* benchmarks */
	{ "2001:20::1", REACH_PRIVATE, "reserved" }, /* ORCHIDv2 */
	{ "2001:1ff:ffff:ffff:ffff:ffff:ffff:ffff", REACH_PRIVATE, "reserved" },
	{ "2001:200::", REACH_PUBLIC, "public" },
	{ "2001:db7:ffff:ffff:ffff:ffff:ffff:ffff", REACH_PUBLIC, "public" },
	{ "2001:db8::", REACH_PRIVATE, "for documentation" },
	{ "2001:db8:ffff:ffff:ffff:ffff:ffff:ffff", REACH_PRIVATE,
		"for documentation" },
	{ "2001:db9::", REACH_PUBLIC, "public" },
	{ "2606:4700::1111", REACH_PUBLIC, "public" },
	{ "3ffe:ffff::1", REACH_PUBLIC, "public" },
	{ "3fff::", REACH_PRIVATE, "for documentation" },
	{ "3fff:fff:ffff:ffff:ffff:ffff:ffff:ffff", REACH_PRIVATE,
		"for documentation" },
	{ "3fff:1000::", REACH_PUBLIC, "public" },
	{ "3fff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", REACH_PUBLIC, "public" },
	{ "4000::", REACH_NOWHERE, "reserved" },
	{ "5f00::1", REACH_NOWHERE, "reserved" },
	{ "fbff::1", REACH_NOWHERE, "reserved" },
	{ "fc00::", REACH_PRIVATE, "private" },
	{ "fd00:ec1:ffff::", REACH_PRIVATE, "private" },
	{ "fd00:ec2::254", REACH_LOCAL, "a cloud's own" },
	{ "fd00:ec3::", REACH_PRIVATE, "private" },
	{ "fdff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", REACH_PRIVATE, "private" },
	{ "fe00::", REACH_NOWHERE, "reserved" },
	{ "fe7f:ffff::1", REACH_NOWHERE, "reserved" },
	{ "fe80::", REACH_LOCAL, "link-local" },
	{ "febf:ffff::1", REACH_LOCAL, "link-local" },
	{ "fec0::", REACH_PRIVATE, "site-local" },
	{ "feff:ffff::1", REACH_PRIVATE, "site-local" },
	{ "ff00::", REACH_NOWHERE, "multicast" },
	{ "ff02::1", REACH_NOWHERE, "multicast" },

	/* An IPv4 address in another dress is no other address. */
	{ "::ffff:127.0.0.1", REACH_LOCAL, "loopback" },
	{ "::ffff:10.0.0.1", REACH_PRIVATE, "private" },
	{ "::ffff:8.8.8.8", REACH_PUBLIC, "public" },
	{ "::ffff:0.0.0.0", REACH_NOWHERE, "unspecified" },
	{ "::fffe:10.0.0.1", REACH_NOWHERE, "reserved" },
	{ "::ffff:0:192.168.0.1", REACH_PRIVATE, "private" },
	{ "::127.0.0.1", REACH_LOCAL, "loopback" },
	{ "::10.1.2.3", REACH_PRIVATE, "private" },
	{ "64:ff9b::10.0.0.1", REACH_PRIVATE, "private" },
	{ "64:ff9b::169.254.169.254", REACH_LOCAL, "link-local" },
	{ "64:ff9b::8.8.8.8", REACH_PUBLIC, "public" },
	{ "64:ff9b::1:a00:1", REACH_NOWHERE, "reserved" },
	{ "2002:7f00:1::", REACH_LOCAL, "loopback" },
	{ "2002:a00:1:ffff::1", REACH_PRIVATE, "private" },
	{ "2002:808:808::1", REACH_PUBLIC, "public" },
	{ "2002:e000:1::", REACH_NOWHERE, "multicast" },
};

/* The same as the system hands it to us. */
static enum reach
reach_of_row(const struct row *r, const char **kind, char text[REACH_MAX_TEXT])
{
	struct sockaddr_in6 in6 = { .sin6_family = AF_INET6 };
	struct sockaddr_in in4 = { .sin_family = AF_INET };
	struct sockaddr *sa = (struct sockaddr *)&in4;

	if (inet_pton(AF_INET, r->address, &in4.sin_addr) != 1) {
		assert_int_equal(
			inet_pton(AF_INET6, r->address, &in6.sin6_addr), 1);
		sa = (struct sockaddr *)&in6;
	}
	reach_print(text, sa);
	return reach_of(sa, kind);
}

static void
test_ranges(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		const struct row *r = &rows[i];
		const char *kind = NULL, *same = NULL;
		char text[REACH_MAX_TEXT];
		enum reach reach = reach_of_row(r, &kind, text);

		if (reach != r->reach || strcmp(kind, r->kind) != 0)
			fail_msg("%s: want %d %s, have %d %s", r->address,
				(int)r->reach, r->kind, (int)reach, kind);
		/* Printed and read again it is the same. */
		assert_int_equal(reach_of_text(text, &same), reach);
		assert_string_equal(same, kind);
		assert_int_equal(reach_of_text(text, NULL), reach);
	}
}

static void
test_others(void **state)
{
	struct sockaddr_un un = { .sun_family = AF_UNIX };
	char text[REACH_MAX_TEXT];
	const char *kind;

	(void)state;
	assert_int_equal(
		reach_of((struct sockaddr *)&un, &kind), REACH_NOWHERE);
	assert_string_equal(kind, "no address of the Internet");
	reach_print(text, (struct sockaddr *)&un);
	assert_string_equal(text, "?");
	assert_int_equal(reach_of_text("www.example.com", NULL), REACH_PUBLIC);
	assert_int_equal(reach_of_text("", NULL), REACH_PUBLIC);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_ranges),
		cmocka_unit_test(test_others),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
