/* path.c - from the leaf to a trust anchor, by the best way there is */
#include <stdlib.h>
#include <string.h>

#include <openssl/err.h>
#include <openssl/x509v3.h>

#include "checks/path/anchors.h"
#include "checks/path/appraise.h"
#include "checks/path/candidates.h"
#include "checks/path/memo.h"
#include "checks/path/path.h"
#include "checks/path/signatures.h"

/*
 * A peer may send a hundred certificates of one name, so both are bounded:
 * paths that are looked at to their end, and signatures that are verified to
 * find them.
 */
#define MAX_TRIES 32
#define MAX_SIGNATURES 128

enum link { LINK_UNKNOWN, LINK_GOOD, LINK_BAD };

struct finder {
	/* What may be on the path: the leaf, then issuers, each once. */
	const struct cert *certs[CHAIN_MAX_CERTS];
	size_t n_certs;
	struct anchors anchors;
	struct yardstick by;

	path_seen *see; /* all ways, not the best one alone; or NULL */
	void *arg;

	/*
	 * The first round follows names and key identifiers and leaves the
	 * signatures to OpenSSL: nearly always that is all. The second one
	 * verifies each link itself and turns back where it must.
	 */
	bool by_signature;
	unsigned tries, signatures; /* left */
	struct signatures seen;

	struct path now_at;
	struct path first; /* the one of the first round; n is 0 in it */
	struct path *best;
	unsigned long best_cost;
	bool used[CHAIN_MAX_CERTS];
	unsigned char *links; /* n_certs by n_certs, each an enum link */
};

void
path_release(struct path *p)
{
	for (size_t i = 0; i < p->n; i++)
		X509_free(p->steps[i].x509);
	p->n = 0;
}

static void
path_push(struct path *p, const struct step *step)
{
	X509_up_ref(step->x509);
	p->steps[p->n++] = *step;
}

static void
path_pop(struct path *p)
{
	X509_free(p->steps[--p->n].x509);
}

static void
path_copy(struct path *dst, const struct path *src)
{
	path_release(dst);
	*dst = *src;
	for (size_t i = 0; i < dst->n; i++)
		X509_up_ref(dst->steps[i].x509);
}

static void
finish(struct finder *f, enum path_end end, bool gap_is_known)
{
	struct path *p = &f->now_at;
	unsigned long cost;

	f->tries--;
	/* path_verify() verifies each of its signatures. */
	f->signatures -= p->n < f->signatures ? p->n : f->signatures;
	if (f->signatures == 0)
		f->tries = 0;
	p->end = end;
	p->gap_is_known = gap_is_known;
	cost = path_appraise(p, &f->by, &f->first, f->by_signature);
	if (f->see != NULL) {
		f->see(f->arg, p, NULL);
		return;
	}
	if (f->best->n == 0 || cost < f->best_cost) {
		path_copy(f->best, p);
		f->best_cost = cost;
	}
	if (cost == 0)
		f->tries = 0;
}

static enum link
link_by_signature(
	struct finder *f, const struct step *step, const struct step *issuer)
{
	if (f->signatures == 0)
		return LINK_UNKNOWN;
	f->signatures--;
	return signatures_verify(&f->seen, step, issuer) ? LINK_GOOD : LINK_BAD;
}

static enum link
link_of(struct finder *f, const struct step *step, const struct step *issuer)
{
	if (f->by_signature)
		return link_by_signature(f, step, issuer);
	switch (X509_check_issued(issuer->x509, step->x509)) {
	case X509_V_OK:
	case X509_V_ERR_KEYUSAGE_NO_CERTSIGN:
		return LINK_GOOD;
	default:
		return LINK_BAD;
	}
}

static struct step
step_of(const struct cert *c)
{
	return (struct step){ .x509 = c->x509, .cert = c };
}

/* link_of() two presented certificates, remembered. */
static enum link
link_within(struct finder *f, size_t at, size_t issuer)
{
	unsigned char *link = &f->links[at * f->n_certs + issuer];
	const struct step below = step_of(f->certs[at]);
	const struct step above = step_of(f->certs[issuer]);

	if (*link == LINK_UNKNOWN)
		*link = (unsigned char)link_of(f, &below, &above);
	return (enum link) * link;
}

/* The same certificate among those presented, or NULL. */
static const struct cert *
presented(const struct finder *f, const X509 *x509)
{
	for (size_t i = 0; i < f->n_certs; i++) {
		if (X509_cmp(f->certs[i]->x509, x509) == 0)
			return f->certs[i];
	}
	return NULL;
}

/* What is known of the ways on from a certificate. */
struct ways {
	bool any; /* at least one was taken */
	bool refused; /* a name fits, its key did not sign */
	bool known; /* the trust store has such an intermediate */
};

/* A way that its name promised, and its key did not keep. */
static void
refuse(const struct finder *f, const struct step *step)
{
	if (f->see != NULL)
		f->see(f->arg, &f->now_at, step);
}

