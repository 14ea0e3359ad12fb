/* internal.c - names and addresses that mean something in one network only */
#include <arpa/inet.h>
#include <string.h>
#include <strings.h>

#include "checks/domain.h"
#include "checks/internal.h"

static const char *const zones[] = {
	/* RFC 2606 and 6761 */
	"test",
	"example",
	"invalid",
	"localhost",
	/* RFC 6762, 3 and appendix G; home and corp ICANN keeps out as well */
	"local",
	"intranet",
	"private",
	"corp",
	"home",
	"lan",
	"mail",
	/* ICANN board, 2024-07-29; RFC 8375 */
	"internal",
	"home.arpa",
	/* what systems append where no domain was given */
	"localdomain",
};

/* IPv4 ones stand as IPv6 does for them: RFC 4291, 2.5.5.2. */
static const struct range {
	const char *net;
	unsigned bits;
} ranges[] = {
	{ "::ffff:0.0.0.0", 96 + 8 },
	{ "::ffff:10.0.0.0", 96 + 8 },
	{ "::ffff:100.64.0.0", 96 + 10 },
	{ "::ffff:127.0.0.0", 96 + 8 },
	{ "::ffff:169.254.0.0", 96 + 16 },
	{ "::ffff:172.16.0.0", 96 + 12 },
	{ "::ffff:192.0.0.0", 96 + 24 },
	{ "::ffff:192.0.2.0", 96 + 24 },
	{ "::ffff:192.168.0.0", 96 + 16 },
	{ "::ffff:198.18.0.0", 96 + 15 },
	{ "::ffff:198.51.100.0", 96 + 24 },
	{ "::ffff:203.0.113.0", 96 + 24 },
	{ "::ffff:224.0.0.0", 96 + 3 },
	{ "::", 127 },
	{ "2001:db8::", 32 },
	{ "fc00::", 7 },
	{ "fe80::", 10 },
	{ "ff00::", 8 },
};

static bool
read_address(unsigned char out[16], const char *text)
{
	static const unsigned char mapped[12] = { [10] = 0xff, [11] = 0xff };

	if (inet_pton(AF_INET6, text, out) == 1)
		return true;
	memcpy(out, mapped, sizeof(mapped));
	return inet_pton(AF_INET, text, out + sizeof(mapped)) == 1;
}

static bool
is_within(const unsigned char *address, const struct range *r)
{
	unsigned char net[16];
	unsigned rest = r->bits % 8;

	if (!read_address(net, r->net) ||
		memcmp(address, net, r->bits / 8) != 0)
		return false;
	return rest == 0 ||
		((address[r->bits / 8] ^ net[r->bits / 8]) >> (8 - rest)) == 0;
}

static bool
is_in_zone(const char *name, const char *zone)
{
	size_t n = strlen(name), m = strlen(zone);

	return n > m && name[n - m - 1] == '.' &&
		strcasecmp(name + n - m, zone) == 0;
}

bool
internal_is(const char *name)
{
	unsigned char address[16];

	if (read_address(address, name)) {
		for (size_t i = 0; i < sizeof(ranges) / sizeof(*ranges); i++) {
			if (is_within(address, &ranges[i]))
				return true;
		}
		return false;
	}
	if (strncmp(name, "*.", 2) == 0)
		name += 2;
	if (*name == '\0' || strcmp(name, "*") == 0)
		return false;
	if (strchr(name, '.') == NULL)
		return domain_suffix(name) == DOMAIN_NO_SUFFIX;
	for (size_t i = 0; i < sizeof(zones) / sizeof(*zones); i++) {
		if (is_in_zone(name, zones[i]))
			return true;
	}
	return false;
}
