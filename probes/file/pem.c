/* pem.c - the blocks of a PEM text, and where it is damaged */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "probes/file/base64.h"
#include "probes/file/der.h"
#include "probes/file/pem.h"
#include "probes/file/pemkind.h"
#include "probes/file/pemline.h"
#include "probes/file/pkcs7.h"

#define MAX_LABEL 64

/* What is being read; a block is open from its BEGIN to its END. */
struct reader {
	struct reading *r;
	size_t line; /* of the text, from 1 */
	size_t blocks;
	const struct pem_kind *open; /* NULL: none is */
	char label[MAX_LABEL];
	const char *text; /* the open block's own, */
	size_t begin; /* its first line, */
	struct buf body; /* its base64 */
	size_t bad; /* and its first line that is none; 0: all are */
	size_t blanks; /* blank lines in it, so far */
	bool blank; /* the last of them came behind base64 */
	bool blank_told;
	size_t loose; /* the first line of a block that is not looked into
		       * and does not end; 0: all do */
	size_t odd; /* the first line that is nearly a boundary; 0: none */
	bool odd_begin; /* and what it might begin has not ended yet */
	size_t plain, packed; /* blocks of certificates, and of PKCS#7 */
};

/* "the certificate in block 3, line 41," */
static void
name_block(const struct reader *rd, struct buf *out)
{
	buf_printf(out, "%s in block %zu, line %zu,", rd->open->noun,
		rd->blocks, rd->begin);
}

static void
damaged(struct reader *rd, const char *what)
{
	BUF_CLEANUP struct buf name = { 0 };

	if (rd->open->body == BODY_PKCS7)
		rd->r->met[THING_CERTIFICATE]++;
	name_block(rd, &name);
	reading_damaged(rd->r, rd->begin, "%s %s", buf_str(&name), what);
}

/* Once a block: where each line is followed by a blank one there are many. */
static void
tell_blank(struct reader *rd, const char *what)
{
	if (!rd->blank_told)
		damaged(rd, what);
	rd->blank_told = true;
}

static void
tell_not_base64(struct reader *rd)
{
	BUF_CLEANUP struct buf what = { 0 };

	buf_puts(&what, "is not base64");
	if (rd->bad > 0)
		buf_printf(&what, ": see line %zu", rd->bad);
	damaged(rd, buf_str(&what));
}

static void
add_certificate(struct reader *rd, const struct buf *der)
{
	const unsigned char *p = (const unsigned char *)der->s;
	const struct der all = { p, der->len };
	BUF_CLEANUP struct buf why = { 0 };
	X509 *x509 = reading_decode(
		rd->r, &p, der->len, rd->open->body == BODY_TRUSTED);

	if (x509 == NULL) {
		struct der rest = all;
		struct der_item item;

		der_trouble(&all, &why);
		/* Its END is there, so this is what else takes some away. */
		if (der_next(&rest, &item) && item.missing > 0)
			buf_puts(&why, "; a line may be lost");
		damaged(rd, buf_str(&why));
		return;
	}
	if (p != all.p + all.len)
		damaged(rd, "has bytes behind its end");
	reading_add(rd->r, x509, rd->begin);
}

static void
add_pkcs7(struct reader *rd, const struct buf *der)
{
	BUF_CLEANUP struct buf name = { 0 };

	if (target_wants_pem(rd->r->target) && rd->packed == 1)
		observation_add_fault(rd->r->ob, FAULT_FILE_FORMAT, rd->begin,
			"want PEM certificates, have PKCS#7 in block %zu, "
			"line %zu",
			rd->blocks, rd->begin);
	name_block(rd, &name);
	pkcs7_read((const unsigned char *)der->s, der->len, buf_str(&name),
		rd->begin, rd->r);
}

static void
add_body(struct reader *rd)
{
	BUF_CLEANUP struct buf der = { 0 };

	if (rd->body.len == 0)
		damaged(rd, "is empty");
	else if (base64_decode_loosely(rd->body.s, rd->body.len, &der) == -1 ||
		der.len == 0)
		tell_not_base64(rd);
	else if (rd->open->body == BODY_PKCS7)
		add_pkcs7(rd, &der);
	else
		add_certificate(rd, &der);
}

