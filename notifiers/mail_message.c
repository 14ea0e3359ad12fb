/* mail_message.c - a digest as the bytes of a mail */
#include <ctype.h>
#include <stdbool.h>
#include <string.h>

#include "notifiers/mail.h"

#define LINE_MAX_QUOTED 76 /* RFC 2045, 6.7: the soft break included */
#define BOUNDARY_ID_MAX 60 /* RFC 2046, 5.1.1: 70 characters in all */

/*
 * May this character stand for itself? What servers and mailboxes make
 * something else of may not: a dot that begins a line, "From " there, and
 * blanks at the end of one (RFC 2049, 3).
 */
static bool
is_literal(const char *s, bool begins_line)
{
	if (begins_line && (*s == '.' || strncmp(s, "From ", 5) == 0))
		return false;
	if (*s == ' ')
		return s[1] != '\n' && s[1] != '\0';
	return *s > ' ' && *s < 0x7f && *s != '=';
}

/* RFC 2045, 6.7, of lines that end with "\n". */
static void
add_quoted(struct buf *out, const char *s)
{
	size_t column = 0;

	while (*s != '\0') {
		bool literal = is_literal(s, column == 0);

		if (*s == '\n') {
			buf_puts(out, "\r\n");
			column = 0;
			s++;
		} else if (column + (literal ? 1 : 3) > LINE_MAX_QUOTED - 1) {
			buf_puts(out, "=\r\n");
			column = 0;
		} else if (literal) {
			buf_putc(out, *s++);
			column++;
		} else {
			buf_printf(out, "=%02X", (unsigned char)*s++);
			column += 3;
		}
	}
}

static void
add_part(struct buf *out, const char *boundary, const char *type,
	const struct buf *text)
{
	buf_printf(out,
		"--%s\r\n"
		"Content-Type: %s; charset=UTF-8\r\n"
		"Content-Transfer-Encoding: quoted-printable\r\n"
		"\r\n",
		boundary, type);
	add_quoted(out, buf_str(text));
	buf_puts(out, "\r\n");
}

/* "=_" is never seen in quoted-printable. */
static void
make_boundary(struct buf *out, const struct digest *d)
{
	buf_puts(out, "=_");
	for (const char *s = d->id; *s != '\0' && out->len < BOUNDARY_ID_MAX;
		s++)
		buf_putc(out, isalnum((unsigned char)*s) ? *s : '_');
}

/* The part that is preferred comes last (RFC 2046, 5.1.4). */
static void
add_body(struct buf *out, const struct digest *d, const char *boundary,
	size_t most)
{
	BUF_CLEANUP struct buf text = { 0 }, html = { 0 };

	mail_text(&text, d, most);
	mail_html(&html, d, most);
	add_part(out, boundary, "text/plain", &text);
	add_part(out, boundary, "text/html", &html);
	buf_printf(out, "--%s--\r\n", boundary);
}

static void
add_header(struct buf *out, const struct mail_envelope *m,
	const struct digest *d, const char *boundary)
{
	struct strlist fields = { 0 };

	mail_headers(&fields, m, d);
	for (size_t i = 0; i < fields.n; i++)
		buf_printf(out, "%s\r\n", fields.v[i]);
	strlist_release(&fields);
	buf_printf(out,
		"MIME-Version: 1.0\r\n"
		"Content-Type: multipart/alternative;\r\n boundary=\"%s\"\r\n"
		"\r\n",
		boundary);
}

void
mail_message(
	struct buf *out, const struct mail_envelope *m, const struct digest *d)
{
	BUF_CLEANUP struct buf boundary = { 0 };
	size_t most = MAIL_EVENTS_MAX;

	make_boundary(&boundary, d);
	do {
		buf_reset(out);
		add_header(out, m, d, boundary.s);
		add_body(out, d, boundary.s, most);
		most /= 2;
	} while (out->len > MAIL_BYTES_MAX && most > 0);
}
