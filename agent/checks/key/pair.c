/* pair.c - are two public keys one, and how a person tells them apart */
#include <string.h>

#include <openssl/err.h>
#include <openssl/x509.h>

#include "checks/key/pair.h"
#include "model/cert.h"

DEFINE_CLEANUP(EVP_PKEY, EVP_PKEY_free)

/* Digits of a digest that a message shows. */
#define SHORT_DIGITS 8

/* As it would come out of a certificate; NULL if it cannot be written so. */
static EVP_PKEY *
reread(const EVP_PKEY *key)
{
	unsigned char *der = NULL;
	const unsigned char *p;
	int n = i2d_PUBKEY(key, &der);
	EVP_PKEY *out;

	if (n <= 0)
		return NULL;
	p = der;
	out = d2i_PUBKEY(NULL, &p, n);
	OPENSSL_free(der);
	return out;
}

static bool
is_sm2(const EVP_PKEY *key)
{
	cleanup(str_free) char *curve = cert_key_curve(key);

	return strcmp(cert_key_type(key, curve), "SM2") == 0;
}

bool
pair_is_one(const EVP_PKEY *a, const EVP_PKEY *b)
{
	bool yes;

	ERR_set_mark();
	yes = EVP_PKEY_eq(a, b) == 1;
	/* One may be called EC and the other SM2: then they do not compare. */
	if (!yes && is_sm2(a) && is_sm2(b)) {
		cleanup(EVP_PKEY_free) EVP_PKEY *x = reread(a);
		cleanup(EVP_PKEY_free) EVP_PKEY *y = reread(b);

		yes = x != NULL && y != NULL && EVP_PKEY_eq(x, y) == 1;
	}
	ERR_pop_to_mark();
	return yes;
}

const char *
pair_print(const EVP_PKEY *key, char out[PAIR_PRINT_SIZE])
{
	unsigned char *der = NULL, md[EVP_MAX_MD_SIZE];
	unsigned len = 0;
	int n;

	ERR_set_mark();
	n = i2d_PUBKEY(key, &der);
	if (n <= 0 ||
		EVP_Digest(der, (size_t)n, md, &len, EVP_sha256(), NULL) != 1)
		len = 0;
	ERR_pop_to_mark();
	for (unsigned i = 0; i < len; i++) {
		out[2 * i] = "0123456789abcdef"[md[i] >> 4];
		out[2 * i + 1] = "0123456789abcdef"[md[i] & 15];
	}
	out[2 * (size_t)len] = '\0';
	OPENSSL_free(der);
	return out;
}

void
pair_describe(struct buf *out, const EVP_PKEY *key)
{
	cleanup(str_free) char *curve = cert_key_curve(key);
	const char *type = cert_key_type(key, curve);
	char print[PAIR_PRINT_SIZE];

	buf_puts(out, type);
	/* Of others the kind tells the size. */
	if (strncmp(type, "RSA", 3) == 0 || strcmp(type, "DSA") == 0 ||
		strcmp(type, "EC") == 0)
		buf_printf(out, " %d", EVP_PKEY_get_bits(key));
	if (*pair_print(key, print) != '\0')
		buf_printf(out, " (SPKI sha256 %.*s)", SHORT_DIGITS, print);
}
