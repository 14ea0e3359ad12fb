/* extras.h - the order of what was presented, and what is beyond need */
#ifndef CHECKS_EXTRAS_H
#define CHECKS_EXTRAS_H

#include "checks/chain/chain.h"

/* Each certificate once, over the paths of all leaves. */
void extras_tell(const struct chain *ch, struct findings *out);

#endif
