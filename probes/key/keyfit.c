/* keyfit.c - do the private and the public half of a key fit each other? */
#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/err.h>
#include <openssl/evp.h>

#include "model/alloc.h"
#include "probes/key/keyfit.h"

DEFINE_CLEANUP(BIGNUM, BN_clear_free)
DEFINE_CLEANUP(BN_CTX, BN_CTX_free)
DEFINE_CLEANUP(EVP_PKEY_CTX, EVP_PKEY_CTX_free)

/* A file may hold a thousand keys: none may take more than some 10 ms. */
#define RSA_MAX_BITS 16384 /* also OpenSSL's own bound for use */
#define RSA_MAX_BITS_UNFACTORED 2048
#define DSA_MAX_BITS 4096
#define DSA_MAX_BITS_ORDER 512

#define MAX_PRIMES 10 /* as many as OpenSSL names */

static const char *const primes[MAX_PRIMES] = {
	OSSL_PKEY_PARAM_RSA_FACTOR1,
	OSSL_PKEY_PARAM_RSA_FACTOR2,
	OSSL_PKEY_PARAM_RSA_FACTOR3,
	OSSL_PKEY_PARAM_RSA_FACTOR4,
	OSSL_PKEY_PARAM_RSA_FACTOR5,
	OSSL_PKEY_PARAM_RSA_FACTOR6,
	OSSL_PKEY_PARAM_RSA_FACTOR7,
	OSSL_PKEY_PARAM_RSA_FACTOR8,
	OSSL_PKEY_PARAM_RSA_FACTOR9,
	OSSL_PKEY_PARAM_RSA_FACTOR10,
};

static const char *const exponents[MAX_PRIMES] = {
	OSSL_PKEY_PARAM_RSA_EXPONENT1,
	OSSL_PKEY_PARAM_RSA_EXPONENT2,
	OSSL_PKEY_PARAM_RSA_EXPONENT3,
	OSSL_PKEY_PARAM_RSA_EXPONENT4,
	OSSL_PKEY_PARAM_RSA_EXPONENT5,
	OSSL_PKEY_PARAM_RSA_EXPONENT6,
	OSSL_PKEY_PARAM_RSA_EXPONENT7,
	OSSL_PKEY_PARAM_RSA_EXPONENT8,
	OSSL_PKEY_PARAM_RSA_EXPONENT9,
	OSSL_PKEY_PARAM_RSA_EXPONENT10,
};

/* A number of the key, for BN_clear_free(); NULL: it has none, or zero. */
static BIGNUM *
number(const EVP_PKEY *key, const char *name)
{
	BIGNUM *n = NULL;

	if (EVP_PKEY_get_bn_param(key, name, &n) != 1)
		return NULL;
	if (BN_is_zero(n)) {
		BN_clear_free(n);
		return NULL;
	}
	return n;
}

/*
 * a * b is 1 modulo m. What is not there cannot be wrong, and what cannot be
 * computed is not known to be.
 */
static bool
inverse(const BIGNUM *a, const BIGNUM *b, const BIGNUM *m, BN_CTX *ctx)
{
	cleanup(BN_clear_free) BIGNUM *product = BN_new();

	if (a == NULL || b == NULL || m == NULL || BN_is_zero(m) ||
		BN_is_one(m))
		return true;
	return BN_mod_mul(product, a, b, m, ctx) != 1 || BN_is_one(product);
}

/* RFC 8017, 3.2: for the i-th prime r, e * d and e * d_i are 1 mod r - 1. */
static bool
prime_fits(const EVP_PKEY *key, int i, const BIGNUM *prime, const BIGNUM *e,
	const BIGNUM *d, BN_CTX *ctx)
{
	cleanup(BN_clear_free) BIGNUM *exponent = number(key, exponents[i]);
	cleanup(BN_clear_free) BIGNUM *order = BN_dup(prime);

	if (order == NULL || BN_sub_word(order, 1) != 1)
		return true;
	return inverse(e, d, order, ctx) && inverse(e, exponent, order, ctx);
}

