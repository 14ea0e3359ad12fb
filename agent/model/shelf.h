/* shelf.h - the results of a run, laid close together */
#ifndef MODEL_SHELF_H
#define MODEL_SHELF_H

#include <stddef.h>

#include "model/result.h"

/*
 * A result is made of dozens of small pieces, which cost more to keep than what
 * they say. On a shelf they lie side by side, and a text that was laid there
 * lately, such as the name of an issuer, a hint or an intermediate's, is not
 * laid there again. A shelf is one thread's; a result on it is anybody's to
 * read and nobody's to change.
 */
struct shelf;

struct shelf *shelf_new(void);
void shelf_free(struct shelf *s); /* and all that lies on it; NULL: nothing */
DEFINE_CLEANUP(struct shelf, shelf_free)

/*
 * Takes over `r`, without its decoded certificates and its keys, and returns
 * it as it lies on the shelf, for result_free() before that of the shelf.
 */
struct result *shelf_put(struct shelf *s, struct result *r);

/*
 * Takes over `r`, be it on a shelf or not, and returns one that is on none and
 * may be changed, for result_free().
 */
struct result *shelf_lift(struct result *r);

/* Takes over `from`: what lies on it lies on `s` from now on. */
void shelf_join(struct shelf *s, struct shelf *from);

/*
 * For who lays a result there piece by piece: memory, zeroed, and a text, which
 * may be one that lies there already. Its `shelved` is to be set.
 */
void *shelf_alloc(struct shelf *s, size_t size);
char *shelf_text(struct shelf *s, const char *text, size_t n);

/* That of a file, of which there is none: all of them have this one. */
struct handshake *shelf_no_handshake(void);

size_t shelf_size(const struct shelf *s); /* bytes that are taken */

#endif
