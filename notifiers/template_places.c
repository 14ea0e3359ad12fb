/* template_places.c - what the places of a template stand for */
#include "notifiers/template_places.h"
#include "model/duration.h"
#include "notifiers/chat.h"
#include "notifiers/outline.h"
#include "notifiers/pager.h"

#define VALUE_MAX 1024 /* characters of one value */
#define TEXT_MAX 8000 /* of {{text}} */

static void
add(struct buf *out, const char *s)
{
	if (s != NULL)
		pager_text(out, s, VALUE_MAX);
}

static void
add_moment(struct buf *out, time_t t)
{
	char text[MOMENT_SIZE];

	if (t != 0)
		buf_puts(out, moment_format(t, text));
}

static void
value_subject(struct buf *out, const struct scene *s)
{
	cleanup(str_free) char *subject = digest_subject(s->d);

	add(out, subject);
}

static void
value_text(struct buf *out, const struct scene *s)
{
	static const struct chat_dialect plain = { .escape = buf_puts,
		.max = TEXT_MAX };

	chat_text(out, s->d, &plain);
}

static void
value_summary(struct buf *out, const struct scene *s)
{
	outline_summary(out, s->d);
}

static void
value_status(struct buf *out, const struct scene *s)
{
	buf_puts(out, severity_name(digest_worst(s->d)));
}

static void
value_host(struct buf *out, const struct scene *s)
{
	add(out, s->d->host);
}

static void
value_id(struct buf *out, const struct scene *s)
{
	add(out, s->d->id);
}

static void
value_time(struct buf *out, const struct scene *s)
{
	add_moment(out, s->d->time);
}

static void
value_count(struct buf *out, const struct scene *s)
{
	buf_printf(out, "%zu", s->d->n);
}

static void
value_more(struct buf *out, const struct scene *s)
{
	buf_printf(out, "%zu", s->d->n - s->most);
}

static void
value_event(struct buf *out, const struct scene *s)
{
	buf_puts(out, event_name(s->e->kind));
}

static void
value_severity(struct buf *out, const struct scene *s)
{
	buf_puts(out, severity_name(s->e->severity));
}

static void
value_target(struct buf *out, const struct scene *s)
{
	add(out, s->e->target);
}

static void
value_address(struct buf *out, const struct scene *s)
{
	add(out, s->e->address);
}

static void
value_owner(struct buf *out, const struct scene *s)
{
	add(out, s->e->owner);
}

static void
value_finding(struct buf *out, const struct scene *s)
{
	add(out, s->e->finding);
}

static void
value_message(struct buf *out, const struct scene *s)
{
	add(out, s->e->message);
}

static void
value_hint(struct buf *out, const struct scene *s)
{
	add(out, outline_hint(s->e));
}

static void
value_incident(struct buf *out, const struct scene *s)
{
	add(out, s->e->incident);
}

static void
value_opened_at(struct buf *out, const struct scene *s)
{
	add_moment(out, s->e->opened_at);
}

static void
value_not_after(struct buf *out, const struct scene *s)
{
	add_moment(out, s->e->not_after);
}

/* The manual lists these (certvigil.yaml(5)). */
const struct place places[] = {
	{ "subject", false, value_subject },
	{ "text", false, value_text },
	{ "summary", false, value_summary },
	{ "status", false, value_status },
	{ "host", false, value_host },
	{ "id", false, value_id },
	{ "time", false, value_time },
	{ "count", false, value_count },
	{ "more", false, value_more },
	{ "event", true, value_event },
	{ "severity", true, value_severity },
	{ "target", true, value_target },
	{ "address", true, value_address },
	{ "owner", true, value_owner },
	{ "finding", true, value_finding },
	{ "message", true, value_message },
	{ "hint", true, value_hint },
	{ "incident", true, value_incident },
	{ "opened_at", true, value_opened_at },
	{ "not_after", true, value_not_after },
	{ 0 },
};
