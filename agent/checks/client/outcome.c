/* outcome.c - what became of one connection, with a client certificate or not
 */
#include <string.h>

#include <openssl/ssl.h>

#include "checks/client/outcome.h"

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

/* How HTTP refuses; of nginx's own statuses all, of 400 by its words. */
static const struct refused {
	int status;
	bool plain; /* nothing but a client certificate can be meant */
	const char *text; /* must be in the body; NULL: any */
} statuses[] = {
	{ 400, true, "No required SSL certificate was sent" },
	{ 400, true, "The SSL certificate error" },
	{ 401, false, NULL },
	{ 403, false, NULL },
	{ 495, true, NULL },
	{ 496, true, NULL },
};

static const struct refused *
refused_by(const struct reply *r)
{
	for (size_t i = 0; i < sizeof(statuses) / sizeof(statuses[0]); i++) {
		const struct refused *s = &statuses[i];

		if (s->status == r->status &&
			(s->text == NULL ||
				(r->body != NULL &&
					strstr(r->body, s->text) != NULL)))
			return s;
	}
	return NULL;
}

const char *
outcome_nginx_text(const struct reply *r)
{
	const struct refused *s = refused_by(r);

	return s != NULL ? s->text : NULL;
}

bool
outcome_is_plain(const struct handshake *hs)
{
	const struct refused *s = refused_by(&hs->reply);

	return s == NULL || s->plain;
}

static bool
is_refusal(int alert)
{
	for (size_t i = 0; i < sizeof(refusals) / sizeof(refusals[0]); i++) {
		if (alert == refusals[i])
			return true;
	}
	return false;
}

/*
 * Whoever speaks no HTTP: in TLS 1.2 the server ends the handshake once it
 * has looked at the certificate; in 1.3 it mostly sends a ticket then.
 */
static enum client_outcome
of_quiet(const struct handshake *hs)
{
	if (!hs->complete)
		return OUTCOME_FAILED;
	return !hs->asked || hs->n_tickets > 0 || hs->version < TLS1_3_VERSION
		? OUTCOME_ACCEPTED
		: OUTCOME_UNPROVEN;
}

enum client_outcome
outcome_of(const struct handshake *hs, const struct target *t)
{
	bool web = t->scheme == NULL || target_is_web(t);

	if (hs->reply.status > 0)
		return refused_by(&hs->reply) != NULL ? OUTCOME_REFUSED
						      : OUTCOME_ACCEPTED;
	if (hs->ending == ENDING_ALERT)
		return hs->asked ? OUTCOME_REFUSED : OUTCOME_FAILED;
	/* It is no HTTP, but it is an answer. */
	if (hs->n_data > 0 || (web && hs->step == STEP_DONE))
		return OUTCOME_ACCEPTED;
	switch (hs->ending) {
	case ENDING_NONE:
		return hs->step == STEP_DONE ? of_quiet(hs) : OUTCOME_FAILED;
	case ENDING_CLOSED:
	case ENDING_RESET:
		return hs->asked || hs->complete ? OUTCOME_EMPTY
						 : OUTCOME_FAILED;
	case ENDING_TIMEOUT:
		if (!web && hs->complete)
			return of_quiet(hs);
		return hs->asked || hs->complete ? OUTCOME_SILENT
						 : OUTCOME_FAILED;
	default:
		return OUTCOME_FAILED;
	}
}

enum client_outcome
outcome_without(const struct handshake *hs, const struct target *t)
{
	if (hs->reply.status == 0 && hs->ending == ENDING_ALERT &&
		!is_refusal(hs->alert))
		return OUTCOME_FAILED;
	return outcome_of(hs, t);
}
