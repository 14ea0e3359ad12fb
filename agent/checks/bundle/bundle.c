/* bundle.c - is a file of CA certificates fit for its role */
#include <stdlib.h>
#include <string.h>

#include "checks/bundle/ca.h"
#include "checks/bundle/members.h"
#include "checks/bundle/namesakes.h"
#include "checks/chain/sequence.h"
#include "checks/check.h"
#include "checks/role.h"
#include "checks/tell.h"
#include "model/json.h"

struct bundle {
	const struct observation *ob;
	const struct policy *pol;
	enum role role;
	bool told; /* the role is, not inferred */
	bool store; /* of roots that are not one's own */
	struct anchors anchors; /* of the target's trust */
	struct members members;
	struct findings *out;
};

/* A root that the system trusts is good as it is. */
static bool
is_system_root(const struct bundle *b, const struct cert *c)
{
	return c->self_signed && b->pol->trust != NULL &&
		!b->pol->trust->exact && anchors_has(&b->anchors, c->x509);
}

static void
tell_form(const struct bundle *b, const struct member *m)
{
	const struct cert *c = m->cert;
	const char *refusal = ca_refusal(c);
	struct buf who BUF_CLEANUP = { 0 };

	if (refusal != NULL && b->told) {
		tell_label(&who, b->ob, c);
		tell_line(findings_add(b->out, "chain.not-ca", c->sha256,
				  "%s is no CA: %s", buf_str(&who), refusal),
			c);
	} else if (!b->store && ca_is_unsaid(c) && m->bond != BOND_REFUSED &&
		!is_system_root(b, c)) {
		ca_tell_unsaid(b->ob, c, b->out);
	}
	if (m->times > 1)
		findings_add(b->out, "chain.duplicate", c->sha256,
			"'%s' comes %zu times", c->label, m->times);
}

static void
tell_signature(const struct bundle *b, const struct member *m)
{
	const struct cert *c = m->cert;
	bool own = X509_self_signed(c->x509, 0) == 1;
	struct buf who BUF_CLEANUP = { 0 };
	struct finding *f;

	/* A store may well hold a namesake of an issuer. */
	if (m->bond != BOND_REFUSED || (b->store && !own))
		return;
	tell_label(&who, b->ob, c);
	if (own)
		f = findings_add(b->out, "chain.signature", c->sha256,
			"%s names itself as its issuer, but its own key did "
			"not sign it",
			buf_str(&who));
	else
		f = findings_add(b->out, "chain.signature", c->sha256,
			"%s is not signed by the key of the '%s' that is in "
			"the file (%s)",
			buf_str(&who), c->issuer_label,
			*c->signature != '\0' ? c->signature
					      : "unknown algorithm");
	tell_line(f, c);
}

/*
 * Servers follow a client's certificate up to a self-signed root, and look
 * for it in this file alone. Of other CAs the issuer may be trusted already.
 */
static bool
lacks_issuer(const struct bundle *b, const struct member *m)
{
	return m->bond == BOND_MISSING && ca_refusal(m->cert) == NULL &&
		(b->role == ROLE_CLIENT_CA || b->pol->trust != NULL);
}

static int
compare_issuers(const void *a, const void *b)
{
	const struct member *x = *(const struct member *const *)a;
	const struct member *y = *(const struct member *const *)b;
	int order = strcmp(x->cert->issuer, y->cert->issuer);

	return order != 0 ? order : (x->at > y->at) - (x->at < y->at);
}

/* `list` names the same issuer, which is not there. */
static void
tell_missing(const struct bundle *b, const struct member *const *list, size_t n)
{
	const struct cert *c = list[0]->cert;
	struct buf text BUF_CLEANUP = { 0 };
	const char *url = NULL;
	struct finding *f;
	size_t *at = mem_grow(NULL, n, sizeof(*at));

	for (size_t i = 0; i < n; i++) {
		at[i] = list[i]->at;
		if (url == NULL)
			url = list[i]->cert->issuer_url;
	}
	sequence_list(&text, b->ob, at, n);
	free(at);
	if (url != NULL)
		buf_printf(
			&text, " is missing; it can be fetched from %s", url);
	else
		buf_puts(&text, " is missing");
	f = findings_add(b->out, "chain.incomplete", c->issuer,
		"issuer '%s' of %s", c->issuer_label, buf_str(&text));
	finding_detail(f, "issuer", json_text(c->issuer));
	if (url != NULL)
		finding_detail(f, "url", json_text(url));
	if (b->role == ROLE_CLIENT_CA)
		finding_hint(f,
			"Append the certificate of '%s' to the file, and all "
			"above it up to its root: servers refuse every client "
			"whose CA they cannot follow to a self-signed root in "
			"this file.",
			c->issuer_label);
	else
		finding_hint(f,
			"Append the certificate of '%s' to the file, or name "
			"it as the trust bundle of this target if all who use "
			"the file trust it.",
			c->issuer_label);
}

