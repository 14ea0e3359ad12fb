/* pattern.c - patterns of paths, part by part */
#include <fnmatch.h>
#include <stdlib.h>
#include <string.h>

#include "model/alloc.h"
#include "scan/pattern.h"

#define PATTERN_MAX_TEXT 16384
#define PATTERN_MAX_BRACES 64

/* Past the character at `s`, and past the one that a backslash protects. */
static const char *
next(const char *s)
{
	return *s == '\\' && s[1] != '\0' ? s + 2 : s + 1;
}

/* The first of `set` in `s` that no backslash protects, or the end. */
static const char *
find(const char *s, const char *set)
{
	while (*s != '\0' && strchr(set, *s) == NULL)
		s = next(s);
	return s;
}

/* The ',' or '}' that ends the alternative at `s`, or the end of the text. */
static const char *
end_of_alternative(const char *s)
{
	size_t depth = 0;

	for (; *(s = find(s, "{,}")) != '\0'; s++) {
		if (*s == '{')
			depth++;
		else if (depth == 0)
			break;
		else if (*s == '}')
			depth--;
	}
	return s;
}

static const char *
end_of_braces(const char *open)
{
	const char *s = open + 1;

	while (*(s = end_of_alternative(s)) == ',')
		s++;
	return s;
}

static int
add_alternatives(const char *text, size_t depth, struct strlist *out)
{
	const char *open = find(text, "{"), *close, *from, *to;

	/* A brace that is not closed means itself. */
	close = *open != '\0' ? end_of_braces(open) : open;
	if (*close == '\0') {
		if (out->n == PATTERN_MAX_ALTERNATIVES)
			return -1;
		strlist_add(out, text);
		return 0;
	}
	if (depth == PATTERN_MAX_BRACES)
		return -1;
	for (from = open + 1; from <= close; from = to + 1) {
		cleanup(str_free) char *one = NULL;

		to = end_of_alternative(from);
		one = str_fmt("%.*s%.*s%s", (int)(open - text), text,
			(int)(to - from), from, close + 1);
		if (add_alternatives(one, depth + 1, out) == -1)
			return -1;
	}
	return 0;
}

int
pattern_alternatives(const char *text, struct strlist *out)
{
	if (strlen(text) > PATTERN_MAX_TEXT)
		return -1;
	return add_alternatives(text, 0, out);
}

/* `n` bytes of `s` without the backslashes that protect others. */
static char *
unescape(const char *s, size_t n)
{
	char *out = str_ndup(s, n), *to = out;

	for (const char *p = out; *p != '\0'; p++) {
		if (*p == '\\' && p[1] != '\0')
			p++;
		*to++ = *p;
	}
	*to = '\0';
	return out;
}

static void
add_part(struct pattern *p, enum pattern_kind kind, char *text)
{
	p->v = mem_grow(p->v, p->n + 1, sizeof(*p->v));
	p->v[p->n++] = (struct pattern_part){ kind, text };
}

static bool
ends_in_folders(const struct pattern *p)
{
	return p->n > 0 && p->v[p->n - 1].kind == PATTERN_FOLDERS;
}

/* The part from `s`, of `n` bytes. */
static void
read_part(struct pattern *p, const char *s, size_t n)
{
	if (n == 0 || (n == 1 && *s == '.'))
		return;
	if (n == 2 && memcmp(s, "**", 2) == 0) {
		if (!ends_in_folders(p))
			add_part(p, PATTERN_FOLDERS, NULL);
	} else if (find(s, "*?[") < s + n) {
		add_part(p, PATTERN_GLOB, str_ndup(s, n));
	} else {
		add_part(p, PATTERN_NAME, unescape(s, n));
	}
}

/* All parts of `s`; -1 if there are too many. */
static int
read_parts(struct pattern *p, const char *s)
{
	while (*s != '\0') {
		const char *end = find(s, "/");

		read_part(p, s, (size_t)(end - s));
		if (p->n > PATTERN_MAX_PARTS)
			return -1;
		s = *end == '\0' ? end : end + 1;
	}
	return 0;
}

/* The folders in front of the first part that is a glob. */
static const char *
end_of_base(const char *text)
{
	const char *glob = find(text, "*?["), *end = text;

	if (*glob == '\0')
		return glob;
	for (const char *s = text; s < glob; s = next(s)) {
		if (*s == '/')
			end = s + 1;
	}
	return end;
}

int
pattern_parse(const char *text, struct pattern *out)
{
	const char *end = end_of_base(text);
	struct pattern p = { 0 };
	size_t n;

	if (read_parts(&p, end) == -1) {
		pattern_release(&p);
		return -1;
	}
	if (*end != '\0' && text[strlen(text) - 1] == '/' &&
		!ends_in_folders(&p))
		add_part(&p, PATTERN_FOLDERS, NULL);
	if (ends_in_folders(&p))
		add_part(&p, PATTERN_ANY, NULL);
	p.base = unescape(text, (size_t)(end - text));
	n = strlen(p.base);
	while (n > 1 && p.base[n - 1] == '/')
		p.base[--n] = '\0';
	*out = p;
	return 0;
}

void
pattern_release(struct pattern *p)
{
	for (size_t i = 0; i < p->n; i++)
		free(p->v[i].text);
	free(p->v);
	free(p->base);
	*p = (struct pattern){ 0 };
}

bool
pattern_part_fits(const struct pattern *p, size_t i, const char *name)
{
	switch (p->v[i].kind) {
	case PATTERN_NAME:
		return strcmp(p->v[i].text, name) == 0;
	case PATTERN_GLOB:
		return fnmatch(p->v[i].text, name,
			       p->hidden ? 0 : FNM_PERIOD) == 0;
	case PATTERN_ANY:
		return true;
	default:
		return false;
	}
}
