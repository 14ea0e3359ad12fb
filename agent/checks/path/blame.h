/* blame.h - which name breaks which name constraint of which CA */
#ifndef CHECKS_BLAME_H
#define CHECKS_BLAME_H

#include "checks/path/path.h"
#include "model/buf.h"

/*
 * Say it of the breach `code` of p->steps[step], such as "www.evil.example is
 * outside what 'Example CA 1' may issue for (permitted: example.com)". Returns
 * false, with `out` untouched, where the code is another matter or nothing to
 * blame is found (RFC 5280, 4.2.1.10). The work is bounded.
 */
bool blame_describe(
	struct buf *out, const struct path *p, size_t step, int code);

#endif
