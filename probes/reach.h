/* reach.h - how far an address reaches: the Internet, a network, no host */
#ifndef PROBES_REACH_H
#define PROBES_REACH_H

#include <sys/socket.h>

/* The farther down, the more is allowed to whoever may go there. */
enum reach {
	REACH_PUBLIC, /* the Internet */
	REACH_PRIVATE, /* some network of its own */
	REACH_LOCAL, /* this machine, or what hangs on the same wire */
	REACH_NOWHERE, /* no host has it: multicast, reserved ... */
};

/*
 * How far `sa` reaches, by IANA's registries of special-purpose addresses
 * (RFC 6890 and later). An address of IPv4 within one of IPv6 counts as that:
 * mapped, NAT64, 6to4. *kind, which may be NULL, becomes a word for it such
 * as "private".
 */
enum reach reach_of(const struct sockaddr *sa, const char **kind);

/* The same of an address as text, "192.0.2.1" or "::1"; else REACH_PUBLIC. */
enum reach reach_of_text(const char *address, const char **kind);

/* Its text, such as "192.0.2.1" or "::1"; for anything else "?". */
#define REACH_MAX_TEXT 64
void reach_print(char out[REACH_MAX_TEXT], const struct sockaddr *sa);

#endif
