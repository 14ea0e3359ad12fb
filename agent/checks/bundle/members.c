/* members.c - who issued whom among the certificates of a CA file */
#include <stdlib.h>

#include <openssl/err.h>
#include <openssl/x509v3.h>

#include "checks/bundle/members.h"
#include "checks/leaf.h"

DEFINE_CLEANUP(EVP_MD, EVP_MD_free)

/* Signatures that are verified: in all, and to find one member's issuer. */
#define MAX_SIGNATURES 4096
#define MAX_TRIES 8

struct finder {
	const struct members *members;
	const struct anchors *anchors;
	unsigned signatures; /* left */
};

/* What the search for one member's issuer has met so far. */
struct search {
	const struct member *of;
	unsigned tries; /* left */
	bool refused; /* a member's name fits, its key did not sign */
	bool open; /* others of that name were not tried */
};

/* A subject and whose it is, to be sorted. */
struct entry {
	const X509_NAME *name;
	size_t at;
};

static int
compare_entries(const void *a, const void *b)
{
	const struct entry *x = a, *y = b;
	int order = X509_NAME_cmp(x->name, y->name);

	return order != 0 ? order : (x->at > y->at) - (x->at < y->at);
}

static void
sort_by_name(struct members *ms)
{
	struct entry *entries = mem_grow(NULL, ms->n, sizeof(*entries));

	for (size_t i = 0; i < ms->n; i++)
		entries[i] = (struct entry){
			X509_get_subject_name(ms->v[i].cert->x509), i
		};
	qsort(entries, ms->n, sizeof(*entries), compare_entries);
	ms->by_name = mem_grow(NULL, ms->n, sizeof(*ms->by_name));
	for (size_t i = 0; i < ms->n; i++)
		ms->by_name[i] = entries[i].at;
	free(entries);
}

static const X509_NAME *
name_at(const struct members *ms, size_t rank)
{
	return X509_get_subject_name(ms->v[ms->by_name[rank]].cert->x509);
}

/* The first place in by_name whose subject is not before `name`. */
static size_t
rank_of(const struct members *ms, const X509_NAME *name)
{
	size_t low = 0, high = ms->n;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (X509_NAME_cmp(name_at(ms, middle), name) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

/* Did the key of `issuer` sign it? Counts against both bounds. */
static bool
is_signed_by(struct finder *f, struct search *s, const X509 *issuer)
{
	if (s->tries == 0 || f->signatures == 0) {
		s->open = true;
		return false;
	}
	s->tries--;
	f->signatures--;
	return cert_verified_by(s->of->cert->x509, X509_get0_pubkey(issuer));
}

static bool
fits_by_key_id(X509 *issuer, X509 *x509)
{
	int code = X509_check_issued(issuer, x509);

	return code == X509_V_OK || code == X509_V_ERR_KEYUSAGE_NO_CERTSIGN;
}

/* The member that issued it: those whose key identifier fits come first. */
static bool
find_inside(struct finder *f, struct search *s, size_t *issuer)
{
	const struct members *ms = f->members;
	X509 *x509 = s->of->cert->x509;
	const X509_NAME *name = X509_get_issuer_name(x509);
	size_t first = rank_of(ms, name);

	for (int fitting = 1; fitting >= 0; fitting--) {
		for (size_t i = first; i < ms->n && !s->open &&
			X509_NAME_cmp(name_at(ms, i), name) == 0;
			i++) {
			const struct member *m = &ms->v[ms->by_name[i]];

			if (m == s->of ||
				fits_by_key_id(m->cert->x509, x509) !=
					(fitting == 1))
				continue;
			if (is_signed_by(f, s, m->cert->x509)) {
				*issuer = ms->by_name[i];
				return true;
			}
			s->refused = true;
		}
	}
	return false;
}

static bool
is_trusted(struct finder *f, struct search *s)
{
	X509 *x509 = s->of->cert->x509;
	STACK_OF(X509) *issuers;
	bool yes = false;

	if (anchors_has(f->anchors, x509))
		return true;
	issuers = anchors_named(f->anchors, X509_get_issuer_name(x509));
	for (int i = 0; i < sk_X509_num(issuers) && !yes; i++) {
		X509 *issuer = sk_X509_value(issuers, i);

		yes = anchors_accept(f->anchors, issuer) &&
			is_signed_by(f, s, issuer);
	}
	sk_X509_pop_free(issuers, X509_free);
	return yes;
}

/* Can this OpenSSL verify such a signature at all? Not MD2, for one. */
static bool
is_verifiable(const X509 *x509)
{
	cleanup(EVP_MD_free) EVP_MD *md = NULL;
	int digest = NID_undef;

	if (OBJ_find_sigid_algs(X509_get_signature_nid(x509), &digest, NULL) !=
		1)
		return false;
	/* Ed25519 and RSA-PSS name none. */
	if (digest == NID_undef)
		return true;
	ERR_set_mark();
	md = EVP_MD_fetch(NULL, OBJ_nid2sn(digest), NULL);
	ERR_pop_to_mark();
	return md != NULL;
}

static enum bond
find_bond(struct finder *f, const struct member *m, size_t *issuer)
{
	struct search s = { .of = m, .tries = MAX_TRIES };

	if (m->cert->self_signed)
		return BOND_ROOT;
	if (find_inside(f, &s, issuer))
		return BOND_INSIDE;
	if (is_trusted(f, &s))
		return BOND_TRUSTED;
	/* It says that it signed itself, and cert_init() has tried that. */
	if (X509_self_signed(m->cert->x509, 0) == 1)
		s.refused = true;
	if (!s.refused && !s.open)
		return BOND_MISSING;
	return s.open || !is_verifiable(m->cert->x509) ? BOND_UNKNOWN
						       : BOND_REFUSED;
}

void
members_find(struct members *out, const struct observation *ob,
	const struct anchors *anchors)
{
	struct finder f = {
		.members = out,
		.anchors = anchors,
		.signatures = MAX_SIGNATURES,
	};
	size_t *times = leaf_times(ob);

	*out = (struct members){ 0 };
	out->v = mem_alloc((ob->n_certs + 1) * sizeof(*out->v));
	for (size_t i = 0; i < ob->n_certs; i++) {
		if (times[i] > 0)
			out->v[out->n++] = (struct member){
				.cert = &ob->certs[i],
				.at = i,
				.times = times[i],
			};
	}
	free(times);
	if (out->n == 0)
		return;
	sort_by_name(out);
	for (size_t i = 0; i < out->n; i++)
		out->v[i].bond = find_bond(&f, &out->v[i], &out->v[i].issuer);
}

void
members_release(struct members *ms)
{
	free(ms->v);
	free(ms->by_name);
	*ms = (struct members){ 0 };
}

bool
members_are_namesakes(const struct member *a, const struct member *b)
{
	return X509_NAME_cmp(X509_get_subject_name(a->cert->x509),
		       X509_get_subject_name(b->cert->x509)) == 0;
}
