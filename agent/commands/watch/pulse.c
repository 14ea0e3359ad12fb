/* pulse.c - does the work beside the main loop still go on? */
#include "commands/watch/pulse.h"

void
pulse_promise(struct pulse *p, int64_t now_ms, int64_t within_ms)
{
	atomic_store(&p->until_ms, now_ms + within_ms);
}

bool
pulse_is_kept(const struct pulse *p, int64_t now_ms)
{
	return now_ms <= atomic_load(&p->until_ms);
}
