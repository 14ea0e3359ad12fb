/* dialect.h - how an endpoint is spoken to before TLS */
#ifndef PROBES_DIALECT_H
#define PROBES_DIALECT_H

#include "model/target.h"
#include "probes/tls/stream.h"

/*
 * One row a scheme. Adding a STARTTLS dialect is a function in starttls.c
 * and its row there.
 */
struct dialect {
	struct scheme scheme;

	/*
	 * Talk until the server has agreed to begin TLS. Returns 0, or -1
	 * and *err with the server's words. NULL: TLS from the first byte.
	 */
	int (*starttls)(
		struct stream *s, const struct target *t, struct error *err);
};

extern const struct dialect dialect_table[]; /* ends with a NULL name */
const struct scheme *dialect_scheme(size_t i); /* scheme_at */
const struct dialect *dialect_of(const struct scheme *scheme);

#endif
