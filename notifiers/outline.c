/* outline.c - a digest in the order and the words in which a mail tells it */
#include <stdlib.h>
#include <string.h>

#include "model/client.h"
#include "model/duration.h"
#include "model/text.h"
#include "notifiers/outline.h"

#define TEXT_MOST 600 /* bytes of one text of an event */

static const enum outline_part part_of[EVENT_KINDS] = {
	[EVENT_OPENED] = PART_TROUBLE,
	[EVENT_ESCALATED] = PART_TROUBLE,
	[EVENT_REPEATED] = PART_TROUBLE,
	[EVENT_RESOLVED] = PART_RESOLVED,
	[EVENT_RENEWED] = PART_RENEWED,
	[EVENT_TEST] = PART_TEST,
};

/* Append the events of `part`, those of one target one after another. */
static void
add_part(struct outline *o, const struct digest *d, enum outline_part part,
	size_t most)
{
	const struct event **left = mem_grow(NULL, most, sizeof(*left));
	size_t first = o->n, n = 0;

	for (size_t i = 0; i < d->n; i++) {
		if (part_of[d->v[i].kind] != part)
			continue;
		if (o->n + n < most)
			left[n++] = &d->v[i];
		else
			o->left_out++;
	}
	for (size_t i = 0; i < n; i++) {
		bool new_target = true;

		for (size_t j = i; left[i] != NULL && j < n; j++) {
			if (left[j] == NULL ||
				strcmp(left[j]->target, left[i]->target) != 0)
				continue;
			o->v[o->n] = (struct outline_row){
				.event = left[j],
				.part = part,
				.new_part = o->n == first,
				.new_target = new_target,
			};
			o->n++;
			new_target = false;
			if (j > i)
				left[j] = NULL;
		}
	}
	free(left);
}

void
outline_make(struct outline *o, const struct digest *d, size_t most)
{
	*o = (struct outline){ .v = mem_grow(NULL, most, sizeof(*o->v)) };
	for (int part = 0; part < OUTLINE_PARTS; part++)
		add_part(o, d, (enum outline_part)part, most);
}

void
outline_release(struct outline *o)
{
	free(o->v);
	*o = (struct outline){ 0 };
}

void
outline_cut_to(struct buf *out, const char *s, size_t most)
{
	size_t n = strnlen(s, most + 1);

	if (n <= most) {
		buf_puts(out, s);
		return;
	}
	n = most - 3;
	/* Not within a character, if it is UTF-8 at all. */
	for (int i = 0; i < 3 && (s[n] & 0xc0) == 0x80; i++)
		n--;
	buf_add(out, s, n);
	buf_puts(out, "...");
}

void
outline_cut(struct buf *out, const char *s)
{
	outline_cut_to(out, s, TEXT_MOST);
}

static void
add_count(struct buf *out, size_t n, const char *what)
{
	if (n > 0)
		buf_printf(out, "%s%zu %s", out->len > 0 ? ", " : "", n, what);
}

void
outline_summary(struct buf *out, const struct digest *d)
{
	BUF_CLEANUP struct buf list = { 0 };
	size_t by_severity[SEV_UNKNOWN + 1] = { 0 };

	for (size_t i = 0; i < d->n; i++) {
		if (part_of[d->v[i].kind] == PART_TROUBLE)
			by_severity[d->v[i].severity]++;
	}
	for (int s = SEV_UNKNOWN; s >= SEV_OK; s--)
		add_count(
			&list, by_severity[s], severity_name((enum severity)s));
	add_count(&list, digest_count(d, EVENT_RESOLVED), "resolved");
	add_count(&list, digest_count(d, EVENT_RENEWED), "renewed");
	if (digest_count(d, EVENT_TEST) > 0)
		buf_printf(&list, "%sa test", list.len > 0 ? ", " : "");
	buf_puts(out, list.len > 0 ? list.s : "nothing to tell");
}

void
outline_moment(struct buf *out, time_t t)
{
	char text[MOMENT_SIZE];

	/* "2026-11-20T18:00:00Z", and "@..." for years no calendar has. */
	moment_format(t, text);
	if (text[0] == '@' || strlen(text) < 20)
		buf_puts(out, text);
	else
		buf_printf(out, "%.*s %.5s UTC", (int)(strlen(text) - 10), text,
			text + strlen(text) - 9);
}

/* Then the date that is known is not that of which the message speaks. */
static bool
is_about_client(const struct event *e)
{
	static const char area[] = "client.", whose[] = CLIENT_CERTIFICATE;

	return (e->finding != NULL &&
		       strncmp(e->finding, area, sizeof(area) - 1) == 0) ||
		(e->message != NULL &&
			strncmp(e->message, whose, sizeof(whose) - 1) == 0);
}

