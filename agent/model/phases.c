/* phases.c - the parts of a scan, by name */
#include "model/phases.h"

static const struct {
	const char *name, *doing;
} words[PHASES] = {
	[PHASE_RESOLVE] = { "resolve", "being resolved" },
	[PHASE_CONNECT] = { "connect", "connecting" },
	[PHASE_STARTTLS] = { "starttls", "agreeing on TLS" },
	[PHASE_HANDSHAKE] = { "handshake", "in the TLS handshake" },
	[PHASE_REQUEST] = { "request", "waiting for an answer" },
	[PHASE_READ] = { "read", "being read" },
	[PHASE_JUDGE] = { "judge", "being judged" },
	[PHASE_RECALL] = { "recall", "being recalled" },
	[PHASE_STORE] = { "store", "being stored" },
};

const char *
phase_name(enum phase p)
{
	return words[p].name;
}

const char *
phase_doing(enum phase p)
{
	return words[p].doing;
}
