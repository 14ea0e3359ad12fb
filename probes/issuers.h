/* issuers.h - the certificates that a CA hands out for those it has issued */
#ifndef PROBES_ISSUERS_H
#define PROBES_ISSUERS_H

#include <stddef.h>

#include <openssl/types.h>

#include "model/error.h"
#include "model/observation.h"

#define ISSUERS_MAX 20 /* the others are left */

/*
 * Add to `out` the certificates of an answer to a caIssuers URL (RFC 5280,
 * 4.2.2.1): one in DER, or several in PKCS#7, of DER or BER; also PEM, which
 * some send. Nothing about them is known but that they can be decoded. Returns
 * 0, or -1 and *err, which says what there is instead.
 */
int issuers_read(const char *bytes, size_t len, OSSL_LIB_CTX *libctx,
	struct observation *out, struct error *err);

#endif
