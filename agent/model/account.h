/* account.h - which way from a leaf was chosen, and which were not */
#ifndef MODEL_ACCOUNT_H
#define MODEL_ACCOUNT_H

#include <stdbool.h>
#include <stddef.h>

#include "model/observation.h"

/* Text and numbers alone, so that it outlives the decoded certificates. */

enum way_end {
	WAY_ANCHORED, /* at a trust anchor */
	WAY_OPEN, /* trust is not judged: nothing beyond is known */
	WAY_GAP, /* the last one's issuer is not there */
	WAY_ROOT, /* at a self-signed certificate that is no anchor */
	WAY_SIGNATURE, /* an issuer of that name is there; it did not sign */
	WAY_REFUSED, /* the last one has the name, and did not sign */
};

const char *way_end_name(enum way_end end); /* "anchored", "gap" ... */

/* One certificate on the way. */
struct way_step {
	bool stored; /* it was not presented: `at` counts account->stored */
	size_t at; /* counts observation->certs */
};

struct way {
	struct way_step *steps; /* the leaf first */
	size_t n;
	enum way_end end;
	/* WAY_GAP: the trust store knows the issuer, as an intermediate. */
	bool known;
	char *why; /* why it was not chosen, in words; NULL: it was */
};

/* All that was looked at for one leaf. */
struct journey {
	struct way chosen;
	struct way *others;
	size_t n_others;
	bool more; /* there are others still: a bound came first */
};

struct account {
	struct journey *v; /* one for each leaf that was judged */
	size_t n;
	struct cert *stored; /* of the trust store, each once */
	size_t n_stored;
	char *trust; /* that store's name; NULL: trust was not judged */
	bool all; /* no leaf was passed over */
};

struct account *account_new(void);
void account_free(struct account *a); /* NULL does nothing */
DEFINE_CLEANUP(struct account, account_free)

/* The pointer is good until the next call. */
struct journey *account_add(struct account *a);
struct way *journey_add(struct journey *j);
void journey_drop(struct journey *j); /* the one that was added last */
void way_add(struct way *w, struct way_step step);

/* Takes over what *own holds: the place it, or its twin, has in a->stored. */
size_t account_store(struct account *a, struct cert *own);

/* The certificate of a step. */
const struct cert *account_cert(const struct account *a,
	const struct observation *seen, const struct way_step *step);

/* How many steps the two have in common from the leaf on. */
size_t way_common(const struct way *a, const struct way *b);

#endif
