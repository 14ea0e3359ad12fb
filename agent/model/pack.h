/* pack.h - numbers and texts as few bytes, and back */
#ifndef MODEL_PACK_H
#define MODEL_PACK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "model/buf.h"
#include "model/shelf.h"

/*
 * A number takes as many bytes as it is large. A text that has come shortly
 * before is only pointed at, and hexadecimal digits go two to a byte.
 */
#define PACK_RECENT 64

struct pack_text {
	const char *s;
	size_t len;
};

/* Texts are borrowed until the last one is packed. */
struct pack {
	struct buf *out;
	struct pack_text recent[PACK_RECENT];
	size_t n; /* texts so far */
};

void pack_number(struct pack *p, int64_t n);
void pack_string(struct pack *p, const char *s); /* NULL comes back as NULL */

/* What has never come before: it is not looked for, and may be freed. */
void pack_bytes(struct pack *p, const void *bytes, size_t n);

/* Of bytes that may be damaged, or hostile. */
struct unpack {
	struct shelf *shelf; /* for the texts */
	const unsigned char *p, *end;
	bool broken; /* they are: what was returned since is 0 or NULL */
	size_t room; /* what all texts together may still take */
	struct pack_text recent[PACK_RECENT];
	size_t n;
};

void unpack_init(
	struct unpack *u, const void *bytes, size_t n, struct shelf *shelf);
int64_t unpack_number(struct unpack *u);
/* At most `most`, and no more than can follow: so much may be allocated. */
size_t unpack_count(struct unpack *u, size_t most);
/* On the shelf: nobody changes or frees it. Or NULL. */
char *unpack_string(struct unpack *u);
/* They stay where they are. */
const void *unpack_bytes(struct unpack *u, size_t *n);
/* Was all of it in order, and nothing left? */
bool unpack_is_done(const struct unpack *u);

#endif
