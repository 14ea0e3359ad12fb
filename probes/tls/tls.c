/* tls.c - a TLS handshake that observes and never refuses */
#include <sys/socket.h>

#include <errno.h>
#include <poll.h>
#include <stdbool.h>
#include <string.h>

#include <openssl/err.h>
#include <openssl/ssl.h>

#include "model/text.h"
#include "probes/tls/tls.h"

DEFINE_CLEANUP(SSL, SSL_free)

/* A presented chain beyond this fails the handshake, or is cut off here. */
#define MAX_CHAIN_BYTES (1024 * 1024)

static const struct alert {
	int number;
	const char *name;
} alerts[] = {
	{ 0, "close_notify" },
	{ 10, "unexpected_message" },
	{ 20, "bad_record_mac" },
	{ 22, "record_overflow" },
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
	{ 70, "protocol_version" },
	{ 71, "insufficient_security" },
	{ 80, "internal_error" },
	{ 86, "inappropriate_fallback" },
	{ 90, "user_canceled" },
	{ 100, "no_renegotiation" },
	{ 109, "missing_extension" },
	{ 110, "unsupported_extension" },
	{ 112, "unrecognized_name" },
	{ 113, "bad_certificate_status_response" },
	{ 115, "unknown_psk_identity" },
	{ 116, "certificate_required" },
	{ 120, "no_application_protocol" },
};

const char *
tls_alert_name(int number)
{
	for (size_t i = 0; i < sizeof(alerts) / sizeof(alerts[0]); i++) {
		if (alerts[i].number == number)
			return alerts[i].name;
	}
	return "unknown";
}

/*
 * What has arrived by the deadline is still looked at, however late this
 * thread gets to it; so many reads hold any server's flight.
 */
#define MAX_LATE_READS 64

/* One handshake as it goes on: the SSL's app data. */
struct look {
	struct observation *ob;
	char first[80]; /* of what the server said, before any TLS */
	size_t n_first;
	int64_t deadline_ms; /* CLOCK_MONOTONIC */
	unsigned late_reads; /* after it */
};

static struct look *
look_of(const SSL *ssl)
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
	struct observation *ob = look_of(ssl)->ob;
	STACK_OF(X509) *sent = X509_STORE_CTX_get0_untrusted(store);

	(void)arg;
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
			"want at most %d certificates in a chain, have %d",
			CHAIN_MAX_CERTS, sk_X509_num(sent));
	return 1;
}

static int
no_client_certificate(SSL *ssl, X509 **x509, EVP_PKEY **key)
{
	(void)x509;
	(void)key;
	look_of(ssl)->ob->handshake.asked = true;
	return 0;
}

static void
note_alert(const SSL *ssl, int where, int value)
{
	if ((where & SSL_CB_READ_ALERT) == SSL_CB_READ_ALERT &&
		value >> 8 == SSL3_AL_FATAL)
		look_of(ssl)->ob->handshake.alert = value & 0xff;
}

/*
 * BIO_callback_fn_ex: keep the server's first bytes, and let few through
 * once the time is over. OpenSSL reads on by itself for as long as some are
 * there, so a server that never pauses would hold the probe.
 */
static long
note_first_bytes(BIO *bio, int oper, const char *data, size_t len, int argi,
	long argl, int ret, size_t *done)
{
	struct look *look = (struct look *)BIO_get_callback_arg(bio);
	size_t room = sizeof(look->first) - look->n_first;

	(void)len;
	(void)argi;
	(void)argl;
	if (oper == BIO_CB_READ && probe_now_ms() > look->deadline_ms &&
		++look->late_reads > MAX_LATE_READS)
		return -1;
	if (oper == (BIO_CB_READ | BIO_CB_RETURN) && ret > 0 && room > 0) {
		size_t n = *done < room ? *done : room;

		memcpy(look->first + look->n_first, data, n);
		look->n_first += n;
	}
	return ret;
}

