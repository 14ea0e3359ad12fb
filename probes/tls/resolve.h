/* resolve.h - from a target's host to its addresses, in the order to try */
#ifndef PROBES_RESOLVE_H
#define PROBES_RESOLVE_H

#include <sys/socket.h>

#include <netdb.h>

#include "model/observation.h"
#include "probes/probe.h"

/* Of one host; each look needs its share of the time. */
#define RESOLVE_MAX_ADDRESSES 32

struct address {
	struct sockaddr_storage sa;
	socklen_t len;
	char host[64]; /* "192.0.2.1", "fe80::1%eth0" */
	char text[80]; /* "192.0.2.1:443", "[::1]:443" */
};

struct addresses {
	struct address *v; /* each once, in the order in which to try them */
	size_t n;
	size_t n_more; /* that the host has beyond RESOLVE_MAX_ADDRESSES */
};

/*
 * What getaddrinfo() found, the families by turns, that of the first one
 * first (RFC 8305, 4). Within a family they keep their order or, where
 * `sorted`, have the same one from look to look, however name servers shuffle
 * them. For resolve_release().
 */
void resolve_list(
	struct addresses *out, const struct addrinfo *found, bool sorted);

/*
 * Resolve the host of `t`, or what it says to dial in its place, before
 * io->deadline_ms. Returns 0 and at least one address for resolve_release(),
 * or -1 and a fault in `ob`.
 */
int resolve_host(struct probe_io *io, const struct target *t, bool sorted,
	struct addresses *out, struct observation *ob);

void resolve_release(struct addresses *as);
#define RESOLVE_CLEANUP __attribute__((__cleanup__(resolve_release)))

#endif
