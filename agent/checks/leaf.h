/* leaf.h - which of the certificates are judged as leaves */
#ifndef CHECKS_LEAF_H
#define CHECKS_LEAF_H

#include "model/observation.h"
#include "model/policy.h"

/*
 * The leaf, or NULL: nothing was seen, or a file holds CA certificates only.
 *
 * Of an endpoint it is the first certificate, even if that is a CA's: it is
 * what clients see. Of a file whose role is told it is the first that is no
 * CA's, else the first; a file of CAs has none. Where no role is told it is
 * the first one, unless that is a CA certificate and no name is configured
 * that it should cover. Such a file is a bundle of CAs, or a chain in the
 * wrong order: then it holds exactly one other certificate, issued by name by
 * one of the CAs, or whose private key is there. A self-signed one that stands
 * alone and has a host's name is a server's.
 */
const struct cert *leaf_of(
	const struct observation *ob, const struct target *target);

/*
 * All leaves, as indices of ob->certs, each certificate once: of an endpoint
 * the first one; of a file each end-entity certificate that is by name no
 * issuer of another one, the one of leaf_of() first. A file of CAs has none.
 * Release with leaves_release().
 */
struct leaves {
	size_t *v;
	size_t n;
};

void leaves_find(struct leaves *out, const struct observation *ob,
	const struct target *target);
void leaves_release(struct leaves *l);

#define LEAVES_CLEANUP __attribute__((__cleanup__(leaves_release)))

/* The leaf, or NULL if there is none, or several. */
const struct cert *leaf_only(
	const struct observation *ob, const struct target *target);

/*
 * For each certificate how often it comes, byte for byte; 0 if it is one of
 * those before it. To be freed by free().
 */
size_t *leaf_times(const struct observation *ob);

#endif
