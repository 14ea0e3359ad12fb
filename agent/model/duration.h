/* duration.h - spans of time, thresholds of them, and moments as text */
#ifndef MODEL_DURATION_H
#define MODEL_DURATION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <time.h>

#include "model/buf.h"

#define MINUTE_S INT64_C(60)
#define HOUR_S INT64_C(3600)
#define DAY_S INT64_C(86400)

/*
 * A span with its unit: ms, s, m, h, d, w or y (365 days), "90m", "1.5h".
 * A bare number counts `unit_s` seconds; 0 refuses it (only "0" has no need
 * of a unit). Spans over 10,000 years are refused. Returns 0, or -1.
 */
int duration_parse_ms(const char *s, int64_t unit_s, int64_t *ms);
int duration_parse(const char *s, int64_t unit_s, int64_t *seconds);

/* The shortest exact form: "10s", "90m", "30d". */
void duration_format(struct buf *out, int64_t seconds);
void duration_format_ms(struct buf *out, int64_t ms);

/*
 * A threshold of time left: the smallest of a span and a share of the
 * lifetime, so that certificates of six days and of a year are both served.
 */
struct threshold {
	int64_t seconds; /* -1: no span given */
	int64_t share_ppm; /* of the lifetime, in millionths; -1: none given */
};

/* "30d", "33%", "min(30d, 33%)"; a bare number is days. Returns 0, or -1. */
int threshold_parse(const char *s, struct threshold *out);
void threshold_format(struct buf *out, const struct threshold *t);

/* Seconds that must be left of a lifetime of `lifetime` seconds. */
int64_t threshold_seconds(const struct threshold *t, int64_t lifetime);

/* Whole days in `seconds`, rounded down, also below zero. */
int64_t days_floor(int64_t seconds);

/* RFC 3339 in UTC, "2026-11-20T18:00:00Z", and its date alone. */
#define MOMENT_SIZE 32
const char *moment_format(time_t t, char out[MOMENT_SIZE]);
const char *moment_date(time_t t, char out[MOMENT_SIZE]);

/* "12 days", "5 hours", "1 minute": the largest unit, rounded down. */
void duration_describe(struct buf *out, int64_t seconds);
/* The same as "12d", "5h", "1m", "0s"; below 0 as seconds. */
void duration_shorten(struct buf *out, int64_t seconds);

/*
 * "expires in 12 days (2026-12-02)", "expired 5 hours ago (...T10:00:00Z)":
 * the date alone, or the moment where less than a day is at stake.
 */
void duration_describe_end(struct buf *out, time_t not_after, time_t now);

/* Has it a year of four digits, as RFC 3339 and certificates want? */
bool moment_is_dated(int64_t t);

/*
 * RFC 3339 (any offset, or a date alone), "@SECONDS" or SECONDS since the
 * epoch, or "+30d" from `now`. Returns 0, or -1, also if it is not dated.
 */
int moment_parse(const char *s, time_t now, time_t *out);

#endif