/* A block that is whole; its END line ends at `end`. */
static void
take_block(struct reader *rd, const char *end)
{
	if (pemkind_has_body(rd->open))
		add_body(rd);
	else if (rd->open->body == BODY_KEY)
		privatekey_add_pem(reading_keys(rd->r), rd->text,
			(size_t)(end - rd->text), rd->begin, rd->r->ob);
}

/* An END line that ends nothing: its BEGIN line was lost. */
static void
tell_stray_end(struct reader *rd, const char *label)
{
	bool odd = rd->odd_begin;

	rd->odd_begin = false;
	if (odd || !pemkind_has_body(pemkind_of(label)))
		return;
	rd->r->met[THING_CERTIFICATE]++;
	reading_damaged(rd->r, rd->line,
		"line %zu ends a certificate that has no BEGIN line", rd->line);
}

static void
note_loose(struct reader *rd)
{
	if (rd->loose == 0)
		rd->loose = rd->begin;
}

static void
close_block(struct reader *rd, const char *label, size_t n, const char *end)
{
	char ending[MAX_LABEL] = "";

	if (n < MAX_LABEL)
		memcpy(ending, label, n);
	if (rd->open == NULL) {
		tell_stray_end(rd, ending);
		return;
	}
	if (strcmp(rd->label, ending) == 0) {
		take_block(rd, end);
	} else if (rd->open->body != BODY_NONE) {
		damaged(rd, "ends as something else");
	} else if (pemkind_has_body(pemkind_of(ending))) {
		rd->open = pemkind_of(ending);
		rd->r->met[THING_CERTIFICATE]++;
		damaged(rd, "begins as something else");
	} else {
		note_loose(rd);
	}
	rd->open = NULL;
}

static void
open_block(struct reader *rd, const char *label, size_t n)
{
	if (rd->open != NULL && rd->open->body != BODY_NONE)
		damaged(rd, "has no END line");
	else if (rd->open != NULL)
		note_loose(rd);
	rd->open = NULL;
	if (n >= MAX_LABEL)
		return;
	memcpy(rd->label, label, n);
	rd->label[n] = '\0';
	rd->open = pemkind_of(rd->label);
	/* What PKCS#7 holds is counted when it is read. */
	if (rd->open->body != BODY_PKCS7)
		rd->r->met[rd->open->thing]++;
	rd->plain += rd->open->thing == THING_CERTIFICATE;
	rd->packed += rd->open->body == BODY_PKCS7;
	rd->begin = rd->line;
	rd->blocks++;
	rd->odd_begin = false;
	rd->blanks = 0;
	rd->blank = rd->blank_told = false;
	rd->bad = 0;
	buf_reset(&rd->body);
}

static bool
is_base64(const char *s, size_t len)
{
	for (size_t i = 0; i < len; i++) {
		if (!isalnum((unsigned char)s[i]) && s[i] != '+' &&
			s[i] != '/' && s[i] != '=')
			return false;
	}
	return true;
}

/* One line of an open block, without the blanks at its end. */
static void
add_line(struct reader *rd, const char *s, size_t len)
{
	if (rd->open == NULL || !pemkind_has_body(rd->open))
		return;
	if (len == 0) {
		rd->blank = rd->body.len > 0;
		/* One would end the headers (RFC 1421) that are not there. */
		if (++rd->blanks > 1 && !rd->blank)
			tell_blank(rd,
				"has blank lines behind its BEGIN, where "
				"OpenSSL takes but one");
		return;
	}
	if (rd->blank)
		tell_blank(rd,
			"has a blank line within its base64, where OpenSSL "
			"stops to read");
	rd->blank = false;
	if (rd->bad == 0 && !is_base64(s, len))
		rd->bad = rd->line;
	buf_add(&rd->body, s, len);
	buf_putc(&rd->body, '\n');
}

