/* duration.c - spans of time, thresholds of them, and moments as text */
#include <ctype.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "model/duration.h"

#define MAX_SPAN_MS (INT64_C(10000) * 365 * DAY_S * 1000)

static const struct unit {
	const char *name;
	int64_t ms;
} units[] = {
	{ "y", 365 * DAY_S * 1000 },
	{ "w", 7 * DAY_S * 1000 },
	{ "d", DAY_S * 1000 },
	{ "h", HOUR_S * 1000 },
	{ "m", MINUTE_S * 1000 },
	{ "s", 1000 },
	{ "ms", 1 },
};
#define N_UNITS (sizeof(units) / sizeof(units[0]))

/*
 * Digits with an optional fraction, as thousandths of one. Returns what
 * follows, or NULL.
 */
static const char *
parse_thousandths(const char *s, int64_t *out)
{
	int64_t v = 0;
	int digits = 0;

	for (; isdigit((unsigned char)*s); s++, digits++) {
		if (v > INT64_MAX / 100000)
			return NULL;
		v = v * 10 + (*s - '0');
	}
	if (digits == 0)
		return NULL;
	v *= 1000;
	if (*s == '.') {
		int64_t place = 100;

		if (!isdigit((unsigned char)*++s))
			return NULL;
		for (; isdigit((unsigned char)*s); s++, place /= 10)
			v += (*s - '0') * place;
	}
	*out = v;
	return s;
}

int
duration_parse_ms(const char *s, int64_t unit_s, int64_t *ms)
{
	int64_t thousandths = 0, unit_ms = 0;
	const char *rest = parse_thousandths(s, &thousandths);

	if (rest == NULL)
		return -1;
	while (*rest == ' ')
		rest++;
	if (*rest == '\0') {
		if (unit_s == 0 && thousandths != 0)
			return -1;
		unit_ms = unit_s * 1000;
	}
	for (size_t i = 0; *rest != '\0' && i < N_UNITS; i++) {
		if (strcmp(rest, units[i].name) == 0)
			unit_ms = units[i].ms;
	}
	if (unit_ms == 0 && thousandths != 0)
		return -1;
	if (*rest != '\0' && unit_ms == 0)
		return -1;
	if (unit_ms != 0 && thousandths / 1000 > MAX_SPAN_MS / unit_ms)
		return -1;
	*ms = thousandths / 1000 * unit_ms +
		thousandths % 1000 * unit_ms / 1000;
	return 0;
}

int
duration_parse(const char *s, int64_t unit_s, int64_t *seconds)
{
	int64_t ms;

	if (duration_parse_ms(s, unit_s, &ms) == -1 || ms % 1000 != 0)
		return -1;
	*seconds = ms / 1000;
	return 0;
}

void
duration_format_ms(struct buf *out, int64_t ms)
{
	if (ms == 0) {
		buf_puts(out, "0s");
		return;
	}
	/* Weeks and years are read but not written: 30d says more than 4.3w. */
	for (size_t i = 2; i < N_UNITS; i++) {
		if (ms % units[i].ms == 0) {
			buf_printf(out, "%" PRId64 "%s", ms / units[i].ms,
				units[i].name);
			return;
		}
	}
}

void
duration_format(struct buf *out, int64_t seconds)
{
	duration_format_ms(out, seconds * 1000);
}

/* One term of a threshold, trimmed: a span or a share. */
static int
threshold_term(const char *s, size_t n, struct threshold *t)
{
	char term[64];
	int64_t v;

	while (n > 0 && isspace((unsigned char)*s))
		s++, n--;
	while (n > 0 && isspace((unsigned char)s[n - 1]))
		n--;
	if (n == 0 || n >= sizeof(term))
		return -1;
	memcpy(term, s, n);
	term[n] = '\0';
	if (term[n - 1] == '%') {
		const char *rest = parse_thousandths(term, &v);

		if (rest == NULL || strcmp(rest, "%") != 0 || v > 100000)
			return -1;
		v *= 10; /* thousandths of a percent to millionths of one */
		if (t->share_ppm == -1 || v < t->share_ppm)
			t->share_ppm = v;
		return 0;
	}
	if (duration_parse(term, DAY_S, &v) == -1)
		return -1;
	if (t->seconds == -1 || v < t->seconds)
		t->seconds = v;
	return 0;
}

