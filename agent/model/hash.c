/* hash.c - bytes to a number, quickly: not against anybody who means harm */
#include <string.h>

#include "model/hash.h"

/* FNV's steps (draft-eastlake-fnv), of eight bytes in place of one. */
uint64_t
hash_bytes(const void *bytes, size_t n)
{
	const uint64_t prime = UINT64_C(1099511628211);
	const unsigned char *p = bytes;
	uint64_t h = UINT64_C(14695981039346656037) ^ n, word;

	for (; n >= sizeof(word); n -= sizeof(word), p += sizeof(word)) {
		memcpy(&word, p, sizeof(word));
		h = (h ^ word) * prime;
		/* A product knows nothing of its factors' upper bits. */
		h ^= h >> 29;
	}
	for (; n > 0; n--)
		h = (h ^ *p++) * prime;
	return h ^ h >> 32;
}
