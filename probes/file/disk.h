/* disk.h - read a file whole, and find out who else may */
#ifndef PROBES_DISK_H
#define PROBES_DISK_H

#include <sys/stat.h>

#include "model/buf.h"
#include "model/observation.h"

/*
 * Read the file at `path` into `out`, 16 MiB at most. Returns 0 and its status
 * in *st, or -1 with a fault in `ob`: of the target's own file where `file`
 * is NULL, else of `file`, which is how the fault calls it. Pipes, devices
 * and folders are faults. Wipe what may hold a key with disk_wipe().
 */
int disk_read(const char *path, const char *file, struct buf *out,
	struct stat *st, struct observation *ob);
void disk_wipe(struct buf *b);

/*
 * Who may read the file besides its owner: "group ssl-cert, others, user
 * www-data", by its mode and its access control list (acl(5)), or NULL if
 * nobody; the caller's to free().
 */
char *disk_readers(const char *path, const struct stat *st);

#endif
