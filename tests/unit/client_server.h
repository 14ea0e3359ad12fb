/* client_server.h - a TLS server with a manner of asking for certificates */
#ifndef TESTS_CLIENT_SERVER_H
#define TESTS_CLIENT_SERVER_H

#include "tests/unit/client_world.h"

#include <sys/socket.h>

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <pthread.h>
#include <stdatomic.h>

#include <openssl/err.h>
#include <openssl/ssl.h>

/* Whether and when a server asks its clients for a certificate. */
enum asks { NEVER, OPTIONAL, REQUIRED, LATE };

/* What it does once the handshake is done and a request has come. */
enum answers {
	A_200,
	A_403_UNLESS_TRUSTED, /* Apache in a <Location>, nginx by its 400 */
	CLOSES, /* without a word, and without close_notify */
	CLOSES_UNLESS_TRUSTED, /* nginx's 444 */
	GOODBYE, /* close_notify alone, as haproxy's reject */
	RESETS,
	NOTHING, /* haproxy's silent-drop */
	/* at once, for services that are not HTTP */
	SAYS_HELLO,
	HANGS_UP_UNLESS_TRUSTED, /* nginx's stream module, tickets and all */
	WAITS, /* for whatever the client says */
};

struct manner {
	enum asks asks;
	enum answers answers;
	const char *cas; /* whose clients it takes; NULL: the root's */
	bool any; /* it takes all that have a certificate */
	bool no_tickets;
	bool mail; /* SMTP, with STARTTLS */
	unsigned drops; /* so many connections at once, from the second on */
};

struct server {
	const struct manner *manner;
	SSL_CTX *ctx;
	int fd;
	unsigned port;
	atomic_uint n_clients;
	pthread_t thread;
};

static inline int
take_any(int ok, X509_STORE_CTX *ctx)
{
	(void)ok, (void)ctx;
	return 1;
}

static inline bool
is_trusted(const SSL *ssl)
{
	return SSL_get0_peer_certificate(ssl) != NULL &&
		SSL_get_verify_result(ssl) == X509_V_OK;
}

static inline void
say(SSL *ssl, const char *status, const char *body)
{
	cleanup(str_free) char *text = str_fmt(
		"HTTP/1.1 %s\r\nContent-Length: %zu\r\n\r\n%s", status,
		strlen(body), body);

	(void)SSL_write(ssl, text, (int)strlen(text));
}

/* Until the end of the request; false: the client is gone. */
static inline bool
hear_request(SSL *ssl)
{
	char text[1024];
	int n = 0, rc;

	do {
		rc = SSL_read(ssl, text + n, (int)sizeof(text) - 1 - n);
		n += rc > 0 ? rc : 0;
		text[n] = '\0';
	} while (rc > 0 && strstr(text, "\r\n\r\n") == NULL);
	return rc > 0;
}

/* Until the client's answer has come, which ends no call of OpenSSL's. */
static inline bool
await_certificate(SSL *ssl)
{
	struct pollfd p = { .fd = SSL_get_fd(ssl), .events = POLLIN };
	char none;
	int rc;

	(void)fcntl(p.fd, F_SETFL, O_NONBLOCK);
	do {
		rc = SSL_peek(ssl, &none, 0);
		if (rc <= 0 && SSL_get_error(ssl, rc) != SSL_ERROR_WANT_READ)
			return false;
		if (!SSL_in_init(ssl) && SSL_get0_peer_certificate(ssl) != NULL)
			break;
	} while (poll(&p, 1, 10000) > 0);
	(void)fcntl(p.fd, F_SETFL, 0);
	return is_trusted(ssl);
}

/* As Apache does for some of its pages. */
static inline bool
ask_late(SSL *ssl)
{
	SSL_set_verify(
		ssl, SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, NULL);
	if (SSL_version(ssl) == TLS1_3_VERSION) {
		if (SSL_verify_client_post_handshake(ssl) != 1)
			return false;
	} else if (SSL_renegotiate(ssl) != 1) {
		return false;
	}
	return SSL_do_handshake(ssl) == 1 && await_certificate(ssl);
}

/* Wait until the client hangs up. */
static inline void
wait_for_end(SSL *ssl)
{
	char more[256];

	while (SSL_read(ssl, more, sizeof(more)) > 0)
		;
}

static inline void
reset(int fd, bool wait)
{
	const struct linger now = { .l_onoff = 1 };
	char hello;

	/* Before, it would not yet have connected. */
	if (wait)
		(void)recv(fd, &hello, 1, MSG_PEEK);
	assert_int_equal(
		setsockopt(fd, SOL_SOCKET, SO_LINGER, &now, sizeof(now)), 0);
}

