/* failure.h - how a TLS connection ended, and words for it */
#ifndef PROBES_FAILURE_H
#define PROBES_FAILURE_H

#include "probes/tls/connection.h"

/* What the last call of OpenSSL came to; its error queue is not yet read. */
struct failure {
	int ssl_error; /* SSL_get_error() */
	int saved_errno;
};

/*
 * How the connection ended, by that and by what was seen of it. An alert is
 * noted in the handshake.
 */
enum connection_ending failure_of(
	struct connection *c, const struct failure *f);

/* Note how the handshake ended, with a fault unless one says so already. */
void failure_tell_handshake(struct connection *c, const struct failure *f);
/* The same of an https request; a fault only where HTTP is meant. */
void failure_tell_request(struct connection *c, const struct failure *f);

#endif
