/* address.h - a mail address as the configuration writes it */
#ifndef NOTIFIERS_ADDRESS_H
#define NOTIFIERS_ADDRESS_H

#include "model/buf.h"
#include "model/error.h"

#define ADDRESS_LOCAL_MAX 64 /* RFC 5321, 4.5.3.1 */
#define ADDRESS_MAX 254
#define ADDRESS_NAME_MAX 120

struct address {
	char name[ADDRESS_NAME_MAX + 1]; /* for a person; "": none */
	char addr[ADDRESS_MAX + 1]; /* "ops@example.com" */
};

/*
 * Read "a@b" or "Name <a@b>", the name in double quotes or not. Address and
 * domain are ASCII: a domain in its A-label form. Returns 0, or -1 and *err.
 */
int address_parse(const char *s, struct address *out, struct error *err);

const char *address_domain(const struct address *a);

/* As it stands in a header, encoded where that is needed. */
void address_header(struct buf *out, const struct address *a);

#endif
