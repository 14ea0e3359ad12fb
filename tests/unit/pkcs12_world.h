/* pkcs12_world.h - PKCS#12 files, made in all ways that tools have made them */
#ifndef TESTS_PKCS12_WORLD_H
#define TESTS_PKCS12_WORLD_H

#include "tests/unit/file_world.h"

#include <openssl/provider.h>

/* With the legacy provider, which the probe's context has not. */
static OSSL_LIB_CTX *old;
static OSSL_PROVIDER *providers[2];

#define AES NID_aes_256_cbc
#define TRIPLE_DES NID_pbe_WithSHA1And3_Key_TripleDES_CBC
#define RC2_40 NID_pbe_WithSHA1And40BitRC2_CBC
#define PLAIN (-1)

/* The leaf, its CA and the key; a NULL passphrase is none at all. */
static void
pkcs12_make(struct buf *out, const char *passphrase, int key_nid, int cert_nid,
	int mac_rounds)
{
	STACK_OF(X509) *cas = sk_X509_new_null();
	PKCS12 *p12;

	sk_X509_push(cas, world.ca);
	p12 = PKCS12_create_ex(passphrase, "www", world.key, world.leaf, cas,
		key_nid, cert_nid, 2048, mac_rounds, 0, old, NULL);
	assert_non_null(p12);
	sk_X509_free(cas);
	WORLD_WRITE(out, i2d_PKCS12_bio(bio, p12));
	PKCS12_free(p12);
}

static void
sealed(struct buf *out)
{
	pkcs12_make(out, "secret", AES, AES, 2048);
}

static void
none(struct buf *out)
{
	pkcs12_make(out, NULL, AES, AES, 2048);
}

static void
empty(struct buf *out)
{
	pkcs12_make(out, "", AES, AES, 2048);
}

/* PKCS#12's own ways make "none" and "empty" two different keys. */
static void
none_old(struct buf *out)
{
	pkcs12_make(out, NULL, TRIPLE_DES, TRIPLE_DES, 2048);
}

static void
empty_old(struct buf *out)
{
	pkcs12_make(out, "", TRIPLE_DES, TRIPLE_DES, 2048);
}

static void
triple_des(struct buf *out)
{
	pkcs12_make(out, "secret", TRIPLE_DES, TRIPLE_DES, 2048);
}

static void
rc2(struct buf *out)
{
	pkcs12_make(out, "secret", TRIPLE_DES, RC2_40, 1);
}

static void
rc2_key(struct buf *out)
{
	pkcs12_make(out, "secret", RC2_40, AES, 1);
}

static void
open_certificates(struct buf *out)
{
	pkcs12_make(out, "secret", AES, PLAIN, 2048);
}

static void
all_open(struct buf *out)
{
	pkcs12_make(out, "changeit", PLAIN, PLAIN, 2048);
}

static void
no_mac(struct buf *out)
{
	pkcs12_make(out, "secret", AES, AES, -1);
}

static void
cut_short(struct buf *out)
{
	sealed(out);
	out->len -= 200;
}

static void
garbage_behind(struct buf *out)
{
	sealed(out);
	buf_puts(out, "more");
}

/* Not the outer form, but what is in it. */
static void
damaged_within(struct buf *out)
{
	BUF_CLEANUP struct buf cert = { 0 };
	char *at;

	open_certificates(out);
	world_der(&cert, world.leaf);
	at = memmem(out->s, out->len, cert.s, cert.len);
	assert_non_null(at);
	at[8] = 0x77;
}

/* Put together by hand: bags in one part that is not encrypted. */
static void
pack(struct buf *out, STACK_OF(PKCS12_SAFEBAG) *bags)
{
	STACK_OF(PKCS7) *parts = NULL;
	PKCS12 *p12;

	assert_int_equal(PKCS12_add_safe(&parts, bags, -1, 0, NULL), 1);
	p12 = PKCS12_add_safes(parts, 0);
	assert_non_null(p12);
	WORLD_WRITE(out, i2d_PKCS12_bio(bio, p12));
	PKCS12_free(p12);
	sk_PKCS7_pop_free(parts, PKCS7_free);
	sk_PKCS12_SAFEBAG_pop_free(bags, PKCS12_SAFEBAG_free);
}

