/* reason.h - in a few words, why a path was not chosen */
#ifndef CHECKS_REASON_H
#define CHECKS_REASON_H

#include "checks/path/path.h"

/*
 * Raw text: what is worse about `p` than about a good path; where nothing is,
 * what sets it apart from `chosen`. `refused` is as path_seen has it. Not more
 * than a few reasons are told.
 */
void reason_tell(struct buf *out, const struct path *p,
	const struct step *refused, const struct path *chosen,
	const struct trust *trust, time_t now);

#endif
