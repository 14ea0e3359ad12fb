/* greeting.h - what a server seems to speak that speaks no TLS */
#ifndef PROBES_GREETING_H
#define PROBES_GREETING_H

#include <stdbool.h>

#include "probes/tls/connection.h"

/* May what has come so far be TLS? */
bool greeting_is_tls(const struct connection *c);

/*
 * It is not: read a little more of it, note in the handshake what it looks
 * like, and say so, with the server's own words escaped.
 */
void greeting_describe(struct buf *out, struct connection *c);

#endif
