/* watch.h - what passes by on a TLS connection, noted as it comes */
#ifndef PROBES_WATCH_H
#define PROBES_WATCH_H

#include "probes/tls/connection.h"

/* What has arrived by the deadline is still looked at; so many reads hold it.
 */
#define WATCH_MAX_LATE_READS 64
/* A server that has not come to an end by then is no server. */
#define WATCH_MAX_BYTES (4 * 1024 * 1024)

/* Have all connections of `ctx` watched. */
void watch_context(SSL_CTX *ctx);
/* Begin with c->ssl, over c->stream. 0, or -1 and OpenSSL's error queue. */
int watch_begin(struct connection *c);

#endif
