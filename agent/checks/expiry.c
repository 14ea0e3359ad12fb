/* expiry.c - is the certificate inside its dates, and for how long */
#include <stdlib.h>
#include <string.h>

#include "checks/bundle/namesakes.h"
#include "checks/check.h"
#include "checks/expiry.h"
#include "checks/leaf.h"
#include "checks/role.h"
#include "checks/tell.h"

static void
add_details(struct finding *f, const struct cert *c, const struct policy *pol,
	time_t now)
{
	int64_t left = (int64_t)c->not_after - now;
	char moment[MOMENT_SIZE];

	horizon_note_span(pol->horizon, c->not_after, now);
	finding_detail(f, "seconds_left", json_integer(left));
	finding_detail(f, "days_left", json_integer(days_floor(left)));
	finding_detail(f, "not_after",
		json_string(moment_format(c->not_after, moment)));
}

static int64_t
lifetime_of(const struct cert *c)
{
	return c->has_dates ? (int64_t)c->not_after - c->not_before : 0;
}

/* How near the end is by the thresholds: SEV_OK, warning or critical. */
static enum severity
nearness(const struct cert *c, int64_t lifetime, const struct settings *set,
	time_t now)
{
	int64_t left = (int64_t)c->not_after - now;

	if (left < threshold_seconds(&set->critical, lifetime))
		return SEV_CRITICAL;
	if (left < threshold_seconds(&set->warning, lifetime))
		return SEV_WARNING;
	return SEV_OK;
}

/* When `c`, whose thresholds are those of a lifetime, is judged otherwise. */
static void
note_dates(const struct policy *pol, const struct cert *c, int64_t lifetime,
	time_t now)
{
	const struct settings *set = &pol->target->set;
	struct horizon *h = pol->horizon;

	if (h == NULL || !c->has_dates)
		return;
	horizon_note(h, c->not_before, now);
	horizon_note(h, c->not_after + 1, now);
	horizon_note(h,
		c->not_after - threshold_seconds(&set->warning, lifetime) + 1,
		now);
	horizon_note(h,
		c->not_after - threshold_seconds(&set->critical, lifetime) + 1,
		now);
}

/* What a message is about, and how it begins: "", "'label' ". */
struct judged {
	const struct cert *cert;
	const char *who;
	bool stored; /* in a store of roots: nobody here can renew it */
	bool listed; /* in a file of CAs, which somebody else renews */
	const struct cert *renewed; /* of a CA: what came after it, or NULL */
};

/* What others stand in for is worth a note, and nobody's work. */
static void
soften(const struct judged *j, struct finding *f)
{
	f->severity = SEV_OK;
	finding_hint(f,
		j->stored ? "Nothing needs to be done: who keeps the store "
			    "adds and drops roots with an update."
			  : "Take the old one out of the file. Only what names "
			    "its serial number (authorityKeyIdentifier with "
			    "issuer) has to be issued anew.");
}

static void
judge_beginning(const struct judged *j, const struct policy *pol, time_t now,
	struct findings *out)
{
	const struct cert *c = j->cert;
	struct buf span BUF_CLEANUP = { 0 };
	char moment[MOMENT_SIZE];
	struct finding *f;

	if (now >= c->not_before)
		return;
	horizon_note_span(pol->horizon, c->not_before, now);
	duration_describe(&span, (int64_t)c->not_before - now);
	f = findings_add(out, "expiry.not-yet-valid", c->sha256,
		"%s%snot valid before %s, which is in %s%s", j->who,
		*j->who != '\0' ? "is " : "",
		moment_format(c->not_before, moment), buf_str(&span),
		j->stored ? "; nobody needs to act: clients pass over it until "
			    "then"
			  : "");
	finding_detail(f, "not_before",
		json_string(moment_format(c->not_before, moment)));
	add_details(f, c, pol, now);
	if (j->stored)
		soften(j, f);
}

static void
judge(const struct judged *j, const struct policy *pol, time_t now,
	struct findings *out)
{
	const struct cert *c = j->cert;
	enum severity near = nearness(
		c, lifetime_of(c), &pol->target->set, now);
	struct buf text BUF_CLEANUP = { 0 };
	bool expired = now > c->not_after;
	char moment[MOMENT_SIZE];
	struct finding *f;

	if (!c->has_dates)
		return; /* the certificate check tells it */
	note_dates(pol, c, lifetime_of(c), now);
	judge_beginning(j, pol, now, out);
	if (!expired && near == SEV_OK)
		return;
	duration_describe_end(&text, c->not_after, now);
	if (j->stored)
		buf_puts(&text,
			expired ? "; nobody needs to act: clients pass over it"
				: "; nobody needs to act: clients will pass "
				  "over it");
	else if (j->renewed != NULL)
		buf_printf(&text, "; it is renewed in the file until %s",
			moment_date(j->renewed->not_after, moment));
	f = findings_add(out, expired ? "expiry.expired" : "expiry.soon",
		c->sha256, "%s%s", j->who, buf_str(&text));
	if (!expired)
		f->severity = near;
	add_details(f, c, pol, now);
	if (j->stored || j->renewed != NULL)
		soften(j, f);
	else if (j->listed)
		finding_hint(f,
			"Ask the CA for its new certificate, put it into the "
			"file, and reload what reads it. As long as the old "
			"one is valid, let it stay beside the new one; if the "
			"CA is no longer in use, take it out.");
}

