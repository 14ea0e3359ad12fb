/* calendar.h - days, business days, and the last one to order on */
#ifndef MODEL_CALENDAR_H
#define MODEL_CALENDAR_H

#include <stdbool.h>
#include <stdint.h>
#include <time.h>

#include "model/target.h"

/* A day is the number of days since 1970-01-01, in UTC. */
int64_t calendar_day(time_t t);
time_t calendar_begin(int64_t day); /* its first second */

/*
 * The last day to order what must be there before the day `end`: from it on,
 * itself counted, `lead` business days lie before `end`. Without a lead, the
 * last business day before `end`.
 */
int64_t calendar_order_day(
	int64_t end, int64_t lead, const struct days *holidays);

/* "2026-12-25" to a day: 0, or -1 if it is none. */
int calendar_parse(const char *text, int64_t *day);

/* "7bd", "7" or "0" to business days: 0, or -1. */
int calendar_parse_lead(const char *text, int64_t *lead);

#endif
