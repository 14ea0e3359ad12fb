/* signatures.h - did one certificate of a path sign another */
#ifndef CHECKS_SIGNATURES_H
#define CHECKS_SIGNATURES_H

#include "checks/path/memo.h"
#include "checks/path/path.h"

/* Links that one search keeps in mind; those beyond are verified again. */
#define SIGNATURES_MAX 64

/* Of one search: none of its signatures is verified twice. */
struct signatures {
	struct memo *memo; /* of those among CAs, over all searches; or NULL */
	const X509 *leaf; /* whose own is verified by each search */
	struct {
		const X509 *x509, *issuer; /* the finder's, so they stay */
		bool good;
	} v[SIGNATURES_MAX];
	size_t n;
};

/* Did the key of `issuer` sign `step`? As cert_verified_by() has it. */
bool signatures_verify(struct signatures *s, const struct step *step,
	const struct step *issuer);

#endif
