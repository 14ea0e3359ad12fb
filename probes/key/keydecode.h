/* keydecode.h - the forms in which a private key is written down */
#ifndef PROBES_KEYDECODE_H
#define PROBES_KEYDECODE_H

#include <openssl/evp.h>

#include "probes/key/keyopen.h"

/* A longer one is not read: none in use comes near it. */
#define KEYDECODE_MAX_BYTES (64 * 1024)

enum keydecode {
	KEYDECODE_KEY, /* for EVP_PKEY_free() */
	KEYDECODE_UNKNOWN, /* a key, of an algorithm that is not known here */
	KEYDECODE_OPENSSH, /* a key in that program's own form */
	KEYDECODE_FAULT, /* the reason is in *k */
	KEYDECODE_NONE, /* no private key at all; of DER only */
};

/*
 * Read the DER of a key: PKCS#8 of version 1 or 2, plain or encrypted, or
 * the traditional forms of RSA, DSA and EC. What it is, is found by looking.
 * Fills k->encrypted, k->legacy and k->surplus, and *key for KEYDECODE_KEY.
 * With k->encrypted set it is what came out of a decryption.
 */
enum keydecode keydecode_der(struct keyopen *k, const unsigned char *der,
	size_t len, EVP_PKEY **key);

/* Likewise of PKCS#8 that is decoded so far, and open. */
enum keydecode keydecode_pkcs8(
	struct keyopen *k, const PKCS8_PRIV_KEY_INFO *p8, EVP_PKEY **key);

/* The reason to give where the halves of a key are not of one. */
void keydecode_misfit(struct keyopen *k);

#endif
