/* include.h - the main file and all that it includes */
#ifndef CONFIG_INCLUDE_H
#define CONFIG_INCLUDE_H

#include <stdbool.h>
#include <stddef.h>

#include "config/complaint.h"
#include "config/document.h"
#include "model/alloc.h"

#define INCLUDE_MAX_DEPTH 8
#define INCLUDE_MAX_FILES 10000

struct documents {
	struct document **v; /* the main file's first */
	size_t n;
	bool partial; /* a file could not be had; there is a complaint */
};

/*
 * Load `path` and what its `include` names, and so on. What cannot be had is
 * told in `complaints`. Paths live in `a`; release with documents_release().
 */
void include_all(struct arena *a, const char *path,
	struct complaints *complaints, struct documents *out);
void documents_release(struct documents *ds);

#endif
