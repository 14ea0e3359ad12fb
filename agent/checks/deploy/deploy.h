/* deploy.h - does the endpoint serve what was put in place for it */
#ifndef CHECKS_DEPLOY_H
#define CHECKS_DEPLOY_H

#include <stdbool.h>

#include "model/observation.h"

/* A file that changed less long ago may be about to be loaded. */
#define DEPLOY_GRACE_S (5 * 60)

/*
 * Which is the newer one, by notBefore, then by notAfter: <0 if it is `b`, >0
 * if it is `a`, 0 if that cannot be told.
 */
int deploy_compare_age(const struct cert *a, const struct cert *b);

/* Is what is served not in ob->deployed? Not so where either is unknown. */
bool deploy_differs(const struct observation *ob);

#endif
