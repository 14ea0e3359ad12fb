/* file_world.h - certificates and keys in every form, and a look at them */
#ifndef TESTS_FILE_WORLD_H
#define TESTS_FILE_WORLD_H

#include "tests/unit/unit.h"

#include <sys/stat.h>

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <openssl/pem.h>
#include <openssl/pkcs12.h>

#include "probes/probes.h"
#include "tests/support/mkcert.h"

/* A leaf with its key, and the CA that issued it. */
struct file_world {
	EVP_PKEY *key, *ca_key;
	X509 *leaf, *ca;
	OSSL_LIB_CTX *libctx; /* the probe's, which is not the default one */
};

static struct file_world world;

static inline int
world_make(void **state)
{
	(void)state;
	world.key = mkcert_key(MKCERT_P256);
	/* Its signatures are all of one length, and so are its leaves. */
	world.ca_key = mkcert_key(MKCERT_ED25519);
	world.ca = mkcert_make(&(struct mkcert){ .key = world.ca_key,
		.cn = "Example CA",
		.ca = true,
		.not_before = 1700000000,
		.not_after = 1900000000 });
	world.leaf = mkcert_make(&(struct mkcert){ .key = world.key,
		.cn = "www.example.com",
		.issuer = world.ca,
		.issuer_key = world.ca_key,
		.not_before = 1700000000,
		.not_after = 1800000000 });
	world.libctx = OSSL_LIB_CTX_new();
	return 0;
}

static inline int
world_free(void **state)
{
	(void)state;
	X509_free(world.leaf);
	X509_free(world.ca);
	EVP_PKEY_free(world.key);
	EVP_PKEY_free(world.ca_key);
	OSSL_LIB_CTX_free(world.libctx);
	return 0;
}

/* What was written to `bio`, which is freed. */
static inline void
world_take(struct buf *out, BIO *bio)
{
	char *p;
	long n = BIO_get_mem_data(bio, &p);

	assert_true(n > 0);
	buf_add(out, p, (size_t)n);
	BIO_free(bio);
}

#define WORLD_WRITE(out, call)                                                 \
	do {                                                                   \
		BIO *bio = BIO_new(BIO_s_mem());                               \
                                                                               \
		assert_int_equal((call), 1);                                   \
		world_take((out), bio);                                        \
	} while (0)

static inline void
world_pem(struct buf *out, X509 *x509)
{
	WORLD_WRITE(out, PEM_write_bio_X509(bio, x509));
}

static inline void
world_der(struct buf *out, X509 *x509)
{
	WORLD_WRITE(out, i2d_X509_bio(bio, x509));
}

static inline void
world_key(struct buf *out)
{
	WORLD_WRITE(out,
		PEM_write_bio_PrivateKey(
			bio, world.key, NULL, NULL, 0, NULL, NULL));
}

/* For PKCS7_free(): certificates, and nothing signed. */
static inline PKCS7 *
world_pkcs7(size_t n_certs)
{
	PKCS7 *p7 = PKCS7_new();

	assert_int_equal(PKCS7_set_type(p7, NID_pkcs7_signed), 1);
	assert_int_equal(PKCS7_content_new(p7, NID_pkcs7_data), 1);
	if (n_certs > 0)
		assert_int_equal(PKCS7_add_certificate(p7, world.leaf), 1);
	if (n_certs > 1)
		assert_int_equal(PKCS7_add_certificate(p7, world.ca), 1);
	return p7;
}

/* A request for a certificate of the world's key. */
static inline X509_REQ *
world_request(void)
{
	X509_REQ *req = X509_REQ_new();

	X509_NAME_add_entry_by_txt(X509_REQ_get_subject_name(req), "CN",
		MBSTRING_UTF8, (const unsigned char *)"www.example.com", -1, -1,
		0);
	assert_int_equal(X509_REQ_set_pubkey(req, world.key), 1);
	assert_true(X509_REQ_sign(req, world.key, EVP_sha256()) > 0);
	return req;
}

