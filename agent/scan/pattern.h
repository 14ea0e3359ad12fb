/* pattern.h - patterns of paths, part by part */
#ifndef SCAN_PATTERN_H
#define SCAN_PATTERN_H

#include <stdbool.h>
#include <stddef.h>

#include "model/buf.h"

#define PATTERN_MAX_ALTERNATIVES 1024 /* that {a,b} makes of one */
#define PATTERN_MAX_PARTS 60 /* so that a set of them is a uint64_t */

enum pattern_kind {
	PATTERN_NAME, /* this one */
	PATTERN_GLOB, /* as fnmatch(3) has it */
	PATTERN_ANY, /* any file; the last */
	PATTERN_FOLDERS, /* "**": any number of folders; never the last */
};

struct pattern_part {
	enum pattern_kind kind;
	char *text; /* of a name, a glob */
};

struct pattern {
	char *base; /* the path in front of the first glob, "" if none */
	struct pattern_part *v;
	size_t n; /* 0: `base` is all of it */
	bool hidden; /* globs fit a '.' at the beginning of a name, too */
};

/*
 * What {a,b} stands for, in the order written. -1 if there are more than
 * PATTERN_MAX_ALTERNATIVES, of which *out then holds the first.
 */
int pattern_alternatives(const char *text, struct strlist *out);

/*
 * One alternative, for pattern_release(). A '/' or a "**" at its end stands
 * for all files below. -1 and nothing in *out if it has too many parts.
 */
int pattern_parse(const char *text, struct pattern *out);
void pattern_release(struct pattern *p);

/* Does the i-th part fit a name? PATTERN_FOLDERS fits none by itself. */
bool pattern_part_fits(const struct pattern *p, size_t i, const char *name);

#endif
