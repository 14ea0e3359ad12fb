/* basis.h - what looks at files rest on, beside the files */
#ifndef SCAN_BASIS_H
#define SCAN_BASIS_H

#include <stdbool.h>
#include <stddef.h>
#include <time.h>

#include "model/look.h"
#include "scan/scan.h"

/*
 * A digest of it: as long as it is the same, an unchanged file is judged the
 * same. Begin with basis_new(), add the configuration, and end it.
 */
struct basis;

struct basis *basis_new(void);
/* A piece of what is configured, of whatever length; `arg` is the basis. */
void basis_add(void *arg, const char *text, size_t n);

/*
 * This program, its libraries, who runs it, and the trust stores of the files
 * among the targets come to it, and `b` is freed. False: one of the stores
 * has changed so lately (stamp.h), or cannot be seen, that nothing may be
 * kept that rests on it. `clock` is the time that it is.
 */
bool basis_end(struct basis *b, const struct targets *targets, time_t clock,
	unsigned char out[LOOKS_BASIS]);

#endif
