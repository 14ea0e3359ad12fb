/* walk.h - the files that a folder holds, or that a pattern fits */
#ifndef SCAN_WALK_H
#define SCAN_WALK_H

#include <stdbool.h>
#include <stddef.h>

#include "model/target.h"

#define WALK_MAX_DEPTH 16 /* a folder in a folder, and so on */
#define WALK_MAX_FILES 1000000 /* and folders that are entered */
#define WALK_MAX_NAMES 10000000 /* in them, as often as they are entered */

enum walk_how {
	WALK_MET, /* a file that was met, or a link to nothing */
	WALK_NAMED, /* a path that {a,b} spells out; it may not be there */
	WALK_CLOSED, /* a folder that cannot be looked into */
};

struct walk {
	const struct words *exclude; /* patterns of what is passed over */
	size_t left; /* files and folders until the bound; counted down */
	size_t names_left; /* likewise */
	void (*found)(void *arg, const char *path, enum walk_how how);
	void *arg;

	/* What was not looked at; zeroed by the caller. */
	bool full; /* `left` or `names_left` came to its end */
	bool unfit; /* a pattern is beyond the bounds of pattern.h */
	size_t deep; /* folders further down than the last depth */
	char *deepest; /* the first of them; the caller's to free() */
};

/*
 * Tell all files below the folder `path`, by name, a folder's own at its
 * place. Links to files are followed, as in certbot's live/; links to folders
 * are not, for they multiply. Passed over are
 *  - what `exclude` fits (exclusion.h); such a folder is not entered;
 *  - names that begin with "..": Kubernetes keeps the files of a volume in
 *    such a folder, and links to them beside it;
 *  - links with a hash for a name, as OpenSSL wants them in a folder of CAs,
 *    where the file that they stand for is told as well.
 */
void walk_folder(struct walk *w, const char *path);

/*
 * Tell all files that a pattern fits: '*', '?' and [a-z] within a name, which
 * do not fit a '.' at its beginning; {a,b}; and "**" for any number of
 * folders, none included, hidden ones too. "**" follows no link to a folder, a
 * part that fits the link's name does. A "**" or a '/' at the end stands for
 * all files of the folder, as does a folder that {a,b} spells out.
 */
void walk_pattern(struct walk *w, const char *pattern);

#endif
