/* secret.c - a secret from its own file */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "config/readfile.h"
#include "config/secret.h"
#include "config/value.h"
#include "model/buf.h"

static int
check_content(const struct buf *b, const char *path, struct error *err)
{
	if (b->len == 0)
		return error_set(err, ERROR_PARSE,
			"want a secret in %s, have nothing", path);
	if (memchr(b->s, '\0', b->len) != NULL)
		return error_set(err, ERROR_PARSE,
			"want a secret of text in %s, have a NUL", path);
	return 0;
}

static void
drop_line_break(struct buf *b)
{
	if (b->len == 0 || b->s[b->len - 1] != '\n')
		return;
	b->len--;
	if (b->len > 0 && b->s[b->len - 1] == '\r')
		b->len--;
	b->s[b->len] = '\0';
}

int
secret_read(struct arena *a, const char *folder, const char *path,
	const char **out, bool *missing, struct error *err)
{
	const char *credentials = getenv("CREDENTIALS_DIRECTORY");
	BUF_CLEANUP struct buf content = { 0 };
	struct stat st;
	struct error why;
	int rc;

	*missing = false;
	if (credentials != NULL && *credentials == '/')
		folder = credentials;
	path = value_path(a, folder, path);
	if (readfile(path, SECRET_MAX_SIZE, false, &content, &st, &why) == -1) {
		*missing = errno == ENOENT || errno == EACCES;
		rc = error_set(err, why.kind, "%s: %s", path, why.text);
	} else {
		drop_line_break(&content);
		rc = check_content(&content, path, err);
	}
	if (rc == 0)
		*out = arena_dup(a, content.s);
	if (content.s != NULL)
		explicit_bzero(content.s, content.cap);
	return rc;
}
