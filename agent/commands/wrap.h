/* wrap.h - text in lines of some width */
#ifndef COMMANDS_WRAP_H
#define COMMANDS_WRAP_H

#include "model/buf.h"

/*
 * Append the `n` bytes of plain text, of which blanks part the words: the first
 * line goes on at `column`, the others begin after `indent` blanks, and none
 * is longer than `width` unless a word is. No line break at the end.
 */
void wrap_put(struct buf *out, const char *text, size_t n, size_t column,
	size_t indent, size_t width);

#endif
