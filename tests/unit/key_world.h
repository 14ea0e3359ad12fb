/* key_world.h - private keys of every kind, in every form they are written */
#ifndef TESTS_KEY_WORLD_H
#define TESTS_KEY_WORLD_H

#include "tests/unit/unit.h"

#include <stdbool.h>
#include <string.h>

#include <openssl/core_names.h>
#include <openssl/dh.h>
#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/param_build.h>
#include <openssl/pem.h>
#include <openssl/pkcs12.h>
#include <openssl/provider.h>
#include <openssl/rsa.h>

#include "model/alloc.h"
#include "model/buf.h"

#define PASSPHRASE "correct horse"

enum key_type {
	KEY_RSA,
	KEY_RSA_MULTI, /* of three primes */
	KEY_PSS,
	KEY_PSS_STRICT, /* for SHA-256 with its salt alone */
	KEY_DSA,
	KEY_P256,
	KEY_P384,
	KEY_P521,
	KEY_K256, /* secp256k1 */
	KEY_BRAINPOOL,
	KEY_EXPLICIT, /* P-256, its parameters written out */
	KEY_BARE, /* P-256 without its public half */
	KEY_SM2,
	KEY_ED25519,
	KEY_ED448,
	KEY_X25519,
	KEY_X448,
	KEY_DH,
	KEY_TYPES
};

static const char *const key_type_names[KEY_TYPES] = { "RSA",
	"RSA of three primes", "RSA-PSS", "RSA-PSS, restricted", "DSA", "P-256",
	"P-384", "P-521", "secp256k1", "brainpoolP256r1", "EC, explicit",
	"EC, no public half", "SM2", "Ed25519", "Ed448", "X25519", "X448",
	"DH" };

enum key_form {
	FORM_PKCS8,
	FORM_PBES2, /* AES-256-CBC and PBKDF2, as openssl does today */
	FORM_SCRYPT,
	FORM_PBE_3DES, /* PKCS#12's own way */
	FORM_PBE_DES, /* PBES1, as openssl did before 1.1 */
	FORM_OLD, /* RSA, EC, DSA PRIVATE KEY */
	FORM_OLD_AES, /* with Proc-Type and DEK-Info */
	FORM_OLD_3DES,
	FORM_PKCS8_DER,
	FORM_PBES2_DER,
	FORM_OLD_DER,
	KEY_FORMS
};

static const struct {
	const char *name;
	bool encrypted, der, old, outdated;
} key_forms[KEY_FORMS] = {
	[FORM_PKCS8] = { "PKCS#8", false, false, false, false },
	[FORM_PBES2] = { "PBES2", true, false, false, false },
	[FORM_SCRYPT] = { "scrypt", true, false, false, false },
	[FORM_PBE_3DES] = { "PBE with 3DES", true, false, false, false },
	[FORM_PBE_DES] = { "PBES1 with DES", true, false, false, true },
	[FORM_OLD] = { "traditional", false, false, true, false },
	[FORM_OLD_AES] = { "DEK-Info AES", true, false, true, false },
	[FORM_OLD_3DES] = { "DEK-Info 3DES", true, false, true, false },
	[FORM_PKCS8_DER] = { "PKCS#8 DER", false, true, false, false },
	[FORM_PBES2_DER] = { "PBES2 DER", true, true, false, false },
	[FORM_OLD_DER] = { "traditional DER", false, true, true, false },
};

static EVP_PKEY *
key_generate(EVP_PKEY_CTX *ctx)
{
	EVP_PKEY *key = NULL;

	assert_non_null(ctx);
	assert_int_equal(EVP_PKEY_generate(ctx, &key), 1);
	EVP_PKEY_CTX_free(ctx);
	return key;
}

static EVP_PKEY_CTX *
key_context(const char *type)
{
	EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new_from_name(NULL, type, NULL);

	assert_non_null(ctx);
	assert_int_equal(EVP_PKEY_keygen_init(ctx), 1);
	return ctx;
}

