/* target.c - what is told of each target */
#include <stdlib.h>
#include <string.h>

#include "report/prometheus/prometheus.h"

size_t
shown_certs(const struct result *r)
{
	return r->seen != NULL ? observation_n_presented(r->seen) : 0;
}

/* In this order the reason is told: what is nearer to the certificate last. */
static const struct reason {
	const char *id;
	enum severity least; /* below it a client takes the certificate yet */
} reasons[] = {
	{ "trust.unreadable", SEV_WARNING },
	{ "chain.self-signed", SEV_WARNING },
	{ "chain.incomplete", SEV_WARNING },
	{ "chain.untrusted", SEV_WARNING },
	{ "chain.signature", SEV_WARNING },
	{ "chain.not-ca", SEV_WARNING },
	{ "chain.invalid", SEV_WARNING },
	{ "chain.distrusted", SEV_CRITICAL },
	{ "expiry.expired", SEV_WARNING },
	{ "expiry.not-yet-valid", SEV_WARNING },
	{ "name.mismatch", SEV_WARNING },
	{ "key.purpose", SEV_CRITICAL },
};

static bool
has_finding(const struct result *r, const struct reason *reason)
{
	for (size_t i = 0; i < r->findings.n; i++) {
		const struct finding *f = &r->findings.v[i];

		if (f->severity >= reason->least &&
			strcmp(f->kind->id, reason->id) == 0)
			return true;
	}
	return false;
}

enum verified
result_verified(const struct result *r, const char **reason)
{
	*reason = NULL;
	if (!r->looked || shown_certs(r) == 0 || r->store ||
		role_is_ca(r->role))
		return VERIFIED_NA;
	for (size_t i = 0; i < sizeof(reasons) / sizeof(reasons[0]); i++) {
		if (has_finding(r, &reasons[i])) {
			*reason = reasons[i].id;
			return VERIFIED_NO;
		}
	}
	return VERIFIED_YES;
}

/* ",a,b,", so that a pattern finds one of them whole. */
static void
put_tags(struct exposition *e, const struct words *tags)
{
	BUF_CLEANUP struct buf text = { 0 };

	for (size_t i = 0; i < tags->n; i++)
		buf_printf(&text, "%s%s,", i == 0 ? "," : "", tags->v[i]);
	series_label_cut(e, "tags", buf_str(&text));
}

static void
tell_info(struct exposition *e, const struct result *r)
{
	series_of(e, r);
	series_label(e, "address", r->target->address);
	series_label(
		e, "role", r->role != ROLE_AUTO ? role_name(r->role) : NULL);
	put_tags(e, &r->target->tags);
	series_end(e, 1);
}

static void
tell_status(struct exposition *e, const struct result *r)
{
	series_of(e, r);
	series_end(e, (int64_t)r->status);
}

static void
tell_up(struct exposition *e, const struct result *r)
{
	series_of(e, r);
	series_end(e, r->looked);
}

static void
tell_verified(struct exposition *e, const struct result *r)
{
	const char *reason;
	enum verified verified = result_verified(r, &reason);

	if (verified == VERIFIED_NA)
		return;
	series_of(e, r);
	series_label(e, "reason", reason);
	series_end(e, verified == VERIFIED_YES);
}

static void
tell_observed(struct exposition *e, const struct result *r)
{
	if (r->observed_at == 0)
		return;
	series_of(e, r);
	series_end(e, r->observed_at);
}

static void
tell_duration(struct exposition *e, const struct result *r)
{
	if (r->duration_ms < 0)
		return;
	series_of(e, r);
	series_end_ms(e, r->duration_ms);
}

static void
tell_certs(struct exposition *e, const struct result *r)
{
	series_of(e, r);
	series_end(e, (int64_t)shown_certs(r));
}

static void
tell_end(struct exposition *e, const struct result *r)
{
	const struct cert *c = result_first_to_end(r);

	if (c == NULL || r->store)
		return;
	series_of(e, r);
	series_end(e, c->not_after);
}