/* The factors make up the modulus, and the exponents belong to them. */
static bool
factors_fit(const EVP_PKEY *key, const BIGNUM *n, const BIGNUM *e,
	const BIGNUM *d, BN_CTX *ctx)
{
	cleanup(BN_clear_free) BIGNUM *product = BN_new();

	if (product == NULL || BN_one(product) != 1)
		return true;
	for (int i = 0; i < MAX_PRIMES; i++) {
		cleanup(BN_clear_free) BIGNUM *prime = number(key, primes[i]);

		if (prime == NULL)
			break;
		if (!prime_fits(key, i, prime, e, d, ctx))
			return false;
		if (BN_mul(product, product, prime, ctx) != 1)
			return true;
	}
	return BN_cmp(product, n) == 0;
}

/* A key may come without its factors: 2^(e * d) is 2 mod n. */
static bool
exponents_fit(const BIGNUM *n, const BIGNUM *e, const BIGNUM *d, BN_CTX *ctx)
{
	cleanup(BN_clear_free) BIGNUM *x = BN_new();

	if (e == NULL || d == NULL ||
		BN_num_bits(n) > RSA_MAX_BITS_UNFACTORED ||
		BN_num_bits(d) > BN_num_bits(n) ||
		BN_num_bits(e) > BN_num_bits(n))
		return true;
	if (x == NULL || BN_set_word(x, 2) != 1 ||
		BN_mod_exp(x, x, e, n, ctx) != 1 ||
		BN_mod_exp(x, x, d, n, ctx) != 1)
		return true;
	return BN_is_word(x, 2);
}

/*
 * RFC 8017, 3.2. This is exact and takes microseconds; RSA_check_key() tries
 * whether the factors are prime as well, which takes seconds. A signature
 * would not do: OpenSSL corrects itself where its shortcut by the factors
 * fails, and other software does not.
 */
static bool
rsa_fits(const EVP_PKEY *key)
{
	cleanup(BN_CTX_free) BN_CTX *ctx = BN_CTX_secure_new();
	cleanup(BN_clear_free) BIGNUM *n = number(key, OSSL_PKEY_PARAM_RSA_N);
	cleanup(BN_clear_free) BIGNUM *e = number(key, OSSL_PKEY_PARAM_RSA_E);
	cleanup(BN_clear_free) BIGNUM *d = number(key, OSSL_PKEY_PARAM_RSA_D);
	cleanup(BN_clear_free) BIGNUM *p = number(key, primes[0]);
	cleanup(BN_clear_free) BIGNUM *q = number(key, primes[1]);
	cleanup(BN_clear_free)
		BIGNUM *qinv = number(key, OSSL_PKEY_PARAM_RSA_COEFFICIENT1);

	if (ctx == NULL || n == NULL)
		return true;
	if (p == NULL || q == NULL)
		return exponents_fit(n, e, d, ctx);
	return inverse(qinv, q, p, ctx) && factors_fit(key, n, e, d, ctx);
}

/* EC, SM2, DSA: the public half is made again and compared. */
static bool
pair_fits(const EVP_PKEY *key, OSSL_LIB_CTX *libctx)
{
	/* It only counts its references. */
	cleanup(EVP_PKEY_CTX_free) EVP_PKEY_CTX *ctx =
		EVP_PKEY_CTX_new_from_pkey(libctx, (EVP_PKEY *)key, NULL);

	return ctx == NULL || EVP_PKEY_pairwise_check(ctx) != 0;
}

static bool
dsa_is_small(const EVP_PKEY *key)
{
	cleanup(BN_clear_free) BIGNUM *q = number(key, OSSL_PKEY_PARAM_FFC_Q);

	return EVP_PKEY_get_bits(key) <= DSA_MAX_BITS && q != NULL &&
		BN_num_bits(q) <= DSA_MAX_BITS_ORDER;
}

bool
keyfit_halves(const EVP_PKEY *key, OSSL_LIB_CTX *libctx)
{
	bool fits = true;

	ERR_set_mark();
	if (EVP_PKEY_is_a(key, "RSA") || EVP_PKEY_is_a(key, "RSA-PSS"))
		fits = EVP_PKEY_get_bits(key) > RSA_MAX_BITS || rsa_fits(key);
	else if (EVP_PKEY_is_a(key, "EC") || EVP_PKEY_is_a(key, "SM2") ||
		(EVP_PKEY_is_a(key, "DSA") && dsa_is_small(key)))
		fits = pair_fits(key, libctx);
	ERR_pop_to_mark();
	return fits;
}
