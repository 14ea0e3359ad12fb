/* pbe.c - encryption by passphrase: what it is called, and what it costs */
#include <string.h>

#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/objects.h>
#include <openssl/pkcs12.h>
#include <openssl/provider.h>
#include <openssl/x509.h>

#include "model/alloc.h"
#include "probes/file/pbe.h"

DEFINE_CLEANUP(PBE2PARAM, PBE2PARAM_free)

/* What PKCS#12 files of old are encrypted with: RFC 7292, C; RFC 8018, 6.1. */
static const struct {
	int nid;
	const char *name;
} legacy[] = {
	{ NID_pbe_WithSHA1And40BitRC2_CBC, "RC2-40" },
	{ NID_pbe_WithSHA1And128BitRC2_CBC, "RC2-128" },
	{ NID_pbe_WithSHA1And40BitRC4, "RC4-40" },
	{ NID_pbe_WithSHA1And128BitRC4, "RC4-128" },
	{ NID_pbeWithMD2AndDES_CBC, "DES" },
	{ NID_pbeWithMD5AndDES_CBC, "DES" },
	{ NID_pbeWithSHA1AndDES_CBC, "DES" },
	{ NID_pbeWithMD2AndRC2_CBC, "RC2-64" },
	{ NID_pbeWithMD5AndRC2_CBC, "RC2-64" },
	{ NID_pbeWithSHA1AndRC2_CBC, "RC2-64" },
	/* the ciphers of PBES2 */
	{ NID_rc2_cbc, "RC2" },
	{ NID_des_cbc, "DES" },
};

static int
nid_of(const X509_ALGOR *alg)
{
	const ASN1_OBJECT *oid = NULL;

	X509_ALGOR_get0(&oid, NULL, NULL, alg);
	return oid != NULL ? OBJ_obj2nid(oid) : NID_undef;
}

/* Its parameters, decoded as the type `it`, or NULL. */
static void *
parameters(const X509_ALGOR *alg, const ASN1_ITEM *it)
{
	void *v = NULL;

	if (alg->parameter == NULL)
		return NULL;
	ERR_set_mark();
	if (alg->parameter->type == V_ASN1_SEQUENCE)
		v = ASN1_TYPE_unpack_sequence(it, alg->parameter);
	ERR_pop_to_mark();
	return v;
}

static const char *
legacy_name(int nid)
{
	for (size_t i = 0; i < sizeof(legacy) / sizeof(legacy[0]); i++) {
		if (legacy[i].nid == nid)
			return legacy[i].name;
	}
	return NULL;
}

/* The scheme's, or the cipher's within PBES2. */
static int
cipher_nid(const X509_ALGOR *alg)
{
	cleanup(PBE2PARAM_free) PBE2PARAM *p = NULL;
	int nid = nid_of(alg);

	if (nid != NID_pbes2)
		return nid;
	p = parameters(alg, ASN1_ITEM_rptr(PBE2PARAM));
	return p != NULL ? nid_of(p->encryption) : NID_undef;
}

static void
add_oid(const ASN1_OBJECT *oid, struct buf *out)
{
	int nid = oid != NULL ? OBJ_obj2nid(oid) : NID_undef;
	char text[80];

	if (nid != NID_undef)
		buf_puts(out, OBJ_nid2ln(nid));
	else if (oid != NULL && OBJ_obj2txt(text, sizeof(text), oid, 1) > 0)
		buf_puts(out, text);
	else
		buf_puts(out, "an unknown algorithm");
}

void
pbe_name(const X509_ALGOR *alg, struct buf *out)
{
	const char *old = legacy_name(cipher_nid(alg));
	cleanup(PBE2PARAM_free) PBE2PARAM *p = NULL;

	if (old != NULL) {
		buf_puts(out, old);
		return;
	}
	if (nid_of(alg) == NID_pbes2)
		p = parameters(alg, ASN1_ITEM_rptr(PBE2PARAM));
	if (p == NULL) {
		add_oid(alg->algorithm, out);
		return;
	}
	add_oid(p->encryption->algorithm, out);
	buf_puts(out, " and ");
	add_oid(p->keyfunc->algorithm, out);
}

bool
pbe_is_legacy(const X509_ALGOR *alg)
{
	return legacy_name(cipher_nid(alg)) != NULL;
}

int64_t
pbe_rounds_of(const ASN1_INTEGER *iterations)
{
	int64_t n;

	if (iterations == NULL)
		return 1;
	ERR_set_mark();
	if (ASN1_INTEGER_get_int64(&n, iterations) != 1)
		n = INT64_MAX;
	ERR_pop_to_mark();
	return n < 0 ? 0 : n;
}

