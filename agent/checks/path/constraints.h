/* constraints.h - name constraints, where OpenSSL lets names through */
#ifndef CHECKS_CONSTRAINTS_H
#define CHECKS_CONSTRAINTS_H

#include "checks/path/path.h"

/*
 * RFC 5280, 4.2.1.10, as far as path_verify() does not judge it. What is
 * broken is added to p->breaches.
 */
void constraints_judge(struct path *p);

#endif
