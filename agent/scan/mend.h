/* mend.h - from what a target presents to the chain that it should present */
#ifndef SCAN_MEND_H
#define SCAN_MEND_H

#include <stdbool.h>
#include <stddef.h>
#include <time.h>

#include "checks/path/path.h"
#include "model/error.h"
#include "probes/reach.h"

#define MEND_MAX_FETCHES 8

struct mend_request {
	const struct target *target; /* its role; its timeout is each fetch's */
	const struct trust *trust;
	time_t now;
	bool allow_private; /* fetch from anywhere, not from public hosts only
			     */
};

/* Where a certificate comes from; the first is preferred. */
enum mend_source { MEND_PRESENTED, MEND_LENT, MEND_STORE, MEND_FETCHED };

/* What becomes of a certificate of the observation. */
enum mend_fate {
	MEND_SURPLUS, /* it is on no path */
	MEND_KEPT,
	MEND_ROOT, /* the end of the path: clients have it */
	MEND_LEAF, /* another leaf, which wants a file of its own */
};

/* About each certificate of the observation. */
struct mend_note {
	enum mend_source source;
	size_t fetch; /* which of the fetches, if it was fetched */
	enum mend_fate fate;
	size_t times; /* it is presented; 0: it is a copy of one before */
};

struct mend_fetch {
	char *url;
	char *problem; /* NULL: it gave certificates that were looked for */
};

struct mended {
	size_t chain[PATH_MAX_STEPS]; /* indices of ob->certs, leaf first */
	size_t n; /* 0: there is none that holds */
	bool changed; /* it is not what was presented; */
	bool reordered; /* what is kept of that stood in another order */
	struct mend_note *notes; /* one for each of ob->certs */
	size_t n_notes;
	struct mend_fetch fetches[MEND_MAX_FETCHES]; /* in their order */
	size_t n_fetches;
	enum reach need; /* what a fetch was refused for, or REACH_PUBLIC */
	const char *hint; /* what to do where there is no chain, or NULL */
};

/*
 * The chain from the leaf of `ob` up to, and without, the root that is the end
 * of the best path: of what is presented, else of what is lent, else of the
 * intermediates that the trust store holds, else of what the certificates'
 * caIssuers URLs give. Only what did sign counts. Nothing is fetched while
 * there is no need, nothing twice, and from other than public addresses only
 * if allowed, or as far as the endpoint's own address is one.
 *
 * What was found is lent to `ob`, whose certificates may move. Returns 0, or
 * -1 and *err: there is no chain that reaches an anchor and holds. Either way
 * *out tells what was tried, for mended_release(). A self-signed leaf is a
 * chain of its own.
 */
int mend_chain(const struct mend_request *request, struct observation *ob,
	struct mended *out, struct error *err);
void mended_release(struct mended *m);

#endif