static EVP_PKEY *
key_make_rsa(enum key_type type)
{
	bool pss = type == KEY_PSS || type == KEY_PSS_STRICT;
	EVP_PKEY_CTX *ctx = key_context(pss ? "RSA-PSS" : "RSA");

	assert_int_equal(EVP_PKEY_CTX_set_rsa_keygen_bits(ctx, 2048), 1);
	if (type == KEY_RSA_MULTI)
		assert_int_equal(EVP_PKEY_CTX_set_rsa_keygen_primes(ctx, 3), 1);
	if (type == KEY_PSS_STRICT) {
		assert_int_equal(
			EVP_PKEY_CTX_set_rsa_pss_keygen_md(ctx, EVP_sha256()),
			1);
		assert_int_equal(
			EVP_PKEY_CTX_set_rsa_pss_keygen_saltlen(ctx, 32), 1);
	}
	return key_generate(ctx);
}

/* A ready group: to make one takes seconds. */
static EVP_PKEY *
key_make_dsa(void)
{
	EVP_PKEY *group = EVP_PKEY_new(), *params = NULL, *key;
	EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new_from_name(NULL, "DHX", NULL);
	OSSL_PARAM_BLD *build = OSSL_PARAM_BLD_new();
	static const char *const names[] = { OSSL_PKEY_PARAM_FFC_P,
		OSSL_PKEY_PARAM_FFC_Q, OSSL_PKEY_PARAM_FFC_G };
	BIGNUM *n[3] = { NULL, NULL, NULL };
	OSSL_PARAM *list;
	OSSL_PARAM which[] = { OSSL_PARAM_construct_utf8_string(
				       OSSL_PKEY_PARAM_GROUP_NAME,
				       LENT("dh_2048_256"), 0),
		OSSL_PARAM_construct_end() };

	assert_int_equal(EVP_PKEY_fromdata_init(ctx), 1);
	assert_int_equal(
		EVP_PKEY_fromdata(ctx, &group, EVP_PKEY_KEY_PARAMETERS, which),
		1);
	EVP_PKEY_CTX_free(ctx);
	for (int i = 0; i < 3; i++) {
		assert_int_equal(
			EVP_PKEY_get_bn_param(group, names[i], &n[i]), 1);
		assert_int_equal(
			OSSL_PARAM_BLD_push_BN(build, names[i], n[i]), 1);
	}
	list = OSSL_PARAM_BLD_to_param(build);
	ctx = EVP_PKEY_CTX_new_from_name(NULL, "DSA", NULL);
	assert_int_equal(EVP_PKEY_fromdata_init(ctx), 1);
	assert_int_equal(
		EVP_PKEY_fromdata(ctx, &params, EVP_PKEY_KEY_PARAMETERS, list),
		1);
	EVP_PKEY_CTX_free(ctx);
	ctx = EVP_PKEY_CTX_new_from_pkey(NULL, params, NULL);
	assert_int_equal(EVP_PKEY_keygen_init(ctx), 1);
	key = key_generate(ctx);
	for (int i = 0; i < 3; i++)
		BN_free(n[i]);
	OSSL_PARAM_free(list);
	OSSL_PARAM_BLD_free(build);
	EVP_PKEY_free(params);
	EVP_PKEY_free(group);
	return key;
}

static EVP_PKEY *
key_make_ec(const char *curve, bool explicit_parameters)
{
	EVP_PKEY_CTX *ctx = key_context("EC");

	assert_int_equal(EVP_PKEY_CTX_set_group_name(ctx, curve), 1);
	if (explicit_parameters)
		assert_int_equal(EVP_PKEY_CTX_set_ec_param_enc(
					 ctx, OPENSSL_EC_EXPLICIT_CURVE),
			1);
	return key_generate(ctx);
}

