/* formats.h - what a file is, found by looking, and what is in it */
#ifndef PROBES_FORMATS_H
#define PROBES_FORMATS_H

#include <stddef.h>

#include "probes/file/reading.h"

/*
 * Read a file's bytes, behind which stands a NUL: sets the observation's
 * format, and adds certificates, keys and faults. If there is no certificate
 * in it, a fault says what there is instead.
 */
void formats_read(const char *bytes, size_t len, struct reading *r);

/* What these bytes are, as a message has it: "an HTML page"; or NULL. */
const char *formats_title(const char *bytes, size_t len);

#endif
