/* status_json.c - what the last scans know, for machines */
#include "commands/status.h"
#include "model/json.h"
#include "model/result.h"

#define SCHEMA_VERSION 1 /* raised when a key changes its meaning */

static json_t *
moment_or_null(time_t t)
{
	char moment[MOMENT_SIZE];

	return t != 0 ? json_string(moment_format(t, moment)) : json_null();
}

static json_t *
target_json(const struct known_target *t)
{
	json_t *j = json_object();

	json_put(j, "name", json_text(t->name));
	json_put(j, "address", json_text(t->address));
	json_put(j, "owner", json_text(t->owner));
	json_put(j, "status", json_string(severity_name(t->status)));
	json_put(j, "message", json_text(t->message));
	json_put(j, "observed_at", moment_or_null(t->observed_at));
	json_put(j, "not_after", moment_or_null(t->not_after));
	return j;
}

static json_t *
incident_json(const struct known_incident *i)
{
	json_t *j = json_object();

	json_put(j, "id", json_text(i->id));
	json_put(j, "target", json_text(i->target));
	json_put(j, "finding", json_text(i->finding));
	json_put(j, "subject", json_text(i->subject));
	json_put(j, "severity", json_string(severity_name(i->severity)));
	json_put(j, "message", json_text(i->message));
	json_put(j, "owner", json_text(i->owner));
	json_put(j, "opened_at", moment_or_null(i->opened_at));
	json_put(j, "told_at", moment_or_null(i->told_at));
	json_put(j, "silenced", json_boolean(i->silenced));
	json_put(j, "silenced_until",
		moment_or_null(i->silence != NULL ? i->silence->until : 0));
	return j;
}

static json_t *
silence_json(const struct memory *m, const struct silence *s)
{
	json_t *j = json_object();

	json_put(j, "id", json_text(s->id));
	json_put(j, "target", json_text(s->target));
	json_put(j, "finding", json_text(s->finding));
	json_put(j, "reason", json_text(s->reason));
	json_put(j, "by", json_text(s->by));
	json_put(j, "from", moment_or_null(s->from));
	json_put(j, "until", moment_or_null(s->until));
	json_put(j, "holds",
		json_boolean(m->now >= s->from && m->now < s->until));
	json_put(j, "covers", json_integer((json_int_t)memory_covered(m, s)));
	return j;
}

static json_t *
message_json(const struct message *m)
{
	json_t *j = json_object();

	json_put(j, "id", json_text(m->id));
	json_put(j, "notifier", json_text(m->notifier));
	json_put(j, "attempts", json_integer(m->attempts));
	json_put(j, "created_at", moment_or_null(m->created_at));
	json_put(j, "next_at", moment_or_null(m->gave_up ? 0 : m->next_at));
	json_put(j, "given_up", json_boolean(m->gave_up));
	json_put(j, "answer", json_text(m->last_answer));
	return j;
}

static json_t *
summary_json(const struct known_targets *ts)
{
	size_t n[SEV_UNKNOWN + 1] = { 0 };
	json_t *j = json_object();

	for (size_t i = 0; i < ts->n; i++)
		n[ts->v[i].status]++;
	for (int s = SEV_OK; s <= SEV_UNKNOWN; s++)
		json_put(j, severity_name((enum severity)s),
			json_integer((json_int_t)n[s]));
	return j;
}

static enum severity
worst_of(const struct known_targets *ts)
{
	enum severity worst = SEV_OK;

	for (size_t i = 0; i < ts->n; i++) {
		if (ts->v[i].status > worst)
			worst = ts->v[i].status;
	}
	return worst;
}

static json_t *
head_json(const struct memory *m)
{
	json_t *j = json_object();

	json_put(j, "version", json_integer(SCHEMA_VERSION));
	json_put(j, "program", json_string("certvigil " CERTVIGIL_VERSION));
	json_put(j, "time", moment_or_null(m->now));
	json_put(j, "last_scan", moment_or_null(m->targets.last_scan));
	json_put(
		j, "status", json_string(severity_name(worst_of(&m->targets))));
	json_put(j, "summary", summary_json(&m->targets));
	return j;
}

void
status_put_json(struct buf *out, const struct memory *m,
	const struct messages *messages, const struct report_options *show)
{
	json_print_head(out, head_json(m));
	json_begin_list(out, "targets");
	for (size_t i = 0; i < m->targets.n; i++) {
		json_print_item(out, i, target_json(&m->targets.v[i]));
		report_pass(out, show);
	}
	json_end_list(out, m->targets.n);
	json_begin_list(out, "incidents");
	for (size_t i = 0; i < m->incidents.n; i++) {
		json_print_item(out, i, incident_json(&m->incidents.v[i]));
		report_pass(out, show);
	}
	json_end_list(out, m->incidents.n);
	json_begin_list(out, "silences");
	for (size_t i = 0; i < m->silences.n; i++)
		json_print_item(out, i, silence_json(m, &m->silences.v[i]));
	json_end_list(out, m->silences.n);
	json_begin_list(out, "undelivered");
	for (size_t i = 0; i < messages->n; i++)
		json_print_item(out, i, message_json(&messages->v[i]));
	json_end_list(out, messages->n);
	json_end(out);
}
