/* layout.c - does PEM look as the strictest readers want it? */
#include <stdbool.h>
#include <string.h>

#include "probes/file/layout.h"

#define BEGIN "-----BEGIN "
#define END "-----END "
#define LINE_LENGTH 64

enum flaw { BLANK_LINE, LINE_WIDTH, OUTSIDE, CR_LF, FLAWS };

struct layout {
	size_t first[FLAWS]; /* its line; 0: never */
	size_t width; /* of that line */
	bool open; /* within a block */
	bool headers; /* RFC 1421's, with the blank line that ends them */
	/* A line of base64 that is too short unless it is the block's last. */
	size_t short_line, short_width;
};

static void
note(struct layout *l, enum flaw flaw, size_t line)
{
	if (l->first[flaw] == 0)
		l->first[flaw] = line;
}

static void
note_width(struct layout *l, size_t line, size_t width)
{
	if (l->first[LINE_WIDTH] == 0)
		l->width = width;
	note(l, LINE_WIDTH, line);
}

static bool
starts_with(const char *s, size_t len, const char *word)
{
	return len >= strlen(word) && memcmp(s, word, strlen(word)) == 0;
}

static bool
is_blank(const char *s, size_t len)
{
	size_t i = 0;

	while (i < len && (s[i] == ' ' || s[i] == '\t' || s[i] == '\r'))
		i++;
	return i == len;
}

static void
look_at_base64(struct layout *l, const char *s, size_t len, size_t line)
{
	if (memchr(s, ':', len) != NULL) {
		l->headers = true;
		return;
	}
	if (l->short_line > 0)
		note_width(l, l->short_line, l->short_width);
	l->short_line = 0;
	if (len > LINE_LENGTH) {
		note_width(l, line, len);
	} else if (len < LINE_LENGTH) {
		l->short_line = line;
		l->short_width = len;
	}
}

static void
look_at_line(struct layout *l, const char *s, size_t len, size_t line)
{
	if (len > 0 && s[len - 1] == '\r') {
		note(l, CR_LF, line);
		len--;
	}
	if (starts_with(s, len, BEGIN)) {
		l->open = true;
		l->headers = false;
		l->short_line = 0;
	} else if (starts_with(s, len, END)) {
		l->open = false;
	} else if (is_blank(s, len)) {
		if (!l->headers)
			note(l, BLANK_LINE, line);
		l->headers = false;
	} else if (l->open) {
		look_at_base64(l, s, len, line);
	} else {
		note(l, OUTSIDE, line);
	}
}

static void
tell(const struct layout *l, struct observation *ob)
{
	if (l->first[BLANK_LINE] > 0)
		observation_add_fault(ob, FAULT_FILE_LAYOUT,
			l->first[BLANK_LINE],
			"want no blank lines, line %zu is one",
			l->first[BLANK_LINE]);
	if (l->first[LINE_WIDTH] > 0)
		observation_add_fault(ob, FAULT_FILE_LAYOUT,
			l->first[LINE_WIDTH],
			"want %d characters on a line, line %zu has %zu",
			LINE_LENGTH, l->first[LINE_WIDTH], l->width);
	if (l->first[OUTSIDE] > 0)
		observation_add_fault(ob, FAULT_FILE_LAYOUT, l->first[OUTSIDE],
			"want nothing outside BEGIN and END, line %zu is",
			l->first[OUTSIDE]);
	if (l->first[CR_LF] > 0)
		observation_add_fault(ob, FAULT_FILE_LAYOUT, l->first[CR_LF],
			"want lines that end with LF, line %zu ends with CR LF",
			l->first[CR_LF]);
}

void
layout_read(const char *text, size_t len, struct observation *ob)
{
	const char *end = text + len;
	struct layout l = { 0 };
	size_t line = 0;

	if (starts_with(text, len, "\xef\xbb\xbf")) {
		observation_add_fault(ob, FAULT_FILE_LAYOUT, 1,
			"want no byte order mark in front, have one");
		text += 3;
	}
	while (text < end) {
		const char *nl = memchr(text, '\n', (size_t)(end - text));
		const char *stop = nl != NULL ? nl : end;

		look_at_line(&l, text, (size_t)(stop - text), ++line);
		text = nl != NULL ? nl + 1 : end;
	}
	tell(&l, ob);
	if (len > 0 && end[-1] != '\n')
		observation_add_fault(ob, FAULT_FILE_LAYOUT, line,
			"want a line break at the end, have none behind line "
			"%zu",
			line);
}
