/* tls.h - settings for handshakes that observe and never refuse */
#ifndef PROBES_TLS_H
#define PROBES_TLS_H

#include <openssl/ssl.h>

#include "model/error.h"

/*
 * Settings for all connections (connection.h) of one library context:
 * security level 0, TLS 1.0 to 1.3, no session reuse, certificates taken as
 * they come. Returns a context for SSL_CTX_free(), or NULL and *err.
 */
SSL_CTX *tls_context(OSSL_LIB_CTX *libctx, struct error *err);

#endif
