/* text.c - hostile text made harmless: one function for each destination */
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include <openssl/evp.h>

#include "model/text.h"
#include "model/unicode.h"

/* How many bytes from here on are ASCII that everybody sees. */
static size_t
plain_run(const char *s)
{
	size_t n = 0;

	while (s[n] >= 0x20 && s[n] < 0x7f)
		n++;
	return n;
}

/* The escaped form of the code point at *s, which is moved on. */
static void
add_plain(struct buf *out, const char **s)
{
	uint32_t c;
	size_t n = unicode_decode(*s, &c);

	if (n == 0) {
		buf_printf(out, "\\x%02x", (unsigned char)**s);
		n = 1;
	} else if (unicode_is_hidden(c)) {
		buf_printf(out, c < 0x80 ? "\\x%02x" : "\\u{%04x}", c);
	} else {
		buf_add(out, *s, n);
	}
	*s += n;
}

void
text_plain(struct buf *out, const char *s)
{
	for (;;) {
		size_t n = plain_run(s);

		if (n > 0)
			buf_add(out, s, n);
		s += n;
		if (*s == '\0')
			break;
		add_plain(out, &s);
	}
}

void
text_nagios(struct buf *out, const char *s)
{
	size_t from = out->len;

	text_plain(out, s);
	for (size_t i = from; i < out->len; i++) {
		/* What passes on results writes "\n" for a line's end. */
		if (out->s[i] == '|' ||
			(out->s[i] == '\\' && out->s[i + 1] == 'n'))
			out->s[i] = '/';
	}
}

void
text_html(struct buf *out, const char *s)
{
	while (*s != '\0') {
		switch (*s) {
		case '&':
			buf_puts(out, "&amp;");
			break;
		case '<':
			buf_puts(out, "&lt;");
			break;
		case '>':
			buf_puts(out, "&gt;");
			break;
		case '"':
			buf_puts(out, "&quot;");
			break;
		case '\'':
			buf_puts(out, "&#39;");
			break;
		default:
			add_plain(out, &s);
			continue;
		}
		s++;
	}
}

void
text_label(struct buf *out, const char *s)
{
	for (;;) {
		size_t n = strcspn(s, "\\\""), run = plain_run(s);
		uint32_t c;

		n = n < run ? n : run;
		if (n > 0)
			buf_add(out, s, n);
		s += n;
		if (*s == '\0')
			break;
		if (*s == '"') {
			buf_puts(out, "\\\"");
			s++;
		} else if (*s == '\\') {
			/* What looks like an escape of ours is none. */
			buf_puts(out,
				s[1] == 'x' || s[1] == 'u' ? "\\\\x5c"
							   : "\\\\");
			s++;
		} else {
			/* The backslash of ours is to arrive as one. */
			if (unicode_decode(s, &c) == 0 || unicode_is_hidden(c))
				buf_putc(out, '\\');
			add_plain(out, &s);
		}
	}
}

/* What people see as nothing, before what a spreadsheet reads. */
static bool
is_blank(uint32_t c)
{
	return c == ' ' || c == '"' || c == '\'' || c == 0xa0 || c == 0x1680 ||
		(c >= 0x2000 && c <= 0x200a) || c == 0x202f || c == 0x205f ||
		c == 0x3000;
}

/*
 * Does a spreadsheet take what begins so for a formula? (OWASP, "CSV
 * Injection"; the fullwidth ones are its own word too.)
 */
static bool
is_formula(const char *s)
{
	static const uint32_t signs[] = { '=', '+', '-', '@', 0xff1d, 0xff0b,
		0xff0d, 0xff20, 0x2212, 0xfe62, 0xfe63, 0xfe66, 0xfe6b };
	uint32_t c = 0;
	size_t n;

	while ((n = unicode_decode(s, &c)) > 0 && is_blank(c))
		s += n;
	for (size_t i = 0; n > 0 && i < sizeof(signs) / sizeof(signs[0]); i++) {
		if (c == signs[i])
			return true;
	}
	return false;
}

void
text_csv(struct buf *out, const char *s)
{
	BUF_CLEANUP struct buf plain = { 0 };

	text_plain(&plain, s);
	buf_puts(out, is_formula(buf_str(&plain)) ? "\"'" : "\"");
	for (const char *p = buf_str(&plain); *p != '\0'; p++) {
		buf_putc(out, *p);
		if (*p == '"')
			buf_putc(out, '"');
		/* Where a comma is decimal, this begins the next cell. */
		if (*p == ';' && is_formula(p + 1))
			buf_putc(out, '\'');
	}
	buf_putc(out, '"');
}

