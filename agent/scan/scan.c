/* scan.c - targets to results */
#include <stdlib.h>

#include "model/alloc.h"
#include "model/shelf.h"
#include "scan/crew.h"
#include "scan/judge.h"
#include "scan/pairing.h"
#include "scan/recall.h"
#include "scan/scan.h"

static void
collect(const struct targets *ts, struct result **v, time_t now,
	struct results *out)
{
	size_t n = 0, i = 0;

	while (i < ts->n) {
		const struct target *origin = ts->v[i]->origin;
		size_t before = n;

		/* The files of one origin lie side by side. */
		do {
			if (v[i] != NULL)
				v[n++] = v[i];
			i++;
		} while (origin != NULL && i < ts->n &&
			ts->v[i]->origin == origin);
		if (n == before && origin != NULL)
			v[n++] = judge_nothing(origin, now);
	}
	*out = (struct results){ .v = v, .n = n, .time = now };
}

/* What is known of unchanged files, and the shelf on which it lies. */
static void
take_known(struct looks *looks, struct result **v, struct shelf *shelf)
{
	shelf_join(shelf, looks->shelf);
	looks->shelf = NULL;
	for (size_t i = 0; i < looks->n; i++) {
		if (looks->v[i].known)
			v[i] = (struct result *)looks->v[i].result;
	}
}

/* Of targets that are not looked at; what a look is known of is newer. */
static void
take_carried(const struct scan_options *opt, struct result **v, size_t n,
	struct shelf *shelf)
{
	if (opt->carried_shelf != NULL)
		shelf_join(shelf, opt->carried_shelf);
	for (size_t i = 0; i < n && opt->carried != NULL; i++) {
		if (v[i] == NULL)
			v[i] = opt->carried[i];
	}
}

int
scan_run(const struct targets *targets, const struct scan_options *opt,
	struct results *out, struct error *err)
{
	struct result **v = mem_alloc(
		(targets->n + 1) * sizeof(struct result *));
	struct shelf *shelf = shelf_new();
	struct library *lib;

	if (opt->looks != NULL)
		take_known(opt->looks, v, shelf);
	take_carried(opt, v, targets->n, shelf);
	if (crew_run(targets, opt, v, shelf, &lib, err) == -1) {
		for (size_t i = 0; i < targets->n; i++)
			result_free(v[i]);
		free(v);
		shelf_free(shelf);
		return -1;
	}
	collect(targets, v, opt->now, out);
	out->looks = opt->looks;
	out->shelf = shelf;
	if (lib != NULL)
		pairing_run(out, lib);
	library_free(lib);
	return 0;
}
