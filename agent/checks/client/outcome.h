/* outcome.h - what became of one connection, with a client certificate or not
 */
#ifndef CHECKS_OUTCOME_H
#define CHECKS_OUTCOME_H

#include "model/handshake.h"
#include "model/target.h"

enum client_outcome {
	OUTCOME_NONE, /* it was not to be made */
	OUTCOME_ACCEPTED, /* an answer; or TLS itself went on */
	OUTCOME_REFUSED, /* by an alert, or in HTTP's words */
	OUTCOME_EMPTY, /* hung up on, without a reason */
	OUTCOME_SILENT, /* nothing came before the deadline */
	OUTCOME_UNPROVEN, /* nobody said a word, and nobody had to */
	OUTCOME_FAILED, /* before a client certificate was at stake */
	OUTCOMES
};

/*
 * By itself, and compared with no other connection. Any alert after a
 * CertificateRequest is a refusal; one before it has nothing to do with client
 * certificates. Any HTTP status is an answer, but 401, 403, 495, 496 and 400
 * with nginx's words. Where no HTTP is spoken a ticket, some data or a TLS
 * 1.2 handshake that was finished is an answer.
 */
enum client_outcome outcome_of(
	const struct handshake *hs, const struct target *t);

/*
 * The same of a connection without a certificate: of alerts only those are
 * refusals by which servers turn away who has none.
 */
enum client_outcome outcome_without(
	const struct handshake *hs, const struct target *t);

/* Its words on client certificates, such as "The SSL certificate error", or
 * NULL. */
const char *outcome_nginx_text(const struct reply *r);

/* Does the status itself say that a certificate is wanted: not 401 or 403? */
bool outcome_is_plain(const struct handshake *hs);

#endif
