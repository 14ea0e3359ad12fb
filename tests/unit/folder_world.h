/* folder_world.h - a folder with whatever files, folders and links a row says
 */
#ifndef TESTS_FOLDER_WORLD_H
#define TESTS_FOLDER_WORLD_H

#include <sys/stat.h>

#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "model/alloc.h"
#include "tests/unit/unit.h"

static char folder_root[64];

static inline int
folder_setup(void **state)
{
	(void)state;
	(void)snprintf(folder_root, sizeof(folder_root),
		"/tmp/certvigil-folder-XXXXXX");
	return mkdtemp(folder_root) == NULL ? -1 : 0;
}

static inline int
folder_remove(
	const char *path, const struct stat *st, int type, struct FTW *where)
{
	(void)st, (void)type, (void)where;
	return remove(path);
}

static inline int
folder_teardown(void **state)
{
	(void)state;
	return nftw(folder_root, folder_remove, 32, FTW_DEPTH | FTW_PHYS);
}

/* The folders above `path`, as far as they are not there. */
static inline void
folder_make_above(char *path)
{
	for (char *s = strchr(path + strlen(folder_root) + 1, '/'); s != NULL;
		s = strchr(s + 1, '/')) {
		*s = '\0';
		(void)mkdir(path, 0700);
		*s = '/';
	}
}

/* One of "a/b.pem" (a file), "a/" (a folder), "a/l>text" (a link). */
static inline void
folder_make(const char *what)
{
	cleanup(str_free) char *path = str_fmt("%s/%s", folder_root, what);
	char *to = strchr(path, '>');
	FILE *f;

	if (to != NULL)
		*to++ = '\0';
	folder_make_above(path);
	if (to != NULL) {
		assert_int_equal(symlink(to, path), 0);
	} else if (path[strlen(path) - 1] == '/') {
		(void)mkdir(path, 0700);
	} else {
		f = fopen(path, "w");
		assert_non_null(f);
		(void)fclose(f);
	}
}

/* Several, with blanks between them. */
static inline void
folder_make_all(const char *list)
{
	cleanup(str_free) char *copy = str_dup(list);
	char *rest = NULL;

	for (char *s = strtok_r(copy, " ", &rest); s != NULL;
		s = strtok_r(NULL, " ", &rest))
		folder_make(s);
}

#endif
