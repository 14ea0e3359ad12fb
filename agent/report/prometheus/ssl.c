/* ssl.c - the names of ssl_exporter (ribbybibby/ssl_exporter) */
#include <string.h>

#include "report/prometheus/prometheus.h"

#define OURS COMPAT_SSL_EXPORTER

static bool
is_endpoint(const struct result *r)
{
	return r->target->kind == TARGET_ENDPOINT;
}

/* Its probes have no name of their own: Prometheus gives them `instance`. */
static void
begin(struct exposition *e, const struct result *r)
{
	series_begin(e);
	series_label(e, "instance", r->target->name);
}

static void
tell_success(struct exposition *e, const struct result *r)
{
	const char *reason;

	begin(e, r);
	series_end(e, r->looked && result_verified(r, &reason) != VERIFIED_NO);
}

/* By the address: of a target that the state remembers there is no more. */
static const char *
prober_of(const struct result *r)
{
	if (!is_endpoint(r))
		return "file";
	return strncmp(r->target->address, "https://", 8) == 0 ? "https"
							       : "tcp";
}

static void
tell_prober(struct exposition *e, const struct result *r)
{
	begin(e, r);
	series_label(e, "prober", prober_of(r));
	series_end(e, 1);
}

static void
tell_version(struct exposition *e, const struct result *r)
{
	if (!is_endpoint(r) || r->seen == NULL || shown_certs(r) == 0)
		return;
	begin(e, r);
	series_label(e, "version", version_name(r->seen->handshake->version));
	series_end(e, 1);
}

static void
put_names(struct exposition *e, const struct cert *c, bool addresses)
{
	BUF_CLEANUP struct buf names = { 0 }, text = { 0 };

	names_joined(&names, c, addresses);
	if (names.len > 0)
		buf_printf(&text, ",%s,", buf_str(&names));
	series_label(e, addresses ? "ips" : "dnsnames", buf_str(&text));
}

static void
put_cert(struct exposition *e, const struct cert *c)
{
	BUF_CLEANUP struct buf serial = { 0 }, issuer = { 0 }, cn = { 0 },
			       units = { 0 };

	serial_decimal(&serial, c->serial);
	name_common(&issuer, c->issuer);
	name_common(&cn, c->subject);
	name_all(&units, c->subject, "OU");
	series_label(e, "serial_no", buf_str(&serial));
	series_label_cut(e, "issuer_cn", buf_str(&issuer));
	series_label_cut(e, "cn", buf_str(&cn));
	put_names(e, c, false);
	put_names(e, c, true);
	series_label_cut(e, "ou", buf_str(&units));
}

static void
put_presented(struct exposition *e, const struct result *r,
	const struct cert *c, size_t i)
{
	(void)i;
	series_label(e, "instance", r->target->name);
	if (!is_endpoint(r))
		series_label(e, "file", r->target->address);
	put_cert(e, c);
}

static void
tell_ends(struct exposition *e, const struct result *r)
{
	if (is_endpoint(r))
		series_of_certs(e, r, dated_certs(r), put_presented, cert_end);
}

static void
tell_begins(struct exposition *e, const struct result *r)
{
	if (is_endpoint(r))
		series_of_certs(
			e, r, dated_certs(r), put_presented, cert_begin);
}

static void
tell_file_ends(struct exposition *e, const struct result *r)
{
	if (!is_endpoint(r))
		series_of_certs(e, r, dated_certs(r), put_presented, cert_end);
}

static void
tell_file_begins(struct exposition *e, const struct result *r)
{
	if (!is_endpoint(r))
		series_of_certs(
			e, r, dated_certs(r), put_presented, cert_begin);
}

/* Two of one path have different subjects or keys, but labels may not. */
static bool
is_told(const struct cert *const *path, size_t n)
{
	BUF_CLEANUP struct buf here = { 0 }, there = { 0 };

	name_common(&here, path[n]->subject);
	for (size_t i = 0; i < n; i++) {
		buf_reset(&there);
		name_common(&there, path[i]->subject);
		if (series_compare_cut(buf_str(&here), buf_str(&there)) == 0 &&
			series_compare_cut(path[i]->serial, path[n]->serial) ==
				0)
			return true;
	}
	return false;
}

static void
tell_path(struct exposition *e, const struct result *r, cert_value value)
{
	const struct cert *path[CHAIN_MAX_CERTS];
	size_t n = is_endpoint(r) ? path_certs(r, path, CHAIN_MAX_CERTS) : 0;

	for (size_t i = 0; i < n; i++) {
		if (is_told(path, i))
			continue;
		begin(e, r);
		series_label(e, "chain_no", "0");
		put_cert(e, path[i]);
		series_end(e, value(e, path[i]));
	}
}

static void
tell_verified_ends(struct exposition *e, const struct result *r)
{
	tell_path(e, r, cert_end);
}

static void
tell_verified_begins(struct exposition *e, const struct result *r)
{
	tell_path(e, r, cert_begin);
}

const struct family prometheus_ssl[] = {
	{ "ssl_probe_success",
		"1 if the target was seen and clients accept its certificate.",
		OURS, NULL, tell_success },
	{ "ssl_prober", "How the target is looked at.", OURS, NULL,
		tell_prober },
	{ "ssl_tls_version_info", "The version of TLS that was agreed on.",
		OURS, NULL, tell_version },
	{ "ssl_cert_not_after",
		"The end of a certificate that was presented, as Unix time.",
		OURS, NULL, tell_ends },
	{ "ssl_cert_not_before",
		"The beginning of a certificate that was presented, as Unix "
		"time.",
		OURS, NULL, tell_begins },
	{ "ssl_verified_cert_not_after",
		"The end of a certificate that was presented and is on the "
		"path, as Unix time.",
		OURS, NULL, tell_verified_ends },
	{ "ssl_verified_cert_not_before",
		"The beginning of a certificate that was presented and is on "
		"the path, as Unix time.",
		OURS, NULL, tell_verified_begins },
	{ "ssl_file_cert_not_after",
		"The end of a certificate in a file, as Unix time.", OURS, NULL,
		tell_file_ends },
	{ "ssl_file_cert_not_before",
		"The beginning of a certificate in a file, as Unix time.", OURS,
		NULL, tell_file_begins },
	{ 0 },
};
