/* pemkind.c - what the label of a PEM block says is in it */
#include <string.h>

#include "probes/file/pemkind.h"

static const struct pem_kind kinds[] = {
	{ "CERTIFICATE", "the certificate", THING_CERTIFICATE,
		BODY_CERTIFICATE },
	{ "X509 CERTIFICATE", "the certificate", THING_CERTIFICATE,
		BODY_CERTIFICATE },
	{ "TRUSTED CERTIFICATE", "the certificate", THING_CERTIFICATE,
		BODY_TRUSTED },
	{ "PKCS7", "the PKCS#7 data", THING_PKCS7, BODY_PKCS7 },
	{ "PKCS #7 SIGNED DATA", "the PKCS#7 data", THING_PKCS7, BODY_PKCS7 },
	{ "CMS", "the PKCS#7 data", THING_PKCS7, BODY_PKCS7 },
	{ "CERTIFICATE REQUEST", "the request", THING_REQUEST, BODY_NONE },
	{ "NEW CERTIFICATE REQUEST", "the request", THING_REQUEST, BODY_NONE },
	{ "X509 CRL", "the CRL", THING_CRL, BODY_NONE },
	{ "PUBLIC KEY", "the public key", THING_PUBLIC_KEY, BODY_NONE },
	{ "RSA PUBLIC KEY", "the public key", THING_PUBLIC_KEY, BODY_NONE },
	{ "DH PARAMETERS", "the block", THING_PARAMETERS, BODY_NONE },
	{ "X9.42 DH PARAMETERS", "the block", THING_PARAMETERS, BODY_NONE },
	{ "DSA PARAMETERS", "the block", THING_PARAMETERS, BODY_NONE },
	{ "EC PARAMETERS", "the block", THING_PARAMETERS, BODY_NONE },
	{ "SM2 PARAMETERS", "the block", THING_PARAMETERS, BODY_NONE },
};
static const struct pem_kind a_key = { NULL, "the private key", THING_KEY,
	BODY_KEY };
static const struct pem_kind unknown = { NULL, NULL, THING_OTHER, BODY_NONE };

const struct pem_kind *
pemkind_of(const char *label)
{
	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		if (strcmp(kinds[i].label, label) == 0)
			return &kinds[i];
	}
	return privatekey_is_label(label) ? &a_key : &unknown;
}

bool
pemkind_has_body(const struct pem_kind *k)
{
	return k->body != BODY_NONE && k->body != BODY_KEY;
}
