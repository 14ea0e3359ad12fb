/* fetch.h - what an http or https URL holds, within bounds */
#ifndef PROBES_FETCH_H
#define PROBES_FETCH_H

#include <stdbool.h>
#include <stddef.h>

#include "model/buf.h"
#include "model/error.h"
#include "probes/probe.h"
#include "probes/reach.h"

#define FETCH_MAX_REDIRECTS 3
#define FETCH_BODY_BYTES ((size_t)64 * 1024)

struct fetch_request {
	/*
	 * Comes from a certificate, so it is not to be believed: without a
	 * user, and with the port of its scheme or one of 1024 and above.
	 */
	const char *url;
	size_t max_bytes; /* of the body; more is an error */
	/*
	 * The farthest that may be connected to, be it by name, by address or
	 * by a redirect. It is held against the address that the connection is
	 * made to. What a proxy connects to is up to the proxy.
	 */
	enum reach reach;
	/*
	 * Is the server of an https URL to be verified? Not where what comes
	 * is judged by its own signature: nobody trusts http more.
	 */
	bool verify;
};

/*
 * GET it, until io's deadline, through the proxy of the environment if there
 * is one, as notifiers do; redirects are followed. Returns 0 and the body of a
 * 2xx in *body, for buf_release(); or -1 and *err, whose text follows the
 * URL's. *need, at any rate, is the reach that it was refused for, or
 * REACH_PUBLIC.
 */
int fetch_get(struct probe_io *io, const struct fetch_request *request,
	struct buf *body, enum reach *need, struct error *err);

#endif
