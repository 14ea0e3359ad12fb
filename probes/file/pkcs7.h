/* pkcs7.h - the certificates that PKCS#7 or CMS carries */
#ifndef PROBES_PKCS7_H
#define PROBES_PKCS7_H

#include <stddef.h>

#include "probes/file/reading.h"

/*
 * Add the certificates of signed data (RFC 2315, 9; RFC 5652, 5), which is
 * DER or BER. `name` is how faults call it, such as "the PKCS#7 data in block
 * 2, line 9,"; `line` is theirs and the certificates', or 0. Bytes behind it
 * are a fault.
 */
void pkcs7_read(const unsigned char *der, size_t len, const char *name,
	size_t line, struct reading *r);

#endif
