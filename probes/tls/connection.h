/* connection.h - one TLS connection, step by step, and what was seen of it */
#ifndef PROBES_CONNECTION_H
#define PROBES_CONNECTION_H

#include <stddef.h>
#include <stdint.h>

#include <openssl/ssl.h>

#include "model/observation.h"
#include "model/target.h"
#include "probes/tls/stream.h"

/* What is presented where a client certificate is asked for. */
struct identity {
	X509 *leaf;
	EVP_PKEY *key;
	STACK_OF(X509) *issuers; /* sent behind it, as they are */
};

/* In what one connection to an endpoint differs from another. */
struct connection_settings {
	const char *sni; /* the server name to ask for; NULL: none */
	const struct identity *identity; /* NULL: none */
};

struct connection {
	const struct target *target; /* whose it is; the caller's */
	struct stream *stream; /* open; the caller's */
	struct observation *ob; /* takes what is seen; the caller's */
	SSL *ssl; /* from the handshake on, or NULL */
	int64_t handshake_ms; /* that the handshake took */

	/* what the server sent, as watch.c saw it pass */
	char first[128]; /* how it began */
	size_t n_first;
	size_t n_bytes; /* in all */
	unsigned late_reads; /* after the deadline */
	size_t n_sent; /* certificates in our Certificate message */
	struct buf flight; /* its Certificate message, until it is taken */
};

/*
 * The steps of one connection over an open stream, in this order. Each notes
 * in c->ob what it saw: how far it came and how it ended, and a fault where it
 * did not go on. They return 0; -1 where it ended; or -2 and *err where the
 * agent itself could not work.
 */
void connection_init(struct connection *c, const struct target *t,
	struct stream *s, struct observation *ob);
/* The dialogue before TLS, if the scheme has one. */
int connection_agree(struct connection *c);
/* The certificates are in c->ob also when it returns -1, once they came. */
int connection_handshake(struct connection *c, SSL_CTX *ctx,
	const struct connection_settings *set, struct error *err);
/* Present `id` on the connections of `ssl`: 0, or -1 and OpenSSL's queue. */
int connection_present(SSL *ssl, const struct identity *id);
/*
 * An https request, up to the head of its answer and, where a client
 * certificate was asked for or is tested, how its body begins. In other
 * schemes nothing is said, but there the server's verdict on our certificate,
 * or on having none, is waited for, a moment: in TLS 1.3 it comes after the
 * handshake.
 */
void connection_request(struct connection *c);
/* Is what comes of it to tell how the server takes its clients (client.h)? */
bool connection_is_compared(const struct connection *c);
/* Until when a word is waited for that need not come. */
int64_t connection_patience(const struct connection *c);
/*
 * One call of OpenSSL's, for whoever talks over the connection: SSL_read()'s
 * or SSL_write()'s result, and in *f what it came to. Where that is that it
 * should be called again, connection_await() returns 0 when it may, and -1 at
 * the deadline, as where there is nothing to wait for.
 */
struct failure;
int connection_read(
	struct connection *c, char *data, size_t size, struct failure *f);
int connection_write(
	struct connection *c, const char *data, size_t size, struct failure *f);
int connection_await(
	struct connection *c, const struct failure *f, int64_t deadline_ms);
/* Frees what it owns; says goodbye, and waits for no answer. */
void connection_close(struct connection *c);

/*
 * All steps over the stream, which stays open. Returns 0, whatever was seen,
 * or -1 and *err where the agent itself could not work. What is closed is the
 * caller's to read. NULL: nothing is presented.
 */
int connection_run(
	struct connection *c, const struct identity *id, struct error *err);
/* The same of a connection of its own that presents nothing. */
int connection_look(struct stream *s, const struct target *t,
	struct observation *ob, struct error *err);

#endif
