/* hash.h - bytes to a number, quickly: not against anybody who means harm */
#ifndef MODEL_HASH_H
#define MODEL_HASH_H

#include <stddef.h>
#include <stdint.h>

/* The same on this machine for ever; another may number its bytes otherwise. */
uint64_t hash_bytes(const void *bytes, size_t n);

#endif
