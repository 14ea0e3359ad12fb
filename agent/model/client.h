/* client.h - the test of a client certificate: what is wanted, what was seen */
#ifndef MODEL_CLIENT_H
#define MODEL_CLIENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "model/handshake.h"

struct observation;

/* What the server should make of clients without a certificate. */
enum client_expect {
	EXPECT_REQUIRED, /* refuse them */
	EXPECT_OPTIONAL, /* ask for one, and take them all the same */
	EXPECT_NONE, /* not even ask */
};

/* What a target wants tested; it lives in the target's arena. */
struct client_settings {
	/* The client's certificate with its chain; NULL: nothing is tested. */
	const char *certificate;
	const char *key; /* NULL: in the same file */
	const char *passphrase; /* of the key or of a PKCS#12 file, or NULL */
	int64_t expect; /* enum client_expect */
	/* That was said, and is judged without a certificate as well. */
	bool expects;
	bool strict; /* try a stranger's certificate as well */
	const char *ca; /* the server's file of client CAs, or NULL */
};

/*
 * The connections that are compared. The one without a certificate is the
 * endpoint's own look: observation.handshake.
 */
enum client_try {
	TRY_CONFIGURED, /* the certificate with the chain of its file */
	TRY_STRANGER, /* a self-signed one, made for the moment */
	TRY_OTHER_CHAIN, /* alone where the file has more, else with more */
	CLIENT_TRIES
};

struct client_attempt {
	bool made;
	struct handshake handshake;
	/* Certificates in our Certificate message; 0: none was sent. */
	size_t n_sent;
};

/* What was seen. */
struct client_test {
	struct observation *own; /* the certificate's file, as a file */
	struct observation *ca; /* the file of client CAs; NULL: not named */
	struct client_attempt attempts[CLIENT_TRIES];
	/* Why none was made with the certificate, or NULL: hostile text. */
	char *problem;
};

/* Messages about the certificate itself begin with this. */
#define CLIENT_CERTIFICATE "client certificate"

struct client_test *client_test_new(void);
void client_test_free(struct client_test *test); /* NULL does nothing */
/* What observation_forget_x509() does, of all that is in it. */
void client_test_forget(struct client_test *test);

/*
 * What came of a connection, in the words of all outputs: "HTTP 200", "alert
 * 116 certificate_required", "connection closed without an answer".
 */
void client_describe(struct buf *out, const struct handshake *hs);

/* Is the server to be judged by how it takes its clients? */
bool client_is_asked_for(const struct client_settings *s);

#endif
