/* suggest.h - the known word that somebody probably meant */
#ifndef CONFIG_SUGGEST_H
#define CONFIG_SUGGEST_H

#include <stddef.h>

#include "model/buf.h"

/* Start with { .wrong = ... }; both words are borrowed. */
struct suggestion {
	const char *wrong;
	const char *best; /* NULL: nothing near yet */
	size_t distance; /* from `wrong` to `best` */
};

/* Is `word` nearer than what is known? */
void suggest_try(struct suggestion *s, const char *word);

/* `; did you mean "x"?`, or nothing. */
void suggest_tell(struct buf *out, const struct suggestion *s);

#endif
