/* gain.h - certificates that a path lacks, from wherever they can be had */
#ifndef SCAN_GAIN_H
#define SCAN_GAIN_H

#include "scan/mend.h"

/*
 * Each adds to `ob` what signed ob->certs[at], and what signed that, unless it
 * is there already, with a note in *m. Returns whether anything was added.
 */
bool gain_from_store(const struct mend_request *request, struct observation *ob,
	size_t at, struct mended *m);
bool gain_by_url(const struct mend_request *request, struct observation *ob,
	size_t at, struct mended *m);

#endif
