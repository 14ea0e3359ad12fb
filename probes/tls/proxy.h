/* proxy.h - a connection that a proxy makes for us */
#ifndef PROBES_PROXY_H
#define PROBES_PROXY_H

#include "model/observation.h"
#include "probes/tls/stream.h"

/*
 * Have the proxy of `t` connect to the port of `t` at `host`, a name or an
 * address, before s->io->deadline_ms. Neither the environment nor ~/.netrc
 * counts. Returns 0 and an open s->fd for stream_close(), with the peer noted
 * in `ob`, such as "www.example.com:443 through proxy http://proxy:3128";
 * what the peer said already is left to be read. -1 and a fault in `ob` that
 * names the proxy; or -2 and *err where this machine is the trouble.
 */
int proxy_connect(struct stream *s, const struct target *t, const char *host,
	struct observation *ob, struct error *err);

#endif
