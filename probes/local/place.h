/* place.h - an address and a port, of this machine or another */
#ifndef PROBES_PLACE_H
#define PROBES_PLACE_H

#include <stdbool.h>
#include <stdint.h>

/* IPv4 stands as ::ffff:a.b.c.d (RFC 4291, 2.5.5.2), "any" of it likewise. */
struct place {
	unsigned char address[16];
	uint16_t port;
};

/* "192.0.2.1:443", "[::1]:443", "[fe80::1%eth0]:443". 0, or -1. */
int place_parse(const char *text, struct place *out);

bool place_is_ipv4(const struct place *p);

/* Loopback, or an address of one of this machine's interfaces? */
bool place_is_local(const struct place *p);

/*
 * The i-th place at which a socket may listen that is reached at `p`, the
 * most exact one first: its own address, any of its family, any of both.
 * Returns false past the last.
 */
bool place_listening(const struct place *p, unsigned i, struct place *out);

bool place_equal(const struct place *a, const struct place *b);

#endif
