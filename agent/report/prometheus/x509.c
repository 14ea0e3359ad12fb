/* x509.c - the names of enix/x509-certificate-exporter */
#include <string.h>

#include "report/prometheus/prometheus.h"

#define OURS COMPAT_X509_EXPORTER

static bool
is_file(const struct result *r)
{
	return r->target->kind == TARGET_FILE;
}

static void
put_file(struct exposition *e, const struct result *r)
{
	const char *path = r->target->address, *slash = strrchr(path, '/');

	series_label(e, "target", r->target->name);
	series_label(e, "filename", slash != NULL ? slash + 1 : path);
	series_label(e, "filepath", path);
}

/* A kubeconfig's "user 'admin'". */
static void
put_part(struct exposition *e, const struct result *r, size_t at)
{
	const struct observation *ob = r->seen;
	size_t end = 0;

	for (size_t i = 0; i < ob->n_parts; i++) {
		const char *label = ob->parts[i].label;
		size_t n = strcspn(label, " ");
		BUF_CLEANUP struct buf kind = { 0 }, key = { 0 };

		end += ob->parts[i].n_certs;
		if (at >= end)
			continue;
		buf_add(&kind, label, n);
		label += n + strspn(label + n, " '");
		n = strlen(label);
		buf_add(&key, label, n > 0 && label[n - 1] == '\'' ? n - 1 : n);
		series_label_cut(e, "embedded_kind", buf_str(&kind));
		series_label_cut(e, "embedded_key", buf_str(&key));
		return;
	}
}

/* Common names apart: of the others it has the first. */
static const struct field {
	const char *type, *issuer, *subject;
} fields[] = {
	{ "C", "issuer_C", "subject_C" },
	{ "ST", "issuer_ST", "subject_ST" },
	{ "L", "issuer_L", "subject_L" },
	{ "O", "issuer_O", "subject_O" },
	{ "OU", "issuer_OU", "subject_OU" },
	{ "CN", "issuer_CN", "subject_CN" },
};

static void
put_name(struct exposition *e, const char *dn, bool subject)
{
	for (size_t i = 0; i < sizeof(fields) / sizeof(fields[0]); i++) {
		const struct field *f = &fields[i];
		BUF_CLEANUP struct buf value = { 0 };

		if (strcmp(f->type, "CN") == 0)
			name_common(&value, dn);
		else
			name_first(&value, dn, f->type);
		series_label_cut(
			e, subject ? f->subject : f->issuer, buf_str(&value));
	}
}

static void
put_cert(struct exposition *e, const struct result *r, const struct cert *c,
	size_t i)
{
	BUF_CLEANUP struct buf serial = { 0 };

	put_file(e, r);
	put_part(e, r, i);
	serial_decimal(&serial, c->serial);
	series_label(e, "serial_number", buf_str(&serial));
	put_name(e, c->issuer, false);
	put_name(e, c->subject, true);
}

static void
tell(struct exposition *e, const struct result *r, cert_value value)
{
	if (is_file(r))
		series_of_certs(e, r, dated_certs(r), put_cert, value);
}

static void
tell_ends(struct exposition *e, const struct result *r)
{
	tell(e, r, cert_end);
}

static void
tell_begins(struct exposition *e, const struct result *r)
{
	tell(e, r, cert_begin);
}

/* RFC 5280, 4.1.2.5: notAfter is itself still valid. */
static int64_t
is_expired(const struct exposition *e, const struct cert *c)
{
	return e->now > c->not_after;
}

static void
tell_expired(struct exposition *e, const struct result *r)
{
	tell(e, r, is_expired);
}

static int64_t
time_left(const struct exposition *e, const struct cert *c)
{
	return (int64_t)c->not_after - e->now;
}

static void
tell_left(struct exposition *e, const struct result *r)
{
	tell(e, r, time_left);
}

static int64_t
time_gone(const struct exposition *e, const struct cert *c)
{
	return (int64_t)e->now - c->not_before;
}

static void
tell_gone(struct exposition *e, const struct result *r)
{
	tell(e, r, time_gone);
}

static void
tell_error(struct exposition *e, const struct result *r)
{
	if (!is_file(r))
		return;
	series_begin(e);
	put_file(e, r);
	series_end(e, !r->looked);
}

static void
tell_errors(struct exposition *e)
{
	int64_t n = 0;

	for (size_t i = 0; i < e->rs->n; i++)
		n += is_file(e->rs->v[i]) && !e->rs->v[i]->looked;
	series_begin(e);
	series_end(e, n);
}

const struct family prometheus_x509[] = {
	{ "x509_cert_not_after", "The end of a certificate, as Unix time.",
		OURS, NULL, tell_ends },
	{ "x509_cert_not_before",
		"The beginning of a certificate, as Unix time.", OURS, NULL,
		tell_begins },
	{ "x509_cert_expired", "1 if it had ended when this was written.", OURS,
		NULL, tell_expired },
	{ "x509_cert_expires_in_seconds",
		"What was left of it when this was written.", OURS, NULL,
		tell_left },
	{ "x509_cert_valid_since_seconds",
		"How long it was valid when this was written.", OURS, NULL,
		tell_gone },
	{ "x509_cert_error", "1 if the file could not be read.", OURS, NULL,
		tell_error },
	{ "x509_read_errors", "Files that could not be read.", OURS,
		tell_errors, NULL },
	{ 0 },
};
