/* otherchain.c - the client certificate with the other chain */
#include <string.h>

#include <openssl/err.h>
#include <openssl/x509_vfy.h>

#include "probes/client/identity.h"
#include "probes/filelook.h"

/* Longer ones are no servers' business. */
#define MAX_ISSUERS 10

DEFINE_CLEANUP(X509_STORE, X509_STORE_free)
DEFINE_CLEANUP(X509_STORE_CTX, X509_STORE_CTX_free)

/* Where an issuer may be found, in this order; each may be missing. */
struct places {
	const struct observation *seen[4];
	size_t n;
	X509_STORE_CTX *system; /* the system's trust store */
};

/* By its signature: of CAs that have one name it takes the right one. */
static bool
issued(X509 *x509, X509 *by)
{
	return X509_NAME_cmp(X509_get_issuer_name(x509),
		       X509_get_subject_name(by)) == 0 &&
		cert_verified_by(x509, X509_get0_pubkey(by));
}

static bool
is_self_issued(const X509 *x509)
{
	return X509_NAME_cmp(X509_get_issuer_name(x509),
		       X509_get_subject_name(x509)) == 0;
}

static X509 *
find_seen(const struct observation *ob, X509 *x509)
{
	for (size_t i = 0; i < ob->n_certs; i++) {
		X509 *by = ob->certs[i].x509;

		if (by != NULL && issued(x509, by)) {
			X509_up_ref(by);
			return by;
		}
	}
	return NULL;
}

static X509 *
find_system(X509_STORE_CTX *system, X509 *x509)
{
	STACK_OF(X509) *named = X509_STORE_CTX_get1_certs(
		system, X509_get_issuer_name(x509));
	X509 *found = NULL;

	for (int i = 0; found == NULL && i < sk_X509_num(named); i++) {
		if (issued(x509, sk_X509_value(named, i)))
			found = sk_X509_value(named, i);
	}
	if (found != NULL)
		X509_up_ref(found);
	sk_X509_pop_free(named, X509_free);
	return found;
}

/* For X509_free(), or NULL: nobody here knows it. */
static X509 *
find_issuer(const struct places *places, X509 *x509)
{
	X509 *found = NULL;

	for (size_t i = 0; found == NULL && i < places->n; i++)
		found = find_seen(places->seen[i], x509);
	if (found == NULL && places->system != NULL)
		found = find_system(places->system, x509);
	return found;
}

static bool
has(const STACK_OF(X509) *certs, const X509 *x509)
{
	for (int i = 0; i < sk_X509_num(certs); i++) {
		if (X509_cmp(sk_X509_value(certs, i), x509) == 0)
			return true;
	}
	return false;
}

/* A root is not sent: who trusts it has it, and who has not does not. */
static void
climb(const struct places *places, X509 *leaf, STACK_OF(X509) *issuers)
{
	X509 *x509 = leaf;

	while (sk_X509_num(issuers) < MAX_ISSUERS && !is_self_issued(x509)) {
		X509 *by = find_issuer(places, x509);

		if (by == NULL)
			return;
		/* CAs may have certified each other. */
		if (is_self_issued(by) || has(issuers, by)) {
			X509_free(by);
			return;
		}
		if (sk_X509_push(issuers, by) == 0)
			mem_exhausted();
		x509 = by;
	}
}

static struct observation *
look_at(const char *path, struct probe_io *io)
{
	const struct target file = {
		.kind = TARGET_FILE,
		.name = path,
		.address = path,
		.file = path,
	};

	return file_look(&file, io, NULL);
}

/* By its folder of hashed names: of a hundred files those of a name are read.
 */
static X509_STORE *
open_system(void)
{
	X509_STORE *store = X509_STORE_new();
	X509_LOOKUP *folder;

	if (store == NULL)
		mem_exhausted();
	folder = X509_STORE_add_lookup(store, X509_LOOKUP_hash_dir());
	if (folder != NULL)
		(void)X509_LOOKUP_add_dir(folder, NULL, X509_FILETYPE_DEFAULT);
	return store;
}

static void
find_issuers(const struct target *t, struct probe_io *io,
	const struct observation *ob, X509 *leaf, STACK_OF(X509) *issuers)
{
	bool system = strcmp(t->set.trust, "system") == 0;
	cleanup(observation_free) struct observation *more = NULL;
	cleanup(observation_free) struct observation *trusted = NULL;
	cleanup(X509_STORE_free) X509_STORE *store = NULL;
	cleanup(X509_STORE_CTX_free) X509_STORE_CTX *ctx = NULL;
	struct places places = { 0 };

	if (ob->client->ca != NULL)
		places.seen[places.n++] = ob->client->ca;
	places.seen[places.n++] = ob;
	if (t->intermediates != NULL)
		places.seen[places.n++] = more = look_at(t->intermediates, io);
	if (!system)
		places.seen[places.n++] = trusted = look_at(t->set.trust, io);
	if (system) {
		store = open_system();
		ctx = X509_STORE_CTX_new_ex(io->libctx, NULL);
		if (ctx == NULL ||
			X509_STORE_CTX_init(ctx, store, NULL, NULL) != 1)
			mem_exhausted();
		places.system = ctx;
	}
	climb(&places, leaf, issuers);
}

bool
identity_other_chain(const struct target *t, struct probe_io *io,
	const struct observation *ob, const struct identity *own,
	struct identity *out)
{
	bool alone = sk_X509_num(own->issuers) > 0;

	*out = (struct identity){ .leaf = own->leaf,
		.key = own->key,
		.issuers = sk_X509_new_null() };
	X509_up_ref(out->leaf);
	EVP_PKEY_up_ref(out->key);
	if (out->issuers == NULL)
		mem_exhausted();
	if (alone)
		return true;
	find_issuers(t, io, ob, out->leaf, out->issuers);
	ERR_clear_error();
	if (sk_X509_num(out->issuers) > 0)
		return true;
	identity_release(out);
	return false;
}
