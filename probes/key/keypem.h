/* keypem.h - a private key in one PEM block */
#ifndef PROBES_KEYPEM_H
#define PROBES_KEYPEM_H

#include "probes/key/keydecode.h"

/*
 * Read the block `text`, from its BEGIN to its END line, whose label stands
 * for a private key. As keydecode_der(), but never KEYDECODE_NONE.
 */
enum keydecode keypem_read(
	struct keyopen *k, const char *text, size_t len, EVP_PKEY **key);

#endif
