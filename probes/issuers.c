/* issuers.c - the certificates that a CA hands out for those it has issued */
#include <limits.h>
#include <string.h>

#include <openssl/err.h>
#include <openssl/pem.h>

#include "probes/file/der.h"
#include "probes/file/formats.h"
#include "probes/file/pem.h"
#include "probes/file/pkcs7.h"
#include "probes/issuers.h"

DEFINE_CLEANUP(BIO, BIO_free_all)

static void
read_der(const unsigned char *der, size_t len, struct reading *r)
{
	X509 *x509;

	if (der_kind(der, len) == DER_PKCS7) {
		pkcs7_read(der, len, "the PKCS#7", 0, r);
		return;
	}
	x509 = reading_decode(r, &der, len, false);
	if (x509 != NULL)
		reading_add(r, x509, 0);
}

static bool
may_hold_certificates(const char *label)
{
	static const char *const labels[] = { PEM_STRING_X509,
		PEM_STRING_X509_OLD, PEM_STRING_PKCS7, PEM_STRING_CMS };

	for (size_t i = 0; i < sizeof(labels) / sizeof(labels[0]); i++) {
		if (strcmp(label, labels[i]) == 0)
			return true;
	}
	return false;
}

/* Not by pem_read(): whoever sends a key here does not want it looked at. */
static void
read_pem(const char *text, size_t len, struct reading *r)
{
	cleanup(BIO_free_all) BIO *bio = BIO_new_mem_buf(text, (int)len);
	char *label = NULL, *header = NULL;
	unsigned char *der = NULL;
	long n;

	if (bio == NULL)
		mem_exhausted();
	while (r->ob->n_certs < ISSUERS_MAX &&
		PEM_read_bio(bio, &label, &header, &der, &n) == 1) {
		if (may_hold_certificates(label))
			read_der(der, (size_t)n, r);
		OPENSSL_free(label);
		OPENSSL_free(header);
		OPENSSL_free(der);
	}
}

/* What it is instead, as far as that can be seen. */
static const char *
title_of(const char *bytes, size_t len)
{
	static const char *const titles[] = {
		[DER_CERTIFICATE] = "a damaged certificate",
		[DER_PKCS7] = "PKCS#7 without any, or damaged",
		[DER_PKCS12] = "PKCS#12",
		[DER_KEY] = "a private key",
		[DER_REQUEST] = "a certificate request",
		[DER_CRL] = "a CRL",
		[DER_PUBLIC_KEY] = "a public key",
		[DER_OTHER] = "other or damaged DER",
	};
	enum der_kind kind = der_kind((const unsigned char *)bytes, len);
	const char *title = formats_title(bytes, len);

	if (len == 0)
		return "nothing";
	if (kind != DER_NONE)
		return titles[kind];
	if (pem_is(bytes, len))
		return "PEM without any, or damaged";
	return title != NULL ? title : "something else";
}

int
issuers_read(const char *bytes, size_t len, OSSL_LIB_CTX *libctx,
	struct observation *out, struct error *err)
{
	cleanup(observation_free) struct observation *ob = observation_new();
	const struct target none = { .name = "" };
	struct reading r = { .target = &none, .libctx = libctx, .ob = ob };

	if (len > INT_MAX)
		return error_set(err, ERROR_PARSE, "want at most 2 GiB");
	ERR_set_mark();
	if (pem_is(bytes, len))
		read_pem(bytes, len, &r);
	else
		read_der((const unsigned char *)bytes, len, &r);
	ERR_pop_to_mark();
	reading_release(&r);
	if (ob->n_certs == 0)
		return error_set(err, ERROR_PARSE,
			"want a certificate in DER, PKCS#7 or PEM, have %s",
			title_of(bytes, len));
	for (size_t i = 0; i < ob->n_certs && i < ISSUERS_MAX; i++) {
		X509_up_ref(ob->certs[i].x509);
		(void)observation_add_cert(out, ob->certs[i].x509, 0);
	}
	return 0;
}
