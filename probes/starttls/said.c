/* said.c - what a server said, in an error: bounded and made harmless */
#include <string.h>
#include <strings.h>

#include "model/text.h"
#include "probes/starttls/said.h"

/* Of a server's words; what is quoted twice as long when it is escaped. */
#define MAX_QUOTED 160

/* The words in quotation marks, cut where they are too long. */
static void
quote(struct buf *out, const char *s)
{
	size_t n = strnlen(s, MAX_QUOTED + 1);
	bool cut = n > MAX_QUOTED;
	cleanup(str_free) char *some = NULL;

	/* Not within a character of UTF-8. */
	if (cut) {
		for (n = MAX_QUOTED; n > MAX_QUOTED - 4 &&
			((unsigned char)s[n] & 0xc0) == 0x80;
			n--)
			;
	}
	some = str_ndup(s, n);
	buf_putc(out, '"');
	text_plain(out, some);
	buf_puts(out, cut ? "...\"" : "\"");
}

int
said_unwanted(struct error *err, const char *want, const char *have)
{
	BUF_CLEANUP struct buf words = { 0 };

	quote(&words, have);
	return error_set(
		err, ERROR_PARSE, "want %s, have %s", want, buf_str(&words));
}

int
said_not_now(struct error *err, const char *want, const char *have)
{
	BUF_CLEANUP struct buf words = { 0 };

	quote(&words, have);
	return error_set(err, ERROR_PARSE, "refused for now: want %s, have %s",
		want, buf_str(&words));
}

int
said_no_offer(struct error *err, const char *what, const char *have)
{
	BUF_CLEANUP struct buf words = { 0 };

	if (have == NULL || *have == '\0')
		return error_set(
			err, ERROR_PARSE, "the server does not offer %s", what);
	quote(&words, have);
	return error_set(err, ERROR_PARSE,
		"the server does not offer %s; it says %s", what,
		buf_str(&words));
}

int
said_strange(struct error *err, const char *want, const struct stream *s,
	const unsigned char *bytes, size_t n)
{
	BUF_CLEANUP struct buf all = { 0 };

	buf_add(&all, bytes, n);
	buf_add(&all, s->in + s->in_at, s->n_in);
	/* Up to its first NUL or the end of its first line. */
	all.s[strcspn(all.s, "\r\n")] = '\0';
	return said_unwanted(err, want, all.s);
}

bool
said_begins(const char *line, const char *word)
{
	size_t n = strlen(word);

	return strncasecmp(line, word, n) == 0 &&
		(line[n] == '\0' || line[n] == ' ');
}

bool
said_holds(const char *line, const char *word, const char *by)
{
	size_t len = strlen(word), n;

	for (line += strspn(line, by); *line != '\0';
		line += n, line += strspn(line, by)) {
		n = strcspn(line, by);
		if (n == len && strncasecmp(line, word, n) == 0)
			return true;
	}
	return false;
}
