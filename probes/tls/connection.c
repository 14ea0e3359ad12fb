/* connection.c - one TLS connection, step by step, and what was seen of it */
#include <errno.h>
#include <poll.h>
#include <string.h>

#include <openssl/err.h>

#include "model/hostname.h"
#include "probes/starttls/dialect.h"
#include "probes/tls/connection.h"
#include "probes/tls/failure.h"
#include "probes/tls/flight.h"
#include "probes/tls/http.h"
#include "probes/tls/watch.h"

/*
 * Who waits for a word that need not come waits for so many times what the
 * handshake took, which is a round trip at least, and for so long at least.
 */
#define PATIENCE_ROUNDS 3
#define MIN_PATIENCE_MS 1000

void
connection_init(struct connection *c, const struct target *t, struct stream *s,
	struct observation *ob)
{
	*c = (struct connection){ .target = t, .stream = s, .ob = ob };
}

int
connection_agree(struct connection *c)
{
	const struct target *t = c->target;
	const struct dialect *d = dialect_of(t->scheme);
	struct handshake *hs = c->ob->handshake;
	struct error err;
	bool late;

	if (d == NULL || d->starttls == NULL)
		return 0;
	hs->step = STEP_DIALOGUE;
	probe_enter(c->stream->io, PHASE_STARTTLS);
	if (dialect_agree(d, c->stream, t, &err) == 0)
		return 0;
	late = err.kind == ERROR_TIMEOUT;
	hs->ending = late ? ENDING_TIMEOUT : ENDING_BROKEN;
	observation_add_fault(c->ob, late ? FAULT_TIMEOUT : FAULT_STARTTLS, 0,
		"%s: %s", t->scheme->name, err.text);
	return -1;
}

int
connection_await(
	struct connection *c, const struct failure *f, int64_t deadline_ms)
{
	struct stream *s = c->stream;
	bool reading = f->ssl_error == SSL_ERROR_WANT_READ;

	if (!reading && f->ssl_error != SSL_ERROR_WANT_WRITE)
		return -1;
	return s->io->wait(s->io, s->fd, reading ? POLLIN : POLLOUT,
		       deadline_ms) > 0
		? 0
		: -1;
}

int
connection_read(
	struct connection *c, char *data, size_t size, struct failure *f)
{
	int rc;

	ERR_clear_error();
	errno = 0;
	rc = SSL_read(c->ssl, data, (int)size);
	f->saved_errno = errno;
	f->ssl_error = SSL_get_error(c->ssl, rc);
	c->ob->handshake->n_data += rc > 0 ? (size_t)rc : 0;
	return rc;
}

int
connection_write(
	struct connection *c, const char *data, size_t size, struct failure *f)
{
	int rc;

	ERR_clear_error();
	errno = 0;
	rc = SSL_write(c->ssl, data, (int)size);
	f->saved_errno = errno;
	f->ssl_error = SSL_get_error(c->ssl, rc);
	return rc;
}

/* They come when a client certificate is asked for, which may be late. */
static void
note_client_cas(struct connection *c)
{
	const STACK_OF(X509_NAME) *cas = SSL_get0_peer_CA_list(c->ssl);
	struct handshake *hs = c->ob->handshake;

	if (!hs->asked || hs->client_cas.n > 0)
		return;
	for (int i = 0; i < sk_X509_NAME_num(cas); i++) {
		cleanup(str_free) char *name = cert_name_text(
			sk_X509_NAME_value(cas, i));

		strlist_add(&hs->client_cas, name);
	}
}

static void
note_session(struct connection *c)
{
	struct handshake *hs = c->ob->handshake;

	note_client_cas(c);
	if (!hs->complete && c->ob->n_certs == 0)
		return;
	hs->version = SSL_version(c->ssl);
	hs->protocol = str_dup(SSL_get_version(c->ssl));
	if (SSL_get_current_cipher(c->ssl) != NULL)
		hs->cipher = str_dup(SSL_get_cipher_name(c->ssl));
}

/* Drive SSL_connect() to its end; what went wrong becomes a fault. */
static int
shake_hands(struct connection *c)
{
	struct handshake *hs = c->ob->handshake;
	int64_t began = probe_now_ms();
	struct failure f;

	do {
		int rc;

		ERR_clear_error();
		errno = 0;
		rc = SSL_connect(c->ssl);
		f.saved_errno = errno;
		f.ssl_error = SSL_get_error(c->ssl, rc);
	} while (connection_await(c, &f, c->stream->io->deadline_ms) == 0);

	c->handshake_ms = probe_now_ms() - began;
	hs->complete = f.ssl_error == SSL_ERROR_NONE;
	if (!hs->complete) {
		flight_take(c);
		failure_tell_handshake(c, &f);
	}
	note_session(c);
	return hs->complete ? 0 : -1;
}

