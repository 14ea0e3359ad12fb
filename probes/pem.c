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
	bool blank; /* a blank line came behind the base64 so far */
	size_t odd; /* the first line that is nearly a boundary; 0: none */
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
	/*
	 * The first knows OpenSSL's trust settings behind the certificate, and
	 * leaves the certificate alone where only they are bad.
	 */
	if ((strcmp(r->label, "TRUSTED CERTIFICATE") == 0
			    ? d2i_X509_AUX(&x509, &p, (long)der.len)
			    : d2i_X509(&x509, &p, (long)der.len)) == NULL) {
		damaged(r, "is not a certificate: its DER form cannot be read");
		ERR_clear_error();
		X509_free(x509);
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
	r->blank = false;
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

/* One line of an open block, without the blanks at its end. */
static void
add_body(struct reader *r, const char *s, size_t len)
{
	if (!r->open || !holds_certificate(r->label))
		return;
	if (len == 0) {
		r->blank = r->body.len > 0;
		return;
	}
	/* Headers (RFC 1421) stand only in keys, which are not read here. */
	if (r->blank) {
		damaged(r,
			"has a blank line within its base64, where OpenSSL "
			"stops to read");
		r->blank = false;
	}
	buf_add(&r->body, s, len);
	buf_putc(&r->body, '\n');
}

/*
 * Dashes with BEGIN or END that are no boundary to OpenSSL, which knows one
 * by the first column and by nothing else being on its line.
 */
static bool
is_odd_boundary(const char *s, size_t len)
{
	return len > 4 && memmem(s, len, "----", 4) != NULL &&
		memmem(s, len, "CERTIFICATE-", 12) != NULL &&
		(memmem(s, len, "BEGIN ", 6) != NULL ||
			memmem(s, len, "END ", 4) != NULL);
}

static void
read_line(struct reader *r, const char *s, size_t len)
{
	size_t n, end, begin;

	while (len > 0 && isspace((unsigned char)s[len - 1]))
		len--;
	end = boundary(s, len, END, &n);
	if (end > 0) {
		bool mine = r->open && holds_certificate(r->label);

		if (r->blank)
			damaged(r, "has a blank line in front of its END");
		close_block(r, s + strlen(END), n);
		s += end;
		len -= end;
		if (mine && len > 0)
			damaged(r,
				"has something behind its END on that "
				"line, where no server reads on");
	}
	begin = boundary(s, len, BEGIN, &n);
	if (begin > 0) {
		open_block(r, s + strlen(BEGIN), n);
		if (begin < len && holds_certificate(r->label))
			damaged(r, "has something behind its BEGIN");
	} else if (end == 0 && is_odd_boundary(s, len)) {
		if (r->odd == 0)
			r->odd = r->line;
	} else if (end == 0) {
		add_body(r, s, len);
	}
}

/* What looks like PEM, and OpenSSL sees nothing there. */
static void
tell_odd(const struct reader *r)
{
	if (r->odd == 0)
		return;
	/* Alone it may be a sample in some text: nothing was to be read. */
	observation_add_fault(r->ob,
		r->ob->n_certs > 0 ? FAULT_FILE_DAMAGED
				   : FAULT_FILE_NO_CERTIFICATE,
		r->odd,
		"line %zu looks like the BEGIN or END of a certificate but is "
		"none: it is indented, has too few dashes, or something "
		"stands beside it",
		r->odd);
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
	tell_odd(&r);
	buf_release(&r.body);
	return r.blocks;
}
