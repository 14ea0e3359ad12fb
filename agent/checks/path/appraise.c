/* appraise.c - how good one path is, by all the rules */
#include <string.h>

#include <openssl/x509v3.h>

#include "checks/path/appraise.h"
#include "checks/path/constraints.h"
#include "checks/path/verify.h"

static bool
is_trust_code(int code)
{
	switch (code) {
	case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT:
	case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY:
	case X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE:
	case X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT:
	case X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN:
		return true;
	default:
		return false;
	}
}

/*
 * Who verified each link has decided on these by himself. OpenSSL tells them of
 * a key change signed by the old key: its names alone look self-signed.
 */
static void
forget_trust_codes(struct path *p)
{
	size_t n = 0;

	for (size_t i = 0; i < p->n_breaches; i++) {
		if (!is_trust_code(p->breaches[i].code))
			p->breaches[n++] = p->breaches[i];
	}
	p->n_breaches = n;
}

/* What OpenSSL would take for "no issuer found" while it builds a path. */
static void
find_refused_links(struct path *p)
{
	for (size_t i = 0; i < p->n; i++) {
		X509 *x509 = p->steps[i].x509;
		int code = X509_V_OK;

		if ((X509_get_extension_flags(x509) & EXFLAG_INVALID) != 0)
			path_breach(p, i, X509_V_ERR_INVALID_EXTENSION);
		if (i + 1 < p->n)
			code = X509_check_issued(p->steps[i + 1].x509, x509);
		if (code == X509_V_ERR_AKID_SKID_MISMATCH ||
			code == X509_V_ERR_AKID_ISSUER_SERIAL_MISMATCH)
			path_breach(p, i, code);
	}
}

/*
 * Netscape's and Microsoft's step-up usages of the nineties are no serverAuth
 * to today's clients; OpenSSL still takes them for it.
 */
static void
find_stepped_up(const struct yardstick *by, struct path *p)
{
	for (size_t i = 1; i < p->n; i++) {
		uint32_t usage = X509_get_extended_key_usage(p->steps[i].x509);

		if (by->purpose == X509_PURPOSE_SSL_SERVER &&
			(usage & (XKU_SSL_SERVER | XKU_ANYEKU)) == 0 &&
			(usage & XKU_SGC) != 0)
			path_breach(p, i, X509_V_ERR_INVALID_PURPOSE);
	}
}

/*
 * OpenSSL takes an anchor without basicConstraints if it may sign; RFC 5280,
 * 4.2.1.9 does not, nor do others. A version 1 has no choice, and the system's
 * are as they are.
 */
static void
find_mute_anchor(const struct yardstick *by, struct path *p)
{
	X509 *anchor = p->steps[p->n - 1].x509;

	if (p->n > 1 && p->end == PATH_ANCHORED && by->trust != NULL &&
		by->trust->exact &&
		X509_get_version(anchor) == X509_VERSION_3 &&
		(X509_get_extension_flags(anchor) & EXFLAG_BCONS) == 0)
		path_breach(p, p->n - 1, X509_V_ERR_INVALID_CA);
}

static bool
moment_of(const ASN1_TIME *asn1, time_t *out)
{
	struct tm tm;

	if (ASN1_TIME_to_tm(asn1, &tm) != 1)
		return false;
	*out = timegm(&tm);
	return true;
}

/* Is a step outside its dates? When that changes is noted. */
static bool
is_past_or_early(const struct step *s, time_t now, struct horizon *h)
{
	const struct cert *c = path_cert(s);
	time_t begin = c->has_dates ? c->not_before : now;
	time_t end = c->has_dates ? c->not_after : now - 1;

	if (!c->has_dates) {
		(void)moment_of(X509_get0_notBefore(s->x509), &begin);
		(void)moment_of(X509_get0_notAfter(s->x509), &end);
	}
	horizon_note(h, begin, now);
	horizon_note(h, end + 1, now);
	return end < now || begin > now;
}

/*
 * The lower the better: where it ends, then broken rules, then issuers that
 * are outside their dates, then those that end before the leaf does.
 */
static unsigned long
path_cost(const struct yardstick *by, struct path *p)
{
	const ASN1_TIME *leaf_end = X509_get0_notAfter(p->steps[0].x509);
	unsigned long cost = p->n_breaches * 10000UL;

	for (size_t i = 1; i < p->n; i++) {
		const struct step *s = &p->steps[i];

		if (is_past_or_early(s, by->now, &p->horizon))
			cost += 100;
		else if (ASN1_TIME_compare(
				 X509_get0_notAfter(s->x509), leaf_end) == -1)
			cost += 1;
	}
	/* Of dead ends the farthest tells most. */
	if (p->end != PATH_ANCHORED)
		cost += (unsigned long)p->end * 1000000UL + PATH_MAX_STEPS -
			p->n;
	return cost;
}

static bool
is_same(const struct path *p, const struct path *other)
{
	if (p->n != other->n || p->end != other->end)
		return false;
	for (size_t i = 0; i < p->n; i++) {
		if (p->steps[i].x509 != other->steps[i].x509)
			return false;
	}
	return true;
}

static void
find_breaches(struct path *p, const struct yardstick *by)
{
	p->n_breaches = 0;
	path_verify(p, by);
	find_refused_links(p);
	find_mute_anchor(by, p);
	find_stepped_up(by, p);
	constraints_judge(p);
}

unsigned long
path_appraise(struct path *p, const struct yardstick *by,
	const struct path *before, bool by_signature)
{
	if (is_same(p, before)) {
		p->n_breaches = before->n_breaches;
		memcpy(p->breaches, before->breaches, sizeof(p->breaches));
	} else {
		find_breaches(p, by);
	}
	if (by_signature)
		forget_trust_codes(p);
	return path_cost(by, p);
}
