/* base64.c - base64 as Go reads it, and as OpenSSL does */
#include <ctype.h>
#include <stdbool.h>
#include <string.h>

#include <openssl/evp.h>

#include "model/alloc.h"
#include "probes/file/base64.h"

DEFINE_CLEANUP(EVP_ENCODE_CTX, EVP_ENCODE_CTX_free)

static bool
is_base64(const char *s, size_t len)
{
	for (size_t i = 0; i < len; i++) {
		if (!isalnum((unsigned char)s[i]) &&
			(s[i] == '\0' || strchr("+/=\r\n", s[i]) == NULL))
			return false;
	}
	return true;
}

int
base64_decode_loosely(const char *s, size_t len, struct buf *out)
{
	cleanup(EVP_ENCODE_CTX_free) EVP_ENCODE_CTX *ctx = EVP_ENCODE_CTX_new();
	int n = 0, last = 0;

	if (ctx == NULL)
		mem_exhausted();
	out->cap = len + 4;
	out->s = mem_alloc(out->cap);
	EVP_DecodeInit(ctx);
	if (EVP_DecodeUpdate(ctx, (unsigned char *)out->s, &n,
		    (const unsigned char *)s, (int)len) == -1 ||
		EVP_DecodeFinal(ctx, (unsigned char *)out->s + n, &last) == -1)
		return -1;
	out->len = (size_t)(n + last);
	out->s[out->len] = '\0';
	return 0;
}

int
base64_decode(const char *s, size_t len, struct buf *out)
{
	return is_base64(s, len) ? base64_decode_loosely(s, len, out) : -1;
}