/* A moment of the end, 0 being none. */
static void
tell_moment(struct exposition *e, const struct result *r, time_t t)
{
	if (t == 0 || r->store)
		return;
	series_of(e, r);
	series_end(e, t);
}

static void
tell_warning(struct exposition *e, const struct result *r)
{
	tell_moment(e, r, r->warning_at);
}

static void
tell_critical(struct exposition *e, const struct result *r)
{
	tell_moment(e, r, r->critical_at);
}

static void
tell_order_by(struct exposition *e, const struct result *r)
{
	tell_moment(e, r, r->order_by);
}

static int
by_kind_and_subject(const void *a, const void *b)
{
	const struct finding *x = *(const struct finding *const *)a;
	const struct finding *y = *(const struct finding *const *)b;
	int order = strcmp(x->kind->id, y->kind->id);

	if (order == 0)
		order = series_compare_cut(x->subject, y->subject);
	return order != 0 ? order : (int)y->severity - (int)x->severity;
}

/* Of those that would be one series the worst is told; notes are not. */
static void
tell_findings(struct exposition *e, const struct result *r)
{
	const struct finding **v, *last = NULL;
	size_t n = 0;

	if (r->findings.n == 0)
		return;
	v = mem_grow(NULL, r->findings.n, sizeof(*v));
	for (size_t i = 0; i < r->findings.n; i++) {
		if (r->findings.v[i].severity > SEV_OK)
			v[n++] = &r->findings.v[i];
	}
	qsort(v, n, sizeof(*v), by_kind_and_subject);
	for (size_t i = 0; i < n; last = v[i++]) {
		if (last != NULL && last->kind == v[i]->kind &&
			series_compare_cut(last->subject, v[i]->subject) == 0)
			continue;
		series_of(e, r);
		series_label(e, "finding", v[i]->kind->id);
		series_label(e, "severity", severity_name(v[i]->severity));
		series_label_cut(e, "subject", v[i]->subject);
		series_end(e, 1);
	}
	free(v);
}

static void
tell_client(struct exposition *e, const struct result *r)
{
	if (r->client == NULL)
		return;
	series_of(e, r);
	/* Behind the area's name and a dot. */
	series_label(e, "verdict", strchr(r->client, '.') + 1);
	series_end(e, 1);
}

const struct family prometheus_targets[] = {
	{ "certvigil_target_info",
		"Where the target is, what it is for, and its tags.", 0, NULL,
		tell_info },
	{ "certvigil_target_status",
		"The worst finding of the target: 0 ok, 1 warning, 2 critical, "
		"3 unknown.",
		0, NULL, tell_status },
	{ "certvigil_target_up",
		"1 if certificates were seen, 0 if it could not be reached or "
		"read.",
		0, NULL, tell_up },
	{ "certvigil_target_verified",
		"1 if clients accept what was seen, 0 and the reason if they do "
		"not; nothing where nothing was seen, or no chain.",
		0, NULL, tell_verified },
	{ "certvigil_target_observed_timestamp_seconds",
		"When it was looked at, as Unix time.", 0, NULL,
		tell_observed },
	{ "certvigil_probe_duration_seconds", "How long the look took.", 0,
		NULL, tell_duration },
	{ "certvigil_target_certificates", "Certificates that were seen.", 0,
		NULL, tell_certs },
	{ "certvigil_target_not_after_timestamp_seconds",
		"The end of what ends first of that which the target stands "
		"for, as Unix time.",
		0, NULL, tell_end },
	{ "certvigil_target_warning_timestamp_seconds",
		"From when on that end is a warning, as Unix time.", 0, NULL,
		tell_warning },
	{ "certvigil_target_critical_timestamp_seconds",
		"From when on that end is critical, as Unix time.", 0, NULL,
		tell_critical },
	{ "certvigil_target_order_by_timestamp_seconds",
		"By when a new certificate is to be ordered, as Unix time.", 0,
		NULL, tell_order_by },
	{ "certvigil_finding", "A finding of warning or worse.", 0, NULL,
		tell_findings },
	{ "certvigil_client_test",
		"What the test of client certificates has come to.", 0, NULL,
		tell_client },
	{ 0 },
};
