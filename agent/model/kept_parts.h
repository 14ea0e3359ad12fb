/* kept_parts.h - what is kept of a result, part by part */
#ifndef MODEL_KEPT_PARTS_H
#define MODEL_KEPT_PARTS_H

#include "model/observation.h"
#include "model/pack.h"

/* Each is read as it was written, onto the shelf of `u`; see u->broken. */
void kept_put_texts(struct pack *p, const struct strlist *l);
void kept_texts(struct unpack *u, struct strlist *l);
void kept_put_certs(struct pack *p, const struct observation *ob);
void kept_certs(struct unpack *u, struct observation *ob);

/* What only an endpoint has: connections, addresses, the test of a client. */
void kept_put_endpoint(struct pack *p, const struct observation *ob);
void kept_endpoint(struct unpack *u, struct observation *ob);

/* A number from 0 to `most`; a text that must be there. */
int64_t kept_within(struct unpack *u, int64_t most);
char *kept_must(struct unpack *u);

#endif
