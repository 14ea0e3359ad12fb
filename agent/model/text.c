/* text.c - hostile text made harmless: one function for each destination */
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include <openssl/evp.h>

#include "model/text.h"

/*
 * One code point of UTF-8 at `s`: its length, or 0 if it is not UTF-8
 * (RFC 3629: no overlong form, no surrogate, nothing past U+10FFFF).
 */
static size_t
utf8_decode(const char *text, uint32_t *out)
{
	const unsigned char *s = (const unsigned char *)text;
	static const uint32_t least[] = { 0, 0, 0x80, 0x800, 0x10000 };
	uint32_t c;
	size_t n;

	if (s[0] < 0x80) {
		*out = s[0];
		return 1;
	}
	if (s[0] >= 0xf8 || s[0] < 0xc2)
		return 0;
	n = s[0] >= 0xf0 ? 4 : s[0] >= 0xe0 ? 3 : 2;
	c = s[0] & (0x7fu >> n);
	for (size_t i = 1; i < n; i++) {
		if ((s[i] & 0xc0) != 0x80)
			return 0;
		c = c << 6 | (s[i] & 0x3fu);
	}
	if (c < least[n] || c > 0x10ffff || (c >= 0xd800 && c <= 0xdfff))
		return 0;
	*out = c;
	return n;
}

/*
 * Controls, and what reorders or hides text (Unicode TR 36, 2.5 and 3, and
 * Default_Ignorable_Code_Point).
 */
static bool
is_hidden(uint32_t c)
{
	static const struct range {
		uint32_t first, last;
	} hidden[] = {
		{ 0x00, 0x1f }, { 0x7f, 0x9f },
		{ 0xad, 0xad }, /* soft hyphen */
		{ 0x34f, 0x34f }, /* joins graphemes */
		{ 0x61c, 0x61c }, /* Arabic letter mark */
		{ 0x115f, 0x1160 }, /* Hangul fillers */
		{ 0x17b4, 0x17b5 }, /* Khmer vowels that nobody sees */
		{ 0x180b, 0x180f },
		{ 0x200b, 0x200f }, /* zero width, direction marks */
		{ 0x2028, 0x202e }, /* line breaks, embeddings, overrides */
		{ 0x2060, 0x206f }, /* isolates and invisible operators */
		{ 0x3164, 0x3164 }, { 0xe000, 0xf8ff }, /* private use */
		{ 0xfe00, 0xfe0f }, /* variation selectors */
		{ 0xfeff, 0xfeff }, { 0xffa0, 0xffa0 }, { 0xfff0, 0xfffb },
		{ 0xfffe, 0xffff },
		{ 0x1bca0, 0x1bca3 }, /* controls of shorthand, */
		{ 0x1d173, 0x1d17a }, /* and of music */
		{ 0xe0000, 0x10ffff }, /* tags, private planes */
	};

	for (size_t i = 0; i < sizeof(hidden) / sizeof(hidden[0]); i++) {
		if (c >= hidden[i].first && c <= hidden[i].last)
			return true;
	}
	return false;
}

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
	size_t n = utf8_decode(*s, &c);

	if (n == 0) {
		buf_printf(out, "\\x%02x", (unsigned char)**s);
		n = 1;
	} else if (is_hidden(c)) {
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
		if (out->s[i] == '|')
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
			(step = utf8_decode(p + n, &c)) + n <= ENCODED_BYTES)
			n += step;
		add_encoded_word(out, p, n);
		p += n;
		if (*p != '\0')
			buf_puts(out, "\r\n ");
	}
}

/* Wide and fullwidth ranges of Unicode's East Asian Width, in the large. */
static size_t
code_point_width(uint32_t c)
{
	static const struct range {
		uint32_t first, last;
		size_t width;
	} ranges[] = {
		{ 0x300, 0x36f, 0 }, /* combining marks */
		{ 0x483, 0x489, 0 },
		{ 0x591, 0x5bd, 0 },
		{ 0x610, 0x61a, 0 },
		{ 0x64b, 0x65f, 0 },
		{ 0x1100, 0x115f, 2 },
		{ 0x1ab0, 0x1aff, 0 },
		{ 0x1dc0, 0x1dff, 0 },
		{ 0x20d0, 0x20ff, 0 },
		{ 0x2e80, 0x303e, 2 },
		{ 0x3041, 0x33ff, 2 },
		{ 0x3400, 0x4dbf, 2 },
		{ 0x4e00, 0x9fff, 2 },
		{ 0xa000, 0xa4cf, 2 },
		{ 0xac00, 0xd7a3, 2 },
		{ 0xf900, 0xfaff, 2 },
		{ 0xfe20, 0xfe2f, 0 },
		{ 0xfe30, 0xfe6f, 2 },
		{ 0xff00, 0xff60, 2 },
		{ 0xffe0, 0xffe6, 2 },
		{ 0x1f300, 0x1f64f, 2 },
		{ 0x1f680, 0x1f6ff, 2 },
		{ 0x1f900, 0x1f9ff, 2 },
		{ 0x20000, 0x3fffd, 2 },
	};

	for (size_t i = 0; i < sizeof(ranges) / sizeof(ranges[0]); i++) {
		if (c >= ranges[i].first && c <= ranges[i].last)
			return ranges[i].width;
	}
	return 1;
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
		n = utf8_decode(s, &c);
		columns += n == 0 ? 1 : code_point_width(c);
		s += n == 0 ? 1 : n;
	}
	return columns;
}

void
text_count(struct buf *out, size_t n, const char *singular, const char *plural)
{
	buf_printf(out, "%zu %s", n, n == 1 ? singular : plural);
}
