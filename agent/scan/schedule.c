/* schedule.c - which target is to be looked at when */
#include "scan/schedule.h"
#include "model/duration.h"
#include "model/hash.h"

#define JITTER_SHARE 10 /* of an interval, by which a look may be earlier */
#define COMPANY_SHARE 20 /* so much earlier still, where others are due */
#define AHEAD_S 5 /* a clock put right by so little is no reason */

#define RETRY_FIRST_S 5
#define RETRY_MOST_S (10 * MINUTE_S)

static int64_t
interval_of(const struct schedule *s, int64_t interval_s)
{
	return s->every_s > 0 ? s->every_s : interval_s;
}

/* Nobody notices it in one agent, and a fleet does not come all at once. */
static int64_t
jitter(const struct schedule *s, int64_t interval_s, time_t last)
{
	const uint64_t of[] = { s->seed, (uint64_t)last };

	return (int64_t)(hash_bytes(of, sizeof(of)) %
		(uint64_t)(interval_s / JITTER_SHARE + 1));
}

time_t
schedule_due_at(
	const struct schedule *s, int64_t interval_s, time_t last, time_t now)
{
	if (last == 0 || last > now + AHEAD_S)
		return now;
	interval_s = interval_of(s, interval_s);
	return last + interval_s - jitter(s, interval_s, last);
}

bool
schedule_is_due(
	const struct schedule *s, int64_t interval_s, time_t last, time_t now)
{
	return now >= schedule_due_at(s, interval_s, last, now) -
		interval_of(s, interval_s) / COMPANY_SHARE;
}

int64_t
schedule_retry_s(unsigned failures)
{
	int64_t wait_s = RETRY_FIRST_S;

	while (failures-- > 1 && wait_s < RETRY_MOST_S)
		wait_s *= 2;
	return wait_s < RETRY_MOST_S ? wait_s : RETRY_MOST_S;
}
