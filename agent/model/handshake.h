/* handshake.h - how one connection to an endpoint went, step by step */
#ifndef MODEL_HANDSHAKE_H
#define MODEL_HANDSHAKE_H

#include <stdbool.h>
#include <stddef.h>

#include "model/buf.h"

/* What a connection was at when it ended; it goes through them in order. */
enum connection_step {
	STEP_NONE, /* nothing was tried */
	STEP_RESOLVE, /* the name's addresses */
	STEP_CONNECT,
	STEP_DIALOGUE, /* before TLS */
	STEP_HELLO, /* the handshake, and not a byte has come back yet */
	STEP_HANDSHAKE, /* it has begun to answer */
	STEP_REQUEST, /* TLS stands; a request was sent, or is waited for */
	STEP_DONE, /* as far as it was meant to go */
	STEP_KINDS
};

/* How it ended there. */
enum connection_ending {
	ENDING_NONE, /* of its own accord, or not yet */
	ENDING_NO_NAME, /* the name does not exist */
	ENDING_NO_NAME_SERVER, /* the name servers give no answer */
	ENDING_NO_ADDRESS, /* the name has none, or none of that family */
	ENDING_REFUSED,
	ENDING_UNREACHABLE, /* no route; some router or firewall said so */
	ENDING_NO_ROUTE, /* of this machine, to such addresses */
	ENDING_PROXY, /* the proxy was not reached, or did not connect us */
	ENDING_TIMEOUT,
	ENDING_CLOSED, /* by the server, in order or without a word */
	ENDING_RESET, /* likewise, with TCP's RST */
	ENDING_ALERT, /* the server's, a fatal one */
	ENDING_NOT_TLS, /* it speaks something else */
	ENDING_TOO_OLD, /* SSL 3.0 or 2.0 is all it speaks */
	ENDING_NO_CERTIFICATE, /* it has none */
	ENDING_DAMAGED, /* a certificate of it cannot be decoded */
	ENDING_TOO_LONG, /* more than we read */
	ENDING_BROKEN, /* TLS that we could not go along with */
	ENDING_KINDS
};

/* "handshake", "timeout": for machines; good for ever. */
const char *step_name(enum connection_step step);
const char *ending_name(enum connection_ending ending);

/* The name of an alert (RFC 8446, 6, and IANA's registry), or "unknown". */
const char *alert_name(int number);

/* An HTTP answer, as far as it was read: hostile text. */
struct reply {
	int status; /* 0: no HTTP */
	char *reason; /* "OK"; NULL: no HTTP */
	struct strlist headers; /* "Server: nginx" */
	char *body; /* how it begins, where that was wanted, or NULL */
};

/* The value of the first header of this name, or NULL. */
const char *reply_header(const struct reply *r, const char *name);

/*
 * Keep what is shown of it, which is its status, its reason and who served it,
 * and free the rest.
 */
void reply_forget(struct reply *r);

/* Two of these tell whether two connections came to the same. */
struct handshake {
	enum connection_step step;
	enum connection_ending ending;
	bool complete; /* the handshake itself */
	char *peer; /* "192.0.2.1:443", "[::1]:443"; NULL: never connected */
	char *sni; /* the server name that was asked for; NULL: none */
	char *protocol; /* "TLSv1.3" */
	int version; /* TLS1_3_VERSION ... */
	char *cipher;
	bool asked; /* the server asked for a client certificate */
	/* When: in the handshake, or late, upon the request; STEP_NONE: never
	 */
	enum connection_step asked_at;
	unsigned n_tickets; /* NewSessionTicket messages */
	size_t n_data; /* bytes of application data that came */
	struct strlist client_cas; /* the CAs it named, RFC 2253 */
	int alert; /* the fatal alert it sent, or -1 */
	/* What speaks there in place of TLS, such as "IMAP"; NULL: not known */
	const char *speaks;
	const char *scheme; /* that fits it, such as "imap", or NULL */
	struct reply reply;
};

void handshake_init(struct handshake *hs);
void handshake_release(struct handshake *hs);

#endif
