/* library.h - OpenSSL's contexts and trust stores, made once a scan */
#ifndef SCAN_LIBRARY_H
#define SCAN_LIBRARY_H

#include <openssl/ssl.h>

#include "model/cert_cache.h"
#include "model/error.h"
#include "model/observation.h"
#include "model/policy.h"

/*
 * A library context of its own spares workers OpenSSL's shared locks; each
 * has its TLS settings and loads each trust bundle once.
 */
struct library;

/* Returns one for library_free(), or NULL and *err. */
struct library *library_new(struct error *err);
void library_free(struct library *lib); /* NULL does nothing */

OSSL_LIB_CTX *library_context(const struct library *lib);
SSL_CTX *library_tls(const struct library *lib);
/* For the thread that the library is for. */
struct cert_cache *library_cas(const struct library *lib);

/*
 * The trust anchors of `path` ("system", or a bundle), loaded at the first
 * call; lent until library_free(). NULL and *err if they cannot be read, the
 * same each time. Safe on many threads.
 */
const struct trust *library_trust(
	struct library *lib, const char *path, struct error *err);

/*
 * Who serves what `ob` saw of the endpoint `t`, for listener_free(), or NULL:
 * it is not this machine, or cannot be seen. The machine is looked over at the
 * first call. Safe on many threads.
 */
struct listener *library_listener(struct library *lib, const struct target *t,
	const struct observation *ob);

#endif