static EVP_PKEY *
key_make_dh(void)
{
	EVP_PKEY_CTX *ctx = key_context("DH");

	assert_int_equal(EVP_PKEY_CTX_set_group_name(ctx, "ffdhe2048"), 1);
	return key_generate(ctx);
}

static EVP_PKEY *
key_make(enum key_type type)
{
	EVP_PKEY *key;

	switch (type) {
	case KEY_RSA:
	case KEY_RSA_MULTI:
	case KEY_PSS:
	case KEY_PSS_STRICT:
		return key_make_rsa(type);
	case KEY_DSA:
		return key_make_dsa();
	case KEY_P256:
		return key_make_ec("P-256", false);
	case KEY_P384:
		return key_make_ec("P-384", false);
	case KEY_P521:
		return key_make_ec("P-521", false);
	case KEY_K256:
		return key_make_ec("secp256k1", false);
	case KEY_BRAINPOOL:
		return key_make_ec("brainpoolP256r1", false);
	case KEY_EXPLICIT:
		return key_make_ec("P-256", true);
	case KEY_BARE:
		key = key_make_ec("P-256", false);
		assert_int_equal(EVP_PKEY_set_int_param(key,
					 OSSL_PKEY_PARAM_EC_INCLUDE_PUBLIC, 0),
			1);
		return key;
	case KEY_SM2:
		return key_generate(key_context("SM2"));
	case KEY_ED25519:
		return key_generate(key_context("ED25519"));
	case KEY_ED448:
		return key_generate(key_context("ED448"));
	case KEY_X25519:
		return key_generate(key_context("X25519"));
	case KEY_X448:
		return key_generate(key_context("X448"));
	default:
		return key_make_dh();
	}
}

/* In the clear, as DER: PKCS#8, or what the type had of old. */
static void
key_der(EVP_PKEY *key, bool old, struct buf *out)
{
	unsigned char *der = NULL;
	PKCS8_PRIV_KEY_INFO *p8;
	int n;

	if (old) {
		n = i2d_PrivateKey(key, &der);
	} else {
		p8 = EVP_PKEY2PKCS8(key);
		assert_non_null(p8);
		n = i2d_PKCS8_PRIV_KEY_INFO(p8, &der);
		PKCS8_PRIV_KEY_INFO_free(p8);
	}
	assert_true(n > 0);
	buf_add(out, der, (size_t)n);
	OPENSSL_free(der);
}

/* "-----BEGIN ..." around the base64 of `der`. */
static void
key_wrap(struct buf *out, const char *label, const struct buf *der)
{
	BIO *bio = BIO_new(BIO_s_mem());
	char *text;
	long n;

	assert_true(PEM_write_bio(bio, label, "", (unsigned char *)der->s,
			    (long)der->len) > 0);
	n = BIO_get_mem_data(bio, &text);
	buf_add(out, text, (size_t)n);
	BIO_free(bio);
}

/* Algorithms of old, for the tests alone. */
static OSSL_LIB_CTX *
key_old_context(void)
{
	static OSSL_LIB_CTX *ctx;
	static bool tried;

	if (tried)
		return ctx;
	tried = true;
	ctx = OSSL_LIB_CTX_new();
	if (OSSL_PROVIDER_load(ctx, "legacy") == NULL) {
		OSSL_LIB_CTX_free(ctx);
		ctx = NULL;
	} else {
		assert_non_null(OSSL_PROVIDER_load(ctx, "default"));
	}
	return ctx;
}

/* EncryptedPrivateKeyInfo by `alg`, which it takes over. */
static void
key_seal(EVP_PKEY *key, X509_ALGOR *alg, OSSL_LIB_CTX *ctx, struct buf *out)
{
	PKCS8_PRIV_KEY_INFO *p8 = EVP_PKEY2PKCS8(key);
	unsigned char *der = NULL;
	X509_SIG *sig;
	int n;

	assert_non_null(alg);
	sig = PKCS8_set0_pbe_ex(
		PASSPHRASE, strlen(PASSPHRASE), p8, alg, ctx, NULL);
	assert_non_null(sig);
	n = i2d_X509_SIG(sig, &der);
	assert_true(n > 0);
	buf_add(out, der, (size_t)n);
	OPENSSL_free(der);
	X509_SIG_free(sig);
	PKCS8_PRIV_KEY_INFO_free(p8);
}

