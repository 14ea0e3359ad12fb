/* calendar.c - days, business days, and the last one to order on */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "model/alloc.h"
#include "model/calendar.h"
#include "model/duration.h"

/* Four years of business days: nobody orders further ahead. */
#define MAX_LEAD 1000

int64_t
calendar_day(time_t t)
{
	return days_floor((int64_t)t);
}

time_t
calendar_begin(int64_t day)
{
	return (time_t)(day * DAY_S);
}

static bool
is_weekend(int64_t day)
{
	/* 1970-01-01 was a Thursday; Sunday is 0. */
	int64_t weekday = (day % 7 + 11) % 7;

	return weekday == 0 || weekday == 6;
}

static int
compare_days(const void *a, const void *b)
{
	int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

	return (x > y) - (x < y);
}

/* The holidays before `end`, in order: the list comes as people write it. */
static void
sort_before(struct days *out, const struct days *holidays, int64_t end)
{
	out->v = mem_grow(NULL, holidays->n + 1, sizeof(*out->v));
	out->n = 0;
	for (size_t i = 0; i < holidays->n; i++) {
		if (holidays->v[i] < end)
			out->v[out->n++] = holidays->v[i];
	}
	qsort(out->v, out->n, sizeof(*out->v), compare_days);
}

int64_t
calendar_order_day(int64_t end, int64_t lead, const struct days *holidays)
{
	struct days sorted;
	int64_t day = end;

	if (lead < 1)
		lead = 1;
	if (lead > MAX_LEAD)
		lead = MAX_LEAD;
	sort_before(&sorted, holidays, end);
	/* Each step uses up a day of the lead, a holiday or a weekend's day. */
	while (lead > 0) {
		bool holiday = false;

		day--;
		for (; sorted.n > 0 && sorted.v[sorted.n - 1] == day;
			sorted.n--)
			holiday = true;
		if (!holiday && !is_weekend(day))
			lead--;
	}
	free(sorted.v);
	return day;
}

int
calendar_parse(const char *text, int64_t *day)
{
	static const char form[] = "dddd-dd-dd";
	struct tm tm = { 0 }, check;
	time_t t;

	if (strlen(text) != sizeof(form) - 1)
		return -1;
	for (size_t i = 0; form[i] != '\0'; i++) {
		if (form[i] == 'd' ? !isdigit((unsigned char)text[i])
				   : text[i] != form[i])
			return -1;
	}
	tm.tm_year = (int)strtol(text, NULL, 10) - 1900;
	tm.tm_mon = (int)strtol(text + 5, NULL, 10) - 1;
	tm.tm_mday = (int)strtol(text + 8, NULL, 10);
	check = tm;
	t = timegm(&check);
	/* timegm() would take the 31st of February for the 3rd of March. */
	if (check.tm_mday != tm.tm_mday || check.tm_mon != tm.tm_mon)
		return -1;
	*day = calendar_day(t);
	return 0;
}

int
calendar_parse_lead(const char *text, int64_t *lead)
{
	int64_t v = 0;
	const char *p = text;

	for (; isdigit((unsigned char)*p) && v <= MAX_LEAD; p++)
		v = v * 10 + (*p - '0');
	if (p == text || v > MAX_LEAD)
		return -1;
	if (*p != '\0' && strcmp(p, "bd") != 0)
		return -1;
	*lead = v;
	return 0;
}