/* A list of revoked certificates, which is empty. */
static inline X509_CRL *
world_crl(long version)
{
	X509_CRL *crl = X509_CRL_new();
	ASN1_TIME *now = ASN1_TIME_set(NULL, 1700000000);

	/* Version 1 is written by leaving it out. */
	if (version != X509_CRL_VERSION_1)
		assert_int_equal(X509_CRL_set_version(crl, version), 1);
	assert_int_equal(
		X509_CRL_set_issuer_name(crl, X509_get_subject_name(world.ca)),
		1);
	X509_CRL_set1_lastUpdate(crl, now);
	X509_CRL_set1_nextUpdate(crl, now);
	ASN1_TIME_free(now);
	assert_true(X509_CRL_sign(crl, world.ca_key, NULL) > 0);
	return crl;
}

/* What probe_file sees at t->file. */
static inline struct observation *
world_look(const struct target *t)
{
	struct probe_io io = { .libctx = world.libctx };
	struct observation *ob = NULL;
	struct error err;

	assert_int_equal(probe_file.run(t, &io, &ob, &err), 0);
	return ob;
}

/* The same of a file `name` that holds `bytes`; the rest is as in `like`. */
static inline struct observation *
world_look_at(
	const char *name, const struct buf *bytes, const struct target *like)
{
	char folder[] = "/tmp/certvigil-unit-XXXXXX";
	cleanup(str_free) char *path = NULL;
	struct target t = *like;
	struct observation *ob;
	int fd;

	assert_non_null(mkdtemp(folder));
	path = str_fmt("%s/%s", folder, name);
	fd = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
	assert_true(fd != -1);
	assert_int_equal(write(fd, buf_str(bytes), bytes->len), bytes->len);
	close(fd);
	t.kind = TARGET_FILE;
	t.file = t.name = t.address = path;
	ob = world_look(&t);
	unlink(path);
	rmdir(folder);
	return ob;
}

/* "damaged@10 password": the faults, by kind, with their lines. */
static inline char *
world_faults(const struct observation *ob)
{
	static const char *const names[FAULT_KINDS] = {
		[FAULT_FILE_MISSING] = "missing",
		[FAULT_FILE_VANISHED] = "vanished",
		[FAULT_FILE_UNREADABLE] = "unreadable",
		[FAULT_FILE_TOO_LONG] = "too-long",
		[FAULT_FILE_EMPTY] = "empty",
		[FAULT_FILE_NO_CERTIFICATE] = "none",
		[FAULT_FILE_FORMAT] = "format",
		[FAULT_FILE_DAMAGED] = "damaged",
		[FAULT_FILE_LAYOUT] = "layout",
		[FAULT_FILE_PASSWORD] = "password",
		[FAULT_FILE_LEGACY] = "legacy",
	};
	struct buf b = { 0 };

	for (size_t i = 0; i < ob->n_faults; i++) {
		buf_printf(&b, "%s%s", i > 0 ? " " : "",
			names[ob->faults[i].kind]);
		if (ob->faults[i].line > 0)
			buf_printf(&b, "@%zu", ob->faults[i].line);
	}
	return buf_detach(&b);
}

/* The certificates, the faults, and a word that the first fault says. */
static inline void
world_expect(const char *row, const struct observation *ob, size_t certs,
	const char *faults, const char *word)
{
	cleanup(str_free) char *have = world_faults(ob);

	if (ob->n_certs == certs && strcmp(have, faults) == 0 &&
		(word == NULL ||
			(ob->n_faults > 0 &&
				strstr(ob->faults[0].text, word) != NULL)))
		return;
	for (size_t i = 0; i < ob->n_faults; i++)
		print_message("  %s\n", ob->faults[i].text);
	fail_msg("%s: want %zu certificates and \"%s\"%s%s, have %zu and "
		 "\"%s\"",
		row, certs, faults, word != NULL ? " with " : "",
		word != NULL ? word : "", ob->n_certs, have);
}

#endif
