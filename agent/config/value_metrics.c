/* value_metrics.c - where metrics go, and by whose names */
#include <string.h>
#include <strings.h>

#include "config/quote.h"
#include "config/suggest.h"
#include "config/values.h"

#define SUFFIX ".prom"

/* node_exporter passes over all other names without a word. */
static bool
is_collected(const char *path)
{
	const char *slash = strrchr(path, '/');
	const char *name = slash != NULL ? slash + 1 : path;
	size_t n = strlen(name), suffix = strlen(SUFFIX);

	return n > suffix && strcmp(name + n - suffix, SUFFIX) == 0;
}

static int
parse_textfile(const struct value_source *from, const struct key *key,
	const char *text, void *dst, struct buf *why)
{
	const char **s = dst;

	if (!is_collected(text))
		return value_refuse(why, key, text,
			"a path that ends in " SUFFIX
			", or node_exporter does not read it");
	*s = value_path(from->arena, from->folder, text);
	return 0;
}

static bool
format_textfile(struct buf *out, const struct key *key, const void *src)
{
	const char *s = *(const char *const *)src;

	(void)key;
	if (s == NULL)
		return false;
	quote_yaml(out, s);
	return true;
}

static int
parse_choices(const struct value_source *from, const struct key *key,
	const char *text, void *dst, struct buf *why)
{
	int64_t *bits = dst, bit;

	if (value_choice.parse(from, key, text, &bit, why) == -1)
		return -1;
	*bits |= bit;
	return 0;
}

static bool
format_choices(struct buf *out, const struct key *key, const void *src)
{
	int64_t bits = *(const int64_t *)src;
	const char *sep = "[";

	for (const struct choice *c = key->choices; c->name != NULL; c++) {
		if ((bits & c->value) == 0)
			continue;
		buf_puts(out, sep);
		buf_puts(out, c->name);
		sep = ", ";
	}
	buf_puts(out, bits == 0 ? "[]" : "]");
	return true;
}

const struct value_type value_textfile = { "path", false, parse_textfile,
	format_textfile };
const struct value_type value_choices = { "list of ", true, parse_choices,
	format_choices };
