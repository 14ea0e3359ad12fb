/* wrap.c - text in lines of some width */
#include "commands/wrap.h"

void
wrap_put(struct buf *out, const char *text, size_t n, size_t column,
	size_t indent, size_t width)
{
	const char *end = text + n;
	size_t first = column; /* where a word needs no blank before it */

	while (text < end) {
		size_t word = 0;

		while (text + word < end && text[word] != ' ')
			word++;
		if (column > first && column + 1 + word > width) {
			buf_putc(out, '\n');
			buf_pad(out, indent, ' ');
			column = first = indent;
		}
		if (column > first) {
			buf_putc(out, ' ');
			column++;
		}
		buf_add(out, text, word);
		column += word;
		for (text += word; text < end && *text == ' '; text++)
			;
	}
}
