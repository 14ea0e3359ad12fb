/* tls.h - a TLS handshake that observes and never refuses */
#ifndef PROBES_TLS_H
#define PROBES_TLS_H

#include "probes/tls/stream.h"

/*
 * Settings for all handshakes of one library context: security level 0, TLS
 * 1.0 to 1.3, no session reuse, certificates taken as they come. Returns a
 * context for SSL_CTX_free(), or NULL and *err.
 */
SSL_CTX *tls_context(OSSL_LIB_CTX *libctx, struct error *err);

/*
 * Shake hands over `s` with server name `sni` (NULL: none asked for), and
 * note in `ob` what the server presented, however it ends. Returns 0, or -1
 * and *err where the agent itself could not work.
 */
int tls_observe(struct stream *s, SSL_CTX *ctx, const char *sni,
	struct observation *ob, struct error *err);

/* The name of an alert (RFC 8446, 6, and IANA's registry), or "unknown". */
const char *tls_alert_name(int number);

#endif
