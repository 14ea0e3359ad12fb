/* sm2.c - what is peculiar to signatures of SM2 */
#include <string.h>

#include "model/alloc.h"
#include "model/sm2.h"

/* GB/T 35276 names the first; openssl(1) takes the second where told none. */
static const char *const ids[] = { "1234567812345678", "" };

bool
sm2_is_signature(const X509 *x509)
{
	return X509_get_signature_nid(x509) == NID_SM2_with_SM3;
}

/* Takes over `id`; its being NULL means that memory ran out. */
static void
set_id(X509 *x509, ASN1_OCTET_STRING *id)
{
	if (id == NULL)
		mem_exhausted();
	X509_set0_distinguishing_id(x509, id);
}

static ASN1_OCTET_STRING *
make_id(const char *text)
{
	ASN1_OCTET_STRING *id = ASN1_OCTET_STRING_new();

	if (id == NULL ||
		ASN1_OCTET_STRING_set(id, (const unsigned char *)text,
			(int)strlen(text)) != 1)
		mem_exhausted();
	return id;
}

void
sm2_identify(X509 *x509)
{
	set_id(x509, make_id(ids[0]));
}

bool
sm2_verify(X509 *x509, EVP_PKEY *key)
{
	ASN1_OCTET_STRING *former = X509_get0_distinguishing_id(x509);

	if (former != NULL)
		former = ASN1_OCTET_STRING_dup(former);
	else
		former = make_id(ids[0]);
	for (size_t i = 0; i < sizeof(ids) / sizeof(ids[0]); i++) {
		set_id(x509, make_id(ids[i]));
		if (X509_verify(x509, key) == 1) {
			ASN1_OCTET_STRING_free(former);
			return true;
		}
	}
	set_id(x509, former);
	return false;
}
