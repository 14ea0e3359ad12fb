/* gather.h - findings of several looks at one target become one list */
#ifndef CHECKS_GATHER_H
#define CHECKS_GATHER_H

#include "model/finding.h"

/*
 * Move all of `from` to `out`. Where one of the same id and subject is there
 * already, as of an issuer that two leaves have, the worse one stays, else
 * the earlier. `from` is empty afterwards.
 */
void gather_worst(struct findings *out, struct findings *from);

/* Moves one to the end of `out`; *f is empty afterwards. */
void gather_one(struct findings *out, struct finding *f);

/* The first of the same id and subject, or NULL. */
struct finding *gather_find(struct findings *fs, const struct finding *like);

#endif