/* One finding for each issuer that is not there, whoever wants it. */
static void
tell_gaps(const struct bundle *b)
{
	const struct members *ms = &b->members;
	const struct member **list = mem_grow(NULL, ms->n, sizeof(*list));
	size_t n = 0;

	for (size_t i = 0; i < ms->n; i++) {
		if (lacks_issuer(b, &ms->v[i]))
			list[n++] = &ms->v[i];
	}
	if (n > 0)
		qsort(list, n, sizeof(*list), compare_issuers);
	for (size_t i = 0, end; i < n; i = end) {
		for (end = i + 1; end < n; end++) {
			if (strcmp(list[end]->cert->issuer,
				    list[i]->cert->issuer) != 0)
				break;
		}
		tell_missing(b, &list[i], end - i);
	}
	free(list);
}

/*
 * Only where all members are one chain is there an order; CAs of several
 * roots, or several of one root, may stand as they like.
 */
static void
tell_order(const struct bundle *b)
{
	const struct members *ms = &b->members;
	size_t none = ms->n, top = none, n = 0;
	/* By member: which one it issued. */
	size_t *issued = mem_grow(NULL, ms->n, sizeof(*issued));
	size_t *chain = mem_grow(NULL, ms->n, sizeof(*chain));

	for (size_t i = 0; i < ms->n; i++)
		issued[i] = none;
	for (size_t i = 0; i < ms->n; i++) {
		const struct member *m = &ms->v[i];

		*(m->bond == BOND_INSIDE ? &issued[m->issuer] : &top) = i;
	}
	/* From the root down; of two branches one is left out. */
	for (size_t i = top; i != none; i = issued[i])
		chain[ms->n - ++n] = ms->v[i].at;
	/* What was lent to the file stands in no place of it. */
	if (n == ms->n && b->ob->n_lent == 0 &&
		sequence_judge(b->ob, chain, n, b->out))
		finding_hint(&b->out->v[b->out->n - 1],
			"Write the file anew: each CA, and after it the one "
			"that issued it, up to the root.");
	free(chain);
	free(issued);
}

/* Two certificates of a renewed CA are one CA. */
static bool
is_known_top(const struct members *ms, const size_t *tops, size_t n, size_t i)
{
	for (size_t k = 0; k < n; k++) {
		if (members_are_namesakes(&ms->v[tops[k]], &ms->v[i]) &&
			namesakes_share_key(ms->v[tops[k]].cert, ms->v[i].cert))
			return true;
	}
	return false;
}

static void
tell_several_roots(const struct bundle *b)
{
	const struct members *ms = &b->members;
	size_t *tops = mem_grow(NULL, ms->n, sizeof(*tops)), n = 0;
	struct buf text BUF_CLEANUP = { 0 };

	for (size_t i = 0; i < ms->n; i++) {
		if (ms->v[i].bond != BOND_INSIDE &&
			ca_refusal(ms->v[i].cert) == NULL &&
			!is_known_top(ms, tops, n, i))
			tops[n++] = i;
	}
	for (size_t i = 0; i < n; i++)
		tops[i] = ms->v[tops[i]].at;
	sequence_list(&text, b->ob, tops, n);
	if (n > 1)
		findings_add(b->out, "chain.several-roots",
			b->pol->target->address,
			"want the chain of one CA, have those of %zu: %s", n,
			buf_str(&text));
	free(tops);
}

static void
judge(const struct bundle *b)
{
	const struct profile *profile = b->pol->target->profile;

	for (size_t i = 0; i < b->members.n; i++) {
		tell_form(b, &b->members.v[i]);
		tell_signature(b, &b->members.v[i]);
	}
	if (b->told)
		tell_gaps(b);
	if (!b->store) {
		namesakes_tell(&b->members, b->out);
		tell_order(b);
	}
	if (profile != NULL && profile->one_client_ca)
		tell_several_roots(b);
}

static void
bundle_run(const struct observation *ob, const struct policy *pol, time_t now,
	struct findings *out)
{
	struct bundle b = {
		.ob = ob,
		.pol = pol,
		.role = role_of(ob, pol->target),
		.told = pol->target->role != ROLE_AUTO,
		.out = out,
	};
	const struct anchors none = { 0 };

	(void)now;
	if (ob->n_certs == 0 || !role_is_ca(b.role))
		return;
	b.store = role_is_store(ob, pol->target);
	anchors_open(&b.anchors, pol->trust);
	members_find(
		&b.members, ob, b.role == ROLE_CLIENT_CA ? &none : &b.anchors);
	judge(&b);
	members_release(&b.members);
	anchors_close(&b.anchors);
}

const struct check check_bundle = { .name = "bundle", .run = bundle_run };
