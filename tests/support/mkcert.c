/* mkcert.c - keys and certificates made afresh, for tests and the demo */
#include <sys/stat.h>

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <openssl/bn.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include "model/alloc.h"
#include "model/buf.h"
#include "tests/support/mkcert.h"

static _Noreturn void
die(const char *what, const char *detail)
{
	fprintf(stderr, "mkcert: %s%s%s\n", what, *detail != '\0' ? ": " : "",
		detail);
	ERR_print_errors_fp(stderr);
	exit(3);
}

EVP_PKEY *
mkcert_key(enum mkcert_key_type type)
{
	EVP_PKEY *key = NULL;

	switch (type) {
	case MKCERT_P256:
		key = EVP_EC_gen("P-256");
		break;
	case MKCERT_RSA2048:
		key = EVP_RSA_gen(2048);
		break;
	case MKCERT_ED25519:
		key = EVP_PKEY_Q_keygen(NULL, NULL, "ED25519");
		break;
	}
	if (key == NULL)
		die("cannot make a key", "");
	return key;
}

static void
set_serial(X509 *x, const char *hex)
{
	BIGNUM *bn = NULL;

	if (hex == NULL) {
		bn = BN_new();
		/* Positive and of at most 20 octets: RFC 5280, 4.1.2.2. */
		if (bn == NULL ||
			BN_rand(bn, 127, BN_RAND_TOP_ONE, BN_RAND_BOTTOM_ANY) !=
				1)
			die("cannot make a serial number", "");
	} else if (BN_hex2bn(&bn, hex) != (int)strlen(hex)) {
		die("want a serial number in hex", hex);
	}
	if (BN_to_ASN1_INTEGER(bn, X509_get_serialNumber(x)) == NULL)
		die("cannot set the serial number", "");
	BN_free(bn);
}

static void
add_part(X509_NAME *name, const char *type, const char *value)
{
	if (value != NULL &&
		X509_NAME_add_entry_by_txt(name, type, MBSTRING_UTF8,
			(const unsigned char *)value, -1, -1, 0) != 1)
		die("cannot set the subject", value);
}

static void
set_subject(X509 *x, const struct mkcert *m)
{
	X509_NAME *name = X509_NAME_new();

	if (name == NULL)
		die("cannot set the subject", "");
	add_part(name, "O", m->organization);
	add_part(name, "CN", m->cn);
	if (X509_set_subject_name(x, name) != 1)
		die("cannot set the subject", "");
	X509_NAME_free(name);
}

static void
add_extension(X509 *x, X509V3_CTX *ctx, const char *name, const char *value)
{
	X509_EXTENSION *ext = X509V3_EXT_nconf(NULL, ctx, name, value);

	if (ext == NULL || X509_add_ext(x, ext, -1) != 1)
		die("cannot add an extension", name);
	X509_EXTENSION_free(ext);
}

static void
add_basic_constraints(X509 *x, X509V3_CTX *ctx, const struct mkcert *m)
{
	char value[64];

	if (!m->ca)
		return;
	(void)snprintf(value, sizeof(value),
		m->limited ? "critical,CA:TRUE,pathlen:%d" : "critical,CA:TRUE",
		m->pathlen);
	add_extension(x, ctx, "basicConstraints", value);
}

/* Straight from the list: openssl.cnf's syntax would give ',' a meaning. */
static void
add_names(X509 *x, const struct mkcert *m)
{
	GENERAL_NAMES *names = sk_GENERAL_NAME_new_null();

	for (const char *const *p = m->names; p != NULL && *p != NULL; p++) {
		bool ip = strncmp(*p, "IP:", 3) == 0;
		GENERAL_NAME *gn;

		if (!ip && strncmp(*p, "DNS:", 4) != 0)
			die("want DNS:NAME or IP:ADDRESS", *p);
		gn = a2i_GENERAL_NAME(NULL, NULL, NULL,
			ip ? GEN_IPADD : GEN_DNS, *p + (ip ? 3 : 4), 0);
		if (gn == NULL || sk_GENERAL_NAME_push(names, gn) < 1)
			die("cannot use the name", *p);
	}
	if (sk_GENERAL_NAME_num(names) > 0 &&
		X509_add1_ext_i2d(
			x, NID_subject_alt_name, names, m->cn == NULL, 0) != 1)
		die("cannot add the names", "");
	sk_GENERAL_NAME_pop_free(names, GENERAL_NAME_free);
}

static void
add_aia(X509 *x, X509V3_CTX *ctx, const char *url)
{
	struct buf value BUF_CLEANUP = { 0 };

	buf_printf(&value, "caIssuers;URI:%s", url);
	add_extension(x, ctx, "authorityInfoAccess", buf_str(&value));
}

