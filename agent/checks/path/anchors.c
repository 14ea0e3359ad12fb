/* anchors.c - which certificates of a trust store count as trust anchors */
#include <openssl/x509v3.h>

#include "checks/path/anchors.h"
#include "model/alloc.h"

void
anchors_open(struct anchors *a, const struct trust *trust)
{
	*a = (struct anchors){ .trust = trust };
	if (trust == NULL)
		return;
	a->lookup = X509_STORE_CTX_new_ex(trust->libctx, NULL);
	if (a->lookup == NULL ||
		X509_STORE_CTX_init(a->lookup, trust->store, NULL, NULL) != 1)
		mem_exhausted();
}

void
anchors_close(struct anchors *a)
{
	X509_STORE_CTX_free(a->lookup);
	a->lookup = NULL;
}

STACK_OF(X509) *
anchors_named(const struct anchors *a, const X509_NAME *name)
{
	if (a->lookup == NULL)
		return NULL;
	return X509_STORE_CTX_get1_certs(a->lookup, name);
}

static bool
has_issuer(const struct anchors *a, X509 *x509)
{
	STACK_OF(X509) *issuers = anchors_named(a, X509_get_issuer_name(x509));
	bool yes = false;

	for (int i = 0; i < sk_X509_num(issuers) && !yes; i++)
		yes = X509_check_issued(sk_X509_value(issuers, i), x509) ==
			X509_V_OK;
	sk_X509_pop_free(issuers, X509_free);
	return yes;
}

bool
anchors_accept(const struct anchors *a, X509 *x509)
{
	if (a->trust == NULL)
		return false;
	return X509_self_signed(x509, 0) == 1 ||
		(a->trust->exact && !has_issuer(a, x509));
}

bool
anchors_has(const struct anchors *a, X509 *x509)
{
	STACK_OF(X509) *same;
	bool yes = false;

	if (!anchors_accept(a, x509))
		return false;
	same = anchors_named(a, X509_get_subject_name(x509));
	for (int i = 0; i < sk_X509_num(same) && !yes; i++)
		yes = X509_cmp(sk_X509_value(same, i), x509) == 0;
	sk_X509_pop_free(same, X509_free);
	return yes;
}
