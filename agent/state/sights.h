/* sights.h - what reports show of targets that have no look (model/look.h) */
#ifndef STATE_SIGHTS_H
#define STATE_SIGHTS_H

#include "model/result.h"
#include "state/state.h"

/*
 * Within a transaction, what has changed of them. One that is carried stays as
 * it is. Returns 0, or -1 and *err.
 */
int sights_write(struct state *st, const struct results *rs, struct error *err);

#endif
