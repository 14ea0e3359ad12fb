/* observation.h - what a probe saw at one moment, unjudged */
#ifndef MODEL_OBSERVATION_H
#define MODEL_OBSERVATION_H

#include <stdbool.h>
#include <stddef.h>

#include "model/cert.h"

/* How a look, or a part of it, failed. checks/look.c gives each a finding. */
enum fault_kind {
	FAULT_FILE_MISSING,
	FAULT_FILE_UNREADABLE,
	FAULT_FILE_TOO_LONG,
	FAULT_FILE_EMPTY,
	FAULT_FILE_NO_CERTIFICATE,
	FAULT_FILE_FORMAT, /* something that can hold certificates, not PEM */
	FAULT_FILE_DAMAGED,
	FAULT_UNREACHABLE, /* no name, no route, refused */
	FAULT_TIMEOUT,
	FAULT_NOT_TLS,
	FAULT_STARTTLS, /* the dialogue before TLS failed */
	FAULT_HANDSHAKE,
	FAULT_KINDS
};

struct fault {
	enum fault_kind kind;
	char *text; /* what was seen, in words; may quote the peer */
	size_t line; /* in a file, from 1; 0: none */
};

struct handshake {
	bool complete;
	char *peer; /* "192.0.2.1:443", "[::1]:443"; NULL: never connected */
	char *protocol; /* "TLSv1.3" */
	int version; /* TLS1_3_VERSION ... */
	char *cipher;
	bool asked; /* the server asked for a client certificate */
	struct strlist client_cas; /* the CAs it named, RFC 2253 */
	int alert; /* the fatal alert it sent, or -1 */
};

/* What a server may send, and what of a file is judged as a chain. */
#define CHAIN_MAX_CERTS 100
/* Of a file, such as a bundle of CAs. */
#define OBSERVATION_MAX_CERTS 10000

struct observation {
	struct cert *certs; /* as presented, in their order */
	size_t n_certs;
	struct fault *faults;
	size_t n_faults;
	struct handshake handshake; /* of an endpoint */
};

struct observation *observation_new(void);
void observation_free(struct observation *ob); /* NULL does nothing */
DEFINE_CLEANUP(struct observation, observation_free)

/*
 * Takes over `x509`. Beyond OBSERVATION_MAX_CERTS it is freed, and -1 is
 * returned. The pointer that certs is may change.
 */
int observation_add_cert(struct observation *ob, X509 *x509, size_t line);
void observation_add_fault(struct observation *ob, enum fault_kind kind,
	size_t line, const char *fmt, ...)
	__attribute__((format(printf, 4, 5)));
void observation_forget_faults(struct observation *ob);
/* Frees the decoded certificates; the text about them stays. */
void observation_forget_x509(struct observation *ob);

#endif
