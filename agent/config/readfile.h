/* readfile.h - a whole file, if it is not too long */
#ifndef CONFIG_READFILE_H
#define CONFIG_READFILE_H

#include <sys/stat.h>

#include <stdbool.h>
#include <stddef.h>

#include "model/buf.h"
#include "model/error.h"

/*
 * Append what `path` holds to `out`, at most `limit` bytes, and its status to
 * *st. Where `pipes`, it may be a pipe or a device, and reading it may block.
 * Returns 0, or -1, errno and *err, whose text does not name the file: it is
 * a folder (EISDIR) or no file (EINVAL), is too long (EFBIG), or the system
 * said no.
 */
int readfile(const char *path, size_t limit, bool pipes, struct buf *out,
	struct stat *st, struct error *err);

#endif
