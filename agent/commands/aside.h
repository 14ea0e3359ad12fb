/* aside.h - a file written beside the one whose place it takes at once */
#ifndef COMMANDS_ASIDE_H
#define COMMANDS_ASIDE_H

#include <stdbool.h>
#include <stdio.h>
#include <sys/stat.h>

#include "model/error.h"

/*
 * Nobody ever reads half of it: until it is committed the old one stands, and
 * no pattern for certificates fits the name of the new one.
 */
struct aside {
	FILE *to; /* what is written goes there; ferror() is looked at later */
	char *path;
	char *temporary; /* NULL: nothing is put in place */
	bool replaces; /* a file whose mode and owner are kept if they can be */
	struct stat old; /* that */
};

/*
 * A link in its place is replaced, and so is a file, but nothing else. Returns
 * 0 and *a for aside_commit(), or -1 and *err.
 */
int aside_open(const char *path, struct aside *a, struct error *err);

/*
 * As a shell's ">" would take it, where nobody else can make links: it is
 * found through them, its mode is kept, one that may not be written is not
 * replaced, and what is no file, such as a pipe or /dev/stdout, is written to
 * as it stands.
 */
int aside_open_through(const char *path, struct aside *a, struct error *err);

/*
 * Put it in place, with the mode and the owner of `like`, or, NULL, with mode
 * 0644 where it replaces nothing. Returns 0, or -1 and *err with the old one as
 * it was. *a is released.
 */
int aside_commit(struct aside *a, const struct stat *like, struct error *err);

#endif
