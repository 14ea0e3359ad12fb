/* kept_world.h - bytes of a result as somebody would forge them */
#ifndef TESTS_KEPT_WORLD_H
#define TESTS_KEPT_WORLD_H

#include "tests/unit/unit.h"

#include <string.h>

#include "model/hash.h"
#include "model/kept.h"

/*
 * Each byte in turn is made others, by somebody who knows the sum, and `take`
 * is given all of them. Returns how often it said that it could read them.
 */
static inline size_t
try_forged(const struct result *r, bool (*take)(const struct buf *bytes))
{
	BUF_CLEANUP struct buf bytes = { 0 };
	size_t taken = 0;

	kept_write(r, &bytes);
	for (size_t i = sizeof(uint64_t); i < bytes.len; i++) {
		char was = bytes.s[i];

		for (int value = 0; value < 256; value += 5) {
			uint64_t sum;

			bytes.s[i] = (char)value;
			sum = hash_bytes(
				bytes.s + sizeof(sum), bytes.len - sizeof(sum));
			memcpy(bytes.s, &sum, sizeof(sum));
			taken += take(&bytes);
		}
		bytes.s[i] = was;
	}
	return taken;
}

#endif
