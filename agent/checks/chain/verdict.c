/* verdict.c - what is wrong with one path from a leaf to its anchor */
#include <stdlib.h>
#include <string.h>

#include <openssl/x509v3.h>

#include "checks/bundle/ca.h"
#include "checks/chain/sequence.h"
#include "checks/chain/verdict.h"
#include "checks/expiry.h"
#include "checks/key/purpose.h"
#include "checks/key/strength.h"
#include "checks/path/blame.h"
#include "checks/tell.h"
#include "model/json.h"

static const char *
trust_name(const struct chain *ch)
{
	return ch->pol->trust != NULL ? ch->pol->trust->name : "a trust store";
}

static const struct cert *
last_of(const struct path *p)
{
	/* Only an anchor may have come from the store. */
	return p->steps[p->n - 1].cert;
}

/* A gap right above the leaf, or one that the trust store could fill. */
static bool
is_gap(const struct path *p)
{
	return p->end == PATH_GAP && (p->n == 1 || p->gap_is_known);
}

/* Is there such a gap where the issuer of that name is missing? */
static bool
lacks_issuer(const struct strand *s, const char *issuer)
{
	return is_gap(&s->path) &&
		strcmp(last_of(&s->path)->issuer, issuer) == 0;
}

static bool
is_listed(const size_t *at, size_t n, size_t place)
{
	for (size_t i = 0; i < n; i++) {
		if (at[i] == place)
			return true;
	}
	return false;
}

/* All whose issuer this is, as places of ob->certs; 0 if told already. */
static size_t
list_orphans(const struct chain *ch, const struct strand *s, size_t *at)
{
	const char *issuer = last_of(&s->path)->issuer;
	size_t n = 0;

	for (const struct strand *k = ch->strands; k < s; k++) {
		if (lacks_issuer(k, issuer))
			return 0;
	}
	for (const struct strand *k = s; k < ch->strands + ch->n; k++) {
		size_t last = (size_t)(last_of(&k->path) - ch->ob->certs);

		if (lacks_issuer(k, issuer) && !is_listed(at, n, last))
			at[n++] = last;
	}
	for (size_t i = 0; i < ch->n_others; i++) {
		if (strcmp(ch->ob->certs[ch->others[i]].issuer, issuer) == 0)
			at[n++] = ch->others[i];
	}
	return n;
}

/* An issuer that many lack is missing once. */
static void
tell_gap(const struct chain *ch, const struct strand *s, struct findings *out)
{
	const struct cert *last = last_of(&s->path);
	size_t *at = mem_grow(NULL, ch->n + ch->n_others, sizeof(*at));
	size_t n = list_orphans(ch, s, at);
	struct buf text BUF_CLEANUP = { 0 };
	struct finding *f;

	sequence_list(&text, ch->ob, at, n);
	free(at);
	if (n == 0)
		return;
	buf_puts(&text, " is missing");
	if (last->issuer_url != NULL)
		buf_printf(
			&text, "; it can be fetched from %s", last->issuer_url);
	f = findings_add(out, "chain.incomplete", last->sha256,
		"issuer '%s' of %s", last->issuer_label, buf_str(&text));
	finding_detail(f, "issuer", json_text(last->issuer));
	if (last->issuer_url != NULL)
		finding_detail(f, "url", json_text(last->issuer_url));
}

static void
tell_unknown_issuer(const struct chain *ch, const char *who,
	const struct cert *last, struct findings *out)
{
	struct finding *f = findings_add(out, "chain.untrusted", last->sha256,
		"%sends at '%s', whose issuer '%s' is neither sent nor in %s",
		who, last->label, last->issuer_label, trust_name(ch));

	if (last->issuer_url != NULL)
		finding_hint(f,
			"If '%s' is a root, name it as the trust bundle of "
			"this target or get a certificate from a CA that the "
			"clients trust. If it is an intermediate, it must be "
			"sent as well: %s",
			last->issuer_label, last->issuer_url);
}

static void
tell_signature(
	const struct path *p, const struct cert *last, struct findings *out)
{
	if (p->steps[0].cert == last && X509_self_signed(last->x509, 0) == 1)
		findings_add(out, "chain.signature", last->sha256,
			"'%s' names itself as its issuer, but its own key did "
			"not sign it",
			last->label);
	else
		findings_add(out, "chain.signature", last->sha256,
			"'%s' is not signed by the key of the '%s' that is at "
			"hand (%s)",
			last->label, last->issuer_label,
			*last->signature != '\0' ? last->signature
						 : "unknown algorithm");
}

static void
tell_root(const struct chain *ch, const char *who, const struct path *p,
	struct findings *out)
{
	const struct cert *last = last_of(p);

