/* proxy.h - whom to ask for a connection to an endpoint */
#ifndef MODEL_PROXY_H
#define MODEL_PROXY_H

#include <stdbool.h>
#include <stdint.h>

#include "model/alloc.h"
#include "model/error.h"

enum proxy_kind { PROXY_HTTP, PROXY_SOCKS5 };

/* It lives in an arena. */
struct proxy {
	enum proxy_kind kind;
	bool resolves; /* it is told names; else addresses */
	const char *url; /* "socks5h://proxy.example.com:1080": for outputs */
	const char *host; /* an A-label, or an address without brackets */
	uint16_t port;
};

/* Of a user name, and of a password (RFC 1929, 2). */
#define PROXY_MAX_CREDENTIAL 255

/*
 * Read http://HOST:PORT (CONNECT, RFC 9110, 9.3.6), socks5://HOST[:1080] (RFC
 * 1928; names are resolved here) or socks5h:// (names are resolved there).
 * Returns NULL and *err for anything else; a user and a password in it are
 * refused without repeating them.
 */
const struct proxy *proxy_parse(
	struct arena *a, const char *text, struct error *err);

/*
 * Can these be shown to `proxy`? Each of them NULL: not set. Returns 0, or -1
 * and *err: "want ..., have ...".
 */
int proxy_check_credentials(
	const char *user, const char *password, struct error *err);

#endif
