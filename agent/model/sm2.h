/* sm2.h - what is peculiar to signatures of SM2 */
#ifndef MODEL_SM2_H
#define MODEL_SM2_H

#include <stdbool.h>

#include <openssl/x509.h>

/*
 * SM2 signs more than the certificate: the signer's identifier too, of which
 * the certificate says nothing. OpenSSL wants it set in the X509, so no other
 * thread may look at that meanwhile.
 */
bool sm2_is_signature(const X509 *x509);
void sm2_identify(X509 *x509); /* by the usual one */

/*
 * With each identifier that a signer may have used; the fitting one stays, and
 * if none does, what there was.
 */
bool sm2_verify(X509 *x509, EVP_PKEY *key);

#endif
