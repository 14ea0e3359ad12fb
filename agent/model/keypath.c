/* keypath.c - where a key lies, told by the path of its certificate */
#include <string.h>

#include "model/buf.h"
#include "model/keypath.h"

#define STEM "{stem}"
#define DIR "{dir}"

static bool
begins(const char *s, const char *word)
{
	return strncmp(s, word, strlen(word)) == 0;
}

int
keypath_check(const char *pattern, struct error *err)
{
	const char *brace = pattern;

	for (; (brace = strchr(brace, '{')) != NULL; brace++) {
		size_t n = strcspn(brace, "}");

		if (begins(brace, STEM) || begins(brace, DIR))
			continue;
		return error_set(err, ERROR_PARSE,
			"want " STEM " or " DIR " where a brace opens, have "
			"\"%.*s\"",
			(int)(brace[n] == '}' ? n + 1 : n), brace);
	}
	return 0;
}

bool
keypath_is_beside(const char *pattern)
{
	return begins(pattern, DIR);
}

/* The last ending goes; a name that is nothing but an ending stays. */
static void
add_stem(struct buf *out, const char *name)
{
	const char *dot = strrchr(name, '.');

	if (dot == NULL || dot == name)
		buf_puts(out, name);
	else
		buf_add(out, name, (size_t)(dot - name));
}

static void
add_dir(struct buf *out, const char *file, const char *name, bool slash_follows)
{
	if (name == file)
		buf_putc(out, '.');
	else if (name - file > 1)
		buf_add(out, file, (size_t)(name - file - 1));
	else if (!slash_follows) /* "/" and another one would be two */
		buf_putc(out, '/');
}

const char *
keypath_expand(struct arena *a, const char *pattern, const char *file)
{
	BUF_CLEANUP struct buf out = { 0 };
	const char *slash = strrchr(file, '/');
	const char *name = slash != NULL ? slash + 1 : file;

	while (*pattern != '\0') {
		if (begins(pattern, STEM)) {
			add_stem(&out, name);
			pattern += strlen(STEM);
		} else if (begins(pattern, DIR)) {
			pattern += strlen(DIR);
			add_dir(&out, file, name, *pattern == '/');
		} else {
			buf_putc(&out, *pattern++);
		}
	}
	return arena_dup(a, buf_str(&out));
}
