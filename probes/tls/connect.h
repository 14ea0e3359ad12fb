/* connect.h - from a target's addresses to an open connection */
#ifndef PROBES_CONNECT_H
#define PROBES_CONNECT_H

#include "probes/tls/resolve.h"
#include "probes/tls/stream.h"

/*
 * All of these return 0 and an open s->fd for stream_close(), with the peer
 * noted in `ob`; -1 and a fault in `ob`; or -2 and *err where this machine
 * itself is the trouble (no more descriptors). They take the proxy of `t`, if
 * it has one, and end by s->io->deadline_ms.
 */

/* To one address. */
int connect_to(struct stream *s, const struct target *t,
	const struct address *to, struct observation *ob, struct error *err);

/*
 * To the first that answers. The next one is begun with when one fails, or
 * after a moment in which it says nothing, and they go on side by side (RFC
 * 8305, 5): an address that is dead costs the others no time. Through a proxy
 * it is one after the other, each with its share of the time.
 */
int connect_first(struct stream *s, const struct target *t,
	const struct addresses *as, struct observation *ob, struct error *err);

/*
 * To the target: resolve it and take the first address that answers, or have
 * its proxy do both.
 */
int connect_stream(struct stream *s, const struct target *t,
	struct observation *ob, struct error *err);

#endif
