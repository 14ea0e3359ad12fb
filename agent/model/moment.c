/* moment.c - points in time as text, and back */
#include <ctype.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "model/duration.h"

bool
moment_is_dated(int64_t t)
{
	/* 0001-01-01T00:00:00Z to 9999-12-31T23:59:59Z */
	return t >= -62135596800LL && t <= 253402300799LL;
}

/* Every year that a certificate can name has a tm; others are told as "@N". */
static bool
utc(time_t t, struct tm *tm, char out[MOMENT_SIZE])
{
	if (gmtime_r(&t, tm) != NULL)
		return true;
	(void)snprintf(out, MOMENT_SIZE, "@%" PRId64, (int64_t)t);
	return false;
}

const char *
moment_format(time_t t, char out[MOMENT_SIZE])
{
	struct tm tm;

	if (utc(t, &tm, out))
		(void)strftime(out, MOMENT_SIZE, "%Y-%m-%dT%H:%M:%SZ", &tm);
	return out;
}

const char *
moment_date(time_t t, char out[MOMENT_SIZE])
{
	struct tm tm;

	if (utc(t, &tm, out))
		(void)strftime(out, MOMENT_SIZE, "%Y-%m-%d", &tm);
	return out;
}

/* "Z", "+02:00" or nothing after the seconds; 0 and the offset, or -1. */
static int
parse_offset(const char *s, int *offset_s)
{
	int h, m, n = 0;
	char sign;

	*offset_s = 0;
	if (*s == '.') {
		for (s++; isdigit((unsigned char)*s); s++)
			;
	}
	if (*s == '\0' || strcasecmp(s, "z") == 0)
		return 0;
	if (sscanf(s, "%c%2d:%2d%n", &sign, &h, &m, &n) != 3 || s[n] != '\0' ||
		(sign != '+' && sign != '-') || h < 0 || h > 23 || m < 0 ||
		m > 59)
		return -1;
	*offset_s = (h * 3600 + m * 60) * (sign == '-' ? -1 : 1);
	return 0;
}

static int
parse_rfc3339(const char *s, time_t *out)
{
	struct tm tm = { 0 }, check;
	int n = 0, offset_s = 0;
	char sep = '\0';
	time_t t;

	if (sscanf(s, "%4d-%2d-%2d%n", &tm.tm_year, &tm.tm_mon, &tm.tm_mday,
		    &n) != 3)
		return -1;
	s += n;
	n = 0;
	if (*s != '\0') {
		if (sscanf(s, "%c%2d:%2d:%2d%n", &sep, &tm.tm_hour, &tm.tm_min,
			    &tm.tm_sec, &n) != 4 ||
			strchr("Tt ", sep) == NULL ||
			parse_offset(s + n, &offset_s) == -1)
			return -1;
	}
	tm.tm_year -= 1900;
	tm.tm_mon -= 1;
	check = tm;
	t = timegm(&check);
	/* timegm() would take the 31st of February for the 3rd of March. */
	if (check.tm_mday != tm.tm_mday || check.tm_mon != tm.tm_mon ||
		check.tm_hour != tm.tm_hour || check.tm_min != tm.tm_min)
		return -1;
	*out = t - offset_s;
	return 0;
}

/* As moment_parse(), whatever the year. */
static int
parse_moment(const char *s, time_t now, time_t *out)
{
	int64_t span;
	char *end;
	long long v;

	if (*s == '+') {
		if (duration_parse(s + 1, 0, &span) == -1)
			return -1;
		*out = now + (time_t)span;
		return 0;
	}
	if (parse_rfc3339(s, out) == 0)
		return 0;
	if (*s == '@')
		s++;
	if (!isdigit((unsigned char)*s) && *s != '-')
		return -1;
	v = strtoll(s, &end, 10); /* what is too large for it is not dated */
	if (*end != '\0')
		return -1;
	*out = (time_t)v;
	return 0;
}

int
moment_parse(const char *s, time_t now, time_t *out)
{
	time_t t;

	if (parse_moment(s, now, &t) == -1 || !moment_is_dated(t))
		return -1;
	*out = t;
	return 0;
}
