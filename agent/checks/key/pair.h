/* pair.h - are two public keys one, and how a person tells them apart */
#ifndef CHECKS_PAIR_H
#define CHECKS_PAIR_H

#include <stdbool.h>

#include <openssl/evp.h>

#include "model/buf.h"

/*
 * One key, in whatever form it came: points compressed or not, a curve by its
 * name or its parameters, SM2 read as EC. RSA and RSA-PSS are two kinds even
 * of one modulus: servers refuse to load such a pair.
 */
bool pair_is_one(const EVP_PKEY *a, const EVP_PKEY *b);

/* "RSA 2048 (SPKI sha256 1a2b3c4d)": the digest is cut to what tells apart. */
void pair_describe(struct buf *out, const EVP_PKEY *key);

/* The whole digest in hex, of the SubjectPublicKeyInfo; "" if there is none. */
#define PAIR_PRINT_SIZE 65
const char *pair_print(const EVP_PKEY *key, char out[PAIR_PRINT_SIZE]);

#endif
