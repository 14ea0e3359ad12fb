/* flight.h - the certificates of a handshake that OpenSSL gave up */
#ifndef PROBES_FLIGHT_H
#define PROBES_FLIGHT_H

#include "probes/tls/connection.h"

/*
 * Take what can be read out of the Certificate message in c->flight (RFC
 * 8446, 4.4.2; RFC 5246, 7.4.2), if there is one. What cannot is a fault, and
 * the handshake's ending.
 */
void flight_take(struct connection *c);

#endif
