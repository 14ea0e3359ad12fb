/* keyring.h - private keys that are kept whole, for a handshake's time */
#ifndef PROBES_KEYRING_H
#define PROBES_KEYRING_H

#include <stddef.h>

#include <openssl/types.h>

struct keyring {
	EVP_PKEY **v; /* each with both halves */
	size_t n;
};

void keyring_add(struct keyring *ring, const EVP_PKEY *key); /* shared */
/* Let go of them: OpenSSL wipes what nobody else holds. */
void keyring_release(struct keyring *ring);
#define KEYRING_CLEANUP __attribute__((__cleanup__(keyring_release)))

#endif
