/* base64.h - base64 as Go reads it, and as OpenSSL does */
#ifndef PROBES_BASE64_H
#define PROBES_BASE64_H

#include "model/buf.h"

/*
 * Decode `s` into `out`, which is empty. By RFC 4648 and strictly so: of blanks
 * only ends of lines may be in it, and its padding has to be complete. Returns
 * 0, or -1. What is in `out`, then too, may be part of a key: it is for
 * disk_wipe().
 */
int base64_decode(const char *s, size_t len, struct buf *out);

/* The same as in OpenSSL's PEM: with blanks anywhere, up to a '-' if any. */
int base64_decode_loosely(const char *s, size_t len, struct buf *out);

#endif