static void
only_a_key(struct buf *out)
{
	STACK_OF(PKCS12_SAFEBAG) *bags = NULL;

	assert_non_null(PKCS12_add_key(&bags, world.key, 0, 1, -1, NULL));
	pack(out, bags);
}

static void
only_cas(struct buf *out)
{
	STACK_OF(PKCS12_SAFEBAG) *bags = NULL;

	assert_non_null(PKCS12_add_cert(&bags, world.ca));
	assert_non_null(PKCS12_add_cert(&bags, world.ca));
	pack(out, bags);
}

static void
ca_first(struct buf *out)
{
	STACK_OF(PKCS12_SAFEBAG) *bags = NULL;

	assert_non_null(PKCS12_add_cert(&bags, world.ca));
	assert_non_null(PKCS12_add_cert(&bags, world.leaf));
	assert_non_null(PKCS12_add_key(&bags, world.key, 0, 1, -1, NULL));
	pack(out, bags);
}

/* The key is another one, yet the marks say which certificate it is for. */
static void
marked(struct buf *out)
{
	EVP_PKEY *other = mkcert_key(MKCERT_P256);
	STACK_OF(PKCS12_SAFEBAG) *bags = NULL;
	X509 *leaf = X509_dup(world.leaf);
	PKCS12_SAFEBAG *bag;

	assert_int_equal(X509_keyid_set1(leaf, (unsigned char *)"id", 2), 1);
	assert_non_null(PKCS12_add_cert(&bags, world.ca));
	assert_non_null(PKCS12_add_cert(&bags, leaf));
	bag = PKCS12_add_key(&bags, other, 0, 1, -1, NULL);
	assert_int_equal(
		PKCS12_add_localkeyid(bag, (unsigned char *)"id", 2), 1);
	pack(out, bags);
	X509_free(leaf);
	EVP_PKEY_free(other);
}

/* A certificate in the clear, and a key that is encrypted in the way `alg`. */
static void
key_in_a_way(struct buf *out, X509_ALGOR *alg)
{
	STACK_OF(PKCS12_SAFEBAG) *bags = NULL;
	const PKCS12_SAFEBAG *bag;
	X509_ALGOR *own;

	assert_non_null(alg);
	assert_non_null(PKCS12_add_cert(&bags, world.leaf));
	bag = PKCS12_add_key(&bags, world.key, 0, 1, AES, "secret");
	assert_non_null(bag);
	X509_SIG_getm((X509_SIG *)PKCS12_SAFEBAG_get0_pkcs8(bag), &own, NULL);
	assert_int_equal(X509_ALGOR_copy(own, alg), 1);
	X509_ALGOR_free(alg);
	pack(out, bags);
}

static void
costly_pbkdf2(struct buf *out)
{
	key_in_a_way(
		out, PKCS5_pbe2_set(EVP_aes_256_cbc(), 2000000000, NULL, 0));
}

static void
costly_old(struct buf *out)
{
	key_in_a_way(out, PKCS5_pbe_set(TRIPLE_DES, 2000000000, NULL, 0));
}

/* Within the memory that OpenSSL allows, and still minutes of work. */
static void
costly_scrypt(struct buf *out)
{
	key_in_a_way(out,
		PKCS5_pbe2_set_scrypt(
			EVP_aes_256_cbc(), NULL, 0, NULL, 32768, 1, 65536));
}

static void
unknown_way(struct buf *out)
{
	X509_ALGOR *alg = X509_ALGOR_new();

	X509_ALGOR_set0(alg, OBJ_txt2obj("1.2.3.4.5", 1), V_ASN1_NULL, NULL);
	key_in_a_way(out, alg);
}

/* What is changed in it does not change what its MAC is made of. */
static PKCS12 *
cheap_one(X509_ALGOR **alg, ASN1_INTEGER **rounds)
{
	BUF_CLEANUP struct buf bytes = { 0 };
	const unsigned char *p;
	PKCS12 *p12;

	open_certificates(&bytes);
	p = (const unsigned char *)bytes.s;
	p12 = d2i_PKCS12(NULL, &p, (long)bytes.len);
	assert_non_null(p12);
	PKCS12_get0_mac(NULL, (const X509_ALGOR **)alg, NULL,
		(const ASN1_INTEGER **)rounds, p12);
	return p12;
}

