/* cert.h - one certificate, decoded once, with its raw text kept as it is */
#ifndef MODEL_CERT_H
#define MODEL_CERT_H

#include <stdbool.h>
#include <stddef.h>
#include <time.h>

#include <openssl/x509.h>

#include "model/alloc.h"
#include "model/buf.h"

DEFINE_CLEANUP(X509, X509_free)

struct cert {
	X509 *x509; /* NULL once it was judged: results are kept small */
	char *subject, *issuer; /* RFC 2253, UTF-8 */
	char *label; /* for a person: CN, else the first name, else subject */
	char *issuer_label;
	char *serial; /* lower-case hex */
	char sha256[65]; /* of the DER form, lower-case hex */
	time_t not_before, not_after;
	bool has_dates; /* both could be decoded */
	struct strlist names; /* SANs: DNS names and addresses, as text */
	char *key_type; /* "RSA", "EC", "ED25519" ...; "" if undecodable */
	int key_bits;
	char *signature; /* "ecdsa-with-SHA256" */
	char *issuer_url; /* AIA caIssuers, http first; NULL */
	bool is_ca; /* basicConstraints, or a self-signed version 1 */
	bool self_signed; /* issuer is subject and its own key signed it */
	size_t line; /* where in a file it begins, from 1; 0: not from one */
};

/* Decode; takes over `x509`. Never fails: what cannot be read stays empty. */
void cert_init(struct cert *c, X509 *x509);
void cert_release(struct cert *c);
void cert_forget_x509(struct cert *c); /* keep only the text */

/* RFC 2253 in UTF-8, cut at 4 KiB; the caller's to free(). */
char *cert_name_text(const X509_NAME *name);

/* Did `issuer` sign `c`: by name, key identifiers and signature? */
bool cert_issued_by(const struct cert *c, const struct cert *issuer);

#endif
