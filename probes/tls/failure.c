/* failure.c - how a TLS connection ended, and words for it */
#include <errno.h>
#include <string.h>

#include <openssl/err.h>

#include "probes/starttls/dialect.h"
#include "probes/tls/failure.h"
#include "probes/tls/greeting.h"
#include "probes/tls/watch.h"

/* What OpenSSL's first queued error says of the peer, or 0. */
static int
reason_now(void)
{
	unsigned long code = ERR_peek_error();

	return code != 0 && ERR_GET_LIB(code) == ERR_LIB_SSL
		? ERR_GET_REASON(code)
		: 0;
}

/*
 * RFC 6101, 5.6.1.3: the version stands in the record, and behind type and
 * length of a ServerHello. A server that falls back further than we do either
 * says so there or ends with an alert of its own.
 */
static bool
is_ssl3(const struct connection *c)
{
	return c->n_first >= 11 && c->first[0] == SSL3_RT_HANDSHAKE &&
		c->first[5] == SSL3_MT_SERVER_HELLO &&
		c->first[9] == SSL3_VERSION_MAJOR &&
		c->first[10] == SSL3_VERSION_MINOR;
}

static enum connection_ending
of_errno(int saved_errno)
{
	switch (saved_errno) {
	case 0:
		return ENDING_CLOSED;
	case ECONNRESET:
	case EPIPE:
		return ENDING_RESET;
	case ETIMEDOUT:
		return ENDING_TIMEOUT;
	case ENETUNREACH:
	case EHOSTUNREACH:
		return ENDING_UNREACHABLE;
	default:
		return ENDING_BROKEN;
	}
}

static enum connection_ending
of_reason(const struct connection *c, int reason)
{
	switch (reason) {
	case SSL_R_UNEXPECTED_EOF_WHILE_READING:
		return ENDING_CLOSED;
	case SSL_R_EXCESSIVE_MESSAGE_SIZE:
		return ENDING_TOO_LONG;
	case SSL_R_UNSUPPORTED_PROTOCOL:
	case SSL_R_WRONG_SSL_VERSION:
	case SSL_R_WRONG_VERSION_NUMBER:
		return is_ssl3(c) ? ENDING_TOO_OLD : ENDING_BROKEN;
	default:
		return ENDING_BROKEN;
	}
}

enum connection_ending
failure_of(struct connection *c, const struct failure *f)
{
	struct handshake *hs = c->ob->handshake;
	int reason = reason_now();

	/* In TLS 1.3 alerts are fatal, whatever level they claim to be of. */
	if (reason > SSL_AD_REASON_OFFSET &&
		reason <= SSL_AD_REASON_OFFSET + UINT8_MAX)
		hs->alert = reason - SSL_AD_REASON_OFFSET;
	if (!greeting_is_tls(c))
		return ENDING_NOT_TLS;
	if (hs->alert >= 0)
		return ENDING_ALERT;
	if (c->n_bytes > WATCH_MAX_BYTES)
		return ENDING_TOO_LONG;
	if (c->late_reads > WATCH_MAX_LATE_READS ||
		f->ssl_error == SSL_ERROR_WANT_READ ||
		f->ssl_error == SSL_ERROR_WANT_WRITE)
		return ENDING_TIMEOUT;
	if (f->ssl_error == SSL_ERROR_ZERO_RETURN)
		return ENDING_CLOSED;
	if (f->ssl_error == SSL_ERROR_SYSCALL)
		return of_errno(f->saved_errno);
	return of_reason(c, reason);
}

/* The scheme that is spoken on this port before TLS, or NULL. */
static const char *
scheme_of_port(uint16_t port)
{
	for (const struct dialect *d = dialect_table; d->scheme.name != NULL;
		d++) {
		if (d->starttls != NULL && d->scheme.port == port)
			return d->scheme.name;
	}
	return NULL;
}

static enum fault_kind
kind_of(enum connection_ending ending)
{
	switch (ending) {
	case ENDING_TIMEOUT:
		return FAULT_TIMEOUT;
	case ENDING_NOT_TLS:
		return FAULT_NOT_TLS;
	default:
		return FAULT_HANDSHAKE;
	}
}

