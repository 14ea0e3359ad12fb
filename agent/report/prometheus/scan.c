/* scan.c - what is told of the whole: counts, messages, incidents */
#include "report/prometheus/prometheus.h"

static void
tell_build(struct exposition *e)
{
	series_begin(e);
	series_label(e, "version", CERTVIGIL_VERSION);
	series_end(e, 1);
}

static void
tell_last_scan(struct exposition *e)
{
	const struct standing *s = e->opt->standing;

	/* A look without a state is the last there was. */
	if (s != NULL && s->last_scan == 0)
		return;
	series_begin(e);
	series_end(e, s != NULL ? s->last_scan : e->rs->time);
}

static void
tell_counts(struct exposition *e)
{
	struct summary sum = results_summary(e->rs);

	for (int i = SEV_OK; i <= SEV_UNKNOWN; i++) {
		series_begin(e);
		series_label(e, "status", severity_name((enum severity)i));
		series_end(e, (int64_t)sum.n[i]);
	}
}

static int64_t
count_incidents(const struct known_incidents *all, enum severity severity,
	bool silenced)
{
	int64_t n = 0;

	for (size_t i = 0; i < all->n; i++)
		n += all->v[i].severity == severity &&
			all->v[i].silenced == silenced;
	return n;
}

/* Zeros too: what is there always can be graphed and summed. */
static void
tell_incident_counts(struct exposition *e)
{
	const struct standing *s = e->opt->standing;

	if (s == NULL || s->incidents == NULL)
		return;
	for (int i = SEV_WARNING; i <= SEV_CRITICAL; i++) {
		for (int silenced = 0; silenced < 2; silenced++) {
			series_begin(e);
			series_label(
				e, "severity", severity_name((enum severity)i));
			series_label(
				e, "silenced", silenced ? "true" : "false");
			series_end(e,
				count_incidents(s->incidents, (enum severity)i,
					silenced != 0));
		}
	}
}

static void
tell_incidents(struct exposition *e)
{
	const struct standing *s = e->opt->standing;

	for (size_t i = 0;
		s != NULL && s->incidents != NULL && i < s->incidents->n; i++) {
		const struct known_incident *k = &s->incidents->v[i];

		series_begin(e);
		series_label(e, "target", k->target);
		series_label_cut(e, "owner", k->owner);
		series_label(e, "finding", k->finding);
		series_label(e, "severity", severity_name(k->severity));
		series_label_cut(e, "subject", k->subject);
		series_label(e, "silenced", k->silenced ? "true" : "false");
		series_label(e, "incident", k->id); /* one of a kind */
		series_end(e, k->opened_at);
		report_pass(e->out, e->opt);
	}
}

static void
tell_waiting(struct exposition *e)
{
	if (e->opt->standing == NULL)
		return;
	series_begin(e);
	series_end(e, (int64_t)e->opt->standing->n_waiting);
}

static void
tell_given_up(struct exposition *e)
{
	if (e->opt->standing == NULL)
		return;
	series_begin(e);
	series_end(e, (int64_t)e->opt->standing->n_given_up);
}

const struct family prometheus_scan[] = {
	{ "certvigil_build_info", "The program that wrote this.", 0, tell_build,
		NULL },
	{ "certvigil_last_scan_timestamp_seconds",
		"When the targets were last looked at, as Unix time.", 0,
		tell_last_scan, NULL },
	{ "certvigil_scan_targets", "Targets by status.", 0, tell_counts,
		NULL },
	{ "certvigil_incidents",
		"Open incidents by severity, and whether they are silenced.", 0,
		tell_incident_counts, NULL },
	{ "certvigil_incident_opened_timestamp_seconds",
		"When an incident that is open was opened, as Unix time.", 0,
		tell_incidents, NULL },
	{ "certvigil_notifications_pending",
		"Messages that are not delivered yet and will be tried again.",
		0, tell_waiting, NULL },
	{ "certvigil_notifications_given_up",
		"Messages that could not be delivered and were given up.", 0,
		tell_given_up, NULL },
	{ 0 },
};
