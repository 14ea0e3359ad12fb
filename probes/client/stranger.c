/* stranger.c - a client certificate that no server has a reason to take */
#include <time.h>

#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/rand.h>
#include <openssl/x509v3.h>

#include "probes/client/identity.h"

static int
set_serial(X509 *x509)
{
	uint64_t number = 0;

	return RAND_bytes((unsigned char *)&number, sizeof(number)) == 1 &&
		ASN1_INTEGER_set_uint64(
			X509_get_serialNumber(x509), (number >> 1) | 1) == 1;
}

static int
set_name(X509 *x509)
{
	X509_NAME *name = X509_get_subject_name(x509);

	return X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC,
		       (const unsigned char *)"client", -1, -1, 0) == 1 &&
		X509_set_issuer_name(x509, name) == 1;
}

/* As good a client certificate as any but for who issued it. */
static int
set_extensions(X509 *x509)
{
	static const struct {
		int nid;
		const char *value;
	} rows[] = {
		{ NID_basic_constraints, "critical,CA:FALSE" },
		{ NID_key_usage, "critical,digitalSignature" },
		{ NID_ext_key_usage, "clientAuth" },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		X509_EXTENSION *ext = X509V3_EXT_conf_nid(
			NULL, NULL, rows[i].nid, rows[i].value);
		int ok = ext != NULL && X509_add_ext(x509, ext, -1) == 1;

		X509_EXTENSION_free(ext);
		if (!ok)
			return 0;
	}
	return 1;
}

static int
make(OSSL_LIB_CTX *libctx, struct identity *id)
{
	time_t now = time(NULL);

	id->key = EVP_PKEY_Q_keygen(libctx, NULL, "EC", "P-256");
	id->leaf = X509_new_ex(libctx, NULL);
	id->issuers = sk_X509_new_null();
	return id->key != NULL && id->leaf != NULL && id->issuers != NULL &&
		X509_set_version(id->leaf, X509_VERSION_3) == 1 &&
		set_serial(id->leaf) && set_name(id->leaf) &&
		X509_time_adj_ex(X509_getm_notBefore(id->leaf), -1, 0, &now) !=
		NULL &&
		X509_time_adj_ex(X509_getm_notAfter(id->leaf), 1, 0, &now) !=
		NULL &&
		X509_set_pubkey(id->leaf, id->key) == 1 &&
		set_extensions(id->leaf) &&
		X509_sign(id->leaf, id->key, EVP_sha256()) > 0;
}

int
identity_make_stranger(
	OSSL_LIB_CTX *libctx, struct identity *id, struct error *err)
{
	ERR_clear_error();
	if (make(libctx, id))
		return 0;
	error_ssl(err, ERROR_IO, "a throw-away certificate cannot be made");
	identity_release(id);
	return -1;
}
