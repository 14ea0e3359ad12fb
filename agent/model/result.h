/* result.h - one target, looked at and judged */
#ifndef MODEL_RESULT_H
#define MODEL_RESULT_H

#include <stdbool.h>
#include <stdint.h>
#include <time.h>

#include "model/account.h"
#include "model/finding.h"
#include "model/observation.h"
#include "model/target.h"

struct looks;
struct phases;
struct shelf;

struct result {
	const struct target *target; /* borrowed */
	enum severity status; /* the worst finding's */
	enum role role; /* by which it was judged; ROLE_AUTO: nothing seen */
	bool store; /* a store of roots: its dates are nobody's to mind */
	bool looked; /* certificates were seen; a failed look resolves nothing
		      */
	bool shelved; /* it lies on a shelf (shelf.h), and is not changed */
	/*
	 * It is of an earlier scan, and this one did not look: what is known
	 * stays as it is.
	 */
	bool carried;
	time_t observed_at; /* the moment it was judged for */
	int64_t duration_ms; /* -1: not known any more */
	/*
	 * Of result_first_to_end(), 0 where there is none, and of a store of
	 * roots: the moments after which its end is so near that it is a
	 * warning, and critical (0: never), and the last day to order a new
	 * one (0: no matter).
	 */
	time_t warning_at, critical_at, order_by;
	struct observation *seen; /* without its decoded certificates */
	struct account *account; /* how paths were chosen; NULL: nobody asked */
	struct findings findings;
	/* Of an endpoint: the file it was held against, borrowed; or NULL. */
	const char *deployed;
	/*
	 * What testing client certificates has come to: the id of a finding,
	 * such as "client.ok"; NULL: nothing is known.
	 */
	const char *client;
};

void result_free(struct result *r); /* NULL does nothing */
DEFINE_CLEANUP(struct result, result_free)

/*
 * The certificate that the target stands for, or NULL: the first one of an
 * endpoint or a file of CAs; of other files the first that is no CA's.
 */
const struct cert *result_leaf(const struct result *r);

/*
 * The one that ends first among those that stand for themselves (the leaves,
 * or all of a file of CAs but what is renewed in it), or NULL where none has
 * dates.
 */
const struct cert *result_first_to_end(const struct result *r);

/* Set warning_at, critical_at and order_by by the target's own settings. */
void result_set_moments(struct result *r);

/*
 * The finding that tells the verdict on client certificates where one was to
 * be given and all is well, or NULL: outputs show it beside the dates.
 */
const struct finding *result_client(const struct result *r);

/* A whole run. */
struct results {
	struct result **v; /* in the order of the targets */
	size_t n;
	time_t time; /* the moment it was judged for */
	struct shelf *shelf; /* on which most of them lie; NULL: none does */
	const struct phases *phases; /* where the time went; NULL: not asked */
	const struct looks *looks; /* to be kept with them; NULL: none are */
};

struct summary {
	size_t n[SEV_UNKNOWN + 1]; /* targets by status */
	enum severity worst;
};

struct summary results_summary(const struct results *rs);
/*
 * The indices of rs->v, worst first, then what ends first, then by name; to be
 * freed by free().
 */
size_t *results_worst_first(const struct results *rs);
void results_release(struct results *rs);

#endif
