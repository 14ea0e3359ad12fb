/* der.h - what DER, or BER, is about, and the certificates in it */
#ifndef PROBES_DER_H
#define PROBES_DER_H

#include <stdbool.h>
#include <stddef.h>

#include "probes/file/reading.h"

/* A run of elements, one after another. */
struct der {
	const unsigned char *p;
	size_t len;
};

enum der_tag {
	DER_INTEGER = 0x02,
	DER_BIT_STRING = 0x03,
	DER_OCTET_STRING = 0x04,
	DER_OID = 0x06,
	DER_UTC_TIME = 0x17,
	DER_GENERALIZED_TIME = 0x18,
	DER_SEQUENCE = 0x30,
	DER_SET = 0x31,
	DER_CONTEXT_0 = 0xa0,
};

struct der_item {
	unsigned char tag; /* its identifier octet */
	struct der body; /* what is in it, as far as it is there */
	struct der whole; /* with its header, and the end marks of BER */
	size_t missing; /* bytes that should follow; 0: it is complete */
	bool endless; /* of indefinite length, and without its end marks */
};

/* Take the first element from *in. False: there is none, or it is garbage. */
bool der_next(struct der *in, struct der_item *item);

enum der_kind {
	DER_NONE, /* no ASN.1 at all, such as text */
	DER_CERTIFICATE,
	DER_PKCS7,
	DER_PKCS12,
	DER_KEY,
	DER_REQUEST,
	DER_CRL,
	DER_PUBLIC_KEY,
	DER_OTHER,
};

/* By its first elements; it may be cut short behind them. */
enum der_kind der_kind(const unsigned char *der, size_t len);

/* How a message goes on about an element that cannot be decoded. */
void der_trouble(const struct der *in, struct buf *out);

/*
 * What follows the last element: a fault, unless it is blank. `what` is how
 * the fault begins, such as "the certificate".
 */
void der_tell_rest(struct reading *r, size_t line, const struct der *rest,
	const char *what);

/* A file of DER: certificates, one after another, or another kind of thing. */
void der_read(const unsigned char *der, size_t len, struct reading *r);

#endif
