/* keykind.h - the kinds of keys that this machine's OpenSSL knows */
#ifndef PROBES_KEYKIND_H
#define PROBES_KEYKIND_H

#include <stdbool.h>

#include <openssl/types.h>

#define KEYKIND_NAME_SIZE 32

/* The type of key that an algorithm's OID stands for; false: none known. */
bool keykind_of(OSSL_LIB_CTX *libctx, const ASN1_OBJECT *algorithm,
	char name[KEYKIND_NAME_SIZE]);

bool keykind_has_curve(OSSL_LIB_CTX *libctx, const ASN1_OBJECT *curve);

#endif
