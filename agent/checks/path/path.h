/* path.h - from the leaf to a trust anchor, by the best way there is */
#ifndef CHECKS_PATH_H
#define CHECKS_PATH_H

#include <stdbool.h>
#include <stddef.h>
#include <time.h>

#include "model/observation.h"
#include "model/policy.h"

/* One certificate of a path. */
struct step {
	X509 *x509; /* the path's own reference */
	const struct cert *cert; /* as presented; NULL: only in the store */
	const struct cert *stored; /* as the store has it; NULL: it does not */
};

/* Where a path ends. */
enum path_end {
	PATH_ANCHORED, /* at a trust anchor, or trust is not judged */
	PATH_GAP, /* the last one's issuer is not there */
	PATH_ROOT, /* at a self-signed certificate that is no anchor */
	PATH_SIGNATURE, /* an issuer of that name is there; it did not sign */
};

/* A rule of RFC 5280 that a step breaks: an X509_V_ERR_ code. */
struct breach {
	size_t step;
	int code;
};

#define PATH_MAX_STEPS (CHAIN_MAX_CERTS + 1)
#define PATH_MAX_BREACHES 64

struct path {
	struct step steps[PATH_MAX_STEPS]; /* leaf first */
	size_t n;
	enum path_end end;
	struct breach breaches[PATH_MAX_BREACHES];
	size_t n_breaches;
	/* PATH_GAP: the trust store knows the issuer, as an intermediate. */
	bool gap_is_known;
	struct horizon horizon; /* until when another one is no better */
};

/*
 * The best path from `leaf`, one of ob->certs, through what was presented to
 * an anchor of `trust`, as of `now`: one that reaches an anchor, breaks no
 * rule and has no expired issuer, if there is one. `purpose` is one of
 * X509_PURPOSE_, or 0; the issuers' is judged, the leaf's own is not. Dates
 * never count as breaches. The work is bounded whatever was presented.
 * Release with path_release().
 */
void path_find(struct path *out, const struct observation *ob,
	const struct cert *leaf, const struct trust *trust, int purpose,
	time_t now);
void path_release(struct path *p);

/*
 * One way from the leaf to its end, with what it breaks; or, where `refused`
 * is not NULL, one that goes no farther than p's last step: that is a
 * certificate of its issuer's name whose key did not sign it. All is good
 * until it returns.
 */
typedef void path_seen(
	void *arg, const struct path *p, const struct step *refused);

/*
 * Look at every way from `leaf`, called as path_find() is. One may be seen
 * twice: by a root that is presented, and by the same one of the trust store.
 * Returns whether these were all, or a bound came first.
 */
bool path_each(const struct observation *ob, const struct cert *leaf,
	const struct trust *trust, int purpose, time_t now, path_seen *see,
	void *arg);

/* The certificate of a step, be it presented or the trust store's. */
const struct cert *path_cert(const struct step *step);

#define PATH_CLEANUP __attribute__((__cleanup__(path_release)))

#endif
