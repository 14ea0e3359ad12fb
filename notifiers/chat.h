/* chat.h - a digest as the text of a chat message, in the service's dialect */
#ifndef NOTIFIERS_CHAT_H
#define NOTIFIERS_CHAT_H

#include "model/buf.h"
#include "model/digest.h"

struct chat_dialect {
	/*
	 * Append `s` so that nothing in it is markup, a link or a mention
	 * there. What it gets is a line or a part of one, without control or
	 * hidden characters, with one blank between words and none round them.
	 */
	void (*escape)(struct buf *out, const char *s);
	const char *bold, *bold_end; /* round a target's name; NULL: plain */
	const char *line_end; /* between lines; NULL: "\n" */
	size_t max; /* of the text, in units of `measure` */
	/* A whole measures what its parts do. NULL: bytes. */
	size_t (*measure)(const char *s);
};

/* Units in which services count. */
size_t chat_characters(const char *s); /* code points */
size_t chat_utf16(const char *s); /* code units of UTF-16 */

/*
 * An escape for Markdown and what resembles it, where services differ in which
 * backslashes they heed: a word that could be more than a word is set as code,
 * in which they look for nothing. A backtick becomes an apostrophe.
 */
void chat_code(struct buf *out, const char *s);

/* Append `s`, raw text from outside, cut to `most` code points. */
void chat_words(struct buf *out, const char *s, size_t most,
	const struct chat_dialect *how);

/*
 * What stands above the text: the worst thing and the count, as
 * digest_subject() has it, on one line, escaped. Never more than `max` units;
 * where it has to be cut, the count stays.
 */
void chat_title(struct buf *out, const struct digest *d,
	const struct chat_dialect *how, size_t max);

/*
 * The events, as a mail tells them (outline.h) but shorter: worst first, a
 * target's together, each with what is wrong, when it ends, and what to do;
 * then who tells it. Where that is too long for one message, a line an event.
 * Never more than how->max units: an event stands whole or is left out, and
 * the last line then says "and N more"; nothing is told where not even that
 * fits. Neither begins nor ends with a line end.
 */
void chat_text(struct buf *out, const struct digest *d,
	const struct chat_dialect *how);

/* 0xRRGGBB of what the digest tells: red, yellow, green, or blue of a test. */
unsigned chat_colour(const struct digest *d);

#endif