int
connection_present(SSL *ssl, const struct identity *id)
{
	/* Nothing is sent but this: what is missing is to be found out. */
	SSL_set_mode(ssl, SSL_MODE_NO_AUTO_CHAIN);
	return SSL_use_cert_and_key(ssl, id->leaf, id->key, id->issuers, 1) == 1
		? 0
		: -1;
}

int
connection_handshake(struct connection *c, SSL_CTX *ctx,
	const struct connection_settings *set, struct error *err)
{
	c->ob->handshake->step = STEP_HELLO;
	probe_enter(c->stream->io, PHASE_HANDSHAKE);
	c->ob->handshake->sni = str_dup(set->sni);
	ERR_clear_error();
	c->ssl = SSL_new(ctx);
	if (c->ssl == NULL || watch_begin(c) == -1 ||
		(set->sni != NULL &&
			SSL_set_tlsext_host_name(c->ssl, set->sni) != 1) ||
		(set->identity != NULL &&
			connection_present(c->ssl, set->identity) == -1)) {
		error_ssl(err, ERROR_IO, "TLS cannot be set up");
		return -2;
	}
	return shake_hands(c);
}

bool
connection_is_compared(const struct connection *c)
{
	return client_is_asked_for(&c->target->client);
}

int64_t
connection_patience(const struct connection *c)
{
	int64_t ms = PATIENCE_ROUNDS * c->handshake_ms;
	int64_t until = probe_now_ms() +
		(ms > MIN_PATIENCE_MS ? ms : MIN_PATIENCE_MS);

	return until < c->stream->io->deadline_ms ? until
						  : c->stream->io->deadline_ms;
}

/*
 * In TLS 1.3 the client is done before the server has looked at what it sent
 * (RFC 8446, 2): its verdict is an alert, or else a ticket or some data. Some
 * send their tickets first and hang up then, so who compares waits on.
 */
static void
hear_verdict(struct connection *c)
{
	struct handshake *hs = c->ob->handshake;
	int64_t until = connection_patience(c);
	bool compared = connection_is_compared(c);
	struct failure f;
	char data[256];
	int rc;

	hs->step = STEP_REQUEST;
	do {
		rc = connection_read(c, data, sizeof(data), &f);
	} while (rc <= 0 && (compared || hs->n_tickets == 0) &&
		connection_await(c, &f, until) == 0);
	if (rc > 0 || (hs->n_tickets > 0 && !compared) ||
		f.ssl_error == SSL_ERROR_WANT_READ)
		hs->step = STEP_DONE;
	else
		hs->ending = failure_of(c, &f);
}

void
connection_request(struct connection *c)
{
	struct handshake *hs = c->ob->handshake;
	bool compared = connection_is_compared(c);

	probe_enter(c->stream->io, PHASE_REQUEST);
	if (strcmp(c->target->scheme->name, "https") == 0)
		http_request(c,
			compared || target_is_web(c->target)
				? c->stream->io->deadline_ms
				: connection_patience(c));
	else if (compared || (hs->asked && hs->version >= TLS1_3_VERSION))
		hear_verdict(c);
	else
		hs->step = STEP_DONE;
	note_client_cas(c);
}

void
connection_close(struct connection *c)
{
	/* One polite word, if it can be said without waiting. */
	if (c->ssl != NULL && c->ob->handshake->complete)
		(void)SSL_shutdown(c->ssl);
	ERR_clear_error();
	SSL_free(c->ssl);
	c->ssl = NULL;
	buf_release(&c->flight);
}

int
connection_run(
	struct connection *c, const struct identity *id, struct error *err)
{
	const char *name = target_server_name(c->target);
	const struct connection_settings set = {
		/* RFC 6066, 3: an address is no server name. */
		.sni = hostname_is_address(name) ? NULL : name,
		.identity = id,
	};
	int rc = connection_agree(c);

	if (rc == 0)
		rc = connection_handshake(c, c->stream->io->tls, &set, err);
	if (rc == 0)
		connection_request(c);
	connection_close(c);
	return rc == -2 ? -1 : 0;
}

int
connection_look(struct stream *s, const struct target *t,
	struct observation *ob, struct error *err)
{
	struct connection c;

	connection_init(&c, t, s, ob);
	return connection_run(&c, NULL, err);
}
