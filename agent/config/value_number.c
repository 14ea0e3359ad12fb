/* value_number.c - values that count: numbers, spans, choices */
#include <ctype.h>
#include <inttypes.h>
#include <string.h>
#include <strings.h>

#include "config/suggest.h"
#include "config/values.h"
#include "model/alerts.h"
#include "model/duration.h"
#include "model/profile.h"

/* The words of YAML 1.1, without its "y" and "n". */
static int
parse_bool(const struct value_source *from, const struct key *key,
	const char *text, void *dst, struct buf *why)
{
	static const char *const words[] = { "false", "true", "no", "yes",
		"off", "on" };
	bool *b = dst;

	(void)from;
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		if (strcasecmp(words[i], text) == 0) {
			*b = i % 2 == 1;
			return 0;
		}
	}
	return value_refuse(why, key, text, "true or false");
}

static bool
format_bool(struct buf *out, const struct key *key, const void *src)
{
	(void)key;
	buf_puts(out, *(const bool *)src ? "true" : "false");
	return true;
}

/* A key without a maximum has none. */
static bool
in_range(const struct key *key, int64_t v)
{
	return v >= key->min && (key->max == 0 || v <= key->max);
}

/* Zero that stands for "not set". */
static bool
is_unset(const struct key *key, int64_t v)
{
	return v == 0 && key->def == NULL && key->min > 0;
}

/* Decimal digits and nothing else: 010 is 8 to some readers of YAML. */
static int
parse_uint(const struct value_source *from, const struct key *key,
	const char *text, void *dst, struct buf *why)
{
	int64_t *out = dst, v = 0;
	const char *p = text;

	(void)from;
	for (; isdigit((unsigned char)*p) && v < INT64_MAX / 100; p++)
		v = v * 10 + (*p - '0');
	if (p == text || *p != '\0' || (*text == '0' && p - text > 1) ||
		!in_range(key, v)) {
		if (key->max == 0)
			return value_refuse(why, key, text,
				"a number from %" PRId64, key->min);
		return value_refuse(why, key, text,
			"a number from %" PRId64 " to %" PRId64, key->min,
			key->max);
	}
	*out = v;
	return 0;
}

static bool
format_uint(struct buf *out, const struct key *key, const void *src)
{
	int64_t v = *(const int64_t *)src;

	if (is_unset(key, v))
		return false;
	buf_printf(out, "%" PRId64, v);
	return true;
}

void
value_describe_span(struct buf *out, const struct key *key)
{
	void (*format)(struct buf *, int64_t) = key->type == KEY_DURATION_MS
		? duration_format_ms
		: duration_format;

	format(out, key->min);
	if (key->max > 0) {
		buf_puts(out, " to ");
		format(out, key->max);
	} else {
		buf_puts(out, " or more");
	}
}

static int
parse_duration(const struct value_source *from, const struct key *key,
	const char *text, void *dst, struct buf *why)
{
	int64_t *out = dst, v = 0;
	int rc = key->type == KEY_DURATION_MS ? duration_parse_ms(text, 0, &v)
					      : duration_parse(text, 0, &v);

	(void)from;
	if (rc == -1 || !in_range(key, v)) {
		BUF_CLEANUP struct buf range = { 0 };

		value_describe_span(&range, key);
		return value_refuse(why, key, text, "%s%s",
			rc == -1 ? "a span with its unit, " : "", range.s);
	}
	*out = v;
	return 0;
}

static bool
format_duration(struct buf *out, const struct key *key, const void *src)
{
	int64_t v = *(const int64_t *)src;

	if (is_unset(key, v))
		return false;
	if (key->type == KEY_DURATION_MS)
		duration_format_ms(out, v);
	else
		duration_format(out, v);
	return true;
}

static int
parse_durations(const struct value_source *from, const struct key *key,
	const char *text, void *dst, struct buf *why)
{
	int64_t v;

	if (parse_duration(from, key, text, &v, why) == -1)
		return -1;
	*(int64_t *)value_append(from->arena, dst, sizeof(v)) = v;
	return 0;
}

