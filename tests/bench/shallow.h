/* shallow.h - a template for certificates that leaves the public key alone
 *
 * d2i_X509() decodes the key at once, which takes most of its time. For one
 * source file: include it once.
 */
#ifndef TESTS_BENCH_SHALLOW_H
#define TESTS_BENCH_SHALLOW_H

#include <openssl/asn1t.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

/* RFC 5280, 4.1, with the key as it is. */
typedef struct {
	ASN1_INTEGER *version, *serial;
	X509_ALGOR *algorithm;
	X509_NAME *issuer;
	X509_VAL *validity;
	X509_NAME *subject;
	ASN1_TYPE *key;
	ASN1_BIT_STRING *issuer_id, *subject_id;
	STACK_OF(X509_EXTENSION) *extensions;
} SHALLOW_TBS;

typedef struct {
	SHALLOW_TBS *tbs;
	X509_ALGOR *algorithm;
	ASN1_BIT_STRING *signature;
} SHALLOW;

/* clang-format off */
ASN1_SEQUENCE(SHALLOW_TBS) = {
	ASN1_EXP_OPT(SHALLOW_TBS, version, ASN1_INTEGER, 0),
	ASN1_SIMPLE(SHALLOW_TBS, serial, ASN1_INTEGER),
	ASN1_SIMPLE(SHALLOW_TBS, algorithm, X509_ALGOR),
	ASN1_SIMPLE(SHALLOW_TBS, issuer, X509_NAME),
	ASN1_SIMPLE(SHALLOW_TBS, validity, X509_VAL),
	ASN1_SIMPLE(SHALLOW_TBS, subject, X509_NAME),
	ASN1_SIMPLE(SHALLOW_TBS, key, ASN1_ANY),
	ASN1_IMP_OPT(SHALLOW_TBS, issuer_id, ASN1_BIT_STRING, 1),
	ASN1_IMP_OPT(SHALLOW_TBS, subject_id, ASN1_BIT_STRING, 2),
	ASN1_EXP_SEQUENCE_OF_OPT(SHALLOW_TBS, extensions, X509_EXTENSION, 3)
} static_ASN1_SEQUENCE_END(SHALLOW_TBS)

ASN1_SEQUENCE(SHALLOW) = {
	ASN1_SIMPLE(SHALLOW, tbs, SHALLOW_TBS),
	ASN1_SIMPLE(SHALLOW, algorithm, X509_ALGOR),
	ASN1_SIMPLE(SHALLOW, signature, ASN1_BIT_STRING)
} static_ASN1_SEQUENCE_END(SHALLOW)
/* clang-format on */

#endif
