/* look.c - looks at files that may stand for the next scan's */
#include <string.h>

#include "model/hash.h"
#include "model/look.h"

int64_t
look_id(const char *name)
{
	return (int64_t)(hash_bytes(name, strlen(name)) >> 1);
}