/* When the end of `issuer` comes as near as `ahead`. */
static void
note_end(const struct policy *pol, const X509 *issuer, time_t ahead, time_t now)
{
	struct tm tm;

	if (pol->horizon != NULL &&
		ASN1_TIME_to_tm(X509_get0_notAfter(issuer), &tm) == 1)
		horizon_note(pol->horizon, timegm(&tm) - ahead, now);
}

bool
expiry_is_far(const X509 *issuer, const struct cert *leaf,
	const struct policy *pol, time_t now)
{
	const struct settings *set = &pol->target->set;
	int64_t warning = threshold_seconds(&set->warning, lifetime_of(leaf));
	int64_t critical = threshold_seconds(&set->critical, lifetime_of(leaf));
	time_t ahead = (time_t)(warning > critical ? warning : critical);
	time_t end = now + ahead;

	if (leaf->has_dates && leaf->not_after > end)
		end = leaf->not_after;
	if (ASN1_TIME_cmp_time_t(X509_get0_notBefore(issuer), now) > 0 ||
		ASN1_TIME_cmp_time_t(X509_get0_notAfter(issuer), end) <= 0)
		return false;
	note_end(pol, issuer, ahead, now);
	return true;
}

void
expiry_judge_issuer(const struct cert *issuer, const struct cert *leaf,
	const struct policy *pol, time_t now, struct findings *out)
{
	enum severity near = nearness(
		issuer, lifetime_of(leaf), &pol->target->set, now);
	bool expired = issuer->has_dates && now > issuer->not_after;
	struct buf text BUF_CLEANUP = { 0 };
	char ends[MOMENT_SIZE], leaf_ends[MOMENT_SIZE];
	struct finding *f;

	if (!issuer->has_dates)
		return;
	note_dates(pol, issuer, lifetime_of(leaf), now);
	buf_printf(&text, "issuer '%s' ", issuer->label);
	judge_beginning(
		&(struct judged){ .cert = issuer, .who = buf_str(&text) }, pol,
		now, out);
	if (expired || near != SEV_OK) {
		duration_describe_end(&text, issuer->not_after, now);
	} else if (leaf->has_dates && issuer->not_after < leaf->not_after) {
		buf_printf(&text, "ends on %s, before the certificate (%s)",
			moment_date(issuer->not_after, ends),
			moment_date(leaf->not_after, leaf_ends));
		near = SEV_WARNING;
	} else {
		return;
	}
	f = findings_add(out, expired ? "expiry.expired" : "expiry.issuer",
		issuer->sha256, "%s", buf_str(&text));
	if (expired)
		finding_hint(f,
			"Ask the CA for its current intermediate and put it "
			"in the old one's place; what is trusted by name is "
			"replaced where it is named.");
	else
		f->severity = near;
	add_details(f, issuer, pol, now);
}

/*
 * A certificate of the same CA, name and key, that is valid and ends later:
 * whatever the CA has signed is followed to that one. NULL: there is none, or
 * nothing is to be told.
 */
static const struct cert *
find_renewed(const struct observation *ob, const struct cert *c,
	const struct settings *set, time_t now)
{
	if (!c->has_dates || nearness(c, lifetime_of(c), set, now) == SEV_OK)
		return NULL;
	for (size_t i = 0; i < ob->n_certs; i++) {
		const struct cert *other = &ob->certs[i];

		if (other->has_dates && other->is_ca &&
			now >= other->not_before &&
			nearness(other, lifetime_of(other), set, now) ==
				SEV_OK &&
			now <= other->not_after &&
			strcmp(other->subject, c->subject) == 0 &&
			namesakes_share_key(other, c))
			return other;
	}
	return NULL;
}

/* A file of CA certificates: each stands for itself. */
static void
judge_bundle(const struct observation *ob, const struct policy *pol, time_t now,
	struct findings *out)
{
	bool stored = role_is_store(ob, pol->target);
	size_t *times = leaf_times(ob);

	for (size_t i = 0; i < ob->n_certs; i++) {
		const struct cert *c = &ob->certs[i];
		struct buf who BUF_CLEANUP = { 0 };

		if (times[i] == 0)
			continue;
		tell_label(&who, ob, c);
		buf_putc(&who, ' ');
		judge(&(struct judged){ .cert = c,
			      .who = buf_str(&who),
			      .stored = stored,
			      .listed = true,
			      .renewed = find_renewed(
				      ob, c, &pol->target->set, now) },
			pol, now, out);
	}
	free(times);
}

static void
expiry_run(const struct observation *ob, const struct policy *pol, time_t now,
	struct findings *out)
{
	struct leaves leaves LEAVES_CLEANUP = { 0 };

	leaves_find(&leaves, ob, pol->target);
	if (leaves.n == 0)
		judge_bundle(ob, pol, now, out);
	for (size_t i = 0; i < leaves.n; i++) {
		const struct cert *leaf = &ob->certs[leaves.v[i]];
		struct buf who BUF_CLEANUP = { 0 };

		tell_leaf(&who, ob, leaf, leaves.n == 1 ? leaf : NULL);
		judge(&(struct judged){ .cert = leaf, .who = buf_str(&who) },
			pol, now, out);
	}
}

const struct check check_expiry = { .name = "expiry", .run = expiry_run };
