/* identity.c - the client certificate as configured, with its key */
#include <stdlib.h>
#include <string.h>

#include <openssl/err.h>

#include "probes/client/identity.h"
#include "probes/filelook.h"

void
identity_release(struct identity *id)
{
	X509_free(id->leaf);
	EVP_PKEY_free(id->key);
	sk_X509_pop_free(id->issuers, X509_free);
	*id = (struct identity){ 0 };
}

struct target
identity_file(const struct target *t)
{
	return (struct target){
		.kind = TARGET_FILE,
		.name = t->client.certificate,
		.address = t->client.certificate,
		.owner = t->owner,
		.file = t->client.certificate,
		.key = t->client.key,
		.passphrase = t->client.passphrase,
		.role = ROLE_CLIENT,
		.set = t->set,
	};
}

static const char *
key_file(const struct target *t)
{
	return t->client.key != NULL ? t->client.key : t->client.certificate;
}

/* The fault that says why there is no key, or NULL. */
static const struct fault *
key_fault(const struct target *t, const struct observation *own)
{
	for (size_t i = 0; i < own->n_faults; i++) {
		const struct fault *f = &own->faults[i];

		if (f->kind == FAULT_FILE_LEGACY)
			continue;
		if ((t->client.key != NULL) == (f->file != NULL))
			return f;
	}
	return NULL;
}

static char *
explain_fault(const struct target *t, const struct fault *f)
{
	return str_fmt("%s: %s",
		f->file != NULL ? f->file : t->client.certificate, f->text);
}

static char *
explain_no_key(const struct target *t, const struct observation *own)
{
	const struct fault *f = key_fault(t, own);

	if (f != NULL)
		return explain_fault(t, f);
	if (own->n_keys > 0)
		return str_fmt("%s: want a private key of a kind that TLS "
			       "uses, have another",
			key_file(t));
	return str_fmt("%s: want a private key beside the certificate, or the "
		       "name of its file, have neither",
		t->client.certificate);
}

/* Why nothing can be presented; NULL: there is all that it takes. */
static char *
explain_missing(const struct target *t, const struct observation *own,
	const struct keyring *keys)
{
	if (own->n_parts > 0)
		return str_fmt("%s: want a certificate with its chain, have "
			       "several",
			t->client.certificate);
	if (own->n_certs == 0 && own->n_faults > 0)
		return explain_fault(t, &own->faults[0]);
	if (own->n_certs == 0)
		return str_fmt("%s: want a certificate, have none",
			t->client.certificate);
	if (strcmp(own->certs[0].key_type, "SM2") == 0)
		return str_fmt("%s: has an SM2 key, and OpenSSL cannot use "
			       "SM2 in TLS",
			t->client.certificate);
	return keys->n == 0 ? explain_no_key(t, own) : NULL;
}

static bool
fits(const struct cert *cert, const EVP_PKEY *key)
{
	EVP_PKEY *own = X509_get0_pubkey(cert->x509);

	return own != NULL && EVP_PKEY_eq(own, key) == 1;
}

/*
 * The first certificate that one of the keys belongs to, and that key. In a
 * file that is out of order, which is told of the file, it is not the first.
 */
static bool
find_leaf(const struct observation *own, const struct keyring *keys,
	size_t *cert, size_t *key)
{
	for (*cert = 0; *cert < own->n_certs; ++*cert) {
		for (*key = 0; *key < keys->n; ++*key) {
			if (fits(&own->certs[*cert], keys->v[*key]))
				return true;
		}
	}
	return false;
}

static void
take(struct identity *id, const struct observation *own, size_t leaf,
	EVP_PKEY *key)
{
	id->issuers = sk_X509_new_null();
	if (id->issuers == NULL)
		mem_exhausted();
	for (size_t i = 0; i < own->n_certs && i < CHAIN_MAX_CERTS; i++) {
		X509 *x509 = own->certs[i].x509;

		if (i == leaf)
			continue;
		X509_up_ref(x509);
		if (sk_X509_push(id->issuers, x509) == 0)
			mem_exhausted();
	}
	id->leaf = own->certs[leaf].x509;
	X509_up_ref(id->leaf);
	id->key = key;
	EVP_PKEY_up_ref(key);
}

/* OpenSSL knows kinds of keys that its TLS does not: hear what it says. */
static char *
explain_unusable(
	const struct target *t, struct probe_io *io, const struct identity *id)
{
	SSL *ssl;
	struct error err;
	bool usable;

	ERR_clear_error();
	ssl = SSL_new(io->tls);
	if (ssl == NULL)
		mem_exhausted();
	usable = connection_present(ssl, id) == 0;
	if (!usable)
		error_ssl(&err, ERROR_PARSE,
			"%s: OpenSSL cannot present it in TLS",
			t->client.certificate);
	SSL_free(ssl);
	return usable ? NULL : str_dup(err.text);
}

int
identity_load(const struct target *t, struct probe_io *io,
	struct client_test *test, struct identity *id)
{
	const struct target file = identity_file(t);
	struct keyring keys KEYRING_CLEANUP = { 0 };
	size_t cert, key;

	test->own = file_look(&file, io, &keys);
	ERR_clear_error();
	test->problem = explain_missing(t, test->own, &keys);
	if (test->problem != NULL)
		return -1;
	if (!find_leaf(test->own, &keys, &cert, &key)) {
		ERR_clear_error();
		test->problem = str_fmt("%s: want the private key of the "
					"certificate, have that of another",
			key_file(t));
		return -1;
	}
	take(id, test->own, cert, keys.v[key]);
	test->problem = explain_unusable(t, io, id);
	if (test->problem == NULL)
		return 0;
	identity_release(id);
	return -1;
}
