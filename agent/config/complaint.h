/* complaint.h - all that is wrong with the configuration, each at its place */
#ifndef CONFIG_COMPLAINT_H
#define CONFIG_COMPLAINT_H

#include <stddef.h>

#include "model/buf.h"

/* Where in the configuration; what `path` points to must outlive it. */
struct place {
	const char *path;
	size_t file; /* which one, in the order of reading */
	size_t line, column; /* from 1; line 0: the file as a whole */
};

struct complaints {
	struct complaint *v;
	size_t n;
	size_t untold; /* beyond the first COMPLAINTS_MAX */
};

#define COMPLAINTS_MAX 1000

/* `text` is harmless already: hostile parts went through quote_message(). */
void complaints_add(
	struct complaints *cs, const struct place *at, const char *text);

/* One line each, by file, line and column. */
void complaints_tell(struct buf *out, struct complaints *cs);
void complaints_release(struct complaints *cs);

#define COMPLAINTS_CLEANUP __attribute__((__cleanup__(complaints_release)))

#endif