static void
key_seal_as(EVP_PKEY *key, enum key_form form, struct buf *out)
{
	OSSL_LIB_CTX *ctx = NULL;
	X509_ALGOR *alg;

	switch (form) {
	case FORM_SCRYPT:
		alg = PKCS5_pbe2_set_scrypt(
			EVP_aes_256_cbc(), NULL, 0, NULL, 1024, 8, 1);
		break;
	case FORM_PBE_3DES:
		alg = PKCS5_pbe_set(
			NID_pbe_WithSHA1And3_Key_TripleDES_CBC, 2048, NULL, 0);
		break;
	case FORM_PBE_DES:
		ctx = key_old_context();
		alg = PKCS5_pbe_set(NID_pbeWithMD5AndDES_CBC, 2048, NULL, 0);
		break;
	default:
		alg = PKCS5_pbe2_set_iv(EVP_aes_256_cbc(), 2048, NULL, 0, NULL,
			NID_hmacWithSHA256);
		break;
	}
	key_seal(key, alg, ctx, out);
}

/* Its own label, "EC PRIVATE KEY", and DEK-Info. */
static int
key_write_old(EVP_PKEY *key, const EVP_CIPHER *cipher, struct buf *out)
{
	BIO *bio = BIO_new(BIO_s_mem());
	char *text;
	long n = 0;
	int ok = PEM_write_bio_PrivateKey_traditional(bio, key, cipher,
		cipher != NULL ? (const unsigned char *)PASSPHRASE : NULL,
		cipher != NULL ? (int)strlen(PASSPHRASE) : 0, NULL, NULL);

	if (ok == 1)
		n = BIO_get_mem_data(bio, &text);
	if (n > 0)
		buf_add(out, text, (size_t)n);
	BIO_free(bio);
	return ok == 1 ? 0 : -1;
}

static bool
key_has_old_form(enum key_type type)
{
	switch (type) {
	case KEY_RSA:
	case KEY_RSA_MULTI:
	case KEY_DSA:
	case KEY_P256:
	case KEY_P384:
	case KEY_P521:
	case KEY_K256:
	case KEY_BRAINPOOL:
	case KEY_EXPLICIT:
	case KEY_BARE:
	case KEY_SM2:
		return true;
	default:
		return false;
	}
}

/* Appends the key to `out`. Returns 0, or -1 where it has no such form. */
static int
key_write(
	EVP_PKEY *key, enum key_type type, enum key_form form, struct buf *out)
{
	BUF_CLEANUP struct buf der = { 0 };

	if (key_forms[form].old && !key_has_old_form(type))
		return -1;
	if (form == FORM_PBE_DES && key_old_context() == NULL)
		return -1;
	switch (form) {
	case FORM_OLD:
		return key_write_old(key, NULL, out);
	case FORM_OLD_AES:
		return key_write_old(key, EVP_aes_256_cbc(), out);
	case FORM_OLD_3DES:
		return key_write_old(key, EVP_des_ede3_cbc(), out);
	case FORM_PKCS8_DER:
		key_der(key, false, out);
		return 0;
	case FORM_OLD_DER:
		key_der(key, true, out);
		return 0;
	case FORM_PBES2_DER:
		key_seal_as(key, form, out);
		return 0;
	case FORM_PKCS8:
		key_der(key, false, &der);
		key_wrap(out, "PRIVATE KEY", &der);
		return 0;
	default:
		key_seal_as(key, form, &der);
		key_wrap(out, "ENCRYPTED PRIVATE KEY", &der);
		return 0;
	}
}

#endif
