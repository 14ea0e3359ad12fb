/* look.h - looks at files that may stand for the next scan's */
#ifndef MODEL_LOOK_H
#define MODEL_LOOK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <time.h>

#include "model/result.h"

/* A target's file, and what was made of it. */
struct look {
	const char *name; /* the target's; NULL: it is looked at each time */
	int64_t id; /* made of the name: by it looks are stored and sorted */
	/* What tells that it is unchanged; NULL: nobody needs to know. */
	unsigned char *stamp;
	size_t n_stamp;
	const struct result *result; /* NULL: it holds nothing of ours */
	time_t until; /* it holds for moments before this one */
	bool stored; /* there is a row of it */
	bool known; /* which stands as it is: the file was not read */
	bool kept; /* there is to be one */
};

/* The id of what is kept of a target by this name; never below 0. */
int64_t look_id(const char *name);

/* Of what the looks rest on beside the files: a SHA-256. */
#define LOOKS_BASIS 32

/* Those of a run. */
struct looks {
	struct look *v; /* one for each target, in their order */
	size_t n;
	size_t *order; /* places in `v` of those with a name, by id */
	size_t n_order;
	unsigned char basis[LOOKS_BASIS];
	bool anew; /* the stored ones rest on something else: none stands */
	int64_t *gone; /* ids of rows that are nobody's */
	size_t n_gone;
	time_t now; /* the moment they were judged for */
	struct shelf *shelf; /* for those results that are known */
};

#endif
