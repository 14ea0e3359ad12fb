/* format_pagerduty.c - webhook body: PagerDuty's Events API v2 */
#include <string.h>

#include "model/json.h"
#include "notifiers/outline.h"
#include "notifiers/pager.h"

/*
 * PagerDuty, "Send an Alert Event" and "Events API v2 Overview": the lengths
 * of fields and of the whole (512 KB, far from which those of custom_details
 * keep it); 202 is success, 400 will never work, 429 later.
 */
#define KEY_LENGTH 32
#define DEDUP_MAX 255
#define SUMMARY_MAX 1024
#define FIELD_MAX 1024

static const char *const severities[] = {
	[SEV_OK] = "info",
	[SEV_WARNING] = "warning",
	[SEV_CRITICAL] = "critical",
	[SEV_UNKNOWN] = "error",
};

static json_t *
new_event(const struct account *a, const char *action, const char *key)
{
	json_t *j = json_object();

	if (j == NULL)
		mem_exhausted();
	json_put(j, "routing_key", json_text(a->token));
	json_put(j, "event_action", json_string(action));
	pager_put(j, "dedup_key", key, DEDUP_MAX);
	return j;
}

static json_t *
details_of(const struct digest *d, const struct event *e)
{
	BUF_CLEANUP struct buf tags = { 0 };
	json_t *j = json_object();

	if (j == NULL)
		mem_exhausted();
	json_put(j, "event", json_string(event_name(e->kind)));
	pager_put(j, "target", e->target, FIELD_MAX);
	pager_put(j, "address", e->address, FIELD_MAX);
	pager_put(j, "owner", e->owner, FIELD_MAX);
	pager_tags(&tags, e);
	pager_put(j, "tags", tags.s, FIELD_MAX);
	pager_put(j, "finding", e->finding, FIELD_MAX);
	pager_put(j, "message", e->message, FIELD_MAX);
	pager_put(j, "hint", outline_hint(e), FIELD_MAX);
	pager_put_moment(j, "opened_at", e->opened_at);
	pager_put_moment(j, "not_after", e->not_after);
	pager_put(j, "told_by", d->host, FIELD_MAX);
	return j;
}

/* Takes over `details`, unless it is NULL. */
static json_t *
trigger(const struct digest *d, const struct account *a, const char *key,
	const char *summary, const char *source, const char *severity,
	json_t *details)
{
	json_t *j = new_event(a, "trigger", key), *payload = json_object();

	if (payload == NULL)
		mem_exhausted();
	pager_put(payload, "summary", summary, SUMMARY_MAX);
	/* Required, so never nothing. */
	pager_put(payload, "source", source[0] != '\0' ? source : "certvigil",
		FIELD_MAX);
	json_put(payload, "severity", json_string(severity));
	pager_put_moment(payload, "timestamp", d->time);
	if (details != NULL)
		json_put(payload, "custom_details", details);
	json_put(j, "payload", payload);
	json_put(j, "client", json_string("certvigil"));
	return j;
}

static json_t *
trigger_of(
	const struct digest *d, const struct account *a, const struct event *e)
{
	BUF_CLEANUP struct buf summary = { 0 };
	json_t *j, *payload;

	pager_summary(&summary, e, SUMMARY_MAX);
	j = trigger(d, a, pager_key(d, e), summary.s, e->target,
		severities[e->severity], details_of(d, e));
	payload = json_object_get(j, "payload");
	pager_put(payload, "component", e->address, FIELD_MAX);
	pager_put(payload, "group", e->owner, FIELD_MAX);
	pager_put(payload, "class", e->finding, FIELD_MAX);
	return j;
}

static void
tell(const struct digest *d, const struct account *a, const struct event *e,
	struct posts *out)
{
	if (e->kind != EVENT_RESOLVED)
		(void)posts_add(out, format_dump(trigger_of(d, a, e)));
	/* A test is over at once. */
	if (e->kind == EVENT_RESOLVED || e->kind == EVENT_TEST)
		(void)posts_add(out,
			format_dump(new_event(a, "resolve", pager_key(d, e))));
}

static void
tell_more(const struct digest *d, const struct account *a,
	const struct pager_pick *pick, struct posts *out)
{
	BUF_CLEANUP struct buf text = { 0 };

	pager_more(&text, d, pick);
	(void)posts_add(out,
		format_dump(trigger(d, a, d->id, text.s, d->host,
			pick->more > 0 ? severities[digest_worst(d)] : "info",
			NULL)));
}

static int
pagerduty_make(const struct digest *d, const struct account *a, time_t now,
	struct posts *out, struct error *err)
{
	struct pager_pick pick;

	(void)now;
	(void)err;
	pager_pick(&pick, d);
	for (size_t i = 0; i < pick.n; i++)
		tell(d, a, pick.v[i], out);
	if (pick.more + pick.more_resolved > 0)
		tell_more(d, a, &pick, out);
	return 0;
}

static int
pagerduty_check(const struct account *a, struct error *err)
{
	if (a->token != NULL && strlen(a->token) != KEY_LENGTH)
		return error_set(err, ERROR_USAGE,
			"token: want the integration key, of %d characters, "
			"have %zu",
			KEY_LENGTH, strlen(a->token));
	return pager_check_token(a, err);
}

const struct format format_pagerduty = {
	.content_type = "application/json",
	.url = "https://events.pagerduty.com/v2/enqueue",
	.needs = ACCOUNT_TOKEN,
	.make = pagerduty_make,
	.check = pagerduty_check,
};
