/* keyopen.c - private keys that are encrypted: open them, within bounds */
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include <openssl/asn1t.h>
#include <openssl/err.h>
#include <openssl/evp.h>

#include "model/alloc.h"
#include "probes/file/pbe.h"
#include "probes/key/keyopen.h"

DEFINE_CLEANUP(EVP_CIPHER, EVP_CIPHER_free)
DEFINE_CLEANUP(EVP_CIPHER_CTX, EVP_CIPHER_CTX_free)
DEFINE_CLEANUP(EVP_MD, EVP_MD_free)

int
keyopen_fail(struct keyopen *k, enum fault_kind fault, const char *fmt, ...)
{
	va_list ap;

	k->fault = fault;
	va_start(ap, fmt);
	(void)vsnprintf(k->why, sizeof(k->why), fmt, ap);
	va_end(ap);
	return -1;
}

int
keyopen_wrong(struct keyopen *k)
{
	return keyopen_fail(k, FAULT_FILE_PASSWORD,
		"is encrypted; the passphrase does not open it");
}

static int
fail_unsupported(struct keyopen *k, const char *name)
{
	return keyopen_fail(k, FAULT_FILE_UNREADABLE,
		"is encrypted with %.64s, which this machine's OpenSSL does "
		"not support",
		name);
}

#define LEGACY_CLEANUP __attribute__((__cleanup__(pbe_legacy_release)))

/* The value of "Proc-Type: 4,ENCRYPTED" and such, or NULL. */
static const char *
header_value(const char *header, const char *name)
{
	size_t n = strlen(name);

	for (; header != NULL; header = strchr(header, '\n')) {
		header += *header == '\n';
		if (strncasecmp(header, name, n) == 0 && header[n] == ':')
			return header + n + 1 + strspn(header + n + 1, " \t");
	}
	return NULL;
}

/* DEK-Info: the cipher's name, and the IV in hex, which salts as well. */
struct dek {
	char cipher[64];
	unsigned char iv[EVP_MAX_IV_LENGTH];
	size_t n_iv;
};

static int
read_dek(struct dek *d, const char *value)
{
	size_t n = value == NULL ? 0 : strcspn(value, " \t\r\n,");

	if (n == 0 || n >= sizeof(d->cipher))
		return -1;
	memcpy(d->cipher, value, n);
	d->cipher[n] = '\0';
	value += n + strspn(value + n, " \t,");
	for (n = 0; OPENSSL_hexchar2int((unsigned char)value[0]) >= 0 &&
		n < sizeof(d->iv);
		value += 2, n++) {
		int high = OPENSSL_hexchar2int((unsigned char)value[0]);
		int low = OPENSSL_hexchar2int((unsigned char)value[1]);

		if (low < 0)
			return -1;
		d->iv[n] = (unsigned char)(high << 4 | low);
	}
	d->n_iv = n;
	return value[strspn(value, " \t\r\n")] == '\0' ? 0 : -1;
}

/* The key is made of one MD5 of passphrase and IV, or as many as it takes. */
static int
decrypt_pem(struct keyopen *k, OSSL_LIB_CTX *libctx, const EVP_CIPHER *cipher,
	const struct dek *d, unsigned char *data, size_t *len)
{
	cleanup(EVP_CIPHER_CTX_free) EVP_CIPHER_CTX *ctx = EVP_CIPHER_CTX_new();
	cleanup(EVP_MD_free) EVP_MD *md5 = EVP_MD_fetch(libctx, "MD5", NULL);
	unsigned char key[EVP_MAX_KEY_LENGTH];
	int n = 0, last = 0, ok;

	if (ctx == NULL)
		mem_exhausted();
	if (md5 == NULL)
		return fail_unsupported(k, "MD5");
	ok = EVP_BytesToKey(cipher, md5, d->iv,
		     (const unsigned char *)k->passphrase,
		     (int)strlen(k->passphrase), 1, key, NULL) > 0 &&
		EVP_DecryptInit_ex2(ctx, cipher, key, d->iv, NULL) == 1 &&
		EVP_DecryptUpdate(ctx, data, &n, data, (int)*len) == 1 &&
		EVP_DecryptFinal_ex(ctx, data + n, &last) == 1;
	OPENSSL_cleanse(key, sizeof(key));
	if (!ok)
		return keyopen_wrong(k);
	*len = (size_t)(n + last);
	return 0;
}

static bool
fits(const EVP_CIPHER *cipher, const struct dek *d, size_t len)
{
	int block = EVP_CIPHER_get_block_size(cipher);

	return EVP_CIPHER_get_iv_length(cipher) == (int)d->n_iv &&
		d->n_iv >= PKCS5_SALT_LEN && len > 0 && len < INT_MAX &&
		(block <= 1 || len % (size_t)block == 0);
}

