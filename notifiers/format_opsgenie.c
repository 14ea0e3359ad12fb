/* format_opsgenie.c - webhook body: Opsgenie's Alert API */
#include <stdlib.h>
#include <string.h>

#include <curl/curl.h>

#include "model/json.h"
#include "model/text.h"
#include "notifiers/outline.h"
#include "notifiers/pager.h"

/*
 * Opsgenie, "Alert API", Create Alert: the lengths of fields, in characters;
 * of details, 8000 in all, so that some are shorter here. Requests are
 * answered with 202 and done later, also those of an alert that is not there.
 */
#define MESSAGE_MAX 130
#define ALIAS_MAX 512
#define DESCRIPTION_MAX 15000
#define ENTITY_MAX 512
#define SOURCE_MAX 100
#define TAG_MAX 50
#define TAGS_MOST 20
#define NOTE_MAX 1000
#define DETAIL_MAX 1000

#define ALERTS_PATH "/v2/alerts"

static const char *const priorities[] = {
	[SEV_OK] = "P5",
	[SEV_WARNING] = "P3",
	[SEV_CRITICAL] = "P1",
	[SEV_UNKNOWN] = "P2",
};

/* Messages may be shown as HTML ("Alerts and Alert Fields"). */
static void
add_text(struct buf *out, const char *s, size_t max)
{
	BUF_CLEANUP struct buf text = { 0 };

	pager_text(&text, s, max);
	for (const char *p = buf_str(&text); *p != '\0'; p++) {
		if (*p == '<')
			buf_puts(out, "\342\200\271"); /* U+2039 */
		else if (*p == '>')
			buf_puts(out, "\342\200\272"); /* U+203A */
		else
			buf_putc(out, *p);
	}
}

static json_t *
new_object(void)
{
	json_t *j = json_object();

	if (j == NULL)
		mem_exhausted();
	return j;
}

static void
put_source(json_t *j, const struct digest *d)
{
	cleanup(str_free) char *source = str_fmt("certvigil on %s", d->host);

	pager_put(j, "source", source, SOURCE_MAX);
}

/* The request `action` of the alert `alias`, or that which makes one. */
static int
add_post(const struct account *a, const char *alias, const char *action,
	json_t *body, struct posts *out, struct error *err)
{
	const char *base = a->url != NULL ? a->url : format_opsgenie.url;
	struct post *p = posts_add(out, format_dump(body));
	cleanup(str_free) char *all = pager_url(base, ALERTS_PATH, NULL);
	cleanup(str_free) char *path = NULL;
	char *safe;

	pager_header(p, "Authorization", "GenieKey", a->token);
	if (alias != NULL) {
		safe = curl_easy_escape(NULL, alias, 0);
		if (safe == NULL)
			mem_exhausted();
		path = str_fmt("/%s/%s", safe, action);
		curl_free(safe);
		p->url = pager_url(all, path, "identifierType=alias");
	} else {
		p->url = str_dup(all);
	}
	if (p->url == NULL)
		return error_set(err, ERROR_USAGE,
			"url: want that of Opsgenie's API, have something "
			"else");
	return 0;
}

static json_t *
describe(const struct digest *d, const struct event *e)
{
	BUF_CLEANUP struct buf text = { 0 }, line = { 0 };
	const char *hint = outline_hint(e);

	add_text(&text, e->message, DESCRIPTION_MAX / 3);
	outline_expiry(&line, d, e);
	if (line.len > 0)
		buf_printf(&text, "\n%s", line.s);
	buf_puts(&text, "\nsince: ");
	outline_since(&text, e);
	if (hint != NULL) {
		buf_puts(&text, "\nto do: ");
		add_text(&text, hint, DESCRIPTION_MAX / 3);
	}
	if (e->finding != NULL) {
		buf_puts(&text, "\nwhat it means: certvigil explain ");
		add_text(&text, e->finding, 100);
	}
	return json_string(text.s);
}

static json_t *
details_of(const struct digest *d, const struct event *e)
{
	json_t *j = new_object();

	json_put(j, "event", json_string(event_name(e->kind)));
	pager_put(j, "target", e->target, DETAIL_MAX);
	pager_put(j, "address", e->address, DETAIL_MAX);
	pager_put(j, "owner", e->owner, DETAIL_MAX);
	pager_put(j, "finding", e->finding, TAG_MAX);
	pager_put_moment(j, "opened_at", e->opened_at);
	pager_put_moment(j, "not_after", e->not_after);
	pager_put(j, "told_by", d->host, 255);
	return j;
}

