/* verify.h - let OpenSSL judge one given path */
#ifndef CHECKS_VERIFY_H
#define CHECKS_VERIFY_H

#include "checks/path/appraise.h"

/*
 * Signatures, purposes, constraints and extensions of p->steps, the last of
 * which counts as trusted. What is broken is added to p->breaches; dates are
 * not looked at, nor is the leaf's own purpose. Every step that OpenSSL did
 * not get to see is a breach too.
 */
void path_verify(struct path *p, const struct yardstick *by);

void path_breach(struct path *p, size_t step, int code);

#endif
