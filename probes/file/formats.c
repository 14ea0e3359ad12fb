/* formats.c - what a file is, found by looking, and what is in it */
#include <ctype.h>
#include <string.h>
#include <strings.h>

#include "probes/file/der.h"
#include "probes/file/formats.h"
#include "probes/file/kubeconfig.h"
#include "probes/file/layout.h"
#include "probes/file/pem.h"
#include "probes/file/pkcs12.h"
#include "probes/file/pkcs7.h"

struct format {
	const char *name; /* as outputs have it */
	const char *title; /* as a message has it; NULL: the name */
	bool (*is)(const char *s, size_t len); /* NULL: by its first bytes */
	const char *magic;
	size_t n;
	/* NULL: it may hold certificates, but nobody looks for them there. */
	void (*read)(const char *s, size_t len, struct reading *r);
};

#define MAGIC(bytes) .magic = (bytes), .n = sizeof(bytes) - 1

static enum der_kind
kind_of(const char *s, size_t len)
{
	return der_kind((const unsigned char *)s, len);
}

static bool
is_pkcs7(const char *s, size_t len)
{
	return kind_of(s, len) == DER_PKCS7;
}

static bool
is_pkcs12(const char *s, size_t len)
{
	return kind_of(s, len) == DER_PKCS12;
}

static bool
is_der(const char *s, size_t len)
{
	return kind_of(s, len) != DER_NONE;
}

/* POSIX's, or GNU's. Some CA's name has these letters in that place. */
static bool
is_tar(const char *s, size_t len)
{
	return len > 262 && memcmp(s + 257, "ustar", 5) == 0 &&
		(s[262] == '\0' || s[262] == ' ');
}

/* With a byte order mark, or as the first letters show. */
static bool
is_utf16(const char *s, size_t len)
{
	return len >= 2 &&
		(memcmp(s, "\xff\xfe", 2) == 0 ||
			memcmp(s, "\xfe\xff", 2) == 0 ||
			(len >= 4 &&
				(memcmp(s, "-\0-\0", 4) == 0 ||
					memcmp(s, "\0-\0-", 4) == 0)));
}

static const char *
skip_blanks(const char *s, const char *end)
{
	if (end - s >= 3 && memcmp(s, "\xef\xbb\xbf", 3) == 0)
		s += 3;
	while (s < end && isspace((unsigned char)*s))
		s++;
	return s;
}

static bool
is_html(const char *s, size_t len)
{
	static const char *const words[] = { "<!doctype", "<html", "<head" };
	const char *end = s + len;

	s = skip_blanks(s, end);
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		size_t n = strlen(words[i]);

		if ((size_t)(end - s) >= n && strncasecmp(s, words[i], n) == 0)
			return true;
	}
	return false;
}

/* DER that begins as certificates do, and lost its BEGIN and END lines. */
static bool
is_bare_base64(const char *s, size_t len)
{
	const char *end = s + len;

	s = skip_blanks(s, end);
	if (end - s < 3 || memcmp(s, "MII", 3) != 0)
		return false;
	while (s < end &&
		(isalnum((unsigned char)*s) ||
			(*s != '\0' && strchr("+/=\r\n", *s) != NULL)))
		s++;
	return s == end;
}

static void
read_pem(const char *s, size_t len, struct reading *r)
{
	const struct profile *p = r->target->profile;

	pem_read(s, len, r);
	if (p != NULL && p->layout && r->met[THING_CERTIFICATE] > 0)
		layout_read(s, len, r->ob);
}

static void
read_pkcs7(const char *s, size_t len, struct reading *r)
{
	pkcs7_read((const unsigned char *)s, len, "the PKCS#7 file", 0, r);
}

static void
read_pkcs12(const char *s, size_t len, struct reading *r)
{
	pkcs12_read((const unsigned char *)s, len, r);
}

static void
read_der(const char *s, size_t len, struct reading *r)
{
	der_read((const unsigned char *)s, len, r);
}

static void
read_kubeconfig(const char *s, size_t len, struct reading *r)
{
	kubeconfig_read(s, len, r->target, reading_keys(r), r->ob);
	if (r->ob->n_certs > 0)
		r->met[THING_CERTIFICATE]++;
}

/*
 * A new format is a new row. The first that fits counts: binary ones that
 * nothing else looks like, then what may stand in any text.
 */
