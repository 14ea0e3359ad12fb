/* cert.h - one certificate, decoded once, with its raw text kept as it is */
#ifndef MODEL_CERT_H
#define MODEL_CERT_H

#include <stdbool.h>
#include <stddef.h>
#include <time.h>

#include <openssl/x509.h>

#include "model/alloc.h"
#include "model/buf.h"
#include "model/cert_name.h"

DEFINE_CLEANUP(X509, X509_free)

struct cert {
	X509 *x509; /* NULL once it was judged: results are kept small */
	char *subject, *issuer; /* RFC 2253, UTF-8 */
	/* for a person: CN, else the first name, else subject; cut short */
	char *label;
	char *issuer_label;
	char *serial; /* lower-case hex */
	char *sha256; /* of the DER form, lower-case hex; "": none was made */
	time_t not_before, not_after;
	bool has_dates; /* both could be decoded */
	struct strlist names; /* SANs: DNS names and addresses, as text */
	char *key_type; /* "RSA", "EC", "SM2" ...; "" if undecodable */
	char *key_curve; /* "prime256v1"; NULL: no curve, or a nameless one */
	int key_bits;
	char *signature; /* "ecdsa-with-SHA256" */
	char *issuer_url; /* the first of cert_issuer_urls(), or NULL */
	bool is_ca; /* basicConstraints, or a self-signed version 1 */
	bool self_signed; /* issuer is subject and its own key signed it */
	size_t line; /* where in a file it begins, from 1; 0: not from one */
};

/*
 * Decode; takes over `x509`, at which no other thread may look meanwhile (see
 * sm2.h). Never fails: what cannot be read stays empty.
 */
void cert_init(struct cert *c, X509 *x509);
void cert_release(struct cert *c);
void cert_forget_x509(struct cert *c); /* keep only the text */

/*
 * Add where the issuer's certificate can be fetched by http or https: AIA's
 * caIssuers (RFC 5280, 4.2.2.1), in their order.
 */
#define CERT_MAX_URLS 8
void cert_issuer_urls(const X509 *x509, struct strlist *out);

/* Did `issuer` sign `c`: by name and signature? */
bool cert_issued_by(const struct cert *c, const struct cert *issuer);

/*
 * Did `key` sign `x509`? In place of X509_verify(): an SM2 signature covers an
 * identifier of the signer that nothing in a certificate tells. The one that
 * fits is left set in `x509`, for X509_verify_cert() to find; if none does, it
 * is as it was. cert_init() sets the usual one. A NULL `key` signed nothing.
 */
bool cert_verified_by(X509 *x509, EVP_PKEY *key);

/* The fields of struct cert, of any public or private key. */
char *cert_key_curve(const EVP_PKEY *key); /* NULL, or to be freed */
const char *cert_key_type(const EVP_PKEY *key, const char *curve);

#endif