/* Where in the handshake it was, as an operator would look for it in a log. */
static const char *
place(const struct connection *c)
{
	const struct handshake *hs = c->ob->handshake;

	if (hs->step == STEP_HELLO)
		return "instead of answering our ClientHello";
	if (hs->asked)
		return "in the handshake, after it had asked for a client "
		       "certificate";
	if (c->ob->n_certs > 0)
		return "in the handshake, after its certificate";
	return "in the handshake, before its certificate";
}

static void
put_alert(struct buf *text, const struct connection *c)
{
	const struct handshake *hs = c->ob->handshake;
	bool first = c->ob->n_certs == 0 && !hs->asked;

	buf_printf(text, "the server sent alert %d (%s) %s", hs->alert,
		alert_name(hs->alert),
		first ? "in answer to our ClientHello" : place(c));
	if (hs->alert == SSL_AD_UNRECOGNIZED_NAME && hs->sni != NULL)
		buf_printf(text, ": it does not know the name %s", hs->sni);
}

static void
put_timeout(struct buf *text, const struct connection *c)
{
	if (c->ob->handshake->step == STEP_HELLO)
		buf_puts(text,
			"connected, but the server did not answer our "
			"ClientHello in time");
	else
		buf_printf(text,
			"the TLS handshake did not end in time: it stopped "
			"%s, with %zu bytes received",
			c->ob->n_certs > 0 ? "after the server's certificate"
					   : "before the server's certificate",
			c->n_bytes);
}

static void
put_broken(struct buf *text, const struct failure *f)
{
	unsigned long code = ERR_peek_error();
	const char *reason = code == 0 ? NULL : ERR_reason_error_string(code);

	if (f->ssl_error == SSL_ERROR_SYSCALL && f->saved_errno != 0)
		reason = strerror(f->saved_errno);
	buf_printf(text, "the handshake failed: %s",
		reason != NULL ? reason : "no reason known");
}

static void
put_words(struct buf *text, struct connection *c, const struct failure *f)
{
	switch (c->ob->handshake->ending) {
	case ENDING_ALERT:
		put_alert(text, c);
		break;
	case ENDING_TIMEOUT:
		put_timeout(text, c);
		break;
	case ENDING_CLOSED:
		buf_printf(
			text, "the server closed the connection %s", place(c));
		break;
	case ENDING_RESET:
		buf_printf(
			text, "the server reset the connection %s", place(c));
		break;
	case ENDING_NOT_TLS:
		greeting_describe(text, c);
		break;
	case ENDING_TOO_OLD:
		buf_puts(text,
			"want TLS 1.0 or newer, have a server that speaks SSL "
			"3.0");
		break;
	case ENDING_TOO_LONG:
		buf_puts(text,
			"want a handshake of at most 4 MiB and 1 MiB of "
			"certificates in it, have a server that sends more");
		break;
	default:
		put_broken(text, f);
		break;
	}
}

void
failure_tell_handshake(struct connection *c, const struct failure *f)
{
	struct handshake *hs = c->ob->handshake;
	BUF_CLEANUP struct buf text = { 0 };

	/* What flight_take() has met is the reason. */
	if (hs->ending != ENDING_NONE)
		return;
	hs->ending = failure_of(c, f);
	put_words(&text, c, f);
	/* Who speaks only when spoken to lets nothing else be known. */
	if (hs->step == STEP_HELLO)
		hs->scheme = scheme_of_port(c->target->port);
	observation_add_fault(
		c->ob, kind_of(hs->ending), 0, "%s", buf_str(&text));
}

void
failure_tell_request(struct connection *c, const struct failure *f)
{
	struct handshake *hs = c->ob->handshake;
	BUF_CLEANUP struct buf text = { 0 };

	hs->ending = failure_of(c, f);
	if (!target_is_web(c->target))
		return;
	switch (hs->ending) {
	case ENDING_ALERT:
		buf_printf(&text, "the server sent alert %d (%s)", hs->alert,
			alert_name(hs->alert));
		break;
	case ENDING_TIMEOUT:
		buf_puts(&text, "the server did not answer in time");
		break;
	case ENDING_CLOSED:
		buf_puts(&text, "the server closed the connection");
		break;
	case ENDING_RESET:
		buf_puts(&text, "the server reset the connection");
		break;
	default:
		put_broken(&text, f);
		break;
	}
	observation_add_fault(c->ob, FAULT_NO_ANSWER, 0,
		"the handshake went well, but there is no answer to GET %s: %s",
		c->target->path != NULL ? c->target->path : "/",
		buf_str(&text));
}
