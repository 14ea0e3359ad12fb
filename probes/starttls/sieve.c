/* sieve.c - ManageSieve: STARTTLS (RFC 5804) */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "model/buf.h"
#include "probes/starttls/said.h"
#include "probes/starttls/starttls.h"

/*
 * The length of the literal string that follows a line's end, "{12}" or
 * "{12+}" (RFC 5804, 4), which is cut off; -1: the line is whole. A length
 * beyond all bounds is for stream_bytes() to refuse.
 */
static long
literal_of(char *line)
{
	size_t n = strlen(line);
	char *open = strrchr(line, '{'), *end;
	long len;

	if (open == NULL || n < 3 || line[n - 1] != '}' ||
		!isdigit((unsigned char)open[1]))
		return -1;
	len = strtol(open + 1, &end, 10);
	if (*end == '+')
		end++;
	if (end != line + n - 1)
		return -1;
	*open = '\0';
	return len;
}

/* A line with the literal strings in it, in quotation marks, as one. */
static int
read_line(struct stream *s, struct buf *out, struct error *err)
{
	char *line;
	long len;

	buf_reset(out);
	for (;;) {
		const unsigned char *bytes;

		if (stream_line(s, &line, err) == -1)
			return -1;
		len = literal_of(line);
		buf_puts(out, line);
		if (len == -1)
			return 0;
		if (stream_bytes(s, (size_t)len, &bytes, err) == -1)
			return -1;
		buf_printf(out, "\"%s\"", (const char *)bytes);
	}
}

/* Lines of capabilities up to "OK"; "NO" and "BYE" are errors. */
static int
read_answer(struct stream *s, const char *want, bool *starttls,
	struct buf *offers, struct error *err)
{
	BUF_CLEANUP struct buf line = { 0 };

	for (;;) {
		const char *text;

		if (read_line(s, &line, err) == -1)
			return -1;
		text = buf_str(&line);
		if (said_begins(text, "OK"))
			return 0;
		/* RFC 5804, 1.3: "NO (TRYLATER)", "BYE (TRYLATER)" */
		if (strcasestr(text, "(TRYLATER") != NULL && *text != '"')
			return said_not_now(err, want, text);
		if (*text != '"')
			return said_unwanted(err, want, text);
		if (said_begins(text, "\"STARTTLS\""))
			*starttls = true;
		buf_printf(offers, "%s%s", offers->len > 0 ? ", " : "", text);
	}
}

int
starttls_sieve(struct stream *s, const struct target *t, struct error *err)
{
	BUF_CLEANUP struct buf offers = { 0 };
	bool starttls = false;

	(void)t;
	if (read_answer(s, "OK, a greeting", &starttls, &offers, err) == -1)
		return -1;
	if (!starttls)
		return said_no_offer(err, "STARTTLS", buf_str(&offers));
	if (stream_ask(s, "STARTTLS\r\n", "STARTTLS", err) == -1)
		return -1;
	return read_answer(s, "OK to STARTTLS", &starttls, &offers, err);
}