static void
costly_mac(struct buf *out)
{
	ASN1_INTEGER *rounds;
	X509_ALGOR *alg;
	PKCS12 *p12 = cheap_one(&alg, &rounds);

	assert_int_equal(ASN1_INTEGER_set(rounds, 2000000000), 1);
	WORLD_WRITE(out, i2d_PKCS12_bio(bio, p12));
	PKCS12_free(p12);
}

/* PBMAC1 (RFC 9579), built like PBES2; OpenSSL knows it since 3.4. */
static void
costly_pbmac1(struct buf *out)
{
	X509_ALGOR *alg,
		*costly = PKCS5_pbe2_set(
			EVP_aes_256_cbc(), 2000000000, NULL, 0);
	ASN1_INTEGER *rounds;
	PKCS12 *p12 = cheap_one(&alg, &rounds);
	const void *parameter;
	int type;

	X509_ALGOR_get0(NULL, &type, &parameter, costly);
	X509_ALGOR_set0(
		alg, OBJ_nid2obj(NID_pbmac1), type, ASN1_STRING_dup(parameter));
	X509_ALGOR_free(costly);
	WORLD_WRITE(out, i2d_PKCS12_bio(bio, p12));
	PKCS12_free(p12);
}

/* OpenSSL would compute its public half, for hours if it is long enough. */
static void
long_dsa(struct buf *out)
{
	unsigned char group[4 + 8000] = { 0x30, 0x82, 8000 >> 8, 8000 & 0xff };
	STACK_OF(PKCS12_SAFEBAG) *bags = NULL;
	PKCS8_PRIV_KEY_INFO *p8 = PKCS8_PRIV_KEY_INFO_new();
	ASN1_STRING *parameters = ASN1_STRING_new();

	ASN1_STRING_set(parameters, group, sizeof(group));
	assert_int_equal(
		PKCS8_pkey_set0(p8, OBJ_nid2obj(NID_dsa), 0, V_ASN1_SEQUENCE,
			parameters, OPENSSL_zalloc(64), 64),
		1);
	assert_non_null(PKCS12_add_cert(&bags, world.leaf));
	sk_PKCS12_SAFEBAG_push(bags, PKCS12_SAFEBAG_create0_p8inf(p8));
	pack(out, bags);
}

/* Of a kind that is not known. */
static void
unknown_mac(struct buf *out)
{
	ASN1_INTEGER *rounds;
	X509_ALGOR *alg;
	PKCS12 *p12 = cheap_one(&alg, &rounds);

	X509_ALGOR_set0(alg, OBJ_txt2obj("1.2.3.4.5", 1), V_ASN1_NULL, NULL);
	WORLD_WRITE(out, i2d_PKCS12_bio(bio, p12));
	PKCS12_free(p12);
}

/* Another passphrase for the key than for the rest, as Java allows it. */
static void
two_passphrases(struct buf *out)
{
	STACK_OF(PKCS12_SAFEBAG) *certs = NULL, *keys = NULL;
	STACK_OF(PKCS7) *parts = NULL;
	PKCS12 *p12;

	PKCS12_add_cert(&certs, world.leaf);
	PKCS12_add_key(&keys, world.key, 0, 1, AES, "other");
	PKCS12_add_safe(&parts, certs, AES, 1, "secret");
	PKCS12_add_safe(&parts, keys, -1, 0, NULL);
	p12 = PKCS12_add_safes(parts, 0);
	assert_int_equal(
		PKCS12_set_mac(p12, "secret", -1, NULL, 0, 1, NULL), 1);
	WORLD_WRITE(out, i2d_PKCS12_bio(bio, p12));
	PKCS12_free(p12);
	sk_PKCS7_pop_free(parts, PKCS7_free);
	sk_PKCS12_SAFEBAG_pop_free(certs, PKCS12_SAFEBAG_free);
	sk_PKCS12_SAFEBAG_pop_free(keys, PKCS12_SAFEBAG_free);
}

static int
make_old(void **state)
{
	world_make(state);
	old = OSSL_LIB_CTX_new();
	providers[0] = OSSL_PROVIDER_load(old, "legacy");
	providers[1] = OSSL_PROVIDER_load(old, "default");
	assert_non_null(providers[0]);
	assert_non_null(providers[1]);
	return 0;
}

static int
free_old(void **state)
{
	OSSL_PROVIDER_unload(providers[0]);
	OSSL_PROVIDER_unload(providers[1]);
	OSSL_LIB_CTX_free(old);
	return world_free(state);
}

#endif