SSL_CTX *
tls_context(OSSL_LIB_CTX *libctx, struct error *err)
{
	SSL_CTX *ctx;

	ERR_clear_error();
	ctx = SSL_CTX_new_ex(libctx, NULL, TLS_client_method());
	if (ctx == NULL) {
		error_ssl(err, ERROR_IO, "TLS cannot be set up");
		return NULL;
	}
	/* What is weak is to be told, not to stop the look. */
	SSL_CTX_set_security_level(ctx, 0);
	if (SSL_CTX_set_min_proto_version(ctx, TLS1_VERSION) != 1 ||
		SSL_CTX_set_max_proto_version(ctx, 0) != 1 ||
		SSL_CTX_set_cipher_list(ctx, "ALL:!aNULL:@SECLEVEL=0") != 1) {
		error_ssl(err, ERROR_IO, "TLS cannot be set up");
		SSL_CTX_free(ctx);
		return NULL;
	}
	SSL_CTX_set_options(
		ctx, SSL_OP_LEGACY_SERVER_CONNECT | SSL_OP_NO_TICKET);
	SSL_CTX_set_session_cache_mode(ctx, SSL_SESS_CACHE_OFF);
	SSL_CTX_set_max_cert_list(ctx, MAX_CHAIN_BYTES);
	SSL_CTX_set_cert_verify_callback(ctx, take_chain, NULL);
	SSL_CTX_set_client_cert_cb(ctx, no_client_certificate);
	SSL_CTX_set_info_callback(ctx, note_alert);
	return ctx;
}

/* What a server that speaks no TLS seems to speak; NULL: not known. */
static const char *
guess_protocol(const char *s, size_t n)
{
	static const struct greeting {
		const char *text;
		const char *name;
	} greetings[] = {
		{ "HTTP/", "HTTP without TLS" },
		{ "<!DOCTYPE", "HTTP without TLS" },
		{ "<html", "HTTP without TLS" },
		{ "SSH-", "SSH" },
		{ "220", "SMTP or FTP: use smtp:// where it is mail" },
		{ "* OK", "IMAP: use imap://" },
		{ "+OK", "POP3: use pop3://" },
		{ "<?xml", "XMPP" },
		{ "RFB ", "VNC" },
		{ "@RSYNCD", "rsync" },
	};

	for (size_t i = 0; i < sizeof(greetings) / sizeof(greetings[0]); i++) {
		size_t len = strlen(greetings[i].text);

		if (n >= len && memcmp(s, greetings[i].text, len) == 0)
			return greetings[i].name;
	}
	return NULL;
}

/* RFC 8446, 5.1: a record's type is 20 to 23. */
static bool
speaks_tls(const struct look *look)
{
	return look->n_first == 0 ||
		(look->first[0] >= 20 && look->first[0] <= 23);
}

/* A server that speaks something else: what, in its own words. */
static void
tell_not_tls(struct look *look, const struct stream *s)
{
	/* OpenSSL stops at the fifth byte; a greeting has a few more. */
	ssize_t more = recv(s->fd, look->first + look->n_first,
		sizeof(look->first) - look->n_first, MSG_DONTWAIT);
	size_t n = look->n_first + (more > 0 ? (size_t)more : 0);
	const char *name = guess_protocol(look->first, n);
	cleanup(str_free) char *line = str_ndup(look->first, n);
	BUF_CLEANUP struct buf words = { 0 };

	line[strcspn(line, "\r\n")] = '\0';
	text_plain(&words, line);
	if (words.len == 0)
		observation_add_fault(look->ob, FAULT_NOT_TLS, 0,
			"want TLS, have a server that answers with other "
			"bytes");
	else
		observation_add_fault(look->ob, FAULT_NOT_TLS, 0,
			"want TLS, have a server that says \"%s\"%s%s",
			buf_str(&words),
			name != NULL ? ", which looks like " : "",
			name != NULL ? name : "");
}

