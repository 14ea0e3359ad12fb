/* keyring.c - private keys that are kept whole, for a handshake's time */
#include <stdlib.h>

#include <openssl/evp.h>

#include "model/alloc.h"
#include "probes/key/keyring.h"

void
keyring_add(struct keyring *ring, const EVP_PKEY *key)
{
	EVP_PKEY *own = (EVP_PKEY *)key;

	if (EVP_PKEY_up_ref(own) != 1)
		return;
	ring->v = mem_grow(ring->v, ring->n + 1, sizeof(*ring->v));
	ring->v[ring->n++] = own;
}

void
keyring_release(struct keyring *ring)
{
	for (size_t i = 0; i < ring->n; i++)
		EVP_PKEY_free(ring->v[i]);
	free(ring->v);
	*ring = (struct keyring){ 0 };
}
