/* place.c - an address and a port, of this machine or another */
#include <sys/socket.h>

#include <arpa/inet.h>
#include <ifaddrs.h>
#include <net/if.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>

#include "model/buf.h"
#include "probes/local/place.h"

static const unsigned char mapped[12] = { 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff,
	0xff };

static void
set_ipv4(struct place *p, const void *address)
{
	memcpy(p->address, mapped, sizeof(mapped));
	memcpy(p->address + sizeof(mapped), address, 4);
}

static int
parse_port(const char *s, uint16_t *port)
{
	unsigned long v = 0;
	const char *p = s;

	for (; *p >= '0' && *p <= '9' && v <= 65535; p++)
		v = v * 10 + (unsigned long)(*p - '0');
	if (p == s || *p != '\0' || v < 1 || v > 65535)
		return -1;
	*port = (uint16_t)v;
	return 0;
}

int
place_parse(const char *text, struct place *out)
{
	const char *colon = strrchr(text, ':');
	struct place p = { .port = 0 };
	char host[INET6_ADDRSTRLEN];
	unsigned char ipv4[4];
	size_t n;

	if (colon == NULL || parse_port(colon + 1, &p.port) == -1)
		return -1;
	n = (size_t)(colon - text);
	if (n > 2 && text[0] == '[' && text[n - 1] == ']') {
		text++;
		n -= 2;
	}
	/* The zone of a link-local address (RFC 4007, 11). */
	n = strcspn(text, "%") < n ? strcspn(text, "%") : n;
	if (n >= sizeof(host))
		return -1;
	memcpy(host, text, n);
	host[n] = '\0';
	if (inet_pton(AF_INET, host, ipv4) == 1)
		set_ipv4(&p, ipv4);
	else if (inet_pton(AF_INET6, host, p.address) != 1)
		return -1;
	*out = p;
	return 0;
}

bool
place_is_ipv4(const struct place *p)
{
	return memcmp(p->address, mapped, sizeof(mapped)) == 0;
}

static bool
is_loopback(const struct place *p)
{
	/* RFC 1122, 3.2.1.3: all of 127/8. */
	if (place_is_ipv4(p))
		return p->address[12] == 127;
	return memcmp(p->address, &in6addr_loopback, 16) == 0;
}

static bool
is_address_of(const struct place *p, const struct sockaddr *sa)
{
	struct place own = { .port = 0 };

	if (sa != NULL && sa->sa_family == AF_INET)
		set_ipv4(&own, &((const struct sockaddr_in *)sa)->sin_addr);
	else if (sa != NULL && sa->sa_family == AF_INET6)
		memcpy(own.address,
			&((const struct sockaddr_in6 *)sa)->sin6_addr, 16);
	else
		return false;
	return memcmp(p->address, own.address, sizeof(own.address)) == 0;
}

bool
place_is_local(const struct place *p)
{
	struct ifaddrs *all = NULL;
	bool found = false;

	if (is_loopback(p))
		return true;
	if (getifaddrs(&all) == -1)
		return false;
	for (const struct ifaddrs *i = all; i != NULL && !found;
		i = i->ifa_next)
		found = is_address_of(p, i->ifa_addr);
	freeifaddrs(all);
	return found;
}

bool
place_listening(const struct place *p, unsigned i, struct place *out)
{
	*out = *p;
	if (i == 0)
		return true;
	if (i == 1 && place_is_ipv4(p)) {
		set_ipv4(out, (const unsigned char[4]){ 0 });
		return true;
	}
	/* Of both families, unless IPV6_V6ONLY says otherwise. */
	memset(out->address, 0, sizeof(out->address));
	return i == (place_is_ipv4(p) ? 2 : 1);
}

bool
place_equal(const struct place *a, const struct place *b)
{
	return a->port == b->port &&
		memcmp(a->address, b->address, sizeof(a->address)) == 0;
}