/* Words for a handshake that ended without success. */
static void
tell_failure(struct observation *ob, int ssl_error, int saved_errno)
{
	unsigned long code = ERR_peek_error();
	const char *reason = code == 0 ? NULL : ERR_reason_error_string(code);

	if (ob->handshake.alert >= 0)
		observation_add_fault(ob, FAULT_HANDSHAKE, 0,
			"the server ended the handshake with alert %d (%s)",
			ob->handshake.alert,
			tls_alert_name(ob->handshake.alert));
	else if (ssl_error == SSL_ERROR_SYSCALL && saved_errno != 0)
		observation_add_fault(ob, FAULT_HANDSHAKE, 0,
			"the connection broke in the handshake: %s",
			strerror(saved_errno));
	else if (ssl_error == SSL_ERROR_SYSCALL || code == 0 ||
		ERR_GET_REASON(code) == SSL_R_UNEXPECTED_EOF_WHILE_READING)
		observation_add_fault(ob, FAULT_HANDSHAKE, 0,
			"the server closed the connection in the handshake");
	else
		observation_add_fault(ob, FAULT_HANDSHAKE, 0,
			"the handshake failed: %s",
			reason != NULL ? reason : "no reason known");
}

static void
note_session(SSL *ssl, struct observation *ob)
{
	const STACK_OF(X509_NAME) *cas = SSL_get0_peer_CA_list(ssl);
	struct handshake *hs = &ob->handshake;

	for (int i = 0; hs->asked && i < sk_X509_NAME_num(cas); i++) {
		cleanup(str_free) char *name = cert_name_text(
			sk_X509_NAME_value(cas, i));

		strlist_add(&hs->client_cas, name);
	}
	if (!SSL_is_init_finished(ssl) && ob->n_certs == 0)
		return;
	hs->version = SSL_version(ssl);
	hs->protocol = str_dup(SSL_get_version(ssl));
	if (SSL_get_current_cipher(ssl) != NULL)
		hs->cipher = str_dup(SSL_get_cipher_name(ssl));
}

static void
tell_timeout(const struct look *look)
{
	observation_add_fault(look->ob, FAULT_TIMEOUT, 0,
		look->n_first > 0
			? "the TLS handshake did not end in time"
			: "connected, but the server did not answer the TLS "
			  "handshake in time");
}

/* Drive SSL_connect() to its end; what went wrong becomes a fault. */
static void
shake_hands(struct stream *s, SSL *ssl, struct look *look)
{
	int rc, error, saved;

	do {
		ERR_clear_error();
		errno = 0;
		rc = SSL_connect(ssl);
		saved = errno;
		error = SSL_get_error(ssl, rc);
		if (error != SSL_ERROR_WANT_READ &&
			error != SSL_ERROR_WANT_WRITE)
			break;
		rc = s->io->wait(s->io, s->fd,
			error == SSL_ERROR_WANT_READ ? POLLIN : POLLOUT,
			s->io->deadline_ms);
	} while (rc > 0);

	if (error == SSL_ERROR_NONE)
		look->ob->handshake.complete = true;
	else if (!speaks_tls(look))
		tell_not_tls(look, s);
	else if (look->late_reads > MAX_LATE_READS ||
		error == SSL_ERROR_WANT_READ || error == SSL_ERROR_WANT_WRITE)
		tell_timeout(look);
	else
		tell_failure(look->ob, error, saved);
}

/* Have the server's bytes pass by note_first_bytes(). */
static int
attach(SSL *ssl, struct look *look, int fd)
{
	SSL_set_app_data(ssl, look);
	if (SSL_set_fd(ssl, fd) != 1)
		return -1;
	BIO_set_callback_arg(SSL_get_rbio(ssl), (char *)look);
	BIO_set_callback_ex(SSL_get_rbio(ssl), note_first_bytes);
	return 0;
}

int
tls_observe(struct stream *s, SSL_CTX *ctx, const char *sni,
	struct observation *ob, struct error *err)
{
	/* Outlives the SSL that knows it. */
	struct look look = { .ob = ob, .deadline_ms = s->io->deadline_ms };
	cleanup(SSL_free) SSL *ssl = NULL;

	ERR_clear_error();
	ssl = SSL_new(ctx);
	if (ssl == NULL || attach(ssl, &look, s->fd) == -1 ||
		(sni != NULL && SSL_set_tlsext_host_name(ssl, sni) != 1))
		return error_ssl(err, ERROR_IO, "TLS cannot be set up");
	shake_hands(s, ssl, &look);
	note_session(ssl, ob);
	/* One polite word, if it can be said without waiting. */
	if (ob->handshake.complete)
		(void)SSL_shutdown(ssl);
	ERR_clear_error();
	return 0;
}
