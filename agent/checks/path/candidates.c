/* candidates.c - which of what was presented may stand on a leaf's path */
#include <string.h>

#include "checks/path/candidates.h"

bool
candidates_are_linked(const struct cert *c, const struct cert *issuer)
{
	return X509_NAME_cmp(X509_get_issuer_name(c->x509),
		       X509_get_subject_name(issuer->x509)) == 0;
}

static bool
is_there(const struct cert *const *list, size_t n, const struct cert *c)
{
	for (size_t i = 0; i < n; i++) {
		if (strcmp(list[i]->sha256, c->sha256) == 0)
			return true;
	}
	return false;
}

/* Was the issuer that list[at] names looked for already? */
static bool
is_looked_for(const struct cert *const *list, size_t at)
{
	for (size_t i = 0; i < at; i++) {
		if (X509_NAME_cmp(X509_get_issuer_name(list[i]->x509),
			    X509_get_issuer_name(list[at]->x509)) == 0)
			return true;
	}
	return false;
}

/* A file may hold thousands, of which few are issuers of this leaf. */
size_t
candidates_find(const struct cert *out[CHAIN_MAX_CERTS],
	const struct observation *ob, const struct cert *leaf)
{
	size_t n = 0;

	out[n++] = leaf;
	for (size_t at = 0; at < n; at++) {
		if (is_looked_for(out, at))
			continue;
		for (size_t i = 0; i < ob->n_certs && n < CHAIN_MAX_CERTS;
			i++) {
			const struct cert *c = &ob->certs[i];

			if (candidates_are_linked(out[at], c) &&
				!is_there(out, n, c))
				out[n++] = c;
		}
	}
	return n;
}
