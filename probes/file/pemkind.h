/* pemkind.h - what the label of a PEM block says is in it */
#ifndef PROBES_PEMKIND_H
#define PROBES_PEMKIND_H

#include "probes/file/reading.h"

enum pem_body {
	BODY_NONE, /* of no interest */
	BODY_CERTIFICATE,
	BODY_TRUSTED, /* with OpenSSL's trust settings behind it */
	BODY_PKCS7,
	BODY_KEY, /* privatekey.c reads it */
};

/* What servers and people put between BEGIN and END. */
struct pem_kind {
	const char *label;
	const char *noun; /* how messages call it; NULL: it is not known */
	enum thing thing;
	enum pem_body body;
};

/* Never NULL: a label may be any. */
const struct pem_kind *pemkind_of(const char *label);

/* Is its base64 looked at by pem.c: does it hold certificates? */
bool pemkind_has_body(const struct pem_kind *k);

#endif
