/* look.c - what went wrong with the look itself, and how TLS was spoken */
#include <string.h>

#include <openssl/ssl.h>

#include "checks/check.h"

static const char *const fault_ids[FAULT_KINDS] = {
	[FAULT_FILE_MISSING] = "file.missing",
	[FAULT_FILE_UNREADABLE] = "file.unreadable",
	[FAULT_FILE_TOO_LONG] = "file.unreadable",
	[FAULT_FILE_EMPTY] = "file.empty",
	[FAULT_FILE_NO_CERTIFICATE] = "file.no-certificate",
	[FAULT_FILE_FORMAT] = "file.format",
	[FAULT_FILE_DAMAGED] = "file.damaged",
	[FAULT_UNREACHABLE] = "endpoint.unreachable",
	[FAULT_TIMEOUT] = "endpoint.timeout",
	[FAULT_NOT_TLS] = "endpoint.not-tls",
	[FAULT_STARTTLS] = "endpoint.starttls",
	[FAULT_HANDSHAKE] = "endpoint.handshake",
};

/* Faults of one kind that are quoted; the others are counted. */
#define MAX_QUOTED 3

/*
 * Alerts by which servers refuse a client that has no certificate, once they
 * have asked for one: OpenSSL sends 40 in TLS 1.2 and 116 in 1.3, Go 42,
 * GnuTLS 50 in 1.2 and 49; the others speak for themselves.
 */
static const int refusals[] = {
	40, /* handshake_failure */
	41, /* no_certificate */
	42, /* bad_certificate */
	43, /* unsupported_certificate */
	46, /* certificate_unknown */
	48, /* unknown_ca */
	49, /* access_denied */
	50, /* decode_error */
	116, /* certificate_required */
};

static bool
wants_client_certificate(const struct handshake *hs)
{
	if (!hs->asked)
		return false;
	for (size_t i = 0; i < sizeof(refusals) / sizeof(refusals[0]); i++) {
		if (hs->alert == refusals[i])
			return true;
	}
	return false;
}

/*
 * All faults of a kind are one finding: its subject is the target's address,
 * by which two could not be told apart from scan to scan.
 */
static void
tell_faults(const struct observation *ob, enum fault_kind kind,
	const struct target *t, struct findings *out)
{
	struct buf text BUF_CLEANUP = { 0 };
	size_t seen = 0;

	for (size_t i = 0; i < ob->n_faults; i++) {
		const struct fault *f = &ob->faults[i];

		if (f->kind != kind || ++seen > MAX_QUOTED)
			continue;
		if (text.len > 0)
			buf_puts(&text, "; ");
		buf_puts(&text, f->text);
	}
	if (seen == 0)
		return;
	if (seen > MAX_QUOTED)
		buf_printf(&text, "; and %zu more", seen - MAX_QUOTED);
	if (kind == FAULT_TIMEOUT) {
		buf_puts(&text, " (limit ");
		duration_format_ms(&text, t->set.timeout_ms);
		buf_putc(&text, ')');
	}
	findings_add(out, fault_ids[kind], t->address, "%s", buf_str(&text));
}

static void
tell_protocol(const struct handshake *hs, const struct target *t,
	struct findings *out)
{
	if (hs->version == 0 || hs->version > TLS1_1_VERSION)
		return;
	findings_add(out, "endpoint.protocol", t->address,
		"want TLS 1.2 or newer, have %s",
		hs->protocol != NULL ? hs->protocol : "an older one");
}

static void
look_run(const struct observation *ob, const struct policy *pol, time_t now,
	struct findings *out)
{
	bool refused = wants_client_certificate(&ob->handshake);

	(void)now;
	for (int kind = 0; kind < FAULT_KINDS; kind++) {
		if (kind != FAULT_HANDSHAKE || !refused)
			tell_faults(
				ob, (enum fault_kind)kind, pol->target, out);
	}
	if (refused)
		findings_add(out, "client.required", pol->target->address,
			"requires a client certificate (alert %d)",
			ob->handshake.alert);
	tell_protocol(&ob->handshake, pol->target, out);
	if (pol->trust_problem != NULL && ob->n_certs > 0)
		findings_add(out, "trust.unreadable", pol->target->set.trust,
			"trust was not judged: %s", pol->trust_problem);
}

const struct check check_look = { .name = "look", .run = look_run };
