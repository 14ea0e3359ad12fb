/* horizon.h - until when a judgement would come out the same */
#ifndef MODEL_HORIZON_H
#define MODEL_HORIZON_H

#include <stdint.h>
#include <time.h>

/*
 * Whatever compares a date with `now`, or tells what is left until one, notes
 * here when that will come out otherwise. Then what was judged for `now` holds
 * for every moment from it on and before `until`, to the letter, but for
 * details called "seconds_left".
 */
struct horizon {
	time_t until;
};

#define HORIZON_OPEN INT64_MAX /* nothing changes it */

/*
 * From `when` on it may be another; one that is past changes nothing more. A
 * NULL `h`: nobody wants to know.
 */
void horizon_note(struct horizon *h, time_t when, time_t now);

/*
 * It tells how long it is, or was, to `moment`, in words or in days. Below a
 * day the words change so soon that it holds for no moment but `now`.
 */
void horizon_note_span(struct horizon *h, time_t moment, time_t now);

#endif
