/* pairing.h - which of the files of a run an endpoint should be serving */
#ifndef SCAN_PAIRING_H
#define SCAN_PAIRING_H

#include "model/result.h"
#include "scan/library.h"

/*
 * For each endpoint with `deployed: auto`, once all was looked at: if some
 * file holds what it serves, that one is its file, and all is well. Otherwise
 * it is one with a newer certificate that takes the place of the served one,
 * and the endpoint is judged against it as against a file that is named: its
 * findings and its status may change. A file takes its place
 *
 * - as a server's whose leaf covers the endpoint's server name,
 * - that shares half of all their names with it, or more: one for everything
 *   below a domain does not, nor one of another service with the same host,
 * - is valid now, and trusted, unless what is served is not trusted either.
 *
 * Of several it is the one that shares most names, then one with the same
 * kind of key, then the newest. Older files, such as former copies, are
 * nothing. The time is near linear in the names of all certificates.
 */
void pairing_run(struct results *rs, struct library *lib);

#endif
