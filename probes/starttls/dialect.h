/* dialect.h - how an endpoint is spoken to before TLS */
#ifndef PROBES_DIALECT_H
#define PROBES_DIALECT_H

#include "model/target.h"
#include "probes/tls/stream.h"

/*
 * One row a scheme. Adding a STARTTLS dialect is a function in this room, its
 * line in starttls.h and its row in dialects.c.
 */
struct dialect {
	struct scheme scheme;

	/*
	 * Talk until the server has agreed to begin TLS. Returns 0, or -1
	 * and *err with the server's words. NULL: TLS from the first byte.
	 */
	int (*starttls)(
		struct stream *s, const struct target *t, struct error *err);
	const char *twin; /* the scheme that speaks TLS at once, or NULL */
};

extern const struct dialect dialect_table[]; /* ends with a NULL name */
const struct scheme *dialect_scheme(size_t i); /* scheme_at */
const struct dialect *dialect_of(const struct scheme *scheme);

/*
 * Hold the dialogue of `d`, if it has one, over a fresh connection. Returns 0
 * when TLS may begin and nothing that came in the clear is left to be taken
 * for protected, or -1 and *err: ERROR_TIMEOUT at the deadline.
 */
int dialect_agree(const struct dialect *d, struct stream *s,
	const struct target *t, struct error *err);

#endif
