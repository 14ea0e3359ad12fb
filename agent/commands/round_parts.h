/* round_parts.h - what the parts of a round have of one another */
#ifndef COMMANDS_ROUND_PARTS_H
#define COMMANDS_ROUND_PARTS_H

#include "commands/round.h"
#include "model/duration.h"
#include "model/error.h"
#include "notifiers/heartbeat.h"
#include "state/state.h"

/* What no part of a round takes, however large it is and slow the disk. */
#define PART_MS (5 * MINUTE_S * 1000)

/* Tells it; returns STATUS_UNKNOWN. */
int round_fail(const struct round *round, const struct error *err);

bool round_is_stopped(const struct round *round);
void round_alive(
	const struct round *round, enum round_stage stage, int64_t within_ms);

/*
 * Deliver what is due, and note what waits in round->outcome. Returns 0, or -1
 * and *err.
 */
int round_tell(const struct round *round, const struct config *c,
	struct state *st, struct error *err);

/*
 * NULL: none is due. Whoever waits for it must not take a scan of another day
 * for today's.
 */
struct heartbeat *round_heartbeat(const struct round *round,
	const struct config *c, enum severity worst, const char *host);
/* A failure is told and changes no exit status: the scan did its work. */
void round_heartbeat_end(struct heartbeat *h);

#endif