static size_t
read_end(struct reader *rd, const char *s, size_t len)
{
	size_t n, end = pemline_boundary(s, len, PEMLINE_END, &n);

	if (end == 0)
		return 0;
	if (rd->blank && rd->open != NULL)
		tell_blank(rd, "has a blank line in front of its END");
	if (end < len && rd->open != NULL && rd->open->noun != NULL)
		damaged(rd,
			"has something behind its END on that line, where no "
			"server reads on");
	close_block(rd, s + strlen(PEMLINE_END), n, s + end);
	return end;
}

/* `s` stands behind a BEGIN, on that line. */
static void
tell_begun(struct reader *rd, const char *s, size_t len)
{
	if (memmem(s, len, PEMLINE_END, strlen(PEMLINE_END)) == NULL) {
		damaged(rd, "has something behind its BEGIN");
		return;
	}
	damaged(rd,
		"stands on one line with its END: want lines that end with LF "
		"or CR LF");
	rd->open = NULL;
}

static void
read_line(struct reader *rd, const char *s, size_t len)
{
	size_t n, end, begin;

	/* OpenSSL drops these as well. */
	while (len > 0 && (unsigned char)s[len - 1] <= ' ')
		len--;
	end = read_end(rd, s, len);
	s += end;
	len -= end;
	begin = pemline_boundary(s, len, PEMLINE_BEGIN, &n);
	if (begin > 0) {
		open_block(rd, s + strlen(PEMLINE_BEGIN), n);
		rd->text = s;
		if (begin < len && rd->open != NULL &&
			rd->open->body != BODY_NONE)
			tell_begun(rd, s + begin, len - begin);
	} else if (end == 0 && pemline_is_odd(s, len)) {
		if (rd->odd == 0)
			rd->odd = rd->line;
		rd->odd_begin = true;
	} else if (end == 0) {
		add_line(rd, s, len);
	}
}

/* What looks like PEM, and OpenSSL sees nothing there. */
static void
tell_odd(const struct reader *rd)
{
	struct observation *ob = rd->r->ob;

	if (rd->odd == 0)
		return;
	/* Alone it may be a sample in some text: nothing was to be read. */
	rd->r->explained = true;
	observation_add_fault(ob,
		ob->n_certs > 0 ? FAULT_FILE_DAMAGED
				: FAULT_FILE_NO_CERTIFICATE,
		rd->odd,
		"line %zu looks like the BEGIN or END of a certificate but is "
		"none: it is indented, has too few dashes, or something "
		"stands beside it",
		rd->odd);
}

static void
tell_unended(struct reader *rd)
{
	if (rd->open != NULL && rd->open->body != BODY_NONE)
		damaged(rd, "is cut short: its END line is missing");
	else if (rd->open != NULL)
		note_loose(rd);
	/* Without a certificate it is no matter of OpenSSL's, such as PGP's. */
	if (rd->loose > 0 && rd->r->met[THING_CERTIFICATE] > 0)
		reading_damaged(rd->r, rd->loose,
			"the block that begins on line %zu has no END line of "
			"its own, so servers do not read the file",
			rd->loose);
}

bool
pem_is(const char *text, size_t len)
{
	const char *end = text + len, *p = text + pemline_mark(text, len);
	size_t n;

	while (p != NULL && p < end) {
		const char *nl = memchr(p, '\n', (size_t)(end - p));
		size_t line = (size_t)((nl != NULL ? nl : end) - p);

		if (pemline_boundary(p, line, PEMLINE_BEGIN, &n) > 0 ||
			pemline_boundary(p, line, PEMLINE_END, &n) > 0)
			return true;
		p = nl != NULL ? nl + 1 : NULL;
	}
	return false;
}

void
pem_read(const char *text, size_t len, struct reading *r)
{
	struct reader rd = { .r = r };
	const char *end = text + len;

	text += pemline_mark(text, len);
	while (text < end && !r->full) {
		const char *nl = memchr(text, '\n', (size_t)(end - text));

		rd.line++;
		read_line(&rd, text, (size_t)((nl != NULL ? nl : end) - text));
		text = nl != NULL ? nl + 1 : end;
	}
	if (!r->full)
		tell_unended(&rd);
	tell_odd(&rd);
	if (rd.packed > 0 && rd.plain == 0)
		r->ob->format = "PKCS#7";
	buf_release(&rd.body);
}
