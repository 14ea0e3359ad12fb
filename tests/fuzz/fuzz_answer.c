/* fuzz_answer.c - any bytes at all, as a web server's answer */
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <openssl/err.h>

#include "probes/issuers.h"
#include "probes/tls/http.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* What a CA hands out: words for an error, or a few certificates. */
static void
read_body(const char *bytes, size_t len)
{
	cleanup(observation_free) struct observation *ob = observation_new();
	struct error err = { 0 };
	int rc = issuers_read(bytes, len, NULL, ob, &err);

	if (ERR_peek_error() != 0)
		__builtin_trap();
	if (rc == -1 && (err.text[0] == '\0' || ob->n_certs > 0))
		__builtin_trap();
	if (rc == 0 && (ob->n_certs == 0 || ob->n_certs > ISSUERS_MAX))
		__builtin_trap();
}

/* The head of an answer: a status and lines, or no HTTP. */
static void
read_head(const char *bytes, size_t len)
{
	struct handshake hs;
	struct reply *r = &hs.reply;

	handshake_init(&hs);
	if (http_parse(r, bytes, len) != (r->reason != NULL) || r->status < 0 ||
		r->status > 999 || r->headers.n > HTTP_MAX_HEADERS)
		__builtin_trap();
	for (size_t i = 0; i < r->headers.n; i++) {
		if (strchr(r->headers.v[i], '\n') != NULL)
			__builtin_trap();
	}
	(void)reply_header(r, "Content-Length");
	reply_forget(r);
	if (r->headers.n > 1 || r->body != NULL)
		__builtin_trap();
	handshake_release(&hs);
}

/* The first byte tells which: 'c', certificates, or 'h', a head. */
int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	if (size == 0)
		return 0;
	if (*data == 'h')
		read_head((const char *)data + 1, size - 1);
	else
		read_body((const char *)data + 1, size - 1);
	return 0;
}
