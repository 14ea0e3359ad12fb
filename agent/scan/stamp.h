/* stamp.h - what tells that a file is unchanged */
#ifndef SCAN_STAMP_H
#define SCAN_STAMP_H

#include <stdbool.h>
#include <time.h>

#include "model/buf.h"
#include "model/target.h"

/*
 * What has changed so lately may change once more without its times showing
 * it: they are of the clock's last tick, and of some file systems only of the
 * second or two before (git's "racy" entries).
 */
#define STAMP_SETTLED_S 2

/*
 * Append to `out` where the target's file and its key's lie on disk, their
 * sizes, times, modes and owners, and by which of the configured targets they
 * are meant. As long as these are the same, so is all that could be read.
 * `clock` is the time that it is, not the one that is judged for. False: one
 * of them is no file, cannot be seen, or was changed too lately.
 */
bool stamp_take(const struct target *t, time_t clock, struct buf *out);

/* The same of any file or folder, links followed. */
bool stamp_take_path(const char *path, time_t clock, struct buf *out);

#endif
