/* facts.c - what is known of the client certificate without the server */
#include <string.h>

#include <openssl/err.h>
#include <openssl/x509v3.h>

#include "checks/client/facts.h"
#include "checks/client/preflight.h"
#include "checks/leaf.h"
#include "checks/path/path.h"

/* NIST SP 800-57 part 1: OpenSSL's level 2, Debian's default, refuses less. */
#define MIN_RSA_BITS 2048

const struct cert *
facts_leaf(const struct comparison *c)
{
	const struct observation *own = c->test != NULL ? c->test->own : NULL;
	struct target t;

	if (own == NULL || own->n_certs == 0)
		return NULL;
	preflight_target(&t, c->target, ROLE_CLIENT);
	return leaf_of(own, &t);
}

const struct strlist *
facts_announced(const struct comparison *c)
{
	static const struct strlist none = { 0 };

	if (c->with != NULL && c->with->asked)
		return &c->with->client_cas;
	return c->ob->handshake->asked ? &c->ob->handshake->client_cas : &none;
}

/*
 * With root CAs alone on the server the direct issuer is not in the list: each
 * issuer of the chain counts, not only the leaf's.
 */
bool
facts_is_listed(const struct comparison *c, const struct strlist *cas)
{
	const struct observation *own = c->test->own;
	const struct cert *leaf = facts_leaf(c);

	if (leaf == NULL || strlist_has(cas, leaf->issuer))
		return true;
	for (size_t i = 0; i < own->n_certs; i++) {
		const struct cert *ca = &own->certs[i];

		if (ca != leaf && ca->is_ca && strlist_has(cas, ca->issuer))
			return true;
	}
	return false;
}

static bool
is_past(const struct cert *ca, time_t now)
{
	return ca->has_dates && now > ca->not_after;
}

/* One of `in` that has signed `of`, if it is better than `best`. */
static const struct cert *
better_issuer(const struct observation *in, const struct cert *of, time_t now,
	const struct cert *best)
{
	for (size_t i = 0; in != NULL && i < in->n_certs; i++) {
		const struct cert *ca = &in->certs[i];

		/* Any is better than none, and then only one that is valid. */
		if (ca != of && ca->is_ca && ca->x509 != NULL &&
			(best == NULL ||
				(is_past(best, now) && !is_past(ca, now))) &&
			cert_issued_by(of, ca))
			best = ca;
	}
	return best;
}

const struct cert *
facts_past_issuer(const struct comparison *c)
{
	const struct cert *at = facts_leaf(c);

	for (int i = 0; i < PATH_MAX_STEPS && at != NULL && !at->self_signed;
		i++) {
		at = better_issuer(c->test->own, at, c->now,
			better_issuer(c->test->ca, at, c->now, NULL));
		if (at != NULL && is_past(at, c->now))
			return at;
	}
	return NULL;
}

static bool
is_old_digest(const X509 *x509)
{
	int digest = NID_undef;

	(void)X509_get_signature_info((X509 *)x509, &digest, NULL, NULL, NULL);
	return digest == NID_sha1 || digest == NID_md5 ||
		digest == NID_md5_sha1;
}

static unsigned
usage_facts(X509 *x509)
{
	unsigned facts = 0;

	/* OpenSSL's servers want this very one; without any, all are set. */
	if ((X509_get_extended_key_usage(x509) & XKU_SSL_CLIENT) == 0)
		facts |= FACT_EXTENDED_USAGE;
	if ((X509_get_key_usage(x509) &
		    (KU_DIGITAL_SIGNATURE | KU_KEY_AGREEMENT)) == 0)
		facts |= FACT_USAGE;
	return facts;
}

static unsigned
issuer_facts(const struct observation *own, const struct cert *leaf)
{
	unsigned facts = leaf->self_signed ? 0 : FACT_ALONE;

	for (size_t i = 0; i < own->n_certs; i++) {
		const struct cert *ca = &own->certs[i];

		if (ca == leaf)
			continue;
		if (cert_issued_by(leaf, ca))
			facts &= ~(unsigned)FACT_ALONE;
		if (ca->is_ca && !ca->self_signed && is_old_digest(ca->x509))
			facts |= FACT_SIGNATURE;
	}
	return facts;
}

static unsigned
date_facts(const struct cert *leaf, time_t now)
{
	if (!leaf->has_dates)
		return 0;
	return now > leaf->not_after	 ? FACT_EXPIRED
		: now < leaf->not_before ? FACT_EARLY
					 : 0;
}

static unsigned
end_facts(const struct comparison *c)
{
	const struct cert *past = facts_past_issuer(c);

	if (past == NULL)
		return 0;
	return c->test->ca != NULL && observation_has(c->test->ca, past->sha256)
		? FACT_CA_EXPIRED
		: FACT_ISSUER_EXPIRED;
}

static unsigned
leaf_facts(const struct comparison *c, const struct cert *leaf)
{
	const struct strlist *cas = facts_announced(c);
	unsigned facts = date_facts(leaf, c->now);

	facts |= usage_facts(leaf->x509);
	facts |= issuer_facts(c->test->own, leaf);
	facts |= end_facts(c);
	if (leaf->self_signed)
		facts |= FACT_SELF_SIGNED;
	else if (is_old_digest(leaf->x509))
		facts |= FACT_SIGNATURE;
	if (strncmp(leaf->key_type, "RSA", 3) == 0 &&
		leaf->key_bits < MIN_RSA_BITS)
		facts |= FACT_WEAK_KEY;
	/* An empty list stands for any CA: RFC 5246, 7.4.4. */
	if (cas->n > 0 && !facts_is_listed(c, cas))
		facts |= FACT_UNLISTED;
	if (strlist_has(cas, leaf->issuer))
		facts |= FACT_NAMED;
	return facts;
}

unsigned
facts_find(const struct comparison *c)
{
	const struct client_attempt *ours = &c->test->attempts[TRY_CONFIGURED];
	const struct cert *leaf = facts_leaf(c);
	unsigned facts = 0;

	ERR_set_mark();
	if (leaf != NULL && leaf->x509 != NULL)
		facts = leaf_facts(c, leaf);
	ERR_pop_to_mark();
	if (ours->made && ours->handshake.asked && ours->n_sent == 0)
		facts |= FACT_UNSENT;
	return facts;
}
