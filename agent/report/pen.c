/* pen.c - lines of text beside a tree: wrapped, coloured, or plain on a pipe */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "model/alloc.h"
#include "model/text.h"
#include "report/pen.h"

/* Lines that are longer than this are hard to read. */
#define MAX_COLUMNS 112
/* Where less room is left, wrapping makes nothing better. */
#define MIN_COLUMNS 24
#define MAX_BYTES 4096

/* Each one column wide, that of a branch two. */
static const char *const glyphs[][MARKS] = {
	[LINES_ASCII] = { "", "o", "#", "x", "-", "|", "+-" },
	[LINES_UTF8] = { "", "●", "◆", "✗", "○", "│", "├─" },
};

static void
pad(struct buf *out, size_t n)
{
	buf_pad(out, n, ' ');
}

static void
sgr_on(const struct pen *p, const char *sgr)
{
	if (p->opt->colour && sgr != NULL)
		buf_printf(p->out, "\033[%sm", sgr);
}

static void
sgr_off(const struct pen *p, const char *sgr)
{
	if (p->opt->colour && sgr != NULL)
		buf_puts(p->out, "\033[0m");
}

static size_t
gutter_columns(const struct pen *p, enum mark mark)
{
	bool inside = mark == MARK_INSIDE || mark == MARK_BRANCH;

	if (mark == MARK_NONE)
		return 0;
	return p->digits + (inside || p->opt->lines != LINES_NONE ? 4 : 2);
}

static const char *
sgr_of(enum mark mark)
{
	return mark == MARK_GAP				     ? PEN_BAD
		: mark == MARK_INSIDE || mark == MARK_BRANCH ? PEN_DIM
							     : NULL;
}

static void
put_gutter(const struct pen *p, enum mark mark, size_t number)
{
	const char *sgr = sgr_of(mark);

	if (mark == MARK_NONE)
		return;
	if (number == PEN_NO_NUMBER)
		pad(p->out, p->digits);
	else
		buf_printf(p->out, "%*zu", (int)p->digits, number);
	if (p->opt->lines == LINES_NONE) {
		pad(p->out, gutter_columns(p, mark) - p->digits);
		return;
	}
	buf_putc(p->out, ' ');
	if (mark == MARK_INSIDE && !p->spine) {
		pad(p->out, 3);
		return;
	}
	sgr_on(p, sgr);
	buf_puts(p->out, glyphs[p->opt->lines][mark]);
	sgr_off(p, sgr);
	pad(p->out, mark == MARK_BRANCH ? 1 : 2);
}

/* How many columns of text stand beside the gutter. */
static size_t
room(const struct pen *p)
{
	size_t wide = p->opt->width, gutter = gutter_columns(p, p->mark);

	if (wide > MAX_COLUMNS)
		wide = MAX_COLUMNS;
	return wide < gutter + p->indent + MIN_COLUMNS ? SIZE_MAX
						       : wide - gutter;
}

/* A line that ends in blanks is tidied up. */
static void
trim(struct buf *out)
{
	while (out->len > 0 && out->s[out->len - 1] == ' ')
		out->s[--out->len] = '\0';
}

void
pen_begin(struct pen *p, enum mark mark, size_t number, size_t indent)
{
	p->mark = mark;
	p->column = p->blanks = 0;
	p->indent = indent;
	put_gutter(p, mark, number);
}

void
pen_end(struct pen *p)
{
	trim(p->out);
	buf_putc(p->out, '\n');
}

static void
wrap(struct pen *p)
{
	pen_end(p);
	put_gutter(p, p->mark == MARK_NONE ? MARK_NONE : MARK_INSIDE,
		PEN_NO_NUMBER);
	pad(p->out, p->indent);
	p->column = p->indent;
	p->blanks = 0;
}

/* One word, behind the blanks that are due. *lit: its colour is on. */
static void
put_word(struct pen *p, const char *sgr, const char *word, bool *lit)
{
	size_t columns = text_width(word);

	if (p->blanks > 0 && p->column > p->indent &&
		p->column + p->blanks + columns > room(p)) {
		if (*lit)
			sgr_off(p, sgr);
		*lit = false;
		wrap(p);
	}
	pad(p->out, p->blanks);
	if (!*lit)
		sgr_on(p, sgr);
	*lit = true;
	buf_puts(p->out, word);
	p->column += p->blanks + columns;
	p->blanks = 0;
}

/* `s`, escaped already. */
static void
put_words(struct pen *p, const char *sgr, const char *s)
{
	bool lit = false;

	while (*s != '\0') {
		size_t blanks = strspn(s, " ");
		size_t n = strcspn(s + blanks, " ");
		cleanup(str_free) char *word = str_ndup(s + blanks, n);

		p->blanks += blanks;
		if (n > 0)
			put_word(p, sgr, word, &lit);
		s += blanks + n;
	}
	if (lit)
		sgr_off(p, sgr);
}

/* Where `raw` may be cut so that no character of UTF-8 is cut in two. */
static size_t
cut(const char *raw, size_t max)
{
	size_t n = strnlen(raw, max), back = n;

	if (raw[n] == '\0')
		return n;
	while (back > 0 && n - back < 3 &&
		((unsigned char)raw[back] & 0xc0) == 0x80)
		back--;
	return back;
}

void
pen_text(struct pen *p, const char *sgr, const char *raw, size_t max)
{
	BUF_CLEANUP struct buf text = { 0 };
	size_t n = cut(raw, max);
	cleanup(str_free) char *head = str_ndup(raw, n);

	text_plain(&text, head);
	if (raw[n] != '\0')
		buf_puts(&text, "...");
	put_words(p, sgr, buf_str(&text));
}

void
pen_printf(struct pen *p, const char *sgr, const char *fmt, ...)
{
	cleanup(str_free) char *raw = NULL;
	va_list ap;

	va_start(ap, fmt);
	if (vasprintf(&raw, fmt, ap) == -1)
		mem_exhausted();
	va_end(ap);
	pen_text(p, sgr, raw, MAX_BYTES);
}

void
pen_pad(struct pen *p, size_t column)
{
	if (p->column >= column)
		return;
	pad(p->out, column - p->column);
	p->column = column;
}

void
pen_field(struct pen *p, enum mark mark, const char *sgr, const char *name)
{
	pen_begin(p, mark, PEN_NO_NUMBER, PEN_FIELD_COLUMNS);
	pen_text(p, sgr, name, PEN_FIELD_COLUMNS);
	pen_pad(p, PEN_FIELD_COLUMNS);
}

void
pen_blank(struct pen *p)
{
	pen_begin(p, MARK_INSIDE, PEN_NO_NUMBER, 0);
	pen_end(p);
}

size_t
pen_name_columns(size_t columns, const char *raw)
{
	BUF_CLEANUP struct buf name = { 0 };
	size_t wide;

	text_plain(&name, raw);
	wide = text_width(buf_str(&name));
	if (wide > PEN_NAME_COLUMNS)
		wide = PEN_NAME_COLUMNS;
	return wide > columns ? wide : columns;
}
