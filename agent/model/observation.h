/* observation.h - what a probe saw at one moment, unjudged */
#ifndef MODEL_OBSERVATION_H
#define MODEL_OBSERVATION_H

#include <stdbool.h>
#include <stddef.h>
#include <time.h>

#include "model/cert.h"
#include "model/client.h"
#include "model/handshake.h"
#include "model/listener.h"
#include "model/role.h"

/* How a look, or a part of it, failed. checks/look.c gives each a finding. */
enum fault_kind {
	FAULT_FILE_MISSING,
	FAULT_FILE_VANISHED, /* it was listed, and is gone */
	FAULT_FILE_UNREADABLE,
	FAULT_FILE_TOO_LONG,
	FAULT_FILE_EMPTY,
	FAULT_FILE_NO_CERTIFICATE,
	FAULT_FILE_FORMAT, /* something else that can hold certificates */
	FAULT_FILE_DAMAGED,
	FAULT_FILE_LAYOUT, /* readable, but not as the strictest want it */
	FAULT_FILE_PASSWORD, /* encrypted; the passphrase is wrong or missing */
	FAULT_FILE_LEGACY, /* encrypted with RC2 or DES; could be opened */
	FAULT_UNREACHABLE, /* no name, no route, refused */
	FAULT_TIMEOUT,
	FAULT_NOT_TLS,
	FAULT_STARTTLS, /* the dialogue before TLS failed */
	FAULT_HANDSHAKE,
	FAULT_NO_ANSWER, /* to the request; the handshake went well */
	FAULT_KINDS
};

struct fault {
	enum fault_kind kind;
	char *text; /* what was seen, in words; may quote the peer */
	size_t line; /* in a file, from 1; 0: none */
	char *file; /* not the target's own but this one; or NULL */
};

/*
 * A private key that was met. The private half never leaves the probe, which
 * forgets it as soon as it has taken the public one from it, or has shaken
 * hands with it (client.h).
 */
struct private_key {
	EVP_PKEY *public_half; /* NULL: of a kind that is not known */
	char *file; /* where it lies; NULL: in the target's own file */
	size_t line; /* from 1; 0: not from PEM */
	bool encrypted; /* and was opened with a passphrase */
	/*
	 * Who may read it besides its owner, such as "group ssl-cert, others";
	 * NULL: nobody. `mode` is the file's, of 12 bits.
	 */
	char *readers;
	unsigned mode;
};

/*
 * Chains that one file holds for different purposes, such as a kubeconfig's
 * users and clusters: each is judged by itself. `certs` and `keys` of the
 * observation are in the order of the parts. Without parts all is one.
 */
struct part {
	char *label; /* "user 'admin'" */
	enum role role; /* what its certificates are for */
	size_t n_certs, n_keys;
};

/* What a server may send, and what of a file is judged as a chain. */
#define CHAIN_MAX_CERTS 100
/* Of a file, such as a bundle of CAs. */
#define OBSERVATION_MAX_CERTS 10000

struct observation {
	struct cert *certs; /* as presented, in their order */
	size_t n_certs;
	/*
	 * The last of them were not presented but are judged as though they
	 * had been: they may stand on a path, and are no leaves.
	 */
	size_t n_lent;
	struct fault *faults;
	size_t n_faults;
	struct handshake *handshake; /* of an endpoint; else an empty one */

	/* a file */
	const char *format; /* "PEM", "DER", "PKCS#7", "PKCS#12" ... or NULL */
	struct private_key *keys;
	size_t n_keys;
	struct part *parts;
	size_t n_parts;
	bool store; /* it belongs to the distribution's CA store */
	time_t changed_at; /* st_mtime; 0: not known */

	/* an endpoint: what the file holds that it should be serving */
	struct observation *deployed; /* NULL: none is named */
	/* Who serves it, where that is another certificate; NULL: not known. */
	struct listener *listener;

	/* an endpoint that a client certificate was tested with */
	struct client_test *client; /* NULL: none was */

	/* an endpoint of which all addresses are looked at */
	char *address; /* where: "192.0.2.1:443"; NULL: at one, any */
	struct observation **others; /* at the other addresses */
	size_t n_others;
	size_t n_unseen; /* addresses beyond what is looked at */
	/*
	 * The earlier one of them that was presented the very same: this one
	 * has no certificates of its own. NULL: there is none.
	 */
	const struct observation *same;
};

struct observation *observation_new(void);
void observation_free(struct observation *ob); /* NULL does nothing */
DEFINE_CLEANUP(struct observation, observation_free)

/*
 * Takes over `x509`. Beyond OBSERVATION_MAX_CERTS it is freed, and -1 is
 * returned. The pointer that certs is may change.
 */
int observation_add_cert(struct observation *ob, X509 *x509, size_t line);
/*
 * Lend `ob` the certificates of `other` that it does not have, and tell the
 * faults of that as those of `file`. One in parts stays as it is.
 */
void observation_lend(struct observation *ob, const struct observation *other,
	const char *file);
/* Is the certificate of this SHA-256 among them? */
bool observation_has(const struct observation *ob, const char *sha256);
/* Certificates that were presented: certs[0] and so on. */
size_t observation_n_presented(const struct observation *ob);
/* Takes over `public_half`. The pointer is good until the next call. */
struct private_key *observation_add_key(
	struct observation *ob, EVP_PKEY *public_half, size_t line);
/* A part that begins behind what was added so far. */
void observation_begin_part(
	struct observation *ob, const char *label, enum role role);
void observation_add_fault(struct observation *ob, enum fault_kind kind,
	size_t line, const char *fmt, ...)
	__attribute__((format(printf, 4, 5)));
/* The same, of another file than the target's own; NULL: its own. */
void observation_add_fault_of(struct observation *ob, const char *file,
	enum fault_kind kind, size_t line, const char *fmt, ...)
	__attribute__((format(printf, 5, 6)));
void observation_forget_faults(struct observation *ob);
/*
 * `other` is what was seen at another address. It is taken over; where `ob` or
 * one of its others holds the very same certificates, they are freed.
 */
void observation_add_other(struct observation *ob, struct observation *other);
/* The certificates that were presented there, wherever they are kept. */
const struct observation *observation_presented(const struct observation *ob);
/*
 * Frees the decoded certificates and keys, and what an HTTP answer said beside
 * its status; the text about them stays.
 */
void observation_forget_x509(struct observation *ob);

#endif
