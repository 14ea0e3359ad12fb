/* reach.c - how far an address reaches: the Internet, a network, no host */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "probes/reach.h"

struct range {
	const char *prefix;
	unsigned bits;
	const char *kind;
	enum reach reach;
};

/* RFC 6890, 2.2.2 and its registry; of several the first that fits. */
static const struct range ranges4[] = {
	{ "0.0.0.0", 8, "unspecified", REACH_NOWHERE }, /* RFC 791, 3.2 */
	{ "10.0.0.0", 8, "private", REACH_PRIVATE }, /* RFC 1918, 3 */
	/* Where clouds answer their machines, beside 169.254 and 192.0.0. */
	{ "100.100.100.200", 32, "a cloud's own", REACH_LOCAL }, /* Alibaba */
	{ "168.63.129.16", 32, "a cloud's own", REACH_LOCAL }, /* Azure */
	{ "100.64.0.0", 10, "carrier-grade NAT", REACH_PRIVATE }, /* RFC 6598 */
	{ "127.0.0.0", 8, "loopback", REACH_LOCAL }, /* RFC 1122, 3.2.1.3 */
	{ "169.254.0.0", 16, "link-local", REACH_LOCAL }, /* RFC 3927, 2.1 */
	{ "172.16.0.0", 12, "private", REACH_PRIVATE },
	/* RFC 6890, 2.1; a cloud has its metadata service in it */
	{ "192.0.0.0", 24, "reserved", REACH_LOCAL },
	{ "192.0.2.0", 24, "for documentation", REACH_PRIVATE }, /* RFC 5737 */
	{ "192.88.99.0", 24, "reserved", REACH_NOWHERE }, /* RFC 7526, 5 */
	{ "192.168.0.0", 16, "private", REACH_PRIVATE },
	{ "198.18.0.0", 15, "for benchmarks", REACH_PRIVATE }, /* RFC 2544 */
	{ "198.51.100.0", 24, "for documentation", REACH_PRIVATE },
	{ "203.0.113.0", 24, "for documentation", REACH_PRIVATE },
	{ "224.0.0.0", 4, "multicast", REACH_NOWHERE }, /* RFC 1112, 4 */
	{ "255.255.255.255", 32, "broadcast", REACH_NOWHERE }, /* RFC 919, 7 */
	{ "240.0.0.0", 4, "reserved", REACH_NOWHERE }, /* RFC 1112, 4 */
};

/* RFC 6890, 2.2.3 and its registry. */
static const struct range ranges6[] = {
	{ "::", 128, "unspecified", REACH_NOWHERE }, /* RFC 4291, 2.5.2 */
	{ "::1", 128, "loopback", REACH_LOCAL }, /* RFC 4291, 2.5.3 */
	{ "64:ff9b:1::", 48, "private", REACH_PRIVATE }, /* RFC 8215 */
	{ "2001::", 32, "Teredo", REACH_NOWHERE }, /* RFC 4380 */
	{ "2001::", 23, "reserved", REACH_PRIVATE }, /* RFC 2928 */
	{ "2001:db8::", 32, "for documentation", REACH_PRIVATE }, /* RFC 3849 */
	{ "3fff::", 20, "for documentation", REACH_PRIVATE }, /* RFC 9637 */
	{ "2000::", 3, NULL, REACH_PUBLIC }, /* RFC 4291, 2.4 */
	{ "fd00:ec2::", 32, "a cloud's own", REACH_LOCAL }, /* Amazon */
	{ "fc00::", 7, "private", REACH_PRIVATE }, /* RFC 4193, 3.1 */
	{ "fe80::", 10, "link-local", REACH_LOCAL }, /* RFC 4291, 2.5.6 */
	{ "fec0::", 10, "site-local", REACH_PRIVATE }, /* RFC 3879 */
	{ "ff00::", 8, "multicast", REACH_NOWHERE }, /* RFC 4291, 2.7 */
	{ "::", 0, "reserved", REACH_NOWHERE }, /* not handed out */
};

