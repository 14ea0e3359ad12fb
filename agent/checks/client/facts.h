/* facts.h - what is known of the client certificate without the server */
#ifndef CHECKS_FACTS_H
#define CHECKS_FACTS_H

#include "checks/client/compare.h"

enum client_fact {
	FACT_EXPIRED = 1 << 0,
	FACT_EARLY = 1 << 1, /* not valid yet */
	FACT_EXTENDED_USAGE = 1 << 2, /* lacks clientAuth */
	FACT_USAGE = 1 << 3, /* lacks digitalSignature */
	FACT_SIGNATURE = 1 << 4, /* it or an issuer is signed with SHA-1, MD5 */
	FACT_WEAK_KEY = 1 << 5,
	FACT_ISSUER_EXPIRED = 1 << 6, /* one that is in its file */
	FACT_CA_EXPIRED = 1 << 12, /* one in the server's, if that is at hand */
	FACT_SELF_SIGNED = 1 << 7,
	FACT_ALONE = 1 << 8, /* its issuer is not in its file */
	FACT_UNLISTED = 1 << 9, /* by none of the CAs that the server names */
	FACT_NAMED = 1 << 11, /* the CA that issued it is among those */
	FACT_UNSENT = 1 << 10, /* the server asked, and none was sent */
};

/* Servers refuse for these, each by itself. */
#define FACTS_HARD                                                             \
	(FACT_EXPIRED | FACT_EARLY | FACT_EXTENDED_USAGE | FACT_USAGE |        \
		FACT_ISSUER_EXPIRED | FACT_CA_EXPIRED | FACT_SELF_SIGNED |     \
		FACT_UNLISTED)

/* All that hold, as a set. */
unsigned facts_find(const struct comparison *c);

/* Our certificate; NULL: it could not be read. */
const struct cert *facts_leaf(const struct comparison *c);

/*
 * The first issuer up from it that is past its end, and that no other of its
 * name and key stands in for, in its file or in the server's file of client
 * CAs; NULL: none is. Where both have one the server goes by its own.
 */
const struct cert *facts_past_issuer(const struct comparison *c);

/* Does the list hold the subject of one of our issuers? */
bool facts_is_listed(const struct comparison *c, const struct strlist *cas);

/* The CAs that the server named, in whichever connection it did. */
const struct strlist *facts_announced(const struct comparison *c);

#endif
