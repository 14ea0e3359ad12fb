/* verdict.h - what is wrong with one path from a leaf to its anchor */
#ifndef CHECKS_VERDICT_H
#define CHECKS_VERDICT_H

#include "checks/chain/chain.h"

/* Where it ends, which rules it breaks, and the dates of its issuers. */
void verdict_tell(
	const struct chain *ch, const struct strand *s, struct findings *out);

#endif
