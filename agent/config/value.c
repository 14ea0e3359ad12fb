/* value.c - one row for each type of key: how its text is read and written */
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "config/quote.h"
#include "config/values.h"

/* Any of the lists; they differ only in what `v` points to. */
struct list {
	void *v;
	size_t n;
};

void *
value_append(struct arena *a, void *list, size_t size)
{
	struct list l;
	void *item;

	memcpy(&l, list, sizeof(l));
	/* Grows by doubling; what it outgrew stays in the arena. */
	if ((l.n & (l.n - 1)) == 0) {
		void *v = arena_alloc(a, (l.n == 0 ? 1 : l.n * 2) * size);

		if (l.n > 0)
			memcpy(v, l.v, l.n * size);
		l.v = v;
	}
	item = (char *)l.v + l.n++ * size;
	memset(item, 0, size);
	memcpy(list, &l, sizeof(l));
	return item;
}

void
value_clear(void *list)
{
	const struct list none = { 0 };

	memcpy(list, &none, sizeof(none));
}

size_t
value_count(const void *list)
{
	struct list l;

	memcpy(&l, list, sizeof(l));
	return l.n;
}

const void *
value_item(const void *list, size_t size, size_t i)
{
	struct list l;

	memcpy(&l, list, sizeof(l));
	return (const char *)l.v + i * size;
}

const char *
value_path(struct arena *a, const char *folder, const char *path)
{
	while (strncmp(path, "./", 2) == 0)
		path += 2;
	if (*path == '/')
		return arena_dup(a, path);
	return arena_fmt(
		a, "%s%s%s", folder, strcmp(folder, "/") == 0 ? "" : "/", path);
}

int
value_refuse(struct buf *why, const struct key *key, const char *have,
	const char *fmt, ...)
{
	char want[512];
	va_list ap;

	va_start(ap, fmt);
	(void)vsnprintf(want, sizeof(want), fmt, ap);
	va_end(ap);
	buf_printf(why, "want %s, have ", want);
	if (*have == '\0')
		buf_puts(why, "nothing");
	else if ((key->flags & KEY_PRIVATE) != 0 || key->type == KEY_SECRET)
		buf_puts(why, "something else");
	else
		quote_message(why, have);
	return -1;
}

static const struct value_type overrides = { "map of finding: severity", false,
	NULL, NULL };
static const struct value_type map = { "map", false, NULL, NULL };
static const struct value_type list = { "list of maps", false, NULL, NULL };
static const struct value_type notifiers = { "map of NAME: notifier", false,
	NULL, NULL };
static const struct value_type include = { "path or list of paths", true, NULL,
	NULL };

static const struct value_type *const types[] = {
	[KEY_STRING] = &value_string,
	[KEY_PATH] = &value_place,
	[KEY_KEYPATH] = &value_keypath,
	[KEY_HOSTNAME] = &value_hostname,
	[KEY_BOOL] = &value_bool,
	[KEY_UINT] = &value_uint,
	[KEY_DURATION] = &value_duration,
	[KEY_DURATION_MS] = &value_duration,
	[KEY_THRESHOLD] = &value_threshold,
	[KEY_TEXTFILE] = &value_textfile,
	[KEY_CHOICE] = &value_choice,
	[KEY_CHOICES] = &value_choices,
	[KEY_WORDS] = &value_words,
	[KEY_HOSTNAMES] = &value_hostnames,
	[KEY_DURATIONS] = &value_durations,
	[KEY_BUSINESS_DAYS] = &value_business_days,
	[KEY_DATES] = &value_dates,
	[KEY_MOMENT] = &value_moment,
	[KEY_PROFILE] = &value_profile,
	[KEY_PROXY] = &value_proxy,
	[KEY_FINDINGS] = &overrides,
	[KEY_SECRET] = &value_secret,
	[KEY_ENDPOINT] = &value_endpoint,
	[KEY_SECTION] = &map,
	[KEY_INHERIT] = &map,
	[KEY_LIST] = &list,
	[KEY_NOTIFIERS] = &notifiers,
	[KEY_INCLUDE] = &include,
};

const struct value_type *
value_type(enum key_type type)
{
	return types[type];
}

void
value_describe(struct buf *out, const struct key *key)
{
	buf_puts(out, types[key->type]->name);
	switch (key->type) {
	case KEY_CHOICE:
	case KEY_CHOICES:
		value_describe_choices(out, key->choices);
		break;
	case KEY_PATH:
		if (key->choices != NULL) {
			buf_puts(out, " or ");
			value_describe_choices(out, key->choices);
		}
		break;
	case KEY_PROFILE:
		value_describe_profiles(out);
		break;
	case KEY_UINT:
	case KEY_BUSINESS_DAYS:
		buf_printf(out, " %" PRId64, key->min);
		if (key->max > 0)
			buf_printf(out, " to %" PRId64, key->max);
		else
			buf_puts(out, " or more");
		break;
	case KEY_DURATION:
	case KEY_DURATION_MS:
	case KEY_DURATIONS:
		buf_putc(out, ' ');
		value_describe_span(out, key);
		break;
	default:
		break;
	}
}
