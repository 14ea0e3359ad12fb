/* tls.c - settings for handshakes that observe and never refuse */
#include <openssl/err.h>
#include <openssl/ssl.h>

#include "probes/tls/tls.h"
#include "probes/tls/watch.h"

/* A presented chain beyond this fails the handshake. */
#define MAX_CHAIN_BYTES (1024 * 1024)

/*
 * Behind what OpenSSL offers by itself: curves that some certificates are of,
 * whose servers would find nothing in common with us.
 */
#define GROUPS                                                                 \
	"X25519:P-256:X448:P-521:P-384:ffdhe2048:ffdhe3072:ffdhe4096:"         \
	"brainpoolP256r1:brainpoolP384r1:brainpoolP512r1:secp256k1:"           \
	"secp224r1:prime192v1"

static int
set_up(SSL_CTX *ctx)
{
	/* What is weak is to be told, not to stop the look. */
	SSL_CTX_set_security_level(ctx, 0);
	if (SSL_CTX_set_min_proto_version(ctx, TLS1_VERSION) != 1 ||
		SSL_CTX_set_max_proto_version(ctx, 0) != 1 ||
		SSL_CTX_set_cipher_list(ctx, "ALL:!aNULL:@SECLEVEL=0") != 1)
		return -1;
	/* A library that lacks one of them keeps to its own. */
	if (SSL_CTX_set1_groups_list(ctx, GROUPS) != 1)
		ERR_clear_error();
	SSL_CTX_set_options(
		ctx, SSL_OP_LEGACY_SERVER_CONNECT | SSL_OP_NO_TICKET);
	SSL_CTX_set_session_cache_mode(ctx, SSL_SESS_CACHE_OFF);
	SSL_CTX_set_max_cert_list(ctx, MAX_CHAIN_BYTES);
	/* Many are in flight, and most of them wait. */
	(void)SSL_CTX_set_mode(ctx, SSL_MODE_RELEASE_BUFFERS);
	/* Some servers ask for a client certificate page by page. */
	SSL_CTX_set_post_handshake_auth(ctx, 1);
	watch_context(ctx);
	return 0;
}

SSL_CTX *
tls_context(OSSL_LIB_CTX *libctx, struct error *err)
{
	SSL_CTX *ctx;

	ERR_clear_error();
	ctx = SSL_CTX_new_ex(libctx, NULL, TLS_client_method());
	if (ctx == NULL || set_up(ctx) == -1) {
		error_ssl(err, ERROR_IO, "TLS cannot be set up");
		SSL_CTX_free(ctx);
		return NULL;
	}
	return ctx;
}
