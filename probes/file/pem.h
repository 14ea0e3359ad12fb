/* pem.h - the blocks of a PEM text, and where it is damaged */
#ifndef PROBES_PEM_H
#define PROBES_PEM_H

#include <stdbool.h>
#include <stddef.h>

#include "probes/file/reading.h"

/* Is there a BEGIN or an END line? */
bool pem_is(const char *text, size_t len);

/*
 * Add the certificates of `text`, each with its line, also those within
 * PKCS#7, and the private keys; and a FAULT_FILE_DAMAGED for every block of
 * these that cannot be read, or that servers refuse although it can be. The
 * good ones around it count all the same. Text in front of blocks, CRLF, a
 * BOM, blank lines between and long lines are read (RFC 7468, 2 and 3, as lax
 * as OpenSSL's PEM_read_bio() is). Blocks of other kinds are counted. Where
 * PEM is wanted, a block of PKCS#7 is a FAULT_FILE_FORMAT.
 */
void pem_read(const char *text, size_t len, struct reading *r);

#endif
