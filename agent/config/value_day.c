/* value_day.c - values that are days or moments: holidays, ends of silences */
#include <inttypes.h>
#include <string.h>

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

/* No "+30d" and no bare number: a file is read on many days. */
static int
parse_moment(const struct value_source *from, const struct key *key,
	const char *text, void *dst, struct buf *why)
{
	bool dated = strspn(text, "0123456789") == 4 && text[4] == '-';
	time_t t = 0;

	(void)from;
	if (!dated || moment_parse(text, 0, &t) == -1 || t <= 0)
		return value_refuse(why, key, text,
			"a date such as 2026-12-24, or a moment such as "
			"2026-12-24T18:00:00Z");
	*(time_t *)dst = t;
	return 0;
}

static bool
format_moment(struct buf *out, const struct key *key, const void *src)
{
	time_t t = *(const time_t *)src;
	char text[MOMENT_SIZE];

	(void)key;
	if (t == 0)
		return false;
	buf_puts(out, moment_format(t, text));
	return true;
}

const struct value_type value_business_days = { "business days", false,
	parse_business_days, format_business_days };
const struct value_type value_dates = { "list of dates", true, parse_dates,
	format_dates };
const struct value_type value_moment = { "moment", false, parse_moment,
	format_moment };
