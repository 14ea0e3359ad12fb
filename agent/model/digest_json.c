/* digest_json.c - the form in which digests are kept and carried */
#include <stdlib.h>
#include <string.h>

#include "model/digest.h"
#include "model/duration.h"
#include "model/json.h"

#define ID_MAX 64

/* The text fields of an event, by their names in JSON. */
static const struct text_field {
	const char *name;
	size_t offset;
	bool required;
} text_fields[] = {
	{ "incident", offsetof(struct event, incident), false },
	{ "target", offsetof(struct event, target), true },
	{ "address", offsetof(struct event, address), true },
	{ "owner", offsetof(struct event, owner), false },
	{ "finding", offsetof(struct event, finding), false },
	{ "subject", offsetof(struct event, subject), false },
	{ "message", offsetof(struct event, message), true },
	{ "hint", offsetof(struct event, hint), false },
	{ "old_sha256", offsetof(struct event, old_sha256), false },
	{ "new_sha256", offsetof(struct event, new_sha256), false },
};

static const struct time_field {
	const char *name;
	size_t offset;
} time_fields[] = {
	{ "opened_at", offsetof(struct event, opened_at) },
	{ "not_after", offsetof(struct event, not_after) },
	{ "old_not_after", offsetof(struct event, old_not_after) },
};

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

static void
put_tags(json_t *j, const struct strlist *tags)
{
	json_t *all;

	if (tags->n == 0)
		return;
	all = json_array();
	if (all == NULL)
		mem_exhausted();
	for (size_t i = 0; i < tags->n; i++) {
		if (json_array_append_new(all, json_text(tags->v[i])) == -1)
			mem_exhausted();
	}
	json_put(j, "tags", all);
}

static json_t *
event_to_json(const struct event *e)
{
	json_t *j = json_object();

	if (j == NULL)
		mem_exhausted();
	json_put(j, "event", json_string(event_name(e->kind)));
	json_put(j, "severity", json_string(severity_name(e->severity)));
	for (size_t i = 0; i < COUNT(text_fields); i++) {
		const char *s = *(
			char *const *)((const char *)e + text_fields[i].offset);

		if (s != NULL)
			json_put(j, text_fields[i].name, json_text(s));
	}
	put_tags(j, &e->tags);
	for (size_t i = 0; i < COUNT(time_fields); i++) {
		time_t t = *(const time_t *)((const char *)e +
			time_fields[i].offset);
		char text[MOMENT_SIZE];

		if (t != 0)
			json_put(j, time_fields[i].name,
				json_string(moment_format(t, text)));
	}
	return j;
}

/* All but the events. */
static json_t *
head_to_json(const struct digest *d)
{
	json_t *j = json_object();
	char text[MOMENT_SIZE];

	if (j == NULL)
		mem_exhausted();
	json_put(j, "version", json_integer(1));
	json_put(j, "id", json_string(d->id != NULL ? d->id : ""));
	json_put(j, "host", json_text(d->host != NULL ? d->host : ""));
	json_put(j, "time", json_string(moment_format(d->time, text)));
	json_put(j, "status", json_string(severity_name(digest_worst(d))));
	return j;
}

json_t *
digest_to_json(const struct digest *d)
{
	json_t *j = head_to_json(d), *events = json_array();

	if (events == NULL)
		mem_exhausted();
	for (size_t i = 0; i < d->n; i++) {
		if (json_array_append_new(events, event_to_json(&d->v[i])) ==
			-1)
			mem_exhausted();
	}
	json_put(j, "events", events);
	return j;
}

void
digest_print(struct buf *out, const struct digest *d)
{
	json_print(out, head_to_json(d));
	/* Less the brace that closes it. */
	out->len--;
	buf_puts(out, ",\"events\":[");
	for (size_t i = 0; i < d->n; i++) {
		if (i > 0)
			buf_putc(out, ',');
		json_print(out, event_to_json(&d->v[i]));
	}
	buf_puts(out, "]}");
}

static int
time_from_json(const json_t *j, time_t *out)
{
	const char *s = json_string_value(j);

	return s == NULL ? -1 : moment_parse(s, 0, out);
}

/* Outboxes written before there were tags have none. */
static int
tags_from_json(const json_t *tags, struct strlist *out)
{
	const json_t *one;
	size_t i;

	if (tags != NULL && !json_is_array(tags))
		return -1;
	json_array_foreach(tags, i, one)
	{
		if (!json_is_string(one))
			return -1;
		strlist_add(out, json_string_value(one));
	}
	return 0;
}

static int
event_from_json(const json_t *j, struct event *e)
{
	const char *kind = json_string_value(json_object_get(j, "event"));
	const char *sev = json_string_value(json_object_get(j, "severity"));
	int k = 0;

	while (kind != NULL && k < EVENT_KINDS &&
		strcmp(kind, event_name((enum event_kind)k)) != 0)
		k++;
	if (kind == NULL || k == EVENT_KINDS || sev == NULL ||
		severity_parse(sev, &e->severity) == -1)
		return -1;
	e->kind = (enum event_kind)k;
	for (size_t i = 0; i < COUNT(text_fields); i++) {
		const char *s = json_string_value(
			json_object_get(j, text_fields[i].name));

		if (s == NULL && text_fields[i].required)
			return -1;
		*(char **)((char *)e + text_fields[i].offset) = str_dup(s);
	}
	if (tags_from_json(json_object_get(j, "tags"), &e->tags) == -1)
		return -1;
	for (size_t i = 0; i < COUNT(time_fields); i++) {
		const json_t *t = json_object_get(j, time_fields[i].name);

		if (t != NULL &&
			time_from_json(t,
				(time_t *)((char *)e +
					time_fields[i].offset)) == -1)
			return -1;
	}
	return 0;
}

/* It stands in headers: nothing but what digest_new_id() may make of it. */
static bool
is_id(const char *s)
{
	size_t n = s != NULL ? strspn(s,
				       "abcdefghijklmnopqrstuvwxyz"
				       "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
				       "0123456789_-")
			     : 0;

	return n > 0 && n <= ID_MAX && s[n] == '\0';
}

struct digest *
digest_from_json(const json_t *j, struct error *err)
{
	cleanup(digest_free) struct digest *d = mem_alloc(sizeof(*d));
	const json_t *events = json_object_get(j, "events"), *one;
	struct digest *out;
	size_t i;

	d->id = str_dup(json_string_value(json_object_get(j, "id")));
	d->host = str_dup(json_string_value(json_object_get(j, "host")));
	if (!is_id(d->id) || d->host == NULL || !json_is_array(events) ||
		time_from_json(json_object_get(j, "time"), &d->time) == -1) {
		error_set(err, ERROR_PARSE, "not a digest of this program");
		return NULL;
	}
	json_array_foreach(events, i, one)
	{
		struct event e = { 0 };
		int rc = event_from_json(one, &e);

		if (rc == 0)
			digest_add(d, &e);
		event_release(&e);
		if (rc == -1) {
			error_set(err, ERROR_PARSE,
				"event %zu of the digest is damaged", i);
			return NULL;
		}
	}
	out = d;
	d = NULL;
	return out;
}
