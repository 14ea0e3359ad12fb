/* pem.h - the certificates of a PEM text, and where it is damaged */
#ifndef PROBES_PEM_H
#define PROBES_PEM_H

#include <stddef.h>

#include <openssl/types.h>

#include "model/observation.h"

/*
 * Add the certificates of `text` to `ob`, each with its line, and a
 * FAULT_FILE_DAMAGED for every block that cannot be read, or that servers
 * refuse although it can be; the good ones around it count all the same. Text
 * in front of blocks, CRLF, a BOM, blank lines between and long lines are
 * read (RFC 7468, 2 and 3, as lax as OpenSSL's PEM_read_bio() is).
 * Returns how many PEM blocks of any kind were met.
 */
size_t pem_read(const char *text, size_t len, OSSL_LIB_CTX *libctx,
	struct observation *ob);

#endif
