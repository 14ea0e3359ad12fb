/* issuers_world.h - certificates in the forms in which CAs hand them out */
#ifndef TESTS_ISSUERS_WORLD_H
#define TESTS_ISSUERS_WORLD_H

#include "tests/unit/unit.h"

#include <string.h>

#include <openssl/pem.h>
#include <openssl/pkcs7.h>
#include <openssl/x509.h>

#include "model/alloc.h"
#include "model/buf.h"

static inline void
put_der(struct buf *out, X509 *x509)
{
	unsigned char *der = NULL;
	int n = i2d_X509(x509, &der);

	assert_true(n > 0);
	buf_add(out, der, (size_t)n);
	OPENSSL_free(der);
}

static inline PKCS7 *
pack(X509 *const *certs, size_t n)
{
	PKCS7 *p7 = PKCS7_new();

	assert_int_equal(PKCS7_set_type(p7, NID_pkcs7_signed), 1);
	assert_int_equal(PKCS7_content_new(p7, NID_pkcs7_data), 1);
	PKCS7_set_detached(p7, 1);
	for (size_t i = 0; i < n; i++)
		assert_int_equal(PKCS7_add_certificate(p7, certs[i]), 1);
	return p7;
}

/* Certificates and nothing else, as RFC 5280, 4.2.2.1 wants several. */
static inline void
put_pkcs7(struct buf *out, X509 *const *certs, size_t n)
{
	PKCS7 *p7 = pack(certs, n);
	unsigned char *der = NULL;
	int len = i2d_PKCS7(p7, &der);

	assert_true(len > 0);
	buf_add(out, der, (size_t)len);
	OPENSSL_free(der);
	PKCS7_free(p7);
}

/* The same in BER: the outermost element does not tell its length. */
static inline void
put_pkcs7_ber(struct buf *out, X509 *const *certs, size_t n)
{
	struct buf der BUF_CLEANUP = { 0 };

	put_pkcs7(&der, certs, n);
	assert_int_equal((unsigned char)der.s[1], 0x82);
	buf_add(out, "\x30\x80", 2);
	buf_add(out, der.s + 4, der.len - 4);
	buf_add(out, "\0\0", 2);
}

/* A memory BIO's text, and the BIO is gone. */
static inline void
put_bio(struct buf *out, BIO *bio)
{
	char *p;
	long n = BIO_get_mem_data(bio, &p);

	buf_add(out, p, (size_t)n);
	BIO_free_all(bio);
}

static inline void
put_pem(struct buf *out, X509 *x509)
{
	BIO *bio = BIO_new(BIO_s_mem());

	assert_int_equal(PEM_write_bio_X509(bio, x509), 1);
	put_bio(out, bio);
}

static inline void
put_pkcs7_pem(struct buf *out, X509 *const *certs, size_t n)
{
	BIO *bio = BIO_new(BIO_s_mem());
	PKCS7 *p7 = pack(certs, n);

	assert_int_equal(PEM_write_bio_PKCS7(bio, p7), 1);
	PKCS7_free(p7);
	put_bio(out, bio);
}

#endif
