/* members.h - who issued whom among the certificates of a CA file */
#ifndef CHECKS_MEMBERS_H
#define CHECKS_MEMBERS_H

#include "checks/path/anchors.h"
#include "model/observation.h"

/* What is known of a member's issuer. */
enum bond {
	BOND_ROOT, /* it is its own */
	BOND_INSIDE, /* another member, whose key signed it */
	BOND_TRUSTED, /* an anchor of the trust store, or it is one */
	BOND_MISSING, /* no member has its name, and no anchor signed it */
	BOND_REFUSED, /* members have its name, and none of them signed it */
	BOND_UNKNOWN, /* nobody can tell: too many, or an odd algorithm */
};

struct member {
	const struct cert *cert;
	size_t at; /* its index in ob->certs */
	size_t times; /* how often it comes, byte for byte */
	enum bond bond;
	size_t issuer; /* BOND_INSIDE: which member */
};

/* Each certificate once, in the order of the file. */
struct members {
	struct member *v;
	size_t n;
	size_t *by_name; /* all of them, those of one subject side by side */
};

/*
 * Issuers are found by signature; the number of those that are verified is
 * bounded. Where no member fits, `anchors` are asked. Release with
 * members_release().
 */
void members_find(struct members *out, const struct observation *ob,
	const struct anchors *anchors);
void members_release(struct members *ms);

/* Have both members the same subject? */
bool members_are_namesakes(const struct member *a, const struct member *b);

#endif
