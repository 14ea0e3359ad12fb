/* bundle.h - a chain as a PEM file, put in place of the old one at once */
#ifndef COMMANDS_BUNDLE_H
#define COMMANDS_BUNDLE_H

#include <stdbool.h>
#include <stddef.h>

#include "model/cert.h"
#include "model/error.h"

/*
 * Append `c` in PEM. With `remark`, a line in front of it says whose it is and
 * from when to when, as "# CN=a.example, 2026-11-01 to 2027-01-30": short
 * enough for every reader of PEM to skip, whatever the name holds.
 */
void bundle_add(struct buf *out, const struct cert *c, bool remark);

enum bundle_done { BUNDLE_WRITTEN, BUNDLE_UNCHANGED };

/*
 * Make `pem` the content of the file at `path`: a new file beside it takes its
 * place, so that nobody ever reads half of it. It has the mode and the owner
 * of the old one, else mode 0644. Where the same certificates stand there
 * already, in that order and alone, nothing is written.
 *
 * Refuses to replace a link, a file of anything else than PEM certificates,
 * and above all one with a private key. Returns 0 and *done, or -1 and *err.
 */
int bundle_write(const char *path, const struct buf *pem,
	enum bundle_done *done, struct error *err);

#endif