static bool
format_durations(struct buf *out, const struct key *key, const void *src)
{
	const struct durations *d = src;

	(void)key;
	buf_putc(out, '[');
	for (size_t i = 0; i < d->n; i++) {
		if (i > 0)
			buf_puts(out, ", ");
		duration_format(out, d->v[i]);
	}
	buf_putc(out, ']');
	return true;
}

static int
parse_threshold(const struct value_source *from, const struct key *key,
	const char *text, void *dst, struct buf *why)
{
	(void)from;
	if (threshold_parse(text, dst) == -1)
		return value_refuse(why, key, text,
			"a span, a share or the smaller of both, such as "
			"30d, 33%% or min(30d, 33%%)");
	return 0;
}

static bool
format_threshold(struct buf *out, const struct key *key, const void *src)
{
	(void)key;
	threshold_format(out, src);
	return true;
}

/* "a, b or c" */
void
value_describe_choices(struct buf *out, const struct choice *c)
{
	for (size_t i = 0; c[i].name != NULL; i++) {
		if (i > 0)
			buf_puts(out, c[i + 1].name == NULL ? " or " : ", ");
		buf_puts(out, c[i].name);
	}
}

static int
parse_choice(const struct value_source *from, const struct key *key,
	const char *text, void *dst, struct buf *why)
{
	struct suggestion near = { .wrong = text };
	BUF_CLEANUP struct buf names = { 0 };
	int64_t *out = dst;

	(void)from;
	for (const struct choice *c = key->choices; c->name != NULL; c++) {
		if (strcasecmp(c->name, text) == 0) {
			*out = c->value;
			return 0;
		}
		suggest_try(&near, c->name);
	}
	value_describe_choices(&names, key->choices);
	value_refuse(why, key, text, "%s", names.s);
	suggest_tell(why, &near);
	return -1;
}

static bool
format_choice(struct buf *out, const struct key *key, const void *src)
{
	int64_t v = *(const int64_t *)src;

	for (const struct choice *c = key->choices; c->name != NULL; c++) {
		if (c->value == v) {
			buf_puts(out, c->name);
			return true;
		}
	}
	return false;
}

void
value_describe_profiles(struct buf *out)
{
	const struct profile *p;

	for (size_t i = 0; (p = profile_at(i)) != NULL; i++) {
		if (i > 0)
			buf_puts(
				out, profile_at(i + 1) == NULL ? " or " : ", ");
		buf_puts(out, p->name);
	}
}

static int
parse_profile(const struct value_source *from, const struct key *key,
	const char *text, void *dst, struct buf *why)
{
	struct suggestion near = { .wrong = text };
	BUF_CLEANUP struct buf names = { 0 };
	const struct profile **out = dst, *p;

	(void)from;
	for (size_t i = 0; (p = profile_at(i)) != NULL; i++) {
		if (strcasecmp(p->name, text) == 0) {
			*out = p;
			return 0;
		}
		suggest_try(&near, p->name);
	}
	value_describe_profiles(&names);
	value_refuse(why, key, text, "%s", buf_str(&names));
	suggest_tell(why, &near);
	return -1;
}

static bool
format_profile(struct buf *out, const struct key *key, const void *src)
{
	const struct profile *p = *(const struct profile *const *)src;

	(void)key;
	if (p == NULL)
		return false;
	buf_puts(out, p->name);
	return true;
}

const struct value_type value_bool = { "true or false", false, parse_bool,
	format_bool };
const struct value_type value_uint = { "number", false, parse_uint,
	format_uint };
const struct value_type value_duration = { "span", false, parse_duration,
	format_duration };
const struct value_type value_durations = { "list of spans", true,
	parse_durations, format_durations };
const struct value_type value_threshold = { "threshold", false, parse_threshold,
	format_threshold };
const struct value_type value_choice = { "", false, parse_choice,
	format_choice };
const struct value_type value_profile = { "", false, parse_profile,
	format_profile };
