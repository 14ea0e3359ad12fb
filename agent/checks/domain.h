/* domain.h - where a name ends that somebody could register */
#ifndef CHECKS_DOMAIN_H
#define CHECKS_DOMAIN_H

#include <stdbool.h>

#include "model/buf.h"

/*
 * All by the public suffix list that libpsl was built with, its private
 * section (github.io) included. Names in whatever case, without a final dot;
 * internationalised ones as A-labels or as lower-case U-labels, and what comes
 * back is of the same form.
 */

/*
 * Add the registrable domain that `name` belongs to, in lower case, and return
 * true; or false where there is none: a suffix itself, one label, an empty
 * label at the front, an address. What the list does not know counts as its
 * last two labels.
 */
bool domain_find(struct buf *out, const char *name);

/*
 * Is `name` one that somebody could register, by a rule that the list really
 * has? Not so corp.internal, by the rule for the unknown.
 */
bool domain_is_registrable(const char *name);

enum domain_suffix {
	DOMAIN_NO_SUFFIX,
	DOMAIN_PRIVATE_SUFFIX, /* of a service: its owner may use it himself */
	DOMAIN_PUBLIC_SUFFIX, /* of a registry */
};

/* Is `name` itself a suffix that the list has a rule for? */
enum domain_suffix domain_suffix(const char *name);

#endif
