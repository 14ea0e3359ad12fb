/* reply.c - replies that begin with three digits: SMTP, LMTP, FTP, NNTP */
#include <ctype.h>
#include <string.h>

#include "probes/starttls/reply.h"
#include "probes/starttls/said.h"

/* "220 text", "220-text" or "220": its code, else -1. */
static int
code_of(const char *line)
{
	if (line[0] < '1' || line[0] > '5' ||
		!isdigit((unsigned char)line[1]) ||
		!isdigit((unsigned char)line[2]) ||
		(line[3] != '\0' && line[3] != ' ' && line[3] != '-'))
		return -1;
	return (line[0] - '0') * 100 + (line[1] - '0') * 10 + line[2] - '0';
}

static int
no_reply(struct error *err, const char *line)
{
	return said_unwanted(err, "a reply of three digits", line);
}

int
reply_read(struct stream *s, struct buf *out, struct error *err)
{
	char *line;
	int code;

	buf_reset(out);
	if (stream_line(s, &line, err) == -1)
		return -1;
	code = code_of(line);
	if (code == -1)
		return no_reply(err, line);
	buf_puts(out, line);
	for (bool more = line[3] == '-'; more;) {
		int other;

		if (stream_line(s, &line, err) == -1)
			return -1;
		other = code_of(line);
		/* Postfix's postscreen begins to greet, then thinks again. */
		if (other != code && other >= 400 && line[3] != '-') {
			buf_reset(out);
			buf_puts(out, line);
			return other;
		}
		buf_printf(out, "\n%s", line);
		more = other != code || line[3] == '-';
	}
	return code;
}

int
reply_unwanted(
	struct error *err, int code, const char *want, const struct buf *reply)
{
	const char *words = buf_str(reply);

	return code / 100 == 4 ? said_not_now(err, want, words)
			       : said_unwanted(err, want, words);
}

int
reply_expect(struct stream *s, int code, const char *want, struct buf *out,
	struct error *err)
{
	int have = reply_read(s, out, err);

	if (have == -1)
		return -1;
	return have == code ? 0 : reply_unwanted(err, have, want, out);
}

int
reply_item(struct stream *s, char **line, struct error *err)
{
	if (stream_line(s, line, err) == -1)
		return -1;
	return strcmp(*line, ".") != 0;
}