static inline void
serve(const struct manner *m, SSL *ssl)
{
	bool speaks = m->answers < SAYS_HELLO;

	if (speaks && !hear_request(ssl))
		return;
	if (m->asks == LATE && !ask_late(ssl))
		return;
	switch (m->answers) {
	case A_200:
		say(ssl, "200 OK", "hello");
		break;
	case A_403_UNLESS_TRUSTED:
		if (is_trusted(ssl))
			say(ssl, "200 OK", "hello");
		else
			say(ssl, "403 Forbidden", "No required certificate");
		break;
	case CLOSES_UNLESS_TRUSTED:
		if (is_trusted(ssl))
			say(ssl, "200 OK", "hello");
		break;
	case GOODBYE:
		(void)SSL_shutdown(ssl);
		break;
	case RESETS:
		reset(SSL_get_fd(ssl), false);
		break;
	case SAYS_HELLO:
		(void)SSL_write(ssl, "* OK\r\n", 6);
		wait_for_end(ssl);
		break;
	case HANGS_UP_UNLESS_TRUSTED:
		if (is_trusted(ssl))
			wait_for_end(ssl);
		break;
	case NOTHING:
	case WAITS:
		wait_for_end(ssl);
		break;
	case CLOSES:
		break;
	}
}

/* RFC 3207, as short as it can be. */
static inline bool
talk_mail(int fd)
{
	static const char *const lines[] = { "220 mail\r\n",
		"250-mail\r\n250 STARTTLS\r\n", "220 go ahead\r\n" };
	char heard[256];

	for (size_t i = 0; i < COUNT(lines); i++) {
		if (i > 0 && recv(fd, heard, sizeof(heard), 0) <= 0)
			return false;
		(void)send(fd, lines[i], strlen(lines[i]), MSG_NOSIGNAL);
	}
	return true;
}

static inline void *
server_main(void *arg)
{
	struct server *s = arg;
	int fd;

	while ((fd = accept(s->fd, NULL, NULL)) != -1) {
		unsigned n = atomic_fetch_add(&s->n_clients, 1);
		SSL *ssl = SSL_new(s->ctx);

		SSL_set_fd(ssl, fd);
		if (s->manner->mail && !talk_mail(fd))
			(void)shutdown(fd, SHUT_RDWR);
		if (n > 0 && n <= s->manner->drops)
			reset(fd, true);
		else if (SSL_accept(ssl) == 1)
			serve(s->manner, ssl);
		else if (s->manner->drops == 0)
			/* Its alert is to be read before the end. */
			wait_for_end(ssl);
		SSL_free(ssl);
		(void)close(fd);
		ERR_clear_error();
	}
	return NULL;
}

static inline void
server_trust(struct server *s)
{
	cleanup(str_free) char *cas = world_path(
		s->manner->cas != NULL ? s->manner->cas : "root.pem");
	int how = s->manner->asks == REQUIRED
		? SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT
		: SSL_VERIFY_PEER;

	assert_int_equal(SSL_CTX_load_verify_file(s->ctx, cas), 1);
	SSL_CTX_set_client_CA_list(s->ctx, SSL_load_client_CA_file(cas));
	/* One that answers by HTTP lets the handshake pass, whatever comes. */
	if (s->manner->asks == OPTIONAL || s->manner->asks == REQUIRED)
		SSL_CTX_set_verify(s->ctx, how,
			s->manner->any || s->manner->asks == OPTIONAL ? take_any
								      : NULL);
}

static inline void
server_start(struct server *s, const struct manner *m, int version)
{
	struct sockaddr_in sa = { .sin_family = AF_INET,
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	socklen_t len = sizeof(sa);

	*s = (struct server){ .manner = m };
	s->ctx = SSL_CTX_new(TLS_server_method());
	assert_int_equal(SSL_CTX_use_certificate(s->ctx, world.server), 1);
	assert_int_equal(SSL_CTX_use_PrivateKey(s->ctx, world.other_key), 1);
	assert_int_equal(SSL_CTX_set_min_proto_version(s->ctx, version), 1);
	assert_int_equal(SSL_CTX_set_max_proto_version(s->ctx, version), 1);
	SSL_CTX_set_session_cache_mode(s->ctx, SSL_SESS_CACHE_OFF);
	assert_int_equal(SSL_CTX_set_session_id_context(
				 s->ctx, (const unsigned char *)"t", 1),
		1);
	if (m->no_tickets)
		SSL_CTX_set_num_tickets(s->ctx, 0);
	server_trust(s);
	s->fd = socket(AF_INET, SOCK_STREAM, 0);
	assert_int_equal(bind(s->fd, (struct sockaddr *)&sa, sizeof(sa)), 0);
	assert_int_equal(listen(s->fd, 8), 0);
	assert_int_equal(getsockname(s->fd, (struct sockaddr *)&sa, &len), 0);
	s->port = ntohs(sa.sin_port);
	assert_int_equal(pthread_create(&s->thread, NULL, server_main, s), 0);
}

static inline void
server_stop(struct server *s)
{
	(void)shutdown(s->fd, SHUT_RDWR);
	pthread_join(s->thread, NULL);
	(void)close(s->fd);
	SSL_CTX_free(s->ctx);
}

#endif
