/* help.c - what --help prints, from a command's table of options */
#include <string.h>

#include "commands/help.h"
#include "commands/line.h"
#include "commands/wrap.h"
#include "model/alloc.h"

#define WIDTH 80
#define INDENT 2
#define GAP 2

/* What is longer pushes its own help only, not everybody's. */
#define MAX_OPTION 25

/* Stands for a blank at which no line is broken. */
#define KEPT '\x1f'

/* A usage line, broken at no blank within brackets. */
static void
put_usage(struct buf *out, const char *text, size_t n, size_t column)
{
	BUF_CLEANUP struct buf line = { 0 };
	size_t first = out->len;
	int depth = 0;

	for (size_t i = 0; i < n; i++) {
		depth += (text[i] == '[') - (text[i] == ']');
		buf_putc(&line, text[i] == ' ' && depth > 0 ? KEPT : text[i]);
	}
	wrap_put(out, buf_str(&line), n, column, column, WIDTH);
	for (size_t i = first; i < out->len; i++) {
		if (out->s[i] == KEPT)
			out->s[i] = ' ';
	}
}

void
help_usage(struct buf *out, const struct command *c)
{
	cleanup(str_free) char *title = command_title(c);
	const char *line = c->usage, *prefix = "usage: ";

	while (*line != '\0') {
		size_t n = strcspn(line, "\n");
		size_t column = strlen(prefix) + strlen(title) + 1;

		buf_printf(out, "%s%s ", prefix, title);
		put_usage(out, line, n, column);
		buf_putc(out, '\n');
		prefix = "       ";
		line += n + (line[n] == '\n');
	}
}

/* "-w, --warning THRESHOLD", the letter's place left blank if there is none */
static void
put_option(struct buf *out, const struct option_row *row)
{
	if (row->letter != 0)
		buf_printf(out, "-%c%s", row->letter,
			row->name != NULL ? ", " : "");
	else
		buf_puts(out, "    ");
	if (row->name != NULL)
		buf_printf(out, "--%s", row->name);
	if (row->value.word != NULL)
		buf_printf(out, " %s", row->value.word);
}

static void
put_words(struct buf *out, const struct value *v)
{
	const char *word;

	for (size_t i = 0; (word = value_word(v, i)) != NULL; i++)
		buf_printf(out, "%s%s", i > 0 ? ", " : "", word);
}

static void
put_row(struct buf *out, const struct option_row *row, size_t column)
{
	BUF_CLEANUP struct buf option = { 0 }, help = { 0 };
	size_t at = INDENT;

	put_option(&option, row);
	buf_puts(&help, row->help);
	if (row->lists) {
		buf_puts(&help, ": ");
		put_words(&help, &row->value);
	}
	buf_pad(out, INDENT, ' ');
	buf_puts(out, buf_str(&option));
	at += option.len;
	buf_pad(out, at + GAP > column ? GAP : column - at, ' ');
	at = at + GAP > column ? at + GAP : column;
	wrap_put(out, buf_str(&help), help.len, at, column, WIDTH);
	buf_putc(out, '\n');
}

static size_t
longest(size_t longer, const struct option_row *row)
{
	BUF_CLEANUP struct buf option = { 0 };

	put_option(&option, row);
	return option.len > longer && option.len <= MAX_OPTION ? option.len
							       : longer;
}

static size_t
help_column(const struct command *c)
{
	const struct option_row *row;
	size_t longer = 0;

	for (size_t i = 0; (row = line_option(c, i)) != NULL; i++) {
		if (!row->hidden)
			longer = longest(longer, row);
	}
	return INDENT + longer + GAP;
}

static void
put_group(struct buf *out, const struct option_group *g, size_t column)
{
	const struct option_row *row = g->rows;

	if (g->heading != NULL)
		buf_printf(out, "%s\n", g->heading);
	for (; row->name != NULL || row->letter != 0; row++) {
		if (!row->hidden)
			put_row(out, row, column);
	}
}

void
help_put(struct buf *out, const struct command *c)
{
	const struct option_group *g = c->options;
	size_t column = help_column(c);
	const struct option_row *row;

	help_usage(out, c);
	if (c->above != NULL)
		buf_printf(out, "\n%s", c->above);
	buf_putc(out, '\n');
	for (; g != NULL && g->rows != NULL; g++) {
		if (g != c->options)
			buf_putc(out, '\n');
		put_group(out, g, column);
	}
	/* They belong to no group that is about something else. */
	if (g != NULL && g != c->options && g[-1].heading != NULL)
		buf_putc(out, '\n');
	for (size_t i = 0; (row = line_answer(c, i)) != NULL; i++)
		put_row(out, row, column);
	if (c->below != NULL)
		buf_printf(out, "\n%s", c->below);
}
