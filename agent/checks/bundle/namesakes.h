/* namesakes.h - different CAs of one name in a file */
#ifndef CHECKS_NAMESAKES_H
#define CHECKS_NAMESAKES_H

#include "checks/bundle/members.h"
#include "model/finding.h"

/* Tell chain.same-name of each subject that several keys have. */
void namesakes_tell(const struct members *ms, struct findings *out);

/* Have both the same key, as a CA that was renewed has? */
bool namesakes_share_key(const struct cert *a, const struct cert *b);

#endif
