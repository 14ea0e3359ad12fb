/* leaf.c - which of the certificates are judged as leaves */
#include <stdlib.h>
#include <string.h>

#include "checks/key/pair.h"
#include "checks/leaf.h"

static bool
is_issued_within(const struct observation *ob, const struct cert *c)
{
	for (size_t i = 0; i < observation_n_presented(ob); i++) {
		if (ob->certs[i].is_ca &&
			strcmp(ob->certs[i].subject, c->issuer) == 0)
			return true;
	}
	return false;
}

/* Nobody keeps the key of a certificate that is not his own. */
static bool
has_its_key(const struct observation *ob, const struct cert *c)
{
	const EVP_PKEY *key = X509_get0_pubkey(c->x509);

	for (size_t i = 0; key != NULL && i < ob->n_keys; i++) {
		if (ob->keys[i].public_half != NULL &&
			pair_is_one(ob->keys[i].public_half, key))
			return true;
	}
	return false;
}

/* Of a file that begins with a CA: the only leaf, or NULL. */
static const struct cert *
misplaced_leaf(const struct observation *ob)
{
	const struct cert *leaf = NULL;

	for (size_t i = 1; i < observation_n_presented(ob); i++) {
		const struct cert *c = &ob->certs[i];

		if (c->is_ca ||
			(leaf != NULL && strcmp(leaf->sha256, c->sha256) == 0))
			continue;
		if (leaf != NULL)
			return NULL;
		leaf = c;
	}
	if (leaf == NULL)
		return NULL;
	return is_issued_within(ob, leaf) || has_its_key(ob, leaf) ? leaf
								   : NULL;
}

static const struct cert *
first_leaf(const struct observation *ob)
{
	for (size_t i = 0; i < observation_n_presented(ob); i++) {
		if (!ob->certs[i].is_ca)
			return &ob->certs[i];
	}
	return &ob->certs[0];
}

/*
 * What `openssl req -x509` makes for a server is a CA by default; no CA has a
 * host's name among its own.
 */
static bool
is_server_of_its_own(const struct observation *ob)
{
	const struct cert *c = &ob->certs[0];

	return observation_n_presented(ob) == 1 && c->self_signed &&
		c->names.n > 0;
}

const struct cert *
leaf_of(const struct observation *ob, const struct target *target)
{
	if (ob->n_certs == 0)
		return NULL;
	if (target->kind == TARGET_ENDPOINT)
		return &ob->certs[0];
	if (role_is_ca((enum role)target->role))
		return NULL;
	if (target->role != ROLE_AUTO)
		return first_leaf(ob);
	if (target->names.n > 0 || !ob->certs[0].is_ca ||
		is_server_of_its_own(ob))
		return &ob->certs[0];
	return misplaced_leaf(ob);
}

static int
compare_texts(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* The names by which certificates are issued that do not issue themselves. */
static const char **
list_issuers(const struct observation *ob, size_t *n)
{
	const char **v = mem_grow(NULL, ob->n_certs, sizeof(*v));

	*n = 0;
	for (size_t i = 0; i < ob->n_certs; i++) {
		const struct cert *c = &ob->certs[i];

		/* Two self-signed ones of a name are no issuers. */
		if (strcmp(c->issuer, c->subject) != 0)
			v[(*n)++] = c->issuer;
	}
	if (*n > 0)
		qsort(v, *n, sizeof(*v), compare_texts);
	return v;
}

static void
find_others(struct leaves *out, const struct observation *ob)
{
	size_t *times = leaf_times(ob), n, first = out->v[0];
	const char **issuers = list_issuers(ob, &n);

	for (size_t i = 0; i < observation_n_presented(ob); i++) {
		const struct cert *c = &ob->certs[i];

		if (i == first || c->is_ca || times[i] == 0 ||
			(n > 0 &&
				bsearch(&c->subject, issuers, n,
					sizeof(*issuers),
					compare_texts) != NULL))
			continue;
		out->v[out->n++] = i;
	}
	free(issuers);
	free(times);
}

void
leaves_find(struct leaves *out, const struct observation *ob,
	const struct target *target)
{
	const struct cert *leaf = leaf_of(ob, target);

	*out = (struct leaves){ 0 };
	if (leaf == NULL)
		return;
	out->v = mem_grow(NULL, ob->n_certs, sizeof(*out->v));
	out->v[out->n++] = (size_t)(leaf - ob->certs);
	if (target->kind == TARGET_FILE)
		find_others(out, ob);
}

void
leaves_release(struct leaves *l)
{
	free(l->v);
	*l = (struct leaves){ 0 };
}

const struct cert *
leaf_only(const struct observation *ob, const struct target *target)
{
	struct leaves leaves LEAVES_CLEANUP = { 0 };

	leaves_find(&leaves, ob, target);
	return leaves.n == 1 ? &ob->certs[leaves.v[0]] : NULL;
}

struct print {
	const char *sha256;
	size_t at;
};

static int
compare_prints(const void *a, const void *b)
{
	const struct print *x = a, *y = b;
	int order = strcmp(x->sha256, y->sha256);

	return order != 0 ? order : (x->at > y->at) - (x->at < y->at);
}

size_t *
leaf_times(const struct observation *ob)
{
	size_t n = ob->n_certs;
	size_t *times = mem_alloc((n + 1) * sizeof(*times));
	struct print *prints = mem_alloc((n + 1) * sizeof(*prints));

	for (size_t i = 0; i < n; i++)
		prints[i] = (struct print){ ob->certs[i].sha256, i };
	qsort(prints, n, sizeof(*prints), compare_prints);
	for (size_t i = 0, first = 0; i < n; i++) {
		if (strcmp(prints[i].sha256, prints[first].sha256) != 0)
			first = i;
		times[prints[first].at]++;
	}
	free(prints);
	return times;
}