static int
open_dek(struct keyopen *k, const struct dek *d, unsigned char *data,
	size_t *len)
{
	LEGACY_CLEANUP struct pbe_legacy legacy = { 0 };
	OSSL_LIB_CTX *libctx = k->libctx;
	cleanup(EVP_CIPHER_free)
		EVP_CIPHER *cipher = EVP_CIPHER_fetch(libctx, d->cipher, NULL);
	bool old = cipher == NULL;

	if (old) {
		libctx = pbe_legacy_context(&legacy);
		if (libctx != NULL)
			cipher = EVP_CIPHER_fetch(libctx, d->cipher, NULL);
	}
	if (cipher == NULL ||
		(EVP_CIPHER_get_flags(cipher) & EVP_CIPH_FLAG_AEAD_CIPHER) != 0)
		return fail_unsupported(k, d->cipher);
	if (!fits(cipher, d, *len))
		return keyopen_fail(k, FAULT_FILE_DAMAGED,
			"cannot be decoded: its length or its DEK-Info does "
			"not fit its cipher");
	if (decrypt_pem(k, libctx, cipher, d, data, len) == -1)
		return -1;
	k->encrypted = true;
	if (old)
		buf_puts(&k->legacy, d->cipher);
	return 0;
}

static int
fail_locked(struct keyopen *k)
{
	return keyopen_fail(k, FAULT_FILE_PASSWORD,
		"is encrypted; no passphrase is configured");
}

int
keyopen_pem(
	struct keyopen *k, const char *header, unsigned char *data, size_t *len)
{
	const char *type = header_value(header, "Proc-Type");
	struct dek d = { 0 };
	int rc;

	if (type == NULL || strncmp(type, "4,ENCRYPTED", 11) != 0)
		return keyopen_fail(k, FAULT_FILE_DAMAGED,
			"cannot be decoded: want no header lines, or "
			"Proc-Type: 4,ENCRYPTED, have others");
	if (read_dek(&d, header_value(header, "DEK-Info")) == -1)
		return keyopen_fail(k, FAULT_FILE_DAMAGED,
			"cannot be decoded: its DEK-Info line is missing or "
			"damaged");
	if (k->passphrase == NULL)
		return fail_locked(k);
	ERR_set_mark();
	rc = open_dek(k, &d, data, len);
	ERR_pop_to_mark();
	return rc;
}

/*
 * As a SEQUENCE of whatever: OpenSSL's own type for keys does not know those
 * of version 2.
 */
static int
open_pkcs8(struct keyopen *k, const X509_ALGOR *alg,
	const ASN1_OCTET_STRING *secret, struct keyopen_plain *out)
{
	LEGACY_CLEANUP struct pbe_legacy legacy = { 0 };
	BUF_CLEANUP struct buf name = { 0 };
	const ASN1_ITEM *type = ASN1_ITEM_rptr(ASN1_SEQUENCE);
	OSSL_LIB_CTX *libctx = k->libctx;

	out->der = pbe_decrypt(alg, secret, type, k->passphrase, libctx);
	if (out->der != NULL)
		return 0;
	if (!pbe_unsupported())
		return keyopen_wrong(k);
	libctx = pbe_legacy_context(&legacy);
	if (libctx != NULL)
		out->der = pbe_decrypt(
			alg, secret, type, k->passphrase, libctx);
	if (out->der != NULL)
		return 0;
	if (libctx != NULL && !pbe_unsupported())
		return keyopen_wrong(k);
	pbe_name(alg, &name);
	return fail_unsupported(k, buf_str(&name));
}

/* The file chooses how many; what they cost besides is counted as well. */
static bool
may_spend(struct keyopen *k, const X509_ALGOR *alg)
{
	int64_t rounds = pbe_rounds(alg);

	if (rounds > *k->rounds_left - PBE_ROUNDS_OF_A_TRY)
		return false;
	*k->rounds_left -= rounds + PBE_ROUNDS_OF_A_TRY;
	return true;
}

int
keyopen_pkcs8(struct keyopen *k, const X509_SIG *sig, struct keyopen_plain *out)
{
	const ASN1_OCTET_STRING *secret;
	const X509_ALGOR *alg;
	int rc;

	if (k->passphrase == NULL)
		return fail_locked(k);
	X509_SIG_get0(sig, &alg, &secret);
	if (!may_spend(k, alg))
		return keyopen_fail(k, FAULT_FILE_UNREADABLE,
			"is not opened: want at most %jd rounds of key "
			"derivation for all keys of a file, have more",
			(intmax_t)PBE_MAX_ROUNDS);
	rc = open_pkcs8(k, alg, secret, out);
	ERR_clear_error();
	if (rc == -1)
		return -1;
	k->encrypted = true;
	if (pbe_is_legacy(alg))
		pbe_name(alg, &k->legacy);
	return 0;
}

void
keyopen_forget(struct keyopen_plain *plain)
{
	ASN1_STRING_clear_free(plain->der);
	plain->der = NULL;
}

void
keyopen_release(struct keyopen *k)
{
	buf_release(&k->legacy);
}
