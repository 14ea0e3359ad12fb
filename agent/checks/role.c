/* role.c - which role a file's certificates play */
#include <stdlib.h>

#include <openssl/x509v3.h>

#include "checks/leaf.h"
#include "checks/role.h"

/* So many roots are no longer somebody's own CAs. */
#define STORE_MIN_ROOTS 10

static enum role
role_of_leaf(const struct cert *leaf)
{
	uint32_t usage = X509_get_extended_key_usage(leaf->x509);

	if ((usage & (XKU_SSL_SERVER | XKU_ANYEKU)) != 0) /* also: no EKU */
		return ROLE_SERVER;
	return (usage & XKU_SSL_CLIENT) != 0 ? ROLE_CLIENT : ROLE_ANY;
}

static enum role
role_of_parts(const struct observation *ob)
{
	for (size_t i = 0; i < ob->n_parts; i++) {
		if (ob->parts[i].n_certs > 0 && !role_is_ca(ob->parts[i].role))
			return ob->parts[i].role;
	}
	return ob->parts[0].role;
}

enum role
role_of(const struct observation *ob, const struct target *t)
{
	enum role told = (enum role)t->role;
	const struct cert *leaf;

	if (t->kind == TARGET_ENDPOINT)
		return told == ROLE_AUTO || role_is_ca(told) ? ROLE_SERVER
							     : told;
	if (told != ROLE_AUTO)
		return told;
	if (ob->n_parts > 0)
		return role_of_parts(ob);
	leaf = leaf_of(ob, t);
	return leaf != NULL ? role_of_leaf(leaf) : ROLE_CA;
}

bool
role_is_store(const struct observation *ob, const struct target *t)
{
	size_t *times, roots = 0;

	if (ob->store)
		return true;
	if (t->kind != TARGET_FILE || t->role != ROLE_AUTO ||
		ob->n_certs < STORE_MIN_ROOTS || role_of(ob, t) != ROLE_CA)
		return false;
	times = leaf_times(ob);
	for (size_t i = 0; i < ob->n_certs; i++)
		roots += times[i] > 0 && ob->certs[i].is_ca &&
			ob->certs[i].self_signed;
	free(times);
	return roots >= STORE_MIN_ROOTS;
}
