/* layout.h - does PEM look as the strictest readers want it? */
#ifndef PROBES_LAYOUT_H
#define PROBES_LAYOUT_H

#include <stddef.h>

#include "model/observation.h"

/*
 * Add a FAULT_FILE_LAYOUT for each kind of thing in `text` that RFC 7468, 2
 * and 3 would have otherwise, though OpenSSL reads it: once each, with its
 * first line.
 */
void layout_read(const char *text, size_t len, struct observation *ob);

#endif
