/* journal.c - what the service manager and the journal are told */
#define SD_JOURNAL_SUPPRESS_LOCATION
#include <stdlib.h>
#include <syslog.h>

#include <systemd/sd-daemon.h>
#include <systemd/sd-journal.h>

#include "commands/journal.h"
#include "commands/journal_ids.h"
#include "model/text.h"

static const char *const event_ids[EVENT_KINDS] = {
	[EVENT_OPENED] = JOURNAL_OPENED_ID,
	[EVENT_ESCALATED] = JOURNAL_ESCALATED_ID,
	[EVENT_REPEATED] = JOURNAL_REPEATED_ID,
	[EVENT_RESOLVED] = JOURNAL_RESOLVED_ID,
	[EVENT_RENEWED] = JOURNAL_RENEWED_ID,
};

static bool
in_journal(void)
{
	return getenv("JOURNAL_STREAM") != NULL;
}

void
journal_status(const char *text)
{
	(void)sd_notifyf(0, "STATUS=%s", text);
}

static int
priority_of(const struct event *e)
{
	if (e->kind == EVENT_RESOLVED || e->kind == EVENT_RENEWED)
		return LOG_NOTICE;
	return e->severity == SEV_CRITICAL ? LOG_ERR : LOG_WARNING;
}

void
journal_events(const struct digest *events)
{
	if (!in_journal())
		return;
	for (size_t i = 0; i < events->n; i++) {
		const struct event *e = &events->v[i];
		BUF_CLEANUP struct buf text = { 0 };

		if (event_ids[e->kind] == NULL)
			continue;
		text_plain(&text, e->target);
		buf_printf(&text, ": %s: ", event_name(e->kind));
		text_plain(&text, e->message);
		(void)sd_journal_send("MESSAGE=%s", buf_str(&text),
			"MESSAGE_ID=%s", event_ids[e->kind], "PRIORITY=%d",
			priority_of(e), "CERTVIGIL_EVENT=%s",
			event_name(e->kind), "CERTVIGIL_TARGET=%s", e->target,
			"CERTVIGIL_FINDING=%s",
			e->finding != NULL ? e->finding : "",
			"CERTVIGIL_SEVERITY=%s", severity_name(e->severity),
			"CERTVIGIL_OWNER=%s", e->owner != NULL ? e->owner : "",
			NULL);
	}
}

void
journal_scanned(const struct summary *s)
{
	size_t total = 0;

	for (int i = SEV_OK; i <= SEV_UNKNOWN; i++)
		total += s->n[i];
	if (!in_journal())
		return;
	(void)sd_journal_send("MESSAGE=scan complete: %zu targets, %zu "
			      "critical, %zu warning, %zu unknown, %zu ok",
		total, s->n[SEV_CRITICAL], s->n[SEV_WARNING], s->n[SEV_UNKNOWN],
		s->n[SEV_OK], "MESSAGE_ID=%s", JOURNAL_SCANNED_ID,
		"PRIORITY=%d", LOG_INFO, "CERTVIGIL_STATUS=%s",
		severity_name(s->worst), NULL);
}

void
journal_undelivered(const struct delivery_note *n)
{
	if (!in_journal())
		return;
	(void)sd_journal_send("MESSAGE=%s: message %s is not delivered: %s%s",
		n->notifier, n->id, n->answer,
		n->gave_up ? "; it is given up" : "; it will be tried again",
		"MESSAGE_ID=%s", JOURNAL_UNDELIVERED_ID, "PRIORITY=%d",
		n->gave_up ? LOG_ERR : LOG_WARNING, "CERTVIGIL_NOTIFIER=%s",
		n->notifier, "CERTVIGIL_WEBHOOK_ID=%s", n->id, NULL);
}

void
journal_heartbeat(const char *why)
{
	if (!in_journal())
		return;
	(void)sd_journal_send("MESSAGE=heartbeat: %s", why, "MESSAGE_ID=%s",
		JOURNAL_HEARTBEAT_ID, "PRIORITY=%d", LOG_WARNING, NULL);
}
