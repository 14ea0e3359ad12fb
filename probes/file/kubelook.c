/* kubelook.c - does a text look like a kubeconfig? */
#include <ctype.h>
#include <string.h>

#include "probes/file/kubelook.h"

struct word {
	const char *s;
	size_t n;
};

/* What the outermost keys say. */
struct look {
	bool config, lists, other;
};

static bool
is(struct word w, const char *text)
{
	return w.n == strlen(text) && memcmp(w.s, text, w.n) == 0;
}

static void
take_pair(struct look *l, struct word key, struct word value)
{
	if (is(key, "kind")) {
		l->config = is(value, "Config");
		l->other = l->other || !l->config;
	} else if (is(key, "apiVersion")) {
		l->other = l->other || !is(value, "v1");
	} else if (is(key, "clusters") || is(key, "users") ||
		is(key, "contexts")) {
		l->lists = true;
	}
}

/* The first word of a line, in quotes or not; *rest is what follows it. */
static struct word
first_word(struct word line, const char *ends, struct word *rest)
{
	const char *end = line.s + line.n, *p = line.s, *close;

	while (p < end && (*p == ' ' || *p == '\t'))
		p++;
	if (p < end && (*p == '"' || *p == '\'')) {
		close = memchr(p + 1, *p, (size_t)(end - p - 1));
		if (close != NULL) {
			*rest = (struct word){ close + 1,
				(size_t)(end - close - 1) };
			return (struct word){ p + 1, (size_t)(close - p - 1) };
		}
	}
	close = p;
	while (close < end && strchr(ends, *close) == NULL)
		close++;
	*rest = (struct word){ close, (size_t)(end - close) };
	return (struct word){ p, (size_t)(close - p) };
}

/* "kind: Config # of mine", in the first column. */
static void
look_at_line(struct look *l, struct word line)
{
	struct word key, value, rest;

	if (line.n == 0 || strchr(" \t#-", line.s[0]) != NULL)
		return;
	key = first_word(line, ": \t\r", &rest);
	if (rest.n == 0 || rest.s[0] != ':')
		return;
	rest.s++;
	rest.n--;
	value = first_word(rest, " \t\r#", &rest);
	take_pair(l, key, value);
}

/* Only the first document is looked at: kubectl reads no other. */
static void
look_at_lines(struct look *l, const char *text, const char *end)
{
	bool begun = false;

	while (text < end) {
		const char *nl = memchr(text, '\n', (size_t)(end - text));
		struct word line = { text,
			(size_t)((nl != NULL ? nl : end) - text) };

		if (line.n >= 3 && memcmp(line.s, "---", 3) == 0) {
			if (begun)
				return;
		} else {
			look_at_line(l, line);
		}
		begun = begun || (line.n > 0 && line.s[0] != '#');
		text = nl != NULL ? nl + 1 : end;
	}
}

/* A quoted string at `p`: what stands behind it. */
static const char *
skip_string(const char *p, const char *end)
{
	char quote = *p++;

	while (p < end && *p != quote)
		p += *p == '\\' && p + 1 < end ? 2 : 1;
	return p < end ? p + 1 : end;
}

static const char *
skip_bare(const char *p, const char *end)
{
	while (p < end && !isspace((unsigned char)*p) &&
		strchr("{}[],:\"'", *p) == NULL)
		p++;
	return p;
}

/* JSON, or YAML between braces. */
static void
look_at_braces(struct look *l, const char *p, const char *end)
{
	struct word key = { NULL, 0 }, word = { NULL, 0 };
	int depth = 0;

	while (p < end) {
		const char *from = p;

		if (isspace((unsigned char)*p) || *p == '\0') {
			p++;
		} else if (*p == '"' || *p == '\'') {
			p = skip_string(p, end);
			word = (struct word){ from + 1, (size_t)(p - from) };
			word.n -= word.n >= 2 ? 2 : word.n;
		} else if (strchr("{}[],:", *p) == NULL) {
			p = skip_bare(p, end);
			word = (struct word){ from, (size_t)(p - from) };
		} else {
			if (depth == 1 && *p == ':') {
				key = word;
			} else if (depth == 1 && key.s != NULL) {
				take_pair(l, key, word);
				key.s = NULL;
			}
			depth += *p == '{' || *p == '[';
			depth -= *p == '}' || *p == ']';
			word.n = 0;
			p++;
		}
	}
}

bool
kubelook_fits(const char *text, size_t len)
{
	const char *end = text + len;
	struct look l = { 0 };

	if (len >= 3 && memcmp(text, "\xef\xbb\xbf", 3) == 0)
		text += 3;
	if (memchr(text, '\0', (size_t)(end - text)) != NULL)
		return false;
	while (text < end && isspace((unsigned char)*text))
		text++;
	if (text < end && *text == '{')
		look_at_braces(&l, text, end);
	else
		look_at_lines(&l, text, end);
	return l.config && l.lists && !l.other;
}
