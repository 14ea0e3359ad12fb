/* reading.h - one file on its way into an observation */
#ifndef PROBES_READING_H
#define PROBES_READING_H

#include <sys/stat.h>

#include <stdbool.h>
#include <stddef.h>

#include "model/buf.h"
#include "model/cert_cache.h"
#include "model/observation.h"
#include "model/target.h"
#include "probes/key/privatekey.h"

/* What a block of PEM, or a file of DER, can be. */
enum thing {
	THING_CERTIFICATE, /* also a damaged one, or what holds several */
	THING_KEY,
	THING_REQUEST,
	THING_CRL,
	THING_PUBLIC_KEY,
	THING_PARAMETERS,
	THING_PKCS7, /* without a certificate, */
	THING_PKCS12, /* and this without a key as well */
	THING_OTHER,
	THINGS
};

/* Beyond this many a file is not worth reading to its end. */
#define READING_MAX_DAMAGED 1000

struct reading {
	const struct target *target; /* borrowed, as all that follows */
	OSSL_LIB_CTX *libctx;
	struct cert_cache *cas; /* of that; NULL: each is decoded anew */
	struct observation *ob;
	const char *path; /* who may read it matters if keys are in it; */
	const struct stat *st; /* NULL: it does not */
	struct keyring *kept; /* as in struct key_source */

	size_t met[THINGS]; /* how many of each */
	size_t damaged; /* faults of that kind so far */
	bool explained; /* another fault says why nothing could be read */
	bool full; /* the observation takes no more certificates */

	/* reading_keys() fills these */
	bool has_keys;
	struct key_source keys;
	int64_t rounds_left; /* for them */
	char *readers;
};

void reading_release(struct reading *r);

/* Where this file's keys come from. Asks at first who may read the file. */
const struct key_source *reading_keys(struct reading *r);

/*
 * Decode the certificate at *p and move *p behind it; NULL: it is none.
 * With `trusted` OpenSSL's trust settings may follow it. For X509_free().
 */
X509 *reading_decode(const struct reading *r, const unsigned char **p,
	size_t len, bool trusted);

/* The same certificate, decoded anew in the reading's own library context. */
X509 *reading_adopt(const struct reading *r, X509 *x509);

/*
 * Takes over `x509`. What is beyond the bound is told once, as a fault, and
 * `full` is set. `line` is 0 where it does not come from PEM.
 */
void reading_add(struct reading *r, X509 *x509, size_t line);

/* A FAULT_FILE_DAMAGED, while they are few enough. */
void reading_damaged(struct reading *r, size_t line, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

/* Keys, requests and the like were met, and nothing like a certificate. */
bool reading_met_others_only(const struct reading *r);

/* "2 private keys and a certificate request": what was met. */
void reading_contents(const struct reading *r, struct buf *out);

#endif
