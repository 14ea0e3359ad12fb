/* value_day.c - values that are days: holidays, and business days to order */
#include <inttypes.h>

#include "config/values.h"
#include "model/calendar.h"
#include "model/duration.h"

static int
parse_business_days(const struct value_source *from, const struct key *key,
	const char *text, void *dst, struct buf *why)
{
	int64_t *out = dst, v = 0;

	(void)from;
	if (calendar_parse_lead(text, &v) == -1 || v < key->min || v > key->max)
		return value_refuse(why, key, text,
			"%" PRId64 " to %" PRId64 " business days, such as 7bd",
			key->min, key->max);
	*out = v;
	return 0;
}

static bool
format_business_days(struct buf *out, const struct key *key, const void *src)
{
	int64_t v = *(const int64_t *)src;

	(void)key;
	buf_printf(out, "%" PRId64 "%s", v, v != 0 ? "bd" : "");
	return true;
}

static int
parse_dates(const struct value_source *from, const struct key *key,
	const char *text, void *dst, struct buf *why)
{
	int64_t day;

	if (calendar_parse(text, &day) == -1)
		return value_refuse(
			why, key, text, "a date such as 2026-12-25");
	*(int64_t *)value_append(from->arena, dst, sizeof(day)) = day;
	return 0;
}

static bool
format_dates(struct buf *out, const struct key *key, const void *src)
{
	const struct days *d = src;

	(void)key;
	buf_putc(out, '[');
	for (size_t i = 0; i < d->n; i++) {
		char date[MOMENT_SIZE];

		buf_printf(out, "%s%s", i > 0 ? ", " : "",
			moment_date(calendar_begin(d->v[i]), date));
	}
	buf_putc(out, ']');
	return true;
}

const struct value_type value_business_days = { "business days", false,
	parse_business_days, format_business_days };
const struct value_type value_dates = { "list of dates", true, parse_dates,
	format_dates };
