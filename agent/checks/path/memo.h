/* memo.h - what was found out under a trust store, kept as long as that lives
 */
#ifndef CHECKS_MEMO_H
#define CHECKS_MEMO_H

#include <stdbool.h>

#include "model/cert.h"
#include "model/policy.h"

/*
 * Ten thousand targets end at one anchor, by the same few intermediates. All
 * of it is safe on many threads.
 */
struct memo;

/* That of trust->store, which frees it; NULL where trust is not judged. */
struct memo *memo_of(const struct trust *trust);

/* A certificate of the store, decoded once; lent until the store is freed. */
const struct cert *memo_cert(struct memo *m, X509 *x509);
/* One to be kept for longer, for cert_release(). */
void memo_copy_cert(struct cert *out, X509 *x509);

/*
 * That the key of `issuer` signed `c` was seen, and is not to be verified
 * again. Both are told by their SHA-256, which covers all that decides it; one
 * whose digest could not be made is never kept. Their number is bounded.
 */
bool memo_has_link(
	struct memo *m, const struct cert *c, const struct cert *issuer);
void memo_keep_link(
	struct memo *m, const struct cert *c, const struct cert *issuer);

#endif
