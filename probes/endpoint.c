/* endpoint.c - the certificates that a TLS server presents */
#include <stdlib.h>

#include "probes/client/client.h"
#include "probes/probes.h"
#include "probes/tls/addresses.h"
#include "probes/tls/connect.h"
#include "probes/tls/connection.h"

/* At the first address that answers. */
static int
look_at_one(const struct target *t, struct probe_io *io,
	struct observation **out, struct error *err)
{
	cleanup(observation_free) struct observation *ob = observation_new();
	struct stream *s;
	int rc;

	s = mem_alloc(sizeof(*s));
	s->io = io;
	s->fd = -1;
	rc = connect_stream(s, t, ob, err);
	if (rc == 0 && connection_look(s, t, ob, err) == -1)
		rc = -2;
	stream_close(s);
	free(s);
	if (rc == -2)
		return -1;
	*out = ob;
	ob = NULL;
	return 0;
}

static int
endpoint_run(const struct target *t, struct probe_io *io,
	struct observation **out, struct error *err)
{
	cleanup(observation_free) struct observation *ob = NULL;
	int rc = addresses_wanted(t) ? addresses_look(t, io, &ob, err)
				     : look_at_one(t, io, &ob, err);

	if (rc == -1 || client_look(t, io, ob, err) == -1)
		return -1;
	*out = ob;
	ob = NULL;
	return 0;
}

const struct probe probe_endpoint = {
	.name = "endpoint",
	.kind = TARGET_ENDPOINT,
	.run = endpoint_run,
};