/* Prefixes behind which an address of IPv4 stands. */
static const struct {
	const char *prefix;
	unsigned bits;
} carriers[] = {
	{ "::ffff:0:0", 96 }, /* mapped: RFC 4291, 2.5.5.2 */
	{ "::ffff:0:0:0", 96 }, /* translated: RFC 2765, 2.1 */
	{ "64:ff9b::", 96 }, /* NAT64: RFC 6052, 2.1 */
	{ "2002::", 16 }, /* 6to4: RFC 3056, 2 */
	{ "::", 96 }, /* compatible: RFC 4291, 2.5.5.1 */
};

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

static bool
begins_with(
	const uint8_t *address, int family, const char *prefix, unsigned bits)
{
	uint8_t want[sizeof(struct in6_addr)] = { 0 };
	unsigned whole = bits / 8, rest = bits % 8;

	if (inet_pton(family, prefix, want) != 1 ||
		memcmp(address, want, whole) != 0)
		return false;
	return rest == 0 || (address[whole] ^ want[whole]) >> (8 - rest) == 0;
}

static const struct range *
find(const struct range *v, size_t n, int family, const uint8_t *address)
{
	for (size_t i = 0; i < n; i++) {
		if (begins_with(address, family, v[i].prefix, v[i].bits))
			return &v[i];
	}
	return NULL;
}

/* The IPv4 address that one of IPv6 stands for, or NULL. */
static const uint8_t *
carried(const uint8_t *address)
{
	/* "::" and "::1" are of IPv6 alone. */
	if (begins_with(address, AF_INET6, "::", 127))
		return NULL;
	for (size_t i = 0; i < COUNT(carriers); i++) {
		if (begins_with(address, AF_INET6, carriers[i].prefix,
			    carriers[i].bits))
			return address + carriers[i].bits / 8;
	}
	return NULL;
}

static enum reach
tell(const struct range *r, const char **kind)
{
	if (kind != NULL)
		*kind = r != NULL && r->kind != NULL ? r->kind : "public";
	return r != NULL ? r->reach : REACH_PUBLIC;
}

static enum reach
reach_of_bytes(int family, const uint8_t *address, const char **kind)
{
	const uint8_t *inner = NULL;

	if (family == AF_INET6)
		inner = carried(address);
	if (inner == NULL && family == AF_INET6)
		return tell(
			find(ranges6, COUNT(ranges6), AF_INET6, address), kind);
	return tell(find(ranges4, COUNT(ranges4), AF_INET,
			    inner != NULL ? inner : address),
		kind);
}

enum reach
reach_of(const struct sockaddr *sa, const char **kind)
{
	struct sockaddr_in in4;
	struct sockaddr_in6 in6;

	switch (sa->sa_family) {
	case AF_INET:
		memcpy(&in4, sa, sizeof(in4));
		return reach_of_bytes(
			AF_INET, (const uint8_t *)&in4.sin_addr, kind);
	case AF_INET6:
		memcpy(&in6, sa, sizeof(in6));
		return reach_of_bytes(AF_INET6, in6.sin6_addr.s6_addr, kind);
	default:
		if (kind != NULL)
			*kind = "no address of the Internet";
		return REACH_NOWHERE;
	}
}

enum reach
reach_of_text(const char *address, const char **kind)
{
	uint8_t bytes[sizeof(struct in6_addr)];

	if (inet_pton(AF_INET, address, bytes) == 1)
		return reach_of_bytes(AF_INET, bytes, kind);
	if (inet_pton(AF_INET6, address, bytes) == 1)
		return reach_of_bytes(AF_INET6, bytes, kind);
	return tell(NULL, kind);
}

void
reach_print(char out[REACH_MAX_TEXT], const struct sockaddr *sa)
{
	const struct sockaddr_in6 *in6 = (const struct sockaddr_in6 *)sa;
	const struct sockaddr_in *in4 = (const struct sockaddr_in *)sa;
	const void *address = sa->sa_family == AF_INET6
		? (const void *)&in6->sin6_addr
		: (const void *)&in4->sin_addr;

	if (inet_ntop(sa->sa_family, address, out, REACH_MAX_TEXT) == NULL)
		memcpy(out, "?", 2);
}
