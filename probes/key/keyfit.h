/* keyfit.h - do the private and the public half of a key fit each other? */
#ifndef PROBES_KEYFIT_H
#define PROBES_KEYFIT_H

#include <stdbool.h>

#include <openssl/types.h>

/*
 * False if the private half of `key` is not that of its public one: put
 * together from two files, or a digit flipped. X509_check_private_key() looks
 * at public halves only, so servers find out at the first handshake. True
 * too where nothing can be told: the key is of a kind that has its public
 * half from the private one, or too large to try.
 */
bool keyfit_halves(const EVP_PKEY *key, OSSL_LIB_CTX *libctx);

#endif
