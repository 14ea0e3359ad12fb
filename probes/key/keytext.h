/* keytext.h - the private keys in the contents of a file, and what else it is
 */
#ifndef PROBES_KEYTEXT_H
#define PROBES_KEYTEXT_H

#include "probes/key/privatekey.h"

/*
 * Add all keys of `text`, PEM or DER, which was put there to hold one.
 * Certificates and other blocks beside them are passed over. If there is no
 * key, that is a fault which says what there is.
 */
void keytext_read(const struct key_source *src, const char *text, size_t len,
	struct observation *ob);

#endif