/* Does the message tell it itself, as that of an expiry does? */
static bool
is_told(const struct event *e)
{
	char date[MOMENT_SIZE];

	return e->message != NULL && !is_about_client(e) &&
		strstr(e->message, moment_date(e->not_after, date)) != NULL;
}

void
outline_expiry(struct buf *out, const struct digest *d, const struct event *e)
{
	bool past = d->time > e->not_after;
	int64_t days;
	char date[MOMENT_SIZE];

	if (e->not_after == 0 || is_told(e))
		return;
	days = past ? d->time - e->not_after : e->not_after - d->time;
	days = days_floor(days);
	if (is_about_client(e))
		buf_puts(out, "the server's certificate ");
	buf_printf(out, "%s %s (%s", past ? "expired" : "expires",
		moment_date(e->not_after, date), past ? "" : "in ");
	if (days == 0)
		buf_puts(out, "less than a day");
	else
		text_count(out, (size_t)days, "day", "days");
	buf_puts(out, past ? " ago)" : ")");
}

void
outline_since(struct buf *out, const struct event *e)
{
	static const char *const news[EVENT_KINDS] = {
		[EVENT_OPENED] = " (new)",
		[EVENT_ESCALATED] = " (worse now)",
		[EVENT_REPEATED] = " (reminder)",
	};

	outline_moment(out, e->opened_at);
	if (news[e->kind] != NULL)
		buf_puts(out, news[e->kind]);
}

void
outline_renewal(struct buf *out, const struct event *e)
{
	char date[MOMENT_SIZE];

	buf_puts(out,
		e->old_not_after != 0 ? moment_date(e->old_not_after, date)
				      : "unknown");
	buf_puts(out, " -> ");
	buf_puts(out,
		e->not_after != 0 ? moment_date(e->not_after, date)
				  : "unknown");
	if (e->not_after != 0 && e->not_after < e->old_not_after)
		buf_puts(out, " (earlier than before)");
}

void
outline_brief(struct buf *out, const struct outline_row *row)
{
	if (row->part != PART_TEST) {
		outline_cut(out, row->event->target);
		buf_puts(out, ": ");
	}
	if (row->part != PART_RENEWED) {
		outline_cut(out, row->event->message);
		return;
	}
	buf_puts(out, "end of life ");
	outline_renewal(out, row->event);
}

const char *
outline_hint(const struct event *e)
{
	const struct finding_kind *kind;

	if (e->hint != NULL && e->hint[0] != '\0')
		return e->hint;
	kind = e->finding != NULL ? finding_kind(e->finding) : NULL;
	return kind != NULL ? kind->remedy : NULL;
}

const char *
outline_severity(const struct event *e)
{
	static const char *const names[] = {
		[SEV_OK] = "OK",
		[SEV_WARNING] = "WARNING",
		[SEV_CRITICAL] = "CRITICAL",
		[SEV_UNKNOWN] = "UNKNOWN",
	};

	return names[e->severity];
}

const char *
outline_occasion(const struct digest *d)
{
	return digest_count(d, EVENT_TEST) > 0 ? "sent" : "scan of";
}

/* A name as a shell reads it, or a word in its place where none would do. */
static void
add_argument(struct buf *out, const char *name)
{
	static const char plain[] = "abcdefghijklmnopqrstuvwxyz"
				    "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
				    "0123456789._/:@-";
	BUF_CLEANUP struct buf safe = { 0 };

	text_plain(&safe, name);
	if (strcmp(buf_str(&safe), name) != 0 || name[0] == '-' ||
		name[0] == '\0' || strchr(name, '\'') != NULL ||
		strlen(name) > TEXT_MOST / 2)
		buf_puts(out, "TARGET");
	else if (strspn(name, plain) == strlen(name))
		buf_puts(out, name);
	else
		buf_printf(out, "'%s'", name);
}

void
outline_silence(struct buf *out, const struct outline *o)
{
	for (size_t i = 0; i < o->n; i++) {
		const struct event *e = o->v[i].event;

		if (o->v[i].part != PART_TROUBLE || e->finding == NULL)
			continue;
		buf_puts(out, "certvigil silence ");
		add_argument(out, e->target);
		buf_printf(out, " %s --for 7d --reason WHY", e->finding);
		return;
	}
}

const char *
outline_finding(const struct outline *o)
{
	for (size_t i = 0; i < o->n; i++) {
		if (o->v[i].event->finding != NULL)
			return o->v[i].event->finding;
	}
	return NULL;
}
