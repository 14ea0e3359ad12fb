/* constraints.h - name constraints, where OpenSSL lets names through */
#ifndef CHECKS_CONSTRAINTS_H
#define CHECKS_CONSTRAINTS_H

#include <openssl/x509v3.h>

#include "checks/path/path.h"

/*
 * RFC 5280, 4.2.1.10, as far as path_verify() does not judge it. What is
 * broken is added to p->breaches.
 */
void constraints_judge(struct path *p);

/*
 * Is `name` in the excluded subtree of `base`, where OpenSSL does not see it:
 * a wildcard that can stand for it, an IPv6 address that stands for an IPv4
 * one.
 */
bool constraints_exclude(const GENERAL_NAME *name, const GENERAL_NAME *base);
/* Nobody can tell on which side of a fence a name without labels lies. */
bool constraints_cannot_judge(const GENERAL_NAME *name);

#endif
