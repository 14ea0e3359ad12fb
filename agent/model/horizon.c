/* horizon.c - until when a judgement would come out the same */
#include <stddef.h>

#include "model/duration.h"
#include "model/horizon.h"

void
horizon_note(struct horizon *h, time_t when, time_t now)
{
	if (h != NULL && when > now && when < h->until)
		h->until = when;
}

void
horizon_note_span(struct horizon *h, time_t moment, time_t now)
{
	int64_t left = (int64_t)moment - now;
	int64_t span = left < 0 ? -left : left;
	int64_t days = span / DAY_S * DAY_S;

	if (h == NULL)
		return;
	if (span < DAY_S) {
		if (now < h->until)
			h->until = now;
	} else if (left > 0) {
		/* "12 days" as long as twelve whole ones are left. */
		horizon_note(h, moment - days + 1, now);
	} else {
		/* days_floor() goes a second past the full day. */
		horizon_note(h, moment + days + 1, now);
		horizon_note(h, moment + days + DAY_S, now);
	}
}
