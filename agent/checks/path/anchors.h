/* anchors.h - which certificates of a trust store count as trust anchors */
#ifndef CHECKS_ANCHORS_H
#define CHECKS_ANCHORS_H

#include <stdbool.h>

#include "model/policy.h"

struct anchors {
	const struct trust *trust; /* NULL: trust is not judged */
	X509_STORE_CTX *lookup; /* NULL with it */
};

void anchors_open(struct anchors *a, const struct trust *trust);
void anchors_close(struct anchors *a);

/*
 * All of that name in the store, be they anchors or not: for
 * sk_X509_pop_free(); NULL if there is none.
 */
STACK_OF(X509) *anchors_named(const struct anchors *a, const X509_NAME *name);

/*
 * Would `x509`, once it is in the store, be an anchor? Self-signed ones are.
 * An intermediate of the system's store is not, for it would hide a gap; nor
 * is one that stands beside its own issuer in a bundle. One that the operator
 * named alone is.
 */
bool anchors_accept(const struct anchors *a, X509 *x509);

/* Is it in the store, and accepted? */
bool anchors_has(const struct anchors *a, X509 *x509);

#endif
