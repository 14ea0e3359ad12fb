/* keytext.c - the private keys in the contents of a file, and what else it is
 */
#include <string.h>

#include "probes/file/der.h"
#include "probes/key/keytext.h"

#define BEGIN "-----BEGIN "
#define END "-----END "
#define DASHES "-----"
#define MAX_LABEL 64

/* What is being read; `open` from the BEGIN of a key to its end. */
struct reader {
	const struct key_source *src;
	struct observation *ob;
	size_t line; /* of the text, from 1 */
	const char *open; /* the key's BEGIN, or NULL */
	size_t begin; /* its line */
	size_t keys; /* that were met, good or not */
	size_t odd; /* the first line that is nearly a key's BEGIN; 0: none */
	char other[MAX_LABEL]; /* the first block that is no key */
};

static void
close_key(struct reader *r, const char *end)
{
	if (r->open == NULL)
		return;
	r->keys++;
	privatekey_add_pem(
		r->src, r->open, (size_t)(end - r->open), r->begin, r->ob);
	r->open = NULL;
}

/* A line that begins with BEGIN: its label, cut to fit. */
static void
read_label(char label[MAX_LABEL], const char *s, size_t len)
{
	const char *from = s + strlen(BEGIN);
	const char *to = memmem(
		from, (size_t)(s + len - from), DASHES, strlen(DASHES));
	size_t n = to == NULL ? 0 : (size_t)(to - from);

	if (n >= MAX_LABEL)
		n = 0;
	memcpy(label, from, n);
	label[n] = '\0';
}

static bool
starts(const char *s, size_t len, const char *what)
{
	return len >= strlen(what) && memcmp(s, what, strlen(what)) == 0;
}

static void
read_line(struct reader *r, const char *s, size_t len)
{
	char label[MAX_LABEL];

	if (starts(s, len, BEGIN)) {
		close_key(r, s);
		read_label(label, s, len);
		if (privatekey_is_label(label)) {
			r->open = s;
			r->begin = r->line;
		} else if (r->other[0] == '\0') {
			memcpy(r->other, label, sizeof(label));
		}
	} else if (starts(s, len, END)) {
		close_key(r, s + len);
	} else if (r->odd == 0 &&
		memmem(s, len, "BEGIN ", strlen("BEGIN ")) != NULL &&
		memmem(s, len, "PRIVATE KEY--", strlen("PRIVATE KEY--")) !=
			NULL) {
		r->odd = r->line;
	}
}

static void
read_lines(struct reader *r, const char *text, size_t len)
{
	const char *end = text + len;

	if (starts(text, len, "\xef\xbb\xbf"))
		text += 3;
	while (text < end) {
		const char *nl = memchr(text, '\n', (size_t)(end - text));
		const char *stop = nl != NULL ? nl : end;

		r->line++;
		read_line(r, text, (size_t)(stop - text));
		text = nl != NULL ? nl + 1 : end;
	}
	close_key(r, end);
}

static void
tell(const struct key_source *src, enum fault_kind kind, const char *have,
	struct observation *ob)
{
	observation_add_fault_of(
		ob, src->file, kind, 0, "want a private key, have %s", have);
}

/* In words for a person, by the label of a block that is no key. */
static const char *
name_of_label(const char *label)
{
	static const struct {
		const char *end, *name;
	} names[] = {
		{ "CERTIFICATE REQUEST", "a certificate request" },
		{ "CERTIFICATE", "a certificate" },
		{ "PUBLIC KEY", "a public key" },
		{ "PARAMETERS", "parameters only" },
		{ "PKCS7", "PKCS#7" },
		{ "CRL", "a revocation list" },
	};
	size_t n = strlen(label);

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		size_t m = strlen(names[i].end);

		if (n >= m && strcmp(label + n - m, names[i].end) == 0)
			return names[i].name;
	}
	return "something else in PEM";
}

static const char *
name_of_der(enum der_kind kind)
{
	switch (kind) {
	case DER_CERTIFICATE:
		return "a certificate";
	case DER_REQUEST:
		return "a certificate request";
	case DER_PUBLIC_KEY:
		return "a public key";
	case DER_CRL:
		return "a revocation list";
	case DER_PKCS7:
		return "PKCS#7";
	case DER_PKCS12:
		return "PKCS#12";
	default:
		return NULL;
	}
}

/* What a text without PEM is; NULL: nothing that is known. */
static const char *
name_of_bytes(const char *text, size_t len)
{
	static const struct {
		const char *bytes;
		size_t n;
		const char *name;
	} magics[] = {
		{ "PK\x03\x04", 4, "a ZIP archive" },
		{ "\xfe\xed\xfe\xed", 4, "a Java keystore (JKS)" },
		{ "\xce\xce\xce\xce", 4, "a Java keystore (JCEKS)" },
		{ "PuTTY-User-Key-File", 19, "a PuTTY key" },
		{ "MII", 3, "base64 without its BEGIN and END lines" },
		{ "\xff\xfe", 2, "UTF-16 text" },
		{ "\xfe\xff", 2, "UTF-16 text" },
	};

	for (size_t i = 0; i < sizeof(magics) / sizeof(magics[0]); i++) {
		if (len >= magics[i].n &&
			memcmp(text, magics[i].bytes, magics[i].n) == 0)
			return magics[i].name;
	}
	return name_of_der(der_kind((const unsigned char *)text, len));
}

static void
tell_what_it_is(const struct reader *r, const char *text, size_t len)
{
	const char *name;

	if (len == 0) {
		observation_add_fault_of(
			r->ob, r->src->file, FAULT_FILE_EMPTY, 0, "is empty");
	} else if (r->odd > 0) {
		observation_add_fault_of(r->ob, r->src->file,
			FAULT_FILE_DAMAGED, r->odd,
			"line %zu looks like the BEGIN of a private key but is "
			"none: it is indented, has too few dashes, or "
			"something stands beside it",
			r->odd);
	} else if (r->other[0] != '\0') {
		tell(r->src, FAULT_FILE_FORMAT, name_of_label(r->other), r->ob);
	} else {
		name = name_of_bytes(text, len);
		tell(r->src, FAULT_FILE_FORMAT,
			name != NULL ? name
				     : "none: there is no BEGIN line in it, "
				       "and it is not DER",
			r->ob);
	}
}

void
keytext_read(const struct key_source *src, const char *text, size_t len,
	struct observation *ob)
{
	struct reader r = { .src = src, .ob = ob };

	read_lines(&r, text, len);
	if (r.keys == 0 &&
		!privatekey_add_der(src, (const unsigned char *)text, len, ob))
		tell_what_it_is(&r, text, len);
}