static void
add_more(X509 *x, X509V3_CTX *ctx, const char *const *list)
{
	for (; list != NULL && *list != NULL; list++) {
		const char *eq = strchr(*list, '=');
		char *name;

		if (eq == NULL)
			die("want NAME=VALUE", *list);
		name = str_ndup(*list, (size_t)(eq - *list));
		add_extension(x, ctx, name, eq + 1);
		free(name);
	}
}

static const char *
or_default(const char *value, const char *fallback)
{
	return value != NULL ? value : fallback;
}

static void
add_extensions(X509 *x, const struct mkcert *m)
{
	const char *usage = or_default(m->key_usage,
		m->ca ? "critical,keyCertSign,cRLSign"
		      : "critical,digitalSignature");
	const char *eku = or_default(m->eku, m->ca ? "" : "serverAuth");
	X509V3_CTX ctx;

	X509V3_set_ctx(&ctx, (X509 *)(m->issuer != NULL ? m->issuer : x), x,
		NULL, NULL, 0);
	add_basic_constraints(x, &ctx, m);
	if (*usage != '\0')
		add_extension(x, &ctx, "keyUsage", usage);
	if (*eku != '\0')
		add_extension(x, &ctx, "extendedKeyUsage", eku);
	add_names(x, m);
	if (!m->no_key_ids) {
		add_extension(x, &ctx, "subjectKeyIdentifier", "hash");
		if (m->issuer != NULL &&
			X509_get0_subject_key_id((X509 *)m->issuer) != NULL)
			add_extension(
				x, &ctx, "authorityKeyIdentifier", "keyid");
	}
	if (m->aia != NULL)
		add_aia(x, &ctx, m->aia);
	add_more(x, &ctx, m->extensions);
}

static void
sign(X509 *x, EVP_PKEY *key, const char *digest)
{
	const EVP_MD *md = NULL;

	if (!EVP_PKEY_is_a(key, "ED25519")) {
		md = EVP_get_digestbyname(or_default(digest, "SHA256"));
		if (md == NULL)
			die("want a digest such as SHA256", digest);
	}
	if (X509_sign(x, key, md) <= 0)
		die("cannot sign", "");
}

X509 *
mkcert_make(const struct mkcert *m)
{
	X509 *x = X509_new();

	ERR_clear_error();
	if (x == NULL || X509_set_version(x, m->v1 ? 0 : 2) != 1 ||
		X509_set_pubkey(x, m->key) != 1 ||
		ASN1_TIME_set(X509_getm_notBefore(x), m->not_before) == NULL ||
		ASN1_TIME_set(X509_getm_notAfter(x), m->not_after) == NULL)
		die("cannot make a certificate", m->cn != NULL ? m->cn : "");
	set_serial(x, m->serial);
	set_subject(x, m);
	if (X509_set_issuer_name(x,
		    X509_get_subject_name(m->issuer != NULL ? m->issuer : x)) !=
		1)
		die("cannot set the issuer", "");
	if (!m->v1)
		add_extensions(x, m);
	sign(x, m->issuer_key != NULL ? m->issuer_key : m->key, m->digest);
	return x;
}

static BIO *
open_bio(const char *path, const char *mode)
{
	BIO *bio = BIO_new_file(path, mode);

	if (bio == NULL)
		die("cannot open", path);
	return bio;
}

void
mkcert_write(const char *path, X509 *const *certs, size_t n)
{
	BIO *bio = open_bio(path, "w");

	for (size_t i = 0; i < n; i++) {
		if (PEM_write_bio_X509(bio, certs[i]) != 1)
			die("cannot write", path);
	}
	if (BIO_flush(bio) != 1)
		die("cannot write", path);
	BIO_free_all(bio);
}

void
mkcert_write_key(const char *path, EVP_PKEY *key)
{
	/* A file of looser mode that is already there would keep it. */
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	FILE *f;

	if (fd == -1 || fchmod(fd, 0600) == -1 || (f = fdopen(fd, "w")) == NULL)
		die("cannot open", path);
	if (PEM_write_PrivateKey(f, key, NULL, NULL, 0, NULL, NULL) != 1)
		die("cannot write", path);
	if (fclose(f) != 0)
		die("cannot write", path);
}

X509 *
mkcert_read(const char *path)
{
	BIO *bio = open_bio(path, "r");
	X509 *x = PEM_read_bio_X509(bio, NULL, NULL, NULL);

	if (x == NULL)
		die("no certificate", path);
	BIO_free_all(bio);
	return x;
}

EVP_PKEY *
mkcert_read_key(const char *path)
{
	BIO *bio = open_bio(path, "r");
	/* An empty passphrase, so that OpenSSL does not ask on the terminal. */
	EVP_PKEY *key = PEM_read_bio_PrivateKey(bio, NULL, NULL, (void *)"");

	if (key == NULL)
		die("no private key", path);
	BIO_free_all(bio);
	return key;
}
