/* watch.c - what passes by on a TLS connection, noted as it comes */
#include <stdbool.h>
#include <string.h>

#include "probes/tls/watch.h"

static struct connection *
connection_of(const SSL *ssl)
{
	return SSL_get_app_data(ssl);
}

/*
 * The chain is taken here, as soon as it has come, so that it is there even
 * when the handshake fails afterwards. It is judged later: all is accepted.
 */
static int
take_chain(X509_STORE_CTX *store, void *arg)
{
	int at = SSL_get_ex_data_X509_STORE_CTX_idx();
	SSL *ssl = X509_STORE_CTX_get_ex_data(store, at);
	struct observation *ob = connection_of(ssl)->ob;
	STACK_OF(X509) *sent = X509_STORE_CTX_get0_untrusted(store);

	(void)arg;
	buf_release(&connection_of(ssl)->flight);
	/* A second handshake on the connection brings the same again. */
	if (ob->n_certs > 0)
		return 1;
	for (int i = 0; i < sk_X509_num(sent) && i < CHAIN_MAX_CERTS; i++) {
		X509 *x509 = sk_X509_value(sent, i);

		X509_up_ref(x509);
		(void)observation_add_cert(ob, x509, 0);
	}
	if (sk_X509_num(sent) > CHAIN_MAX_CERTS)
		observation_add_fault(ob, FAULT_HANDSHAKE, 0,
			"want at most %d certificates in a chain, have %d: "
			"the first %d are judged",
			CHAIN_MAX_CERTS, sk_X509_num(sent), CHAIN_MAX_CERTS);
	return 1;
}

static void
note_alert(const SSL *ssl, int where, int value)
{
	if ((where & SSL_CB_READ_ALERT) == SSL_CB_READ_ALERT &&
		value >> 8 == SSL3_AL_FATAL)
		connection_of(ssl)->ob->handshake->alert = value & 0xff;
}

/*
 * Of our own Certificate message: 3 bytes of length each, and in TLS 1.3
 * extensions behind it; there is a context in front (RFC 8446, 4.4.2).
 */
static size_t
count_certs(const unsigned char *message, size_t len, bool tls13)
{
	size_t at = 4 + (tls13 ? 1 : 0), n = 0;

	if (tls13 && len > 4)
		at += message[4];
	for (at += 3; at + 3 <= len; n++) {
		at += 3 +
			((size_t)message[at] << 16 |
				(size_t)message[at + 1] << 8 | message[at + 2]);
		if (tls13 && at + 2 <= len)
			at += 2 + ((size_t)message[at] << 8 | message[at + 1]);
	}
	return n;
}

static void
note_sent(struct connection *c, const unsigned char *message, size_t len,
	bool tls13)
{
	size_t n;

	if (message[0] != SSL3_MT_CERTIFICATE)
		return;
	n = count_certs(message, len, tls13);
	if (n > c->n_sent)
		c->n_sent = n;
}

static void
note_asked(struct handshake *hs)
{
	if (!hs->asked)
		hs->asked_at = hs->complete ? STEP_REQUEST : STEP_HANDSHAKE;
	hs->asked = true;
}

/* Each message of a handshake is seen here whole, before OpenSSL reads it. */
static void
note_message(int sent, int version, int type, const void *data, size_t len,
	SSL *ssl, void *arg)
{
	struct connection *c = connection_of(ssl);
	const unsigned char *message = data;

	(void)version;
	(void)arg;
	if (type != SSL3_RT_HANDSHAKE || len == 0)
		return;
	if (sent) {
		note_sent(c, message, len, SSL_version(ssl) >= TLS1_3_VERSION);
		return;
	}
	switch (message[0]) {
	case SSL3_MT_CERTIFICATE:
		if (c->ob->n_certs > 0)
			break;
		/* One that OpenSSL cannot decode never gets to take_chain(). */
		buf_reset(&c->flight);
		buf_add(&c->flight, data, len);
		break;
	case SSL3_MT_CERTIFICATE_REQUEST:
		note_asked(c->ob->handshake);
		break;
	case SSL3_MT_NEWSESSION_TICKET:
		c->ob->handshake->n_tickets++;
		break;
	default:
		break;
	}
}

/*
 * BIO_callback_fn_ex: keep the server's first bytes, and let few through
 * once the time is over. OpenSSL reads on by itself for as long as some are
 * there, so a server that never pauses would hold the probe.
 */
static long
note_bytes(BIO *bio, int oper, const char *data, size_t len, int argi,
	long argl, int ret, size_t *done)
{
	struct connection *c = (struct connection *)BIO_get_callback_arg(bio);
	size_t room = sizeof(c->first) - c->n_first;

	(void)len;
	(void)argi;
	(void)argl;
	if (oper == BIO_CB_READ) {
		if (probe_now_ms() > c->stream->io->deadline_ms &&
			++c->late_reads > WATCH_MAX_LATE_READS)
			return -1;
		if (c->n_bytes > WATCH_MAX_BYTES)
			return -1;
	}
	if (oper == (BIO_CB_READ | BIO_CB_RETURN) && ret > 0) {
		size_t n = *done < room ? *done : room;

		memcpy(c->first + c->n_first, data, n);
		c->n_first += n;
		c->n_bytes += *done;
		if (c->ob->handshake->step == STEP_HELLO)
			c->ob->handshake->step = STEP_HANDSHAKE;
	}
	return ret;
}

void
watch_context(SSL_CTX *ctx)
{
	SSL_CTX_set_cert_verify_callback(ctx, take_chain, NULL);
	SSL_CTX_set_info_callback(ctx, note_alert);
	SSL_CTX_set_msg_callback(ctx, note_message);
}

int
watch_begin(struct connection *c)
{
	SSL_set_app_data(c->ssl, c);
	if (SSL_set_fd(c->ssl, c->stream->fd) != 1)
		return -1;
	BIO_set_callback_arg(SSL_get_rbio(c->ssl), (char *)c);
	BIO_set_callback_ex(SSL_get_rbio(c->ssl), note_bytes);
	return 0;
}