	if (p->n == 1)
		findings_add(out, "chain.self-signed", last->sha256,
			"%sis self-signed and not in %s", who, trust_name(ch));
	else
		findings_add(out, "chain.untrusted", last->sha256,
			"%sends at the root '%s', which is not in %s", who,
			last->label, trust_name(ch));
}

static void
tell_end(const struct chain *ch, const struct strand *s, struct findings *out)
{
	const struct path *p = &s->path;
	struct buf who BUF_CLEANUP = { 0 };

	tell_leaf(&who, ch->ob, s->leaf,
		ch->n + ch->n_others == 1 ? s->leaf : NULL);
	switch (p->end) {
	case PATH_ANCHORED:
		break;
	case PATH_GAP:
		if (is_gap(p))
			tell_gap(ch, s, out);
		else
			tell_unknown_issuer(ch, buf_str(&who), last_of(p), out);
		break;
	case PATH_ROOT:
		tell_root(ch, buf_str(&who), p, out);
		break;
	case PATH_SIGNATURE:
		tell_signature(p, last_of(p), out);
		break;
	}
}

static bool
has_breach(const struct path *p, size_t step, int code)
{
	for (size_t i = 0; i < p->n_breaches; i++) {
		if (p->breaches[i].step == step && p->breaches[i].code == code)
			return true;
	}
	return false;
}

/* One certificate's broken rules are one finding, mostly in OpenSSL's words. */
static void
describe_breaches(struct buf *out, const struct path *p, size_t step)
{
	bool no_ca = has_breach(p, step, X509_V_ERR_INVALID_CA);

	for (size_t i = 0; i < p->n_breaches; i++) {
		int code = p->breaches[i].code;

		if (p->breaches[i].step != step)
			continue;
		/* What is no CA serves no purpose of one either. */
		if (no_ca && code == X509_V_ERR_INVALID_PURPOSE)
			continue;
		if (out->len > 0)
			buf_puts(out, "; ");
		if (!blame_describe(out, p, step, code))
			buf_puts(out, X509_verify_cert_error_string(code));
	}
}

static void
tell_breaches(const struct path *p, struct findings *out)
{
	for (size_t i = 0; i < p->n; i++) {
		struct buf text BUF_CLEANUP = { 0 };
		const struct cert *c = path_cert(&p->steps[i]);

		describe_breaches(&text, p, i);
		if (text.len > 0)
			findings_add(out, "chain.invalid", c->sha256,
				"'%s': %s", c->label, buf_str(&text));
	}
}

/* An issuer that is presented and is taken for a CA's out of leniency. */
static void
tell_unsaid(const struct chain *ch, const struct path *p, struct findings *out)
{
	size_t n = p->n;

	/* What clients find in their own store they do not ask. */
	if (p->end == PATH_ANCHORED && ch->pol->trust != NULL &&
		!ch->pol->trust->exact)
		n--;
	for (size_t i = 1; i < n; i++) {
		const struct cert *c = p->steps[i].cert;

		if (c != NULL && ca_is_unsaid(c) &&
			!has_breach(p, i, X509_V_ERR_INVALID_CA))
			ca_tell_unsaid(ch->ob, c, out);
	}
}

static void
judge_dates(
	const struct chain *ch, const struct strand *s, struct findings *out)
{
	const struct path *p = &s->path;

	/* Clients heed an anchor's dates too, be it named or the system's. */
	for (size_t i = 1; i < p->n; i++) {
		const struct step *step = &p->steps[i];

		if (!expiry_is_far(step->x509, s->leaf, ch->pol, ch->now))
			expiry_judge_issuer(path_cert(step), s->leaf, ch->pol,
				ch->now, out);
	}
}

/* One that the operator named is the operator's to mend. */
static void
judge_anchor(const struct chain *ch, const struct path *p, struct findings *out)
{
	const struct step *last = &p->steps[p->n - 1];
	const struct cert *anchor = path_cert(last);

	if (p->end != PATH_ANCHORED || ch->pol->trust == NULL ||
		!ch->pol->trust->exact)
		return;
	if (p->n > 1)
		purpose_tell_root(anchor, out);
	/* What was presented is judged with the rest. */
	if (last->cert == NULL)
		strength_tell_anchor(anchor, out);
}

void
verdict_tell(
	const struct chain *ch, const struct strand *s, struct findings *out)
{
	tell_end(ch, s, out);
	tell_breaches(&s->path, out);
	tell_unsaid(ch, &s->path, out);
	judge_dates(ch, s, out);
	judge_anchor(ch, &s->path, out);
}
