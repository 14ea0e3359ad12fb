/* endpoint.c - the certificates that a TLS server presents */
#include <stdlib.h>

#include "model/hostname.h"
#include "probes/probes.h"
#include "probes/tls/dialect.h"
#include "probes/tls/tls.h"

/* The dialogue before TLS, if the scheme has one. 0, or -1 and a fault. */
static int
agree_on_tls(struct stream *s, const struct target *t, struct observation *ob)
{
	const struct dialect *d = dialect_of(t->scheme);
	struct error err;

	if (d == NULL || d->starttls == NULL)
		return 0;
	if (d->starttls(s, t, &err) == -1) {
		observation_add_fault(ob,
			err.kind == ERROR_TIMEOUT ? FAULT_TIMEOUT
						  : FAULT_STARTTLS,
			0, "%s: %s", t->scheme->name, err.text);
		return -1;
	}
	/* Bytes sent in the clear must not pass for protected ones. */
	if (s->n_in > 0) {
		observation_add_fault(ob, FAULT_STARTTLS, 0,
			"%s: want nothing between the go-ahead and TLS, have "
			"%zu bytes",
			t->scheme->name, s->n_in);
		return -1;
	}
	return 0;
}

static int
endpoint_run(const struct target *t, struct probe_io *io,
	struct observation **out, struct error *err)
{
	cleanup(observation_free) struct observation *ob = observation_new();
	const char *name = target_server_name(t);
	struct stream *s = mem_alloc(sizeof(*s));
	int rc;

	s->io = io;
	s->fd = -1;
	rc = stream_connect(s, t, ob, err);
	if (rc == 0 && agree_on_tls(s, t, ob) == 0)
		/* RFC 6066, 3: an address is no server name. */
		rc = tls_observe(s, io->tls,
			     hostname_is_address(name) ? NULL : name, ob,
			     err) == -1
			? -2
			: 0;
	stream_close(s);
	free(s);
	if (rc == -2)
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
