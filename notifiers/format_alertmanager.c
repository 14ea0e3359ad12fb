/* format_alertmanager.c - webhook body: alerts for Prometheus' Alertmanager */
#include <ctype.h>
#include <string.h>

#include "model/duration.h"
#include "model/json.h"
#include "notifiers/outline.h"
#include "notifiers/pager.h"

/*
 * Alertmanager, api/v2/openapi.yaml, postAlerts, and "Alerts API": an alert
 * is known by its labels, all of them; without endsAt it is over after
 * resolve_timeout, five minutes, for Prometheus repeats them all the time.
 */
#define ALERTS_PATH "/api/v2/alerts"
#define LABEL_MAX 255
#define TEXT_MAX 1024
#define FIRES_S (365 * DAY_S) /* unless the end is told before */
#define TEST_S (5 * MINUTE_S)

/* "CertificateExpiry" of expiry.soon: the same once it is expiry.expired. */
static void
add_name(struct buf *out, const struct event *e)
{
	const char *area = e->finding != NULL && e->finding[0] != '\0'
		? e->finding
		: "test";

	buf_putc(out, (char)toupper((unsigned char)*area));
	buf_add(out, area + 1, strcspn(area + 1, "."));
}

/*
 * Only what stays as it is while the incident is open, and the severity, by
 * which people route: its other values are ended when it changes.
 */
static json_t *
labels_of(const struct digest *d, const struct event *e, const char *severity)
{
	BUF_CLEANUP struct buf name = { 0 };
	json_t *j = json_object();

	if (j == NULL)
		mem_exhausted();
	buf_puts(&name, "Certificate");
	add_name(&name, e);
	pager_put(j, "alertname", name.s, LABEL_MAX);
	json_put(j, "job", json_string("certvigil"));
	json_put(j, "severity", json_string(severity));
	pager_put(j, "instance", e->target, LABEL_MAX);
	pager_put(j, "target", e->target, LABEL_MAX);
	pager_put(j, "owner", e->owner, LABEL_MAX);
	pager_put(j, "incident", pager_key(d, e), LABEL_MAX);
	return j;
}

static json_t *
annotations_of(const struct digest *d, const struct event *e)
{
	BUF_CLEANUP struct buf summary = { 0 }, text = { 0 }, expiry = { 0 },
			       tags = { 0 };
	json_t *j = json_object();

	if (j == NULL)
		mem_exhausted();
	pager_summary(&summary, e, TEXT_MAX);
	json_put(j, "summary", json_string(summary.s));
	pager_text(&text, e->message, TEXT_MAX);
	outline_expiry(&expiry, d, e);
	if (expiry.len > 0)
		buf_printf(&text, "; %s", expiry.s);
	json_put(j, "description", json_string(buf_str(&text)));
	pager_put(j, "hint", outline_hint(e), TEXT_MAX);
	pager_put(j, "finding", e->finding, LABEL_MAX);
	pager_tags(&tags, e);
	pager_put(j, "tags", tags.s, TEXT_MAX);
	pager_put(j, "address", e->address, TEXT_MAX);
	pager_put_moment(j, "not_after", e->not_after);
	pager_put(j, "told_by", d->host, LABEL_MAX);
	return j;
}

static void
add_alert(json_t *all, const struct digest *d, const struct event *e,
	enum severity severity, time_t now, time_t end)
{
	/* One that begins after its end, or ours, would be refused. */
	time_t start = e->opened_at < now ? e->opened_at : now;
	json_t *j = json_object();

	if (j == NULL)
		mem_exhausted();
	json_put(j, "labels",
		labels_of(d, e,
			e->kind == EVENT_TEST ? "info"
					      : severity_name(severity)));
	json_put(j, "annotations", annotations_of(d, e));
	pager_put_moment(j, "startsAt", start);
	pager_put_moment(j, "endsAt", end);
	json_push(all, j);
}

static void
add_event(
	json_t *all, const struct digest *d, const struct event *e, time_t now)
{
	bool over = e->kind == EVENT_RESOLVED;

	if (e->kind == EVENT_RENEWED)
		return;
	/*
	 * It was told as of another severity before it escalated, and may be
	 * milder at its end than when it was told. What was never told is
	 * over without a word.
	 */
	for (int s = SEV_WARNING; s <= SEV_CRITICAL; s++) {
		if (s != (int)e->severity &&
			(over || e->kind == EVENT_ESCALATED))
			add_alert(all, d, e, (enum severity)s, now, now);
	}
	add_alert(all, d, e, e->severity, now,
		over				? now
			: e->kind == EVENT_TEST ? now + TEST_S
						: now + FIRES_S);
}

static int
alertmanager_make(const struct digest *d, const struct account *a, time_t now,
	struct posts *out, struct error *err)
{
	json_t *all = json_array();
	struct post *p;

	if (all == NULL)
		mem_exhausted();
	for (size_t i = 0; i < d->n; i++)
		add_event(all, d, &d->v[i], now);
	if (json_array_size(all) == 0) {
		json_decref(all);
		return 0;
	}
	p = posts_add(out, format_dump(all));
	if (a->token != NULL)
		pager_header(p, "Authorization", "Bearer", a->token);
	p->url = pager_url(a->url, ALERTS_PATH, NULL);
	if (p->url == NULL)
		return error_set(err, ERROR_USAGE,
			"url: want that of an Alertmanager, have something "
			"else");
	return 0;
}

const struct format format_alertmanager = {
	.content_type = "application/json",
	.takes = ACCOUNT_TOKEN,
	.make = alertmanager_make,
	.check = pager_check_token,
};
