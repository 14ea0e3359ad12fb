/* xmltag.c - the tags of an XML stream, one by one; no more XML than that */
#include <stdio.h>
#include <string.h>

#include "probes/starttls/said.h"
#include "probes/starttls/xmltag.h"

#define BLANKS " \t\r\n"

/* What is between '<' and '>', quotation marks heeded. */
#define MAX_TAG 4096

static int
read_char(struct stream *s, char *c, struct error *err)
{
	const unsigned char *b;

	if (stream_bytes(s, 1, &b, err) == -1)
		return -1;
	*c = (char)*b;
	return 0;
}

static bool
ends_with(const struct buf *b, const char *end, size_t from)
{
	size_t n = strlen(end);

	return b->len >= from + n && memcmp(b->s + b->len - n, end, n) == 0;
}

static bool
begins_with(const struct buf *b, const char *start)
{
	return strncmp(buf_str(b), start, strlen(start)) == 0;
}

/* At a '>' that no quotation marks surround: is it the end? */
static bool
is_end(const struct buf *raw)
{
	if (begins_with(raw, "!--"))
		return ends_with(raw, "--", 3);
	if (begins_with(raw, "![CDATA["))
		return ends_with(raw, "]]", 8);
	if (begins_with(raw, "?"))
		return ends_with(raw, "?", 1);
	return true;
}

/* Behind a '<', up to its '>', which is left out. */
static int
read_raw(struct stream *s, struct buf *raw, struct error *err)
{
	char quote = '\0', c;

	buf_reset(raw);
	for (;;) {
		if (read_char(s, &c, err) == -1)
			return -1;
		if (quote == '\0' && c == '>' && is_end(raw))
			return 0;
		if (raw->len == MAX_TAG)
			return error_set(err, ERROR_PARSE,
				"want XML tags of at most %d KiB, have more",
				MAX_TAG / 1024);
		if (c == quote)
			quote = '\0';
		else if (quote == '\0' && (c == '"' || c == '\'') &&
			!begins_with(raw, "!") && !begins_with(raw, "?"))
			quote = c;
		buf_putc(raw, c);
	}
}

/* The value of an attribute, or "" where it is absent or too long. */
static void
attribute(const char *p, const char *name, char *out, size_t size)
{
	size_t want = strlen(name);

	*out = '\0';
	p += strcspn(p, BLANKS "/");
	for (;;) {
		size_t n, len;
		const char *key;

		p += strspn(p, BLANKS "/");
		key = p;
		n = strcspn(p, BLANKS "=/");
		p += n;
		p += strspn(p, BLANKS);
		if (*p != '=')
			return;
		p += 1 + strspn(p + 1, BLANKS);
		if (*p != '"' && *p != '\'')
			return;
		len = strcspn(p + 1, *p == '"' ? "\"" : "'");
		if (n == want && memcmp(key, name, n) == 0 && len < size) {
			memcpy(out, p + 1, len);
			out[len] = '\0';
			return;
		}
		p += 1 + len;
		if (*p == '\0')
			return;
		p++;
	}
}

static void
parse(const char *raw, struct xmltag *tag)
{
	size_t n = strlen(raw);
	const char *name = raw, *colon;
	char declares[80] = "xmlns";

	*tag = (struct xmltag){ .kind = XMLTAG_OPEN };
	if (*raw == '/')
		tag->kind = XMLTAG_CLOSE;
	else if (n > 0 && raw[n - 1] == '/')
		tag->kind = XMLTAG_EMPTY;
	name += strspn(name, "/");
	n = strcspn(name, BLANKS "/");
	colon = memchr(name, ':', n);
	if (colon != NULL) {
		(void)snprintf(declares, sizeof(declares), "xmlns:%.*s",
			(int)(colon - name), name);
		n -= (size_t)(colon + 1 - name);
		name = colon + 1;
	}
	if (n < sizeof(tag->name))
		memcpy(tag->name, name, n);
	attribute(name, declares, tag->ns, sizeof(tag->ns));
	attribute(name, "version", tag->version, sizeof(tag->version));
}

/* The text up to the next '<'; NULL: blanks alone. */
static int
read_text(struct stream *s, struct buf *text, struct error *err)
{
	char c;

	for (;;) {
		if (read_char(s, &c, err) == -1)
			return -1;
		if (c == '<')
			return 0;
		if (text != NULL)
			buf_putc(text, c);
		else if (c == '\0' || strchr(BLANKS, c) == NULL)
			return said_strange(err, "an XML stream", s,
				(const unsigned char *)&c, 1);
	}
}

int
xmltag_next(struct stream *s, struct xmltag *tag, struct buf *text,
	struct error *err)
{
	BUF_CLEANUP struct buf raw = { 0 };

	if (text != NULL)
		buf_reset(text);
	do {
		if (read_text(s, text, err) == -1 ||
			read_raw(s, &raw, err) == -1)
			return -1;
		if (text != NULL && begins_with(&raw, "![CDATA["))
			buf_add(text, raw.s + 8, raw.len - 10);
	} while (begins_with(&raw, "!") || begins_with(&raw, "?"));
	parse(buf_str(&raw), tag);
	return 0;
}
