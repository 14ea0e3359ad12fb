/* oddkeys.h - keys and signatures that mkcert.h does not make */
#ifndef TESTS_ODDKEYS_H
#define TESTS_ODDKEYS_H

#include <string.h>

#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>

/* For EVP_PKEY_free(). Include it after cmocka.h. */
static inline EVP_PKEY *
oddkeys_curve(const char *curve)
{
	EVP_PKEY *key = EVP_EC_gen(curve);

	assert_non_null(key);
	return key;
}

/* "RSA" or "RSA-PSS". */
static inline EVP_PKEY *
oddkeys_rsa(const char *type, size_t bits)
{
	EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new_from_name(NULL, type, NULL);
	EVP_PKEY *key = NULL;

	assert_int_equal(EVP_PKEY_keygen_init(ctx), 1);
	assert_int_equal(EVP_PKEY_CTX_set_rsa_keygen_bits(ctx, (int)bits), 1);
	assert_int_equal(EVP_PKEY_generate(ctx, &key), 1);
	EVP_PKEY_CTX_free(ctx);
	return key;
}

static inline EVP_PKEY *
oddkeys_simple(const char *type)
{
	EVP_PKEY *key = EVP_PKEY_Q_keygen(NULL, NULL, type);

	assert_non_null(key);
	return key;
}

/* The same curve and point, but the curve written out: RFC 5480 forbids it. */
static inline EVP_PKEY *
oddkeys_explicit(void)
{
	EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new_from_name(NULL, "EC", NULL);
	EVP_PKEY *key = NULL;

	assert_int_equal(EVP_PKEY_keygen_init(ctx), 1);
	assert_int_equal(EVP_PKEY_CTX_set_group_name(ctx, "P-256"), 1);
	assert_int_equal(
		EVP_PKEY_CTX_set_ec_param_enc(ctx, OPENSSL_EC_EXPLICIT_CURVE),
		1);
	assert_int_equal(EVP_PKEY_generate(ctx, &key), 1);
	EVP_PKEY_CTX_free(ctx);
	return key;
}

static inline EVP_PKEY *
oddkeys_dsa(int bits)
{
	EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new_from_name(NULL, "DSA", NULL);
	EVP_PKEY *params = NULL, *key = NULL;

	assert_int_equal(EVP_PKEY_paramgen_init(ctx), 1);
	assert_int_equal(EVP_PKEY_CTX_set_dsa_paramgen_bits(ctx, bits), 1);
	assert_int_equal(EVP_PKEY_paramgen(ctx, &params), 1);
	EVP_PKEY_CTX_free(ctx);
	ctx = EVP_PKEY_CTX_new_from_pkey(NULL, params, NULL);
	assert_int_equal(EVP_PKEY_keygen_init(ctx), 1);
	assert_int_equal(EVP_PKEY_generate(ctx, &key), 1);
	EVP_PKEY_CTX_free(ctx);
	EVP_PKEY_free(params);
	return key;
}

/* What a certificate or a key's file gives back: the public half, decoded. */
static inline EVP_PKEY *
oddkeys_public(const EVP_PKEY *key)
{
	unsigned char *der = NULL;
	const unsigned char *p;
	int n = i2d_PUBKEY(key, &der);
	EVP_PKEY *out;

	assert_true(n > 0);
	p = der;
	out = d2i_PUBKEY(NULL, &p, n);
	assert_non_null(out);
	OPENSSL_free(der);
	return out;
}

/* The public half of an RSA key with another exponent. */
static inline EVP_PKEY *
oddkeys_exponent(const EVP_PKEY *key, unsigned long e)
{
	EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new_from_name(NULL, "RSA", NULL);
	BIGNUM *n = NULL;
	unsigned char modulus[512];
	size_t len;
	EVP_PKEY *out = NULL;

	assert_int_equal(
		EVP_PKEY_get_bn_param(key, OSSL_PKEY_PARAM_RSA_N, &n), 1);
	len = (size_t)BN_num_bytes(n);
	assert_true(len <= sizeof(modulus));
	/* In the machine's own order. */
	assert_true(BN_bn2nativepad(n, modulus, (int)len) > 0);
	OSSL_PARAM params[] = {
		OSSL_PARAM_construct_BN(OSSL_PKEY_PARAM_RSA_N, modulus, len),
		OSSL_PARAM_construct_BN(
			OSSL_PKEY_PARAM_RSA_E, (unsigned char *)&e, sizeof(e)),
		OSSL_PARAM_construct_end(),
	};
	assert_int_equal(EVP_PKEY_fromdata_init(ctx), 1);
	assert_int_equal(
		EVP_PKEY_fromdata(ctx, &out, EVP_PKEY_PUBLIC_KEY, params), 1);
	EVP_PKEY_CTX_free(ctx);
	BN_free(n);
	return out;
}

/* Sign anew with SM2, and with an identifier that mkcert leaves empty. */
static inline void
oddkeys_sign_sm2(X509 *x509, EVP_PKEY *key, const char *id)
{
	EVP_MD_CTX *md = EVP_MD_CTX_new();
	EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new_from_pkey(NULL, key, NULL);

	assert_int_equal(EVP_PKEY_CTX_set1_id(ctx, id, (int)strlen(id)), 1);
	EVP_MD_CTX_set_pkey_ctx(md, ctx);
	assert_int_equal(EVP_DigestSignInit(md, NULL, EVP_sm3(), NULL, key), 1);
	assert_true(X509_sign_ctx(x509, md) > 0);
	EVP_MD_CTX_free(md);
	EVP_PKEY_CTX_free(ctx);
}

/* Sign anew with RSA-PSS and that digest. */
static inline void
oddkeys_sign_pss(X509 *x509, EVP_PKEY *key, const EVP_MD *digest)
{
	EVP_MD_CTX *md = EVP_MD_CTX_new();
	EVP_PKEY_CTX *ctx = NULL;

	assert_int_equal(EVP_DigestSignInit(md, &ctx, digest, NULL, key), 1);
	assert_int_equal(
		EVP_PKEY_CTX_set_rsa_padding(ctx, RSA_PKCS1_PSS_PADDING), 1);
	assert_int_equal(EVP_PKEY_CTX_set_rsa_pss_saltlen(ctx, 20), 1);
	assert_true(X509_sign_ctx(x509, md) > 0);
	EVP_MD_CTX_free(md);
}

/* As it would be read from a file; `x509` is freed. */
static inline X509 *
oddkeys_reread(X509 *x509)
{
	unsigned char *der = NULL;
	const unsigned char *p;
	int n = i2d_X509(x509, &der);
	X509 *out;

	assert_true(n > 0);
	p = der;
	out = d2i_X509(NULL, &p, n);
	assert_non_null(out);
	OPENSSL_free(der);
	X509_free(x509);
	return out;
}

#endif
