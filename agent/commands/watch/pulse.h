/* pulse.h - does the work beside the main loop still go on? */
#ifndef COMMANDS_WATCH_PULSE_H
#define COMMANDS_WATCH_PULSE_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

/*
 * Who works promises, at each piece that is done, to be heard of again within
 * some time; who watches believes it for so long, and no longer. So the service
 * manager's watchdog is kept quiet by progress alone, and a probe that waits
 * for its timeout counts as that.
 */
struct pulse {
	_Atomic int64_t until_ms; /* CLOCK_MONOTONIC */
};

/* Another promise that reaches farther stands no more. */
void pulse_promise(struct pulse *p, int64_t now_ms, int64_t within_ms);
bool pulse_is_kept(const struct pulse *p, int64_t now_ms);

#endif
