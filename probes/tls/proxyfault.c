/* proxyfault.c - why a proxy made no connection, in words for a person */
#include <string.h>

#include <openssl/evp.h>

#include "model/text.h"
#include "probes/tls/proxyfault.h"

/* Of what the proxy says itself. */
#define MAX_WORDS 200

/* RFC 1928, 6, and what else can go wrong before the reply. */
static const struct socks_word {
	CURLproxycode code;
	const char *words;
} socks_words[] = {
	{ CURLPX_REPLY_GENERAL_SERVER_FAILURE, "general failure" },
	{ CURLPX_REPLY_NOT_ALLOWED, "not allowed by its rules" },
	{ CURLPX_REPLY_NETWORK_UNREACHABLE, "network unreachable" },
	{ CURLPX_REPLY_HOST_UNREACHABLE, "host unreachable" },
	{ CURLPX_REPLY_CONNECTION_REFUSED, "connection refused" },
	{ CURLPX_REPLY_TTL_EXPIRED, "TTL expired" },
	{ CURLPX_REPLY_COMMAND_NOT_SUPPORTED, "CONNECT is not supported" },
	{ CURLPX_REPLY_ADDRESS_TYPE_NOT_SUPPORTED,
		"this type of address is not supported" },
	{ CURLPX_REPLY_UNASSIGNED, "a reply that has no meaning" },
};

static const char *
socks_reply(long code)
{
	for (size_t i = 0; i < sizeof(socks_words) / sizeof(socks_words[0]);
		i++) {
		if ((long)socks_words[i].code == code)
			return socks_words[i].words;
	}
	return NULL;
}

/* Does the proxy repeat what it was told to let us pass? */
static bool
holds_secret(const char *words, const struct settings *set)
{
	cleanup(str_free) char *both = NULL, *code = NULL;

	if (set->proxy_password == NULL)
		return false;
	/* As Basic sends it (RFC 7617, 2). */
	both = str_fmt("%s:%s", set->proxy_user, set->proxy_password);
	code = mem_alloc(strlen(both) * 2 + 8);
	(void)EVP_EncodeBlock((unsigned char *)code,
		(const unsigned char *)both, (int)strlen(both));
	explicit_bzero(both, strlen(both));
	return strstr(words, set->proxy_password) != NULL ||
		strstr(words, code) != NULL;
}

/* " \"Forbidden by policy\"", what an HTTP proxy says besides its status. */
static void
put_words(struct buf *out, const char *words, const struct settings *set)
{
	BUF_CLEANUP struct buf plain = { 0 };

	text_plain(&plain, words);
	if (plain.len > 0 && !holds_secret(words, set))
		buf_printf(out, " \"%.*s\"", MAX_WORDS, plain.s);
}

/* An HTTP proxy has answered, but not that it is connected. */
static void
put_answer(struct buf *out, const struct dial *d, long code,
	const struct settings *set)
{
	const char *words = strchr(d->status, ' ');

	if (code == 407)
		buf_puts(out,
			set->proxy_user != NULL
				? "it does not take the user and the password "
				  "it was shown: "
				: "it wants a user and a password, set "
				  "proxy_user and proxy_password_file: ");
	buf_printf(out, "it answers %ld", code);
	if (words != NULL) {
		words += strspn(words, " ");
		words += strspn(words, "0123456789");
		put_words(out, words + strspn(words, " "), set);
	}
}

/* In many lines, or, which libcurl counts by itself, in one. */
static bool
is_too_long(const struct dial *d)
{
	return d->n_headers > DIAL_MAX_HEADERS ||
		strstr(d->words, "too large") != NULL;
}

/* "want an answer to CONNECT, have "220 mail"" */
static void
put_garbage(struct buf *out, const struct dial *d, const struct settings *set)
{
	buf_printf(out, "want %s, have",
		set->proxy->kind == PROXY_HTTP ? "an answer to CONNECT"
					       : "a SOCKS5 reply");
	if (is_too_long(d))
		buf_puts(out, " one without end");
	else if (d->status[0] != '\0')
		put_words(out, d->status, set);
	else
		buf_puts(out, " something else");
}

static void
put_socks(struct buf *out, const struct dial *d, const struct settings *set)
{
	long code = CURLPX_OK;

	(void)curl_easy_getinfo(d->curl, CURLINFO_PROXY_ERROR, &code);
	switch (code) {
	case CURLPX_USER_REJECTED:
		buf_puts(out,
			"it does not take the user and the password it was "
			"shown");
		return;
	case CURLPX_NO_AUTH:
		buf_puts(out,
			set->proxy_user != NULL
				? "it takes no user and password"
				: "it wants a user and a password, set "
				  "proxy_user and proxy_password_file");
		return;
	case CURLPX_CLOSED:
	case CURLPX_RECV_ADDRESS:
	case CURLPX_RECV_AUTH:
	case CURLPX_RECV_CONNECT:
	case CURLPX_RECV_REQACK:
		buf_puts(out, "it closed the connection");
		return;
	default:
		break;
	}
	if (socks_reply(code) != NULL)
		buf_printf(out, "it answers: %s", socks_reply(code));
	else
		put_garbage(out, d, set);
}

void
proxyfault_put(
	struct buf *out, const struct dial *d, const struct settings *set)
{
	long code = 0, sys = 0;

	(void)curl_easy_getinfo(d->curl, CURLINFO_HTTP_CONNECTCODE, &code);
	(void)curl_easy_getinfo(d->curl, CURLINFO_OS_ERRNO, &sys);
	if (code >= 300) {
		put_answer(out, d, code, set);
		return;
	}
	switch (d->rc) {
	case CURLE_COULDNT_RESOLVE_PROXY:
		buf_puts(out, "its name cannot be resolved");
		return;
	case CURLE_PROXY:
		put_socks(out, d, set);
		return;
	case CURLE_COULDNT_CONNECT:
		buf_printf(out, "cannot connect to it%s%s",
			sys != 0 ? ": " : "",
			sys != 0 ? strerror((int)sys) : "");
		return;
	case CURLE_OPERATION_TIMEDOUT:
		buf_puts(out, "no answer in time");
		return;
	case CURLE_GOT_NOTHING:
	case CURLE_SEND_ERROR:
	case CURLE_RECV_ERROR:
		if (d->status[0] == '\0' && !is_too_long(d)) {
			buf_puts(out, "it closed the connection");
			return;
		}
		break;
	default:
		break;
	}
	put_garbage(out, d, set);
}
