/* secret.h - a secret from its own file */
#ifndef CONFIG_SECRET_H
#define CONFIG_SECRET_H

#include <stdbool.h>

#include "model/alloc.h"
#include "model/error.h"

#define SECRET_MAX_SIZE (64 << 10)

/*
 * What the file at `path` holds, less one line break at its end, as text of
 * the arena. A relative path begins at $CREDENTIALS_DIRECTORY, or at `folder`
 * where that is not set. Returns 0, or -1 and *err: what is wrong with the
 * file, never a part of what it holds; *missing tells whether it is not there
 * or not for this user to read.
 */
int secret_read(struct arena *a, const char *folder, const char *path,
	const char **out, bool *missing, struct error *err);

#endif