void
text_ics(struct buf *out, const char *s)
{
	BUF_CLEANUP struct buf plain = { 0 };

	text_plain(&plain, s);
	for (const char *p = buf_str(&plain); *p != '\0'; p++) {
		if (*p == '<') {
			buf_puts(out, "\\\\x3c");
			continue;
		}
		/* Many programs take back what is escaped in a wrong order. */
		if (*p == '\\' && (p[1] == 'n' || p[1] == 'N')) {
			buf_putc(out, '/');
			continue;
		}
		if (strchr("\\;,", *p) != NULL)
			buf_putc(out, '\\');
		buf_putc(out, *p);
	}
}

/* As JSON has it: two of them for what lies beyond U+FFFF. */
static void
put_utf16(struct buf *out, uint32_t c)
{
	if (c > 0xffff)
		buf_printf(out, "\\u%04X\\u%04X",
			0xd800 + ((c - 0x10000) >> 10),
			0xdc00 + ((c - 0x10000) & 0x3ff));
	else
		buf_printf(out, "\\u%04X", c);
}

/* How many of `n` bytes are ASCII; jansson has escaped its controls. */
static size_t
ascii_run(const char *s, size_t n)
{
	size_t run = 0;

	while (run < n && (unsigned char)s[run] < 0x7f)
		run++;
	return run;
}

void
text_json(struct buf *out, const char *s, size_t n)
{
	while (n > 0) {
		size_t step = ascii_run(s, n);
		uint32_t c = 0;

		if (step == 0)
			step = unicode_decode(s, &c);
		if (step == 0) /* our mistake: it was no JSON */
			step = 1;
		if (unicode_is_hidden(c) && c != 0)
			put_utf16(out, c);
		else
			buf_add(out, s, step);
		s += step;
		n -= step;
	}
}

/* RFC 2047, 2: an encoded word has at most 75 characters, so 45 bytes. */
#define ENCODED_BYTES 42

static void
add_encoded_word(struct buf *out, const char *s, size_t n)
{
	unsigned char base64[4 * ((ENCODED_BYTES + 2) / 3) + 1];

	EVP_EncodeBlock(base64, (const unsigned char *)s, (int)n);
	buf_printf(out, "=?UTF-8?B?%s?=", (const char *)base64);
}

/* Plain text, folded at blanks once a line is longer than it should be. */
static void
add_folded(struct buf *out, const char *s)
{
	size_t column = 10; /* the header's name stands in front */

	while (*s != '\0') {
		size_t word = strcspn(s + 1, " ") + 1;

		if (*s == ' ' && column + word > 74) {
			buf_puts(out, "\r\n");
			column = 0;
		}
		buf_add(out, s, word);
		column += word;
		s += word;
	}
}

void
text_header(struct buf *out, const char *s)
{
	BUF_CLEANUP struct buf plain = { 0 };
	bool ascii = true;
	const char *p;
	size_t longest = 0, word = 0;

	text_plain(&plain, s);
	p = buf_str(&plain);
	for (const char *q = p; *q != '\0'; q++) {
		if ((unsigned char)*q >= 0x80)
			ascii = false;
		word = *q == ' ' ? 0 : word + 1;
		if (word > longest)
			longest = word;
	}
	/* "=?" could be taken for an encoded word (RFC 2047, 7). */
	if (ascii && longest < 70 && strstr(p, "=?") == NULL) {
		add_folded(out, p);
		return;
	}
	while (*p != '\0') {
		size_t n = 0, step;
		uint32_t c;

		/* A character never parts over two words (RFC 2047, 5). */
		while (p[n] != '\0' &&
			(step = unicode_decode(p + n, &c)) + n <= ENCODED_BYTES)
			n += step;
		add_encoded_word(out, p, n);
		p += n;
		if (*p != '\0')
			buf_puts(out, "\r\n ");
	}
}

size_t
text_width(const char *s)
{
	size_t columns = 0;

	for (;;) {
		size_t run = plain_run(s), n;
		uint32_t c;

		columns += run;
		s += run;
		if (*s == '\0')
			break;
		n = unicode_decode(s, &c);
		columns += n == 0 ? 1 : unicode_width(c);
		s += n == 0 ? 1 : n;
	}
	return columns;
}

void
text_count(struct buf *out, size_t n, const char *singular, const char *plural)
{
	buf_printf(out, "%zu %s", n, n == 1 ? singular : plural);
}
