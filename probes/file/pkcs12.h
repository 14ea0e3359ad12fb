/* pkcs12.h - the certificates and the key of a PKCS#12 file */
#ifndef PROBES_PKCS12_H
#define PROBES_PKCS12_H

#include <stddef.h>

#include "probes/file/reading.h"

/*
 * Add what the file holds (RFC 7292): the key's certificate first, then the
 * others in their order, and the key. It is opened with the target's
 * passphrase, or with none, or with an empty one. What stays shut, or opens
 * with the legacy provider only, is a fault.
 */
void pkcs12_read(const unsigned char *der, size_t len, struct reading *r);

#endif
