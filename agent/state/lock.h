/* lock.h - one scan at a time */
#ifndef STATE_LOCK_H
#define STATE_LOCK_H

#include <stdint.h>

#include "model/error.h"

/*
 * Take the lock beside the database `path`, waiting up to `wait_ms` for
 * whoever has it. It is held until lock_release() or the process's end,
 * however that comes. Returns 0 and *out, or -1 and *err.
 */
int lock_take(const char *path, int64_t wait_ms, int *out, struct error *err);
void lock_release(int lock); /* -1 does nothing */

/*
 * What root makes in a folder of somebody else's, as the service's is, belongs
 * to its owner, who could not write it otherwise. `path` is of the file `fd`.
 */
int lock_give(const char *path, int fd, struct error *err);

#endif
