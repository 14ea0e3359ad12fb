/* policy.h - by which rules an observation is judged */
#ifndef MODEL_POLICY_H
#define MODEL_POLICY_H

#include <stdbool.h>

#include <openssl/x509_vfy.h>

#include "model/horizon.h"
#include "model/target.h"

/* Trust anchors, loaded once for each library context. */
struct trust {
	const char *name; /* "the system's trust store", or the bundle's path */
	X509_STORE *store;
	/*
	 * A bundle that the operator named: what it holds is an anchor, be it
	 * an intermediate or an expired root (whose dates are told). Of the
	 * system's store only self-signed certificates are.
	 */
	bool exact;
	OSSL_LIB_CTX *libctx;
};

struct policy {
	const struct target *target; /* its names, thresholds, overrides */
	const struct trust *trust; /* NULL: trust is not judged */
	const char *trust_problem; /* why it is NULL, for a person; or NULL */
	struct horizon *horizon; /* until when it is so; NULL: nobody asks */
};

#endif
