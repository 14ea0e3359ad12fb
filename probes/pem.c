/* pem.c - the certificates of a PEM text, and where it is damaged */
#include <ctype.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/x509.h>

#include "model/buf.h"
#include "probes/pem.h"

DEFINE_CLEANUP(EVP_ENCODE_CTX, EVP_ENCODE_CTX_free)

#define BEGIN "-----BEGIN "
#define END "-----END "
#define DASHES "-----"
#define MAX_LABEL 64

/* What is being read; a block is open from its BEGIN to its END. */
struct reader {
	OSSL_LIB_CTX *libctx;
	struct observation *ob;
	size_t line; /* of the text, from 1 */
	size_t blocks;
	bool open;
	char label[MAX_LABEL];
	size_t begin; /* the open block's first line */
	struct buf body; /* its base64 */
	bool full; /* the observation holds no more certificates */
};

static bool
holds_certificate(const char *label)
{
	return strcmp(label, "CERTIFICATE") == 0 ||
		strcmp(label, "X509 CERTIFICATE") == 0 ||
		strcmp(label, "TRUSTED CERTIFICATE") == 0;
}

static void
damaged(struct reader *r, const char *what)
{
	observation_add_fault(r->ob, FAULT_FILE_DAMAGED, r->begin,
		"the certificate that begins on line %zu %s", r->begin, what);
}

static int
decode_base64(const struct buf *body, struct buf *der)
{
	cleanup(EVP_ENCODE_CTX_free) EVP_ENCODE_CTX *ctx = EVP_ENCODE_CTX_new();
	unsigned char *out;
	int n = 0, last = 0;

	if (ctx == NULL)
		mem_exhausted();
	out = mem_alloc(body->len + 4);
	EVP_DecodeInit(ctx);
	if (EVP_DecodeUpdate(ctx, out, &n, (const unsigned char *)body->s,
		    (int)body->len) == -1 ||
		EVP_DecodeFinal(ctx, out + n, &last) == -1) {
		free(out);
		return -1;
	}
	buf_add(der, out, (size_t)(n + last));
	free(out);
	return 0;
}

static void
add_certificate(struct reader *r)
{
	BUF_CLEANUP struct buf der = { 0 };
	const unsigned char *p;
	X509 *x509;

	if (r->body.len == 0) {
		damaged(r, "is empty");
		return;
	}
	if (decode_base64(&r->body, &der) == -1 || der.len == 0) {
		damaged(r, "is not base64");
		return;
	}
	ERR_clear_error();
	x509 = X509_new_ex(r->libctx, NULL);
	if (x509 == NULL)
		mem_exhausted();
	p = (const unsigned char *)der.s;
	/* Both free x509 when they fail; the second knows OpenSSL's trust. */
	if ((strcmp(r->label, "TRUSTED CERTIFICATE") == 0
			    ? d2i_X509_AUX(&x509, &p, (long)der.len)
			    : d2i_X509(&x509, &p, (long)der.len)) == NULL) {
		damaged(r, "is not a certificate: its DER form cannot be read");
		ERR_clear_error();
		return;
	}
	if (p != (const unsigned char *)der.s + der.len)
		damaged(r, "has bytes behind its end");
	r->full = observation_add_cert(r->ob, x509, r->begin) == -1;
	if (r->full)
		observation_add_fault(r->ob, FAULT_FILE_UNREADABLE, r->begin,
			"want at most %d certificates, have more; what "
			"begins on line %zu and below was not read",
			OBSERVATION_MAX_CERTS, r->begin);
}

static void
close_block(struct reader *r, const char *label, size_t n)
{
	if (!r->open)
		return;
	r->open = false;
	if (!holds_certificate(r->label))
		return;
	if (strlen(r->label) != n || memcmp(r->label, label, n) != 0)
		damaged(r, "ends as something else");
	else
		add_certificate(r);
}

static void
open_block(struct reader *r, const char *label, size_t n)
{
	if (r->open && holds_certificate(r->label))
		damaged(r, "has no END line");
	r->open = n < MAX_LABEL;
	if (!r->open)
		return;
	memcpy(r->label, label, n);
	r->label[n] = '\0';
	r->begin = r->line;
	r->blocks++;
	buf_reset(&r->body);
}

/*
 * A BEGIN or END at `s` of `len` bytes: its label's length in *n. Returns
 * how long the boundary is, or 0 if there is none.
 */
static size_t
boundary(const char *s, size_t len, const char *what, size_t *n)
{
	size_t head = strlen(what), dashes = strlen(DASHES);
	const char *end;

	if (len < head + dashes || memcmp(s, what, head) != 0)
		return 0;
	end = memmem(s + head, len - head, DASHES, dashes);
	if (end == NULL)
		return 0;
	*n = (size_t)(end - s) - head;
	return head + *n + dashes;
}

static void
read_line(struct reader *r, const char *s, size_t len)
{
	size_t n, used;

	while (len > 0 && isspace((unsigned char)*s))
		s++, len--;
	while (len > 0 && isspace((unsigned char)s[len - 1]))
		len--;
	used = boundary(s, len, END, &n);
	if (used > 0) {
		bool mine = r->open && holds_certificate(r->label);

		close_block(r, s + strlen(END), n);
		s += used;
		len -= used;
		/* No server reads on behind such a line. */
		if (mine && boundary(s, len, BEGIN, &n) > 0)
			damaged(r,
				"has its END and the next BEGIN on one "
				"line");
	}
	used = boundary(s, len, BEGIN, &n);
	if (used > 0) {
		open_block(r, s + strlen(BEGIN), n);
		return;
	}
	/* Headers (RFC 1421) stand only in keys, which are not read here. */
	if (r->open && holds_certificate(r->label) && len > 0) {
		buf_add(&r->body, s, len);
		buf_putc(&r->body, '\n');
	}
}

size_t
pem_read(const char *text, size_t len, OSSL_LIB_CTX *libctx,
	struct observation *ob)
{
	struct reader r = { .libctx = libctx, .ob = ob };
	const char *end = text + len;

	if (len >= 3 && memcmp(text, "\xef\xbb\xbf", 3) == 0)
		text += 3;
	while (text < end && !r.full) {
		const char *nl = memchr(text, '\n', (size_t)(end - text));
		const char *stop = nl != NULL ? nl : end;

		r.line++;
		read_line(&r, text, (size_t)(stop - text));
		text = stop + 1;
	}
	if (r.open && holds_certificate(r.label) && !r.full)
		damaged(&r, "is cut short: its END line is missing");
	buf_release(&r.body);
	return r.blocks;
}
