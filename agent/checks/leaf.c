/* leaf.c - which of the certificates is judged as the leaf */
#include <string.h>

#include "checks/leaf.h"

static bool
is_issued_within(const struct observation *ob, const struct cert *c)
{
	for (size_t i = 0; i < ob->n_certs; i++) {
		if (ob->certs[i].is_ca &&
			strcmp(ob->certs[i].subject, c->issuer) == 0)
			return true;
	}
	return false;
}

const struct cert *
leaf_of(const struct observation *ob, const struct target *target)
{
	const struct cert *other = NULL;

	if (ob->n_certs == 0)
		return NULL;
	if (target->kind == TARGET_ENDPOINT || target->names.n > 0 ||
		!ob->certs[0].is_ca)
		return &ob->certs[0];
	for (size_t i = 1; i < ob->n_certs; i++) {
		if (ob->certs[i].is_ca || leaf_is_repeated(ob, i))
			continue;
		if (other != NULL)
			return NULL;
		other = &ob->certs[i];
	}
	return other != NULL && is_issued_within(ob, other) ? other : NULL;
}

bool
leaf_is_repeated(const struct observation *ob, size_t i)
{
	for (size_t j = 0; j < i; j++) {
		if (strcmp(ob->certs[j].sha256, ob->certs[i].sha256) == 0)
			return true;
	}
	return false;
}