static void
try_anchors(struct finder *f, const struct cert *c, struct ways *ways)
{
	STACK_OF(X509) *anchors = anchors_named(
		&f->anchors, X509_get_issuer_name(c->x509));
	const struct step below = step_of(c);

	for (int i = 0; i < sk_X509_num(anchors) && f->tries > 0; i++) {
		X509 *x509 = sk_X509_value(anchors, i);
		struct step anchor;

		if (!anchors_accept(&f->anchors, x509)) {
			ways->known = true;
			continue;
		}
		anchor = (struct step){
			.x509 = x509,
			.cert = presented(f, x509),
			.stored = memo_cert(f->seen.memo, x509),
		};
		switch (link_of(f, &below, &anchor)) {
		case LINK_GOOD:
			ways->any = true;
			path_push(&f->now_at, &anchor);
			finish(f, PATH_ANCHORED, false);
			path_pop(&f->now_at);
			break;
		case LINK_BAD:
			ways->refused = true;
			refuse(f, &anchor);
			break;
		case LINK_UNKNOWN:
			break;
		}
	}
	sk_X509_pop_free(anchors, X509_free);
}

static void extend(struct finder *f, size_t at);

static void
try_presented(struct finder *f, size_t at, struct ways *ways)
{
	for (size_t i = 0; i < f->n_certs && f->tries > 0; i++) {
		const struct step issuer = step_of(f->certs[i]);

		if (f->used[i] ||
			!candidates_are_linked(f->certs[at], issuer.cert))
			continue;
		switch (link_within(f, at, i)) {
		case LINK_GOOD:
			ways->any = true;
			path_push(&f->now_at, &issuer);
			f->used[i] = true;
			extend(f, i);
			f->used[i] = false;
			path_pop(&f->now_at);
			break;
		case LINK_BAD:
			ways->refused = true;
			refuse(f, &issuer);
			break;
		case LINK_UNKNOWN:
			break;
		}
	}
}

/* A name that is its own issuer's, but not its own signature. */
static bool
is_badly_self_signed(const struct cert *c)
{
	return !c->self_signed && X509_self_signed(c->x509, 0) == 1;
}

static enum path_end
dead_end(const struct finder *f, const struct cert *c, const struct ways *ways)
{
	if (c->self_signed)
		return f->anchors.trust == NULL ? PATH_ANCHORED : PATH_ROOT;
	if (ways->refused || is_badly_self_signed(c))
		return PATH_SIGNATURE;
	/* The issuer may be an anchor: who knows without any trust? */
	if (f->anchors.trust == NULL)
		return PATH_ANCHORED;
	return PATH_GAP;
}

/* certs[at] is the last step of now_at: end here, or go on each way. */
static void
extend(struct finder *f, size_t at)
{
	const struct cert *c = f->certs[at];
	struct ways ways = { 0 };

	if (f->tries == 0)
		return;
	if (anchors_has(&f->anchors, c->x509)) {
		finish(f, PATH_ANCHORED, false);
		return;
	}
	/* What signed itself has no other issuer. */
	if (!c->self_signed) {
		try_anchors(f, c, &ways);
		try_presented(f, at, &ways);
	}
	if (!ways.any && f->tries > 0)
		finish(f, dead_end(f, c, &ways), ways.known);
}

static void
search(struct finder *f, bool by_signature)
{
	const struct step leaf = step_of(f->certs[0]);

	f->by_signature = by_signature;
	f->tries = by_signature ? MAX_TRIES : 1;
	f->signatures = MAX_SIGNATURES;
	memset(f->used, 0, sizeof(f->used));
	memset(f->links, LINK_UNKNOWN, f->n_certs * f->n_certs);
	f->used[0] = true;
	path_release(f->best);
	path_push(&f->now_at, &leaf);
	extend(f, 0);
	path_pop(&f->now_at);
}

static struct finder *
finder_new(const struct observation *ob, const struct cert *leaf,
	const struct yardstick *by)
{
	struct finder *f = mem_alloc(sizeof(*f));

	f->by = *by;
	f->seen.memo = memo_of(by->trust);
	f->seen.leaf = leaf->x509;
	f->by.signatures = &f->seen;
	f->now_at.horizon.until = HORIZON_OPEN;
	ERR_set_mark();
	f->n_certs = candidates_find(f->certs, ob, leaf);
	f->links = mem_alloc(f->n_certs * f->n_certs);
	anchors_open(&f->anchors, by->trust);
	return f;
}

static void
finder_free(struct finder *f)
{
	anchors_close(&f->anchors);
	path_release(&f->first);
	ERR_pop_to_mark();
	free(f->links);
	free(f);
}

void
path_find(struct path *out, const struct observation *ob,
	const struct cert *leaf, const struct trust *trust, int purpose,
	time_t now)
{
	const struct yardstick by = {
		.trust = trust, .purpose = purpose, .now = now
	};
	struct finder *f = finder_new(ob, leaf, &by);

	*out = (struct path){ 0 };
	f->best = out;
	search(f, false);
	if (f->best_cost != 0) {
		path_copy(&f->first, out);
		search(f, true);
	}
	/* By the dates on every way, not on the best one alone. */
	out->horizon = f->now_at.horizon;
	finder_free(f);
}

bool
path_each(const struct observation *ob, const struct cert *leaf,
	const struct trust *trust, int purpose, time_t now, path_seen *see,
	void *arg)
{
	const struct yardstick by = {
		.trust = trust, .purpose = purpose, .now = now
	};
	struct finder *f = finder_new(ob, leaf, &by);
	struct path *none = mem_alloc(sizeof(*none));
	bool all;

	f->best = none;
	f->see = see;
	f->arg = arg;
	search(f, true);
	all = f->tries > 0 && f->signatures > 0;
	finder_free(f);
	free(none);
	return all;
}

const struct cert *
path_cert(const struct step *step)
{
	return step->cert != NULL ? step->cert : step->stored;
}