/* RFC 7914: N blocks of r, p times. OpenSSL bounds N and r, but not p. */
static int64_t
scrypt_rounds(const X509_ALGOR *kdf)
{
	SCRYPT_PARAMS *s = parameters(kdf, ASN1_ITEM_rptr(SCRYPT_PARAMS));
	int64_t n, product;

	if (s == NULL)
		return 0;
	product = pbe_rounds_of(s->costParameter);
	if (__builtin_mul_overflow(
		    product, pbe_rounds_of(s->blockSize), &product))
		product = INT64_MAX;
	n = pbe_rounds_of(s->parallelizationParameter);
	if (__builtin_mul_overflow(product, n, &product))
		product = INT64_MAX;
	SCRYPT_PARAMS_free(s);
	return product;
}

static int64_t
pbes2_rounds(const X509_ALGOR *alg)
{
	cleanup(PBE2PARAM_free)
		PBE2PARAM *p = parameters(alg, ASN1_ITEM_rptr(PBE2PARAM));
	PBKDF2PARAM *k;
	int64_t n;

	if (p == NULL)
		return 0;
	if (nid_of(p->keyfunc) == NID_id_scrypt)
		return scrypt_rounds(p->keyfunc);
	k = parameters(p->keyfunc, ASN1_ITEM_rptr(PBKDF2PARAM));
	n = k != NULL ? pbe_rounds_of(k->iter) : 0;
	PBKDF2PARAM_free(k);
	return n;
}

int64_t
pbe_rounds(const X509_ALGOR *alg)
{
	PBEPARAM *p;
	int64_t n;

	/* They are built alike: how to derive a key, and what it is for. */
	if (nid_of(alg) == NID_pbes2 || nid_of(alg) == NID_pbmac1)
		return pbes2_rounds(alg);
	p = parameters(alg, ASN1_ITEM_rptr(PBEPARAM));
	n = p != NULL ? pbe_rounds_of(p->iter) : 0;
	PBEPARAM_free(p);
	return n;
}

bool
pbe_unsupported(void)
{
	static const int reasons[] = {
		EVP_R_UNSUPPORTED_ALGORITHM,
		EVP_R_UNSUPPORTED_CIPHER,
		EVP_R_UNSUPPORTED_KEY_DERIVATION_FUNCTION,
		EVP_R_UNSUPPORTED_KEYLENGTH,
		EVP_R_UNSUPPORTED_PRF,
		EVP_R_UNSUPPORTED_SALT_TYPE,
		EVP_R_UNKNOWN_CIPHER,
		EVP_R_UNKNOWN_DIGEST,
		EVP_R_UNKNOWN_PBE_ALGORITHM,
	};
	bool yes = false;
	unsigned long e;

	while ((e = ERR_get_error()) != 0) {
		if (ERR_GET_REASON(e) == ERR_R_UNSUPPORTED)
			yes = true;
		for (size_t i = 0; i < sizeof(reasons) / sizeof(reasons[0]);
			i++)
			yes = yes ||
				(ERR_GET_LIB(e) == ERR_LIB_EVP &&
					ERR_GET_REASON(e) == reasons[i]);
	}
	return yes;
}

void *
pbe_decrypt(const X509_ALGOR *alg, const ASN1_OCTET_STRING *data,
	const ASN1_ITEM *it, const char *passphrase, OSSL_LIB_CTX *libctx)
{
	ERR_clear_error();
	/* 1: the plain text is wiped. */
	return PKCS12_item_decrypt_d2i_ex(alg, it, passphrase,
		passphrase != NULL ? (int)strlen(passphrase) : 0, data, 1,
		libctx, NULL);
}

OSSL_LIB_CTX *
pbe_legacy_context(struct pbe_legacy *l)
{
	if (l->tried)
		return l->libctx;
	l->tried = true;
	l->libctx = OSSL_LIB_CTX_new();
	if (l->libctx == NULL)
		mem_exhausted();
	ERR_set_mark();
	l->providers[0] = OSSL_PROVIDER_load(l->libctx, "legacy");
	if (l->providers[0] != NULL)
		l->providers[1] = OSSL_PROVIDER_load(l->libctx, "default");
	ERR_pop_to_mark();
	if (l->providers[1] == NULL)
		pbe_legacy_release(l);
	return l->libctx;
}

void
pbe_legacy_release(struct pbe_legacy *l)
{
	for (int i = 1; i >= 0; i--) {
		if (l->providers[i] != NULL)
			(void)OSSL_PROVIDER_unload(l->providers[i]);
		l->providers[i] = NULL;
	}
	OSSL_LIB_CTX_free(l->libctx);
	l->libctx = NULL;
}