static void
add_tag(json_t *tags, const char *s)
{
	BUF_CLEANUP struct buf tag = { 0 };

	if (s == NULL || s[0] == '\0')
		return;
	pager_text(&tag, s, TAG_MAX);
	json_push(tags, json_string(tag.s));
}

static json_t *
alert(const struct digest *d, const char *alias, const char *message,
	const char *priority)
{
	BUF_CLEANUP struct buf text = { 0 };
	json_t *j = new_object();

	add_text(&text, message, MESSAGE_MAX);
	json_put(j, "message", json_string(buf_str(&text)));
	pager_put(j, "alias", alias, ALIAS_MAX);
	json_put(j, "priority", json_string(priority));
	put_source(j, d);
	return j;
}

static json_t *
alert_of(const struct digest *d, const struct event *e)
{
	BUF_CLEANUP struct buf summary = { 0 }, note = { 0 };
	json_t *tags = json_array(), *j;

	if (tags == NULL)
		mem_exhausted();
	add_tag(tags, "certvigil");
	add_tag(tags, e->finding);
	add_tag(tags, e->owner);
	/* It takes 20 in all. */
	for (size_t i = 0; i < e->tags.n && json_array_size(tags) < TAGS_MOST;
		i++)
		add_tag(tags, e->tags.v[i]);
	pager_summary(&summary, e, MESSAGE_MAX);
	j = alert(d, pager_key(d, e), summary.s, priorities[e->severity]);
	json_put(j, "description", describe(d, e));
	json_put(j, "tags", tags);
	json_put(j, "details", details_of(d, e));
	pager_put(j, "entity", e->target, ENTITY_MAX);
	/* Of an alert that is there already, only the count changes. */
	if (e->kind == EVENT_ESCALATED || e->kind == EVENT_REPEATED) {
		buf_puts(&note,
			e->kind == EVENT_ESCALATED ? "worse now: "
						   : "reminder: ");
		add_text(&note, e->message, NOTE_MAX - 20);
		json_put(j, "note", json_string(note.s));
	}
	return j;
}

static int
close_alert(const struct digest *d, const struct account *a,
	const struct event *e, struct posts *out, struct error *err)
{
	json_t *j = new_object();

	put_source(j, d);
	json_put(j, "note",
		json_string(
			e->kind == EVENT_TEST ? "it was a test" : "resolved"));
	return add_post(a, pager_key(d, e), "close", j, out, err);
}

/*
 * Jira Service Management, "Integration events", has Opsgenie's requests to
 * create, note and close, but none that changes an alert's priority.
 */
static bool
has_priorities(const struct account *a)
{
	return a->url == NULL || strstr(a->url, "/jsm/") == NULL;
}

static int
tell(const struct digest *d, const struct account *a, const struct event *e,
	struct posts *out, struct error *err)
{
	if (e->kind == EVENT_RESOLVED)
		return close_alert(d, a, e, out, err);
	if (add_post(a, NULL, NULL, alert_of(d, e), out, err) == -1)
		return -1;
	if (e->kind == EVENT_TEST)
		return close_alert(d, a, e, out, err);
	if (e->kind == EVENT_ESCALATED && has_priorities(a)) {
		json_t *j = new_object();

		json_put(j, "priority", json_string(priorities[e->severity]));
		if (add_post(a, pager_key(d, e), "priority", j, out, err) == -1)
			return -1;
		out->v[out->n - 1].put = true;
	}
	return 0;
}

static int
opsgenie_make(const struct digest *d, const struct account *a, time_t now,
	struct posts *out, struct error *err)
{
	BUF_CLEANUP struct buf text = { 0 };
	struct pager_pick pick;

	(void)now;
	pager_pick(&pick, d);
	for (size_t i = 0; i < pick.n; i++) {
		if (tell(d, a, pick.v[i], out, err) == -1)
			return -1;
	}
	if (pick.more + pick.more_resolved == 0)
		return 0;
	pager_more(&text, d, &pick);
	return add_post(a, NULL, NULL,
		alert(d, d->id, text.s,
			pick.more > 0 ? priorities[digest_worst(d)] : "P5"),
		out, err);
}

const struct format format_opsgenie = {
	.content_type = "application/json",
	.url = "https://api.opsgenie.com" ALERTS_PATH,
	.needs = ACCOUNT_TOKEN,
	.make = opsgenie_make,
	.check = pager_check_token,
};
