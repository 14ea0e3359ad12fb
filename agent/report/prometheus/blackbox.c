/* blackbox.c - the names of blackbox_exporter */
#include "report/prometheus/prometheus.h"

#define OURS COMPAT_BLACKBOX

/* Its probes have no name of their own: Prometheus gives them `instance`. */
static void
begin(struct exposition *e, const struct result *r)
{
	series_begin(e);
	series_label(e, "instance", r->target->name);
}

static bool
is_endpoint(const struct result *r)
{
	return r->target->kind == TARGET_ENDPOINT;
}

/* As of a module that verifies, which is its default. */
static void
tell_success(struct exposition *e, const struct result *r)
{
	const char *reason;

	if (!is_endpoint(r))
		return;
	begin(e, r);
	series_end(e, r->looked && result_verified(r, &reason) != VERIFIED_NO);
}

static void
tell_duration(struct exposition *e, const struct result *r)
{
	if (!is_endpoint(r) || r->duration_ms < 0)
		return;
	begin(e, r);
	series_end_ms(e, r->duration_ms);
}

static void
tell_family_of_address(struct exposition *e, const struct result *r)
{
	const char *peer = is_endpoint(r) && r->seen != NULL
		? r->seen->handshake->peer
		: NULL;

	if (peer == NULL)
		return;
	begin(e, r);
	series_end(e, peer[0] == '[' ? 6 : 4);
}

static bool
is_seen(const struct result *r)
{
	return is_endpoint(r) && shown_certs(r) > 0;
}

static void
tell_version(struct exposition *e, const struct result *r)
{
	if (!is_seen(r))
		return;
	begin(e, r);
	series_label(e, "version", version_name(r->seen->handshake->version));
	series_end(e, 1);
}

/* Of all that was presented, needed or not. */
static void
tell_earliest(struct exposition *e, const struct result *r)
{
	const struct cert *first = NULL;

	if (!is_seen(r))
		return;
	for (size_t i = 0; i < shown_certs(r); i++) {
		const struct cert *c = &r->seen->certs[i];

		if (c->has_dates &&
			(first == NULL || c->not_after < first->not_after))
			first = c;
	}
	if (first == NULL)
		return;
	begin(e, r);
	series_end(e, first->not_after);
}

static void
tell_last(struct exposition *e, const struct result *r)
{
	const struct cert *path[CHAIN_MAX_CERTS];
	size_t n = is_seen(r) ? path_certs(r, path, CHAIN_MAX_CERTS) : 0;
	time_t end;

	if (n == 0)
		return;
	end = path[0]->not_after;
	for (size_t i = 1; i < n; i++)
		end = path[i]->not_after < end ? path[i]->not_after : end;
	begin(e, r);
	series_end(e, end);
}

static void
tell_info(struct exposition *e, const struct result *r)
{
	BUF_CLEANUP struct buf names = { 0 };
	const struct cert *c;

	if (!is_seen(r))
		return;
	c = result_leaf(r);
	names_joined(&names, c, false);
	begin(e, r);
	series_label(e, "fingerprint_sha256", c->sha256);
	series_label_cut(e, "subject", c->subject);
	series_label_cut(e, "issuer", c->issuer);
	series_label(e, "subjectalternative", buf_str(&names));
	series_label(e, "serialnumber", c->serial);
	series_end(e, 1);
}

const struct family prometheus_blackbox[] = {
	{ "probe_success",
		"1 if the target was reached and clients accept its "
		"certificate.",
		OURS, NULL, tell_success },
	{ "probe_duration_seconds", "How long the look took.", OURS, NULL,
		tell_duration },
	{ "probe_ip_protocol", "The version of IP it was reached by: 4 or 6.",
		OURS, NULL, tell_family_of_address },
	{ "probe_tls_version_info", "The version of TLS that was agreed on.",
		OURS, NULL, tell_version },
	{ "probe_ssl_earliest_cert_expiry",
		"The end of what ends first of that which was presented, as "
		"Unix time.",
		OURS, NULL, tell_earliest },
	{ "probe_ssl_last_chain_expiry_timestamp_seconds",
		"The end of what ends first of the path that was taken, as "
		"Unix time.",
		OURS, NULL, tell_last },
	{ "probe_ssl_last_chain_info", "The leaf that was presented.", OURS,
		NULL, tell_info },
	{ 0 },
};