int
threshold_parse(const char *s, struct threshold *out)
{
	struct threshold t = { .seconds = -1, .share_ppm = -1 };
	size_t n;

	while (isspace((unsigned char)*s))
		s++;
	n = strlen(s);
	while (n > 0 && isspace((unsigned char)s[n - 1]))
		n--;
	if (n > 5 && strncasecmp(s, "min(", 4) == 0 && s[n - 1] == ')') {
		const char *p = s + 4, *end = s + n - 1;

		while (p <= end) {
			const char *comma = memchr(p, ',', (size_t)(end - p));

			if (comma == NULL)
				comma = end;
			if (threshold_term(p, (size_t)(comma - p), &t) == -1)
				return -1;
			p = comma + 1;
		}
	} else if (threshold_term(s, n, &t) == -1) {
		return -1;
	}
	*out = t;
	return 0;
}

static void
share_format(struct buf *out, int64_t ppm)
{
	if (ppm % 10000 == 0)
		buf_printf(out, "%" PRId64 "%%", ppm / 10000);
	else
		buf_printf(out, "%g%%", (double)ppm / 10000);
}

void
threshold_format(struct buf *out, const struct threshold *t)
{
	if (t->seconds == -1) {
		share_format(out, t->share_ppm);
		return;
	}
	if (t->share_ppm == -1) {
		duration_format(out, t->seconds);
		return;
	}
	buf_puts(out, "min(");
	duration_format(out, t->seconds);
	buf_puts(out, ", ");
	share_format(out, t->share_ppm);
	buf_putc(out, ')');
}

int64_t
threshold_seconds(const struct threshold *t, int64_t lifetime)
{
	int64_t v = t->seconds;

	if (t->share_ppm != -1) {
		int64_t share = lifetime <= 0
			? 0
			: lifetime / 1000000 * t->share_ppm +
				lifetime % 1000000 * t->share_ppm / 1000000;

		if (v == -1 || share < v)
			v = share;
	}
	return v == -1 ? 0 : v;
}

int64_t
days_floor(int64_t seconds)
{
	int64_t days = seconds / DAY_S;

	return seconds % DAY_S < 0 ? days - 1 : days;
}

/* The largest unit of which there is one; *n of them. */
static const char *
largest_unit(int64_t seconds, int64_t *n)
{
	static const struct {
		int64_t seconds;
		const char *name;
	} all[] = {
		{ DAY_S, "day" },
		{ HOUR_S, "hour" },
		{ MINUTE_S, "minute" },
		{ 1, "second" },
	};
	size_t i = 0;

	while (all[i].seconds > 1 && seconds < all[i].seconds)
		i++;
	*n = seconds / all[i].seconds;
	return all[i].name;
}

void
duration_describe(struct buf *out, int64_t seconds)
{
	int64_t n;
	const char *unit = largest_unit(seconds, &n);

	buf_printf(out, "%" PRId64 " %s%s", n, unit, n == 1 ? "" : "s");
}

void
duration_shorten(struct buf *out, int64_t seconds)
{
	int64_t n;
	const char *unit = largest_unit(seconds, &n);

	buf_printf(out, "%" PRId64 "%c", n, *unit);
}

/* The date alone, or the moment where less than a day is at stake. */
static const char *
describe_moment(time_t t, int64_t seconds, char out[MOMENT_SIZE])
{
	return seconds < DAY_S ? moment_format(t, out) : moment_date(t, out);
}

void
duration_describe_end(struct buf *out, time_t not_after, time_t now)
{
	int64_t left = (int64_t)not_after - now;
	int64_t span = left < 0 ? -left : left;
	char moment[MOMENT_SIZE];

	/* RFC 5280, 4.1.2.5: notAfter is itself still valid. */
	buf_puts(out, left < 0 ? "expired " : "expires in ");
	duration_describe(out, span);
	buf_printf(out, "%s (%s)", left < 0 ? " ago" : "",
		describe_moment(not_after, span, moment));
}
