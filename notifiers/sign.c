/* sign.c - signatures as Standard Webhooks has them */
#include <stdint.h>
#include <string.h>

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

#include "model/alloc.h"
#include "notifiers/sign.h"

#define BLANKS " \t\r\n"
#define PREFIX "whsec_"
#define KEY_LEAST 24
#define KEY_MOST 64
#define BASE64_MOST (4 * ((KEY_MOST + 2) / 3))

struct secret {
	unsigned char key[BASE64_MOST / 4 * 3];
	size_t len;
};

static void
secret_forget(struct secret *s)
{
	OPENSSL_cleanse(s, sizeof(*s));
}

/* The bytes that `n` characters of base64 stand for, or -1. */
static int
decode_base64(const char *s, size_t n, struct secret *out)
{
	static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
				       "abcdefghijklmnopqrstuvwxyz"
				       "0123456789+/";
	size_t digits = strspn(s, alphabet);
	size_t padding = n - digits;

	/* EVP_DecodeBlock() is kind to blanks and to padding anywhere. */
	if (n % 4 != 0 || n > BASE64_MOST || digits > n || padding > 2 ||
		strspn(s + digits, "=") < padding)
		return -1;
	if (EVP_DecodeBlock(out->key, (const unsigned char *)s, (int)n) == -1)
		return -1;
	out->len = n / 4 * 3 - padding;
	return 0;
}

/*
 * The next of *list, which is moved on. Returns 1 and *out, 0 at the end, or
 * -1 and *err.
 */
static int
next_secret(const char **list, struct secret *out, struct error *err)
{
	const char *s = *list + strspn(*list, BLANKS);
	size_t n = strcspn(s, BLANKS), prefix = strlen(PREFIX);

	*list = s + n;
	if (n == 0)
		return 0;
	if (strncmp(s, PREFIX, prefix) != 0)
		return error_set(err, ERROR_PARSE,
			"secret: want \"%s\" in front of each, have one "
			"without",
			PREFIX);
	if (decode_base64(s + prefix, n - prefix, out) == -1)
		return error_set(err, ERROR_PARSE,
			"secret: want base64 of %d to %d bytes after \"%s\", "
			"have something else",
			KEY_LEAST, KEY_MOST, PREFIX);
	if (out->len < KEY_LEAST || out->len > KEY_MOST)
		return error_set(err, ERROR_PARSE,
			"secret: want %d to %d bytes, have %zu", KEY_LEAST,
			KEY_MOST, out->len);
	return 1;
}

int
sign_check(const char *secrets, struct error *err)
{
	struct secret secret;
	size_t n = 0;
	int rc;

	while ((rc = next_secret(&secrets, &secret, err)) == 1)
		n++;
	secret_forget(&secret);
	if (rc == 0 && n == 0)
		rc = error_set(err, ERROR_PARSE,
			"secret: want one or more, have none");
	return rc;
}

static void
add_signature(
	struct buf *out, const struct secret *secret, const struct buf *content)
{
	unsigned char mac[EVP_MAX_MD_SIZE];
	unsigned char base64[4 * ((EVP_MAX_MD_SIZE + 2) / 3) + 1];
	unsigned int len = 0;

	if (HMAC(EVP_sha256(), secret->key, (int)secret->len,
		    (const unsigned char *)content->s, content->len, mac,
		    &len) == NULL)
		mem_exhausted();
	EVP_EncodeBlock(base64, mac, (int)len);
	buf_printf(
		out, "%sv1,%s", out->len > 0 ? " " : "", (const char *)base64);
}

int
sign_webhook(struct buf *out, const char *secrets, const char *id, time_t time,
	const char *body, struct error *err)
{
	BUF_CLEANUP struct buf content = { 0 }, signatures = { 0 };
	struct secret secret;
	int rc;

	if (sign_check(secrets, err) == -1)
		return -1;
	buf_printf(&content, "%s.%jd.%s", id, (intmax_t)time, body);
	while ((rc = next_secret(&secrets, &secret, err)) == 1)
		add_signature(&signatures, &secret, &content);
	secret_forget(&secret);
	buf_puts(out, buf_str(&signatures));
	return rc;
}
