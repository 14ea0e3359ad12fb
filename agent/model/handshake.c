/* handshake.c - how one connection to an endpoint went, step by step */
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "model/alloc.h"
#include "model/handshake.h"

#define MAX_SERVER 200

static const char *const steps[STEP_KINDS] = {
	[STEP_NONE] = "none",
	[STEP_RESOLVE] = "resolve",
	[STEP_CONNECT] = "connect",
	[STEP_DIALOGUE] = "dialogue",
	[STEP_HELLO] = "hello",
	[STEP_HANDSHAKE] = "handshake",
	[STEP_REQUEST] = "request",
	[STEP_DONE] = "done",
};

static const char *const endings[ENDING_KINDS] = {
	[ENDING_NONE] = "none",
	[ENDING_NO_NAME] = "no-name",
	[ENDING_NO_NAME_SERVER] = "no-name-server",
	[ENDING_NO_ADDRESS] = "no-address",
	[ENDING_REFUSED] = "refused",
	[ENDING_UNREACHABLE] = "unreachable",
	[ENDING_NO_ROUTE] = "no-route",
	[ENDING_PROXY] = "proxy",
	[ENDING_TIMEOUT] = "timeout",
	[ENDING_CLOSED] = "closed",
	[ENDING_RESET] = "reset",
	[ENDING_ALERT] = "alert",
	[ENDING_NOT_TLS] = "not-tls",
	[ENDING_TOO_OLD] = "too-old",
	[ENDING_NO_CERTIFICATE] = "no-certificate",
	[ENDING_DAMAGED] = "damaged",
	[ENDING_TOO_LONG] = "too-long",
	[ENDING_BROKEN] = "broken",
};

static const struct alert {
	int number;
	const char *name;
} alerts[] = {
	{ 0, "close_notify" },
	{ 10, "unexpected_message" },
	{ 20, "bad_record_mac" },
	{ 21, "decryption_failed" },
	{ 22, "record_overflow" },
	{ 30, "decompression_failure" },
	{ 40, "handshake_failure" },
	{ 41, "no_certificate" },
	{ 42, "bad_certificate" },
	{ 43, "unsupported_certificate" },
	{ 44, "certificate_revoked" },
	{ 45, "certificate_expired" },
	{ 46, "certificate_unknown" },
	{ 47, "illegal_parameter" },
	{ 48, "unknown_ca" },
	{ 49, "access_denied" },
	{ 50, "decode_error" },
	{ 51, "decrypt_error" },
	{ 52, "too_many_cids_requested" },
	{ 60, "export_restriction" },
	{ 70, "protocol_version" },
	{ 71, "insufficient_security" },
	{ 80, "internal_error" },
	{ 86, "inappropriate_fallback" },
	{ 90, "user_canceled" },
	{ 100, "no_renegotiation" },
	{ 109, "missing_extension" },
	{ 110, "unsupported_extension" },
	{ 111, "certificate_unobtainable" },
	{ 112, "unrecognized_name" },
	{ 113, "bad_certificate_status_response" },
	{ 114, "bad_certificate_hash_value" },
	{ 115, "unknown_psk_identity" },
	{ 116, "certificate_required" },
	{ 117, "general_error" },
	{ 120, "no_application_protocol" },
	{ 121, "ech_required" },
};

const char *
step_name(enum connection_step step)
{
	return steps[step];
}

const char *
ending_name(enum connection_ending ending)
{
	return endings[ending];
}

const char *
alert_name(int number)
{
	for (size_t i = 0; i < sizeof(alerts) / sizeof(alerts[0]); i++) {
		if (alerts[i].number == number)
			return alerts[i].name;
	}
	return "unknown";
}

const char *
reply_header(const struct reply *r, const char *name)
{
	size_t len = strlen(name);

	for (size_t i = 0; i < r->headers.n; i++) {
		const char *h = r->headers.v[i];

		if (strncasecmp(h, name, len) != 0 || h[len] != ':')
			continue;
		h += len + 1;
		return h + strspn(h, " \t");
	}
	return NULL;
}

void
reply_forget(struct reply *r)
{
	const char *server = reply_header(r, "Server");
	cleanup(str_free) char *kept = NULL;

	if (server != NULL)
		kept = str_fmt("Server: %.*s", MAX_SERVER, server);
	strlist_release(&r->headers);
	if (kept != NULL)
		strlist_add(&r->headers, kept);
	free(r->body);
	r->body = NULL;
}

void
handshake_init(struct handshake *hs)
{
	*hs = (struct handshake){ .alert = -1 };
}

void
handshake_release(struct handshake *hs)
{
	free(hs->peer);
	free(hs->sni);
	free(hs->protocol);
	free(hs->cipher);
	strlist_release(&hs->client_cas);
	free(hs->reply.reason);
	strlist_release(&hs->reply.headers);
	free(hs->reply.body);
	handshake_init(hs);
}
