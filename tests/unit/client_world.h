/* client_world.h - client certificates, and the files that they come in */
#ifndef TESTS_CLIENT_WORLD_H
#define TESTS_CLIENT_WORLD_H

#include "tests/unit/unit.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

#include <openssl/pem.h>
#include <openssl/pkcs12.h>

#include "probes/client/identity.h"
#include "probes/tls/tls.h"
#include "scan/io.h"
#include "tests/support/mkcert.h"
#include "tests/unit/folder_world.h"

#define PASSPHRASE "correct horse"

/* A root, an intermediate, a leaf of that, and another CA's leaf. */
static struct {
	OSSL_LIB_CTX *libctx; /* the probe's, which is not the default one */
	SSL_CTX *tls;
	EVP_PKEY *root_key, *inter_key, *key, *other_key;
	X509 *root, *inter, *leaf, *other;
	X509 *server; /* of other_key */
} world;

static inline X509 *
world_issue(EVP_PKEY *key, const char *cn, X509 *issuer, EVP_PKEY *issuer_key,
	bool ca, const char *eku)
{
	time_t now = time(NULL);

	return mkcert_make(&(struct mkcert){ .key = key,
		.cn = cn,
		.issuer = issuer,
		.issuer_key = issuer_key,
		.ca = ca,
		.eku = ca ? NULL : eku,
		.not_before = now - 3600,
		.not_after = now + 3600 });
}

static inline char *
world_path(const char *name)
{
	return str_fmt("%s/%s", folder_root, name);
}

/* Certificates, then a key, into the file `name`; NULL: none. */
static inline void
world_pem(const char *name, X509 *const *certs, size_t n, EVP_PKEY *key,
	const char *passphrase)
{
	cleanup(str_free) char *path = world_path(name);
	FILE *f = fopen(path, "w");

	assert_non_null(f);
	for (size_t i = 0; i < n; i++)
		assert_int_equal(PEM_write_X509(f, certs[i]), 1);
	if (key != NULL)
		assert_int_equal(
			PEM_write_PKCS8PrivateKey(f, key,
				passphrase != NULL ? EVP_aes_256_cbc() : NULL,
				passphrase,
				passphrase != NULL ? (int)strlen(passphrase)
						   : 0,
				NULL, NULL),
			1);
	assert_int_equal(fclose(f), 0);
}

static inline void
world_p12(const char *name, bool chain)
{
	cleanup(str_free) char *path = world_path(name);
	STACK_OF(X509) *cas = sk_X509_new_null();
	FILE *f = fopen(path, "w");
	PKCS12 *p12;

	if (chain)
		sk_X509_push(cas, world.inter);
	p12 = PKCS12_create(
		PASSPHRASE, NULL, world.key, world.leaf, cas, 0, 0, 0, 0, 0);
	assert_non_null(p12);
	assert_int_equal(i2d_PKCS12_fp(f, p12), 1);
	assert_int_equal(fclose(f), 0);
	PKCS12_free(p12);
	sk_X509_free(cas);
}

static inline void
world_der(const char *name, X509 *x509)
{
	cleanup(str_free) char *path = world_path(name);
	FILE *f = fopen(path, "w");

	assert_int_equal(i2d_X509_fp(f, x509), 1);
	assert_int_equal(fclose(f), 0);
}

static inline void
world_write_files(void)
{
	X509 *const chain[] = { world.leaf, world.inter };
	X509 *const odd[] = { world.inter, world.leaf };
	X509 *const cas[] = { world.inter, world.root };

	world_pem("leaf.pem", chain, 1, NULL, NULL);
	world_pem("key.pem", NULL, 0, world.key, NULL);
	world_pem("sealed.pem", NULL, 0, world.key, PASSPHRASE);
	world_pem("other-key.pem", NULL, 0, world.other_key, NULL);
	world_pem("both.pem", chain, 1, world.key, NULL);
	world_pem("chain.pem", chain, 2, world.key, NULL);
	world_pem("chain-sealed.pem", chain, 2, world.key, PASSPHRASE);
	world_pem("odd.pem", odd, 2, world.key, NULL);
	world_pem("stranger.pem", &world.other, 1, world.other_key, NULL);
	world_pem("root.pem", &world.root, 1, NULL, NULL);
	world_pem("inter.pem", &world.inter, 1, NULL, NULL);
	world_pem("cas.pem", cas, 2, NULL, NULL);
	world_pem("empty.pem", NULL, 0, NULL, NULL);
	world_p12("chain.p12", true);
	world_p12("leaf.p12", false);
	world_der("leaf.der", world.leaf);
}

static inline int
world_make(void **state)
{
	struct error err;

	if (folder_setup(state) == -1)
		return -1;
	world.libctx = OSSL_LIB_CTX_new();
	world.tls = tls_context(world.libctx, &err);
	if (world.tls == NULL)
		return -1;
	world.root_key = mkcert_key(MKCERT_P256);
	world.inter_key = mkcert_key(MKCERT_P256);
	world.key = mkcert_key(MKCERT_P256);
	world.other_key = mkcert_key(MKCERT_P256);
	world.root = world_issue(world.root_key, "Root", NULL, NULL, true, "");
	world.inter = world_issue(world.inter_key, "Intermediate", world.root,
		world.root_key, true, "");
	world.leaf = world_issue(world.key, "client", world.inter,
		world.inter_key, false, "clientAuth");
	world.other = world_issue(
		world.other_key, "client", NULL, NULL, false, "clientAuth");
	world.server = world_issue(
		world.other_key, "localhost", NULL, NULL, false, "serverAuth");
	world_write_files();
	return 0;
}

static inline int
world_free(void **state)
{
	X509_free(world.root);
	X509_free(world.inter);
	X509_free(world.leaf);
	X509_free(world.other);
	X509_free(world.server);
	EVP_PKEY_free(world.root_key);
	EVP_PKEY_free(world.inter_key);
	EVP_PKEY_free(world.key);
	EVP_PKEY_free(world.other_key);
	SSL_CTX_free(world.tls);
	OSSL_LIB_CTX_free(world.libctx);
	return folder_teardown(state);
}

static inline struct probe_io
world_io(void)
{
	struct probe_io io = { .tls = world.tls, .libctx = world.libctx };

	io_init(&io);
	io.deadline_ms = probe_now_ms() + 10000;
	return io;
}

#endif