static const struct format formats[] = {
	{ "ZIP", "a ZIP archive", MAGIC("PK\x03\x04") },
	{ "ZIP", "an empty ZIP archive", MAGIC("PK\x05\x06") },
	{ "JKS", "a Java keystore (JKS)", MAGIC("\xfe\xed\xfe\xed") },
	{ "JCEKS", "a Java keystore (JCEKS)", MAGIC("\xce\xce\xce\xce") },
	{ "gzip", "a gzip archive", MAGIC("\x1f\x8b") },
	{ "bzip2", "a bzip2 archive", MAGIC("BZh91AY&SY") },
	{ "xz", "an xz archive",
		MAGIC("\xfd"
		      "7zXZ") },
	{ "7z", "a 7z archive", MAGIC("7z\xbc\xaf\x27\x1c") },
	{ "PDF", "a PDF document", MAGIC("%PDF-") },
	{ "RTF", "a rich text document (RTF)", MAGIC("{\\rtf") },
	{ "Word", "an Office document", MAGIC("\xd0\xcf\x11\xe0\xa1\xb1") },
	{ "UTF-16", "UTF-16 text", .is = is_utf16 },
	{ "PKCS#7", .is = is_pkcs7, .read = read_pkcs7 },
	{ "PKCS#12", .is = is_pkcs12, .read = read_pkcs12 },
	{ "DER", .is = is_der, .read = read_der },
	{ "tar", "a tar archive", .is = is_tar },
	{ "PEM", .is = pem_is, .read = read_pem },
	{ "HTML", "an HTML page", .is = is_html },
	{ "kubeconfig", "a kubeconfig", .is = kubeconfig_is,
		.read = read_kubeconfig },
	{ "base64", "base64 without its BEGIN and END lines",
		.is = is_bare_base64 },
};

static const struct format *
format_of(const char *s, size_t len)
{
	for (size_t i = 0; i < sizeof(formats) / sizeof(formats[0]); i++) {
		const struct format *f = &formats[i];

		if (f->is != NULL
				? f->is(s, len)
				: len >= f->n && memcmp(s, f->magic, f->n) == 0)
			return f;
	}
	return NULL;
}

const char *
formats_title(const char *bytes, size_t len)
{
	const struct format *f = format_of(bytes, len);

	if (f == NULL)
		return NULL;
	return f->title != NULL ? f->title : f->name;
}

/* All bytes are blanks, or all are zero, as after a power cut? */
static bool
tell_empty(const char *s, size_t len, struct observation *ob)
{
	size_t blanks = 0, zeros = 0;

	while (blanks < len && isspace((unsigned char)s[blanks]))
		blanks++;
	while (zeros < len && s[zeros] == '\0')
		zeros++;
	if (blanks < len && zeros < len)
		return false;
	observation_add_fault(ob, FAULT_FILE_EMPTY, 0,
		len == 0		? "is empty"
			: blanks == len ? "holds nothing but blanks"
					: "holds nothing but zero bytes");
	return true;
}

static void
tell_format(const struct format *f, struct reading *r)
{
	bool pem = target_wants_pem(r->target);

	if (f->read != NULL && (!pem || f->read == read_pem))
		return;
	if (f->read == NULL)
		r->explained = true;
	observation_add_fault(r->ob, FAULT_FILE_FORMAT, 0, "want %s, have %s",
		pem ? "PEM" : "certificates",
		f->title != NULL ? f->title : f->name);
}

/*
 * OpenSSL finds PEM in an archive as well, if nothing was compressed. What it
 * finds has an end; what is odd about the rest has one cause.
 */
static void
read_around(const char *s, size_t len, struct reading *r)
{
	if (!pem_is(s, len))
		return;
	pem_read(s, len, r);
	observation_forget_faults(r->ob);
	r->damaged = 0;
}

/* Why a file that could be read gave no certificate. */
static void
tell_none(const struct format *f, struct reading *r)
{
	BUF_CLEANUP struct buf what = { 0 };

	if (r->ob->n_certs > 0 || r->met[THING_CERTIFICATE] > 0 || r->explained)
		return;
	if (reading_met_others_only(r)) {
		/* Then nobody asks whether its key opens, or who reads it. */
		observation_forget_faults(r->ob);
		observation_forget_x509(r->ob);
		if (f != NULL && f->read == read_der && r->met[THING_OTHER] > 0)
			buf_puts(&what, "DER that is none, or is damaged");
		else
			reading_contents(r, &what);
		observation_add_fault(r->ob, FAULT_FILE_NO_CERTIFICATE, 0,
			"want a certificate, have %s", buf_str(&what));
	} else if (r->ob->n_faults == 0) {
		observation_add_fault(r->ob, FAULT_FILE_NO_CERTIFICATE, 0,
			"want a certificate, have %s",
			f == NULL ? "none: there is no BEGIN line in it"
				: f->read == read_kubeconfig
				? "a kubeconfig without any"
				: "none");
	}
}

void
formats_read(const char *bytes, size_t len, struct reading *r)
{
	const struct format *f;

	if (tell_empty(bytes, len, r->ob))
		return;
	f = format_of(bytes, len);
	if (f == NULL) {
		/* What nearly is PEM is told. */
		pem_read(bytes, len, r);
	} else {
		r->ob->format = f->read != NULL ? f->name : NULL;
		if (f->read == NULL)
			read_around(bytes, len, r);
		tell_format(f, r);
		if (f->read != NULL)
			f->read(bytes, len, r);
	}
	tell_none(f, r);
}
