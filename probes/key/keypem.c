/* keypem.c - a private key in one PEM block */
#include <string.h>

#include <openssl/err.h>
#include <openssl/pem.h>

#include "model/alloc.h"
#include "probes/key/keypem.h"

DEFINE_CLEANUP(BIO, BIO_free_all)

#define BEGIN "-----BEGIN "
#define END "-----END "
#define DASHES "-----"

/* What OpenSSL makes of the block; for block_release(). */
struct block {
	char *label, *header;
	unsigned char *data;
	long n; /* of memory; `len` may shrink by decryption */
	size_t len;
};

static void
block_release(struct block *b)
{
	OPENSSL_secure_free(b->label);
	OPENSSL_secure_free(b->header);
	OPENSSL_secure_clear_free(b->data, (size_t)b->n);
}

#define BLOCK_CLEANUP __attribute__((__cleanup__(block_release)))

/* By its reader, so that what servers refuse is told. */
static int
read_block(struct block *b, const char *text, size_t len)
{
	cleanup(BIO_free_all) BIO *bio = BIO_new_mem_buf(text, (int)len);
	int ok;

	if (bio == NULL)
		mem_exhausted();
	ERR_clear_error();
	ok = PEM_read_bio_ex(bio, &b->label, &b->header, &b->data, &b->n,
		PEM_FLAG_SECURE | PEM_FLAG_EAY_COMPATIBLE);
	ERR_clear_error();
	b->len = (size_t)b->n;
	return ok == 1 ? 0 : -1;
}

/* The length of a line without the blanks at its end. */
static size_t
trimmed(const char *line, size_t len)
{
	while (len > 0 && (unsigned char)line[len - 1] <= ' ')
		len--;
	return len;
}

static bool
ends_with_dashes(const char *line, size_t len)
{
	size_t n = strlen(DASHES);

	len = trimmed(line, len);
	return len >= n && memcmp(line + len - n, DASHES, n) == 0;
}

/* Do the BEGIN and the END line go on alike? */
static bool
is_one_label(const char *begin, size_t n_begin, const char *end, size_t n_end)
{
	size_t n = trimmed(begin, n_begin), m = trimmed(end, n_end);

	return n >= strlen(BEGIN) && m >= strlen(END) &&
		n - strlen(BEGIN) == m - strlen(END) &&
		memcmp(begin + strlen(BEGIN), end + strlen(END),
			n - strlen(BEGIN)) == 0;
}

/* What came between BEGIN and END, as far as it matters. */
struct lines {
	bool body, header, blank, long_line;
	const char *end; /* the END line, or NULL */
	size_t n_end;
};

static void
look_at_lines(struct lines *l, const char *p, const char *stop)
{
	while (p < stop && l->end == NULL) {
		const char *nl = memchr(p, '\n', (size_t)(stop - p));
		size_t n = (size_t)((nl != NULL ? nl : stop) - p);

		if (n >= strlen(END) && memcmp(p, END, strlen(END)) == 0) {
			l->end = p;
			l->n_end = n;
		} else if (trimmed(p, n) == 0) {
			l->blank = true;
		} else if (memchr(p, ':', n) != NULL) {
			l->header = true;
		} else {
			l->body = true;
			l->long_line = l->long_line || n > 65;
		}
		p += n + 1;
	}
}

static const char blank_line[] =
	"there is a blank line in its base64, where OpenSSL stops to read";

/* Why OpenSSL could not read the block. */
static const char *
explain(const char *text, size_t len)
{
	const char *nl = memchr(text, '\n', len);
	size_t first = nl != NULL ? (size_t)(nl - text) : len;
	struct lines l = { 0 };

	if (!ends_with_dashes(text, first))
		return "something stands behind its BEGIN on that line";
	if (nl != NULL)
		look_at_lines(&l, nl + 1, text + len);
	if (l.end == NULL)
		return "its END line is missing";
	if (!ends_with_dashes(l.end, l.n_end))
		return "something stands behind its END on that line, or a "
		       "dash is missing";
	if (!is_one_label(text, first, l.end, l.n_end))
		return "it ends as something else";
	if (!l.body)
		return "it is empty";
	if (l.header && l.long_line)
		return "where it is encrypted so, OpenSSL wants lines of 64 "
		       "characters, and has longer ones";
	if (l.blank && !l.header)
		return blank_line;
	return "its base64 is broken";
}

static enum keydecode
damaged(struct keyopen *k, const char *why)
{
	keyopen_fail(k, FAULT_FILE_DAMAGED, "cannot be decoded: %s", why);
	return KEYDECODE_FAULT;
}

/* Labels of the forms that are known. */
static bool
is_known(const char *label)
{
	static const char *const labels[] = { "PRIVATE KEY",
		"ENCRYPTED PRIVATE KEY", "RSA PRIVATE KEY", "DSA PRIVATE KEY",
		"EC PRIVATE KEY", "SM2 PRIVATE KEY", NULL };

	for (const char *const *l = labels; *l != NULL; l++) {
		if (strcmp(label, *l) == 0)
			return true;
	}
	return false;
}

/* OpenSSH's PROTOCOL.key: a magic, then the cipher's name, or "none". */
static bool
openssh_is_encrypted(const struct block *b)
{
	static const char plain[] = "openssh-key-v1\0\0\0\0\4none";

	return b->len < sizeof(plain) - 1 ||
		memcmp(b->data, plain, sizeof(plain) - 1) != 0;
}

static enum keydecode
read_known(struct keyopen *k, struct block *b, EVP_PKEY **key)
{
	enum keydecode what;

	if (b->len == 0)
		return damaged(k, "it is empty");
	if (b->len > KEYDECODE_MAX_BYTES) {
		keyopen_fail(k, FAULT_FILE_UNREADABLE,
			"was not read: want at most 64 KiB, have more");
		return KEYDECODE_FAULT;
	}
	/* OpenSSL takes what stands in front of a blank line for a header. */
	if (*b->header != '\0' && strchr(b->header, ':') == NULL)
		return damaged(k, blank_line);
	if (*b->header != '\0' &&
		keyopen_pem(k, b->header, b->data, &b->len) == -1)
		return KEYDECODE_FAULT;
	what = keydecode_der(k, b->data, b->len, key);
	if (what == KEYDECODE_NONE)
		return damaged(k, "what is in it is no private key");
	return what;
}

enum keydecode
keypem_read(struct keyopen *k, const char *text, size_t len, EVP_PKEY **key)
{
	BLOCK_CLEANUP struct block b = { 0 };

	if (read_block(&b, text, len) == -1)
		return damaged(k, explain(text, len));
	if (strcmp(b.label, "OPENSSH PRIVATE KEY") == 0) {
		k->encrypted = openssh_is_encrypted(&b);
		return KEYDECODE_OPENSSH;
	}
	return is_known(b.label) ? read_known(k, &b, key) : KEYDECODE_UNKNOWN;
}
