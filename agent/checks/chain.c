/* chain.c - does what is presented lead to a trust anchor, by all the rules */
#include <stdlib.h>
#include <string.h>

#include <openssl/x509v3.h>

#include "checks/check.h"
#include "checks/expiry.h"
#include "checks/leaf.h"
#include "checks/path.h"
#include "model/json.h"
#include "model/text.h"

/* Certificates that a message lists by name. */
#define MAX_LISTED 8

/* What is judged, handed from one part of the judgement to the next. */
struct chain {
	const struct observation *ob;
	const struct policy *pol;
	const struct cert *leaf;
	const struct path *path;
	time_t now;
	struct findings *out;
};

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

static void
tell_gap(const struct chain *ch, const struct cert *last)
{
	struct finding *f;

	if (last->issuer_url != NULL)
		f = findings_add(ch->out, "chain.incomplete", last->sha256,
			"issuer '%s' of '%s' is missing; it can be fetched "
			"from %s",
			last->issuer_label, last->label, last->issuer_url);
	else
		f = findings_add(ch->out, "chain.incomplete", last->sha256,
			"issuer '%s' of '%s' is missing", last->issuer_label,
			last->label);
	finding_detail(f, "issuer", json_text(last->issuer));
	if (last->issuer_url != NULL)
		finding_detail(f, "url", json_text(last->issuer_url));
}

static void
tell_unknown_issuer(const struct chain *ch, const struct cert *last)
{
	struct finding *f = findings_add(ch->out, "chain.untrusted",
		last->sha256,
		"ends at '%s', whose issuer '%s' is neither sent nor in %s",
		last->label, last->issuer_label, trust_name(ch));

	if (last->issuer_url != NULL)
		finding_hint(f,
			"If '%s' is a root, name it as the trust bundle of "
			"this target or get a certificate from a CA that the "
			"clients trust. If it is an intermediate, it must be "
			"sent as well: %s",
			last->issuer_label, last->issuer_url);
}

static void
tell_signature(const struct chain *ch, const struct cert *last)
{
	if (ch->path->steps[0].cert == last && X509_self_signed(last->x509, 0))
		findings_add(ch->out, "chain.signature", last->sha256,
			"'%s' names itself as its issuer, but its own key did "
			"not sign it",
			last->label);
	else
		findings_add(ch->out, "chain.signature", last->sha256,
			"'%s' is not signed by the key of the '%s' that is at "
			"hand (%s)",
			last->label, last->issuer_label,
			*last->signature != '\0' ? last->signature
						 : "unknown algorithm");
}

static void
tell_end(const struct chain *ch)
{
	const struct path *p = ch->path;
	const struct cert *last = last_of(p);

	switch (p->end) {
	case PATH_ANCHORED:
		break;
	case PATH_GAP:
		if (p->n == 1 || p->gap_is_known)
			tell_gap(ch, last);
		else
			tell_unknown_issuer(ch, last);
		break;
	case PATH_ROOT:
		if (p->n == 1)
			findings_add(ch->out, "chain.self-signed", last->sha256,
				"is self-signed and not in %s", trust_name(ch));
		else
			findings_add(ch->out, "chain.untrusted", last->sha256,
				"ends at the root '%s', which is not in %s",
				last->label, trust_name(ch));
		break;
	case PATH_SIGNATURE:
		tell_signature(ch, last);
		break;
	}
}

/* One certificate's broken rules are one finding, in words of OpenSSL. */
static void
describe_breaches(struct buf *out, const struct path *p, size_t step)
{
	bool no_ca = false;

	for (size_t i = 0; i < p->n_breaches; i++) {
		if (p->breaches[i].step == step &&
			p->breaches[i].code == X509_V_ERR_INVALID_CA)
			no_ca = true;
	}
	for (size_t i = 0; i < p->n_breaches; i++) {
		int code = p->breaches[i].code;

		if (p->breaches[i].step != step)
			continue;
		/* What is no CA serves no purpose of one either. */
		if (no_ca && code == X509_V_ERR_INVALID_PURPOSE)
			continue;
		if (out->len > 0)
			buf_puts(out, "; ");
		buf_puts(out, X509_verify_cert_error_string(code));
	}
}

/* The step's certificate; one of the store's is decoded into *own. */
static const struct cert *
step_cert(const struct step *step, struct cert *own)
{
	if (step->cert != NULL)
		return step->cert;
	X509_up_ref(step->x509);
	cert_init(own, step->x509);
	return own;
}

static void
tell_breaches(const struct chain *ch)
{
	for (size_t i = 0; i < ch->path->n; i++) {
		struct buf text BUF_CLEANUP = { 0 };
		struct cert own = { 0 };
		const struct cert *c;

		describe_breaches(&text, ch->path, i);
		if (text.len == 0)
			continue;
		c = step_cert(&ch->path->steps[i], &own);
		findings_add(ch->out, "chain.invalid", c->sha256, "'%s': %s",
			c->label, buf_str(&text));
		cert_release(&own);
	}
}

/* "'a', 'b' and 3 more": the certificates of the path as given by `at`. */
static void
list_labels(struct buf *out, const struct observation *ob, const size_t *at,
	size_t n)
{
	for (size_t i = 0; i < n && i < MAX_LISTED; i++)
		buf_printf(out, "%s'%s'", i > 0 ? ", " : "",
			ob->certs[at[i]].label);
	if (n > MAX_LISTED)
		buf_printf(out, " and %zu more", n - MAX_LISTED);
}

static int
compare_places(const void *a, const void *b)
{
	size_t x = *(const size_t *)a, y = *(const size_t *)b;

	return (x > y) - (x < y);
}

/* Others may stand between, but an issuer comes after what it signed. */
static void
tell_order(const struct chain *ch)
{
	size_t want[PATH_MAX_STEPS] = { 0 }, have[PATH_MAX_STEPS], n = 0;
	struct buf want_text BUF_CLEANUP = { 0 };
	struct buf have_text BUF_CLEANUP = { 0 };
	bool ordered;

	for (size_t i = 0; i < ch->path->n; i++) {
		const struct cert *c = ch->path->steps[i].cert;

		if (c != NULL)
			want[n++] = (size_t)(c - ch->ob->certs);
	}
	ordered = want[0] == 0;
	for (size_t i = 0; i < n; i++) {
		have[i] = want[i];
		if (i > 0 && want[i] < want[i - 1])
			ordered = false;
	}
	if (ordered)
		return;
	qsort(have, n, sizeof(have[0]), compare_places);
	list_labels(&want_text, ch->ob, want, n);
	list_labels(&have_text, ch->ob, have, n);
	if (n > 1)
		findings_add(ch->out, "chain.order", ch->leaf->sha256,
			"the order is wrong: want %s, have %s",
			buf_str(&want_text), buf_str(&have_text));
	else
		findings_add(ch->out, "chain.order", ch->leaf->sha256,
			"the order is wrong: want %s first, have it in place "
			"%zu",
			buf_str(&want_text), want[0] + 1);
}

static void
tell_duplicate(const struct chain *ch, size_t i)
{
	const struct cert *c = &ch->ob->certs[i];
	size_t times = 1;

	for (size_t j = i + 1; j < ch->ob->n_certs; j++)
		times += strcmp(ch->ob->certs[j].sha256, c->sha256) == 0;
	if (times > 1)
		findings_add(ch->out, "chain.duplicate", c->sha256,
			"'%s' comes %zu times", c->label, times);
}

static void
tell_surplus(const struct chain *ch, const struct cert *c)
{
	struct buf text BUF_CLEANUP = { 0 };

	if (c->has_dates && ch->now > c->not_after) {
		buf_puts(&text, "; it ");
		duration_describe_end(&text, c->not_after, ch->now);
	}
	findings_add(ch->out, "chain.surplus", c->sha256,
		"'%s' is not needed%s", c->label, buf_str(&text));
}

/* What was presented beyond need: notes that change no verdict. */
static void
tell_extras(const struct chain *ch)
{
	const struct path *p = ch->path;
	const struct cert *last = last_of(p);

	for (size_t i = 0; i < ch->ob->n_certs; i++) {
		const struct cert *c = &ch->ob->certs[i];
		size_t step = path_index(p, c);

		if (leaf_is_repeated(ch->ob, i))
			continue;
		tell_duplicate(ch, i);
		if (step < p->n) {
			if (step > 0 && c->self_signed &&
				p->end == PATH_ANCHORED)
				findings_add(ch->out, "chain.root-sent",
					c->sha256,
					"the root '%s' is sent as well",
					c->label);
			continue;
		}
		/* It is what chain.signature speaks of. */
		if (p->end == PATH_SIGNATURE &&
			strcmp(c->subject, last->issuer) == 0)
			continue;
		tell_surplus(ch, c);
	}
}

static void
judge_dates(const struct chain *ch)
{
	const struct path *p = ch->path;
	const struct settings *set = &ch->pol->target->set;
	size_t n = p->n;

	/* An anchor that the operator named is one whatever its dates say. */
	if (p->end == PATH_ANCHORED && ch->pol->trust != NULL &&
		ch->pol->trust->exact)
		n--;
	for (size_t i = 1; i < n; i++) {
		const struct step *step = &p->steps[i];
		struct cert own = { 0 };

		if (expiry_is_far(step->x509, ch->leaf, set, ch->now))
			continue;
		expiry_judge_issuer(
			step_cert(step, &own), ch->leaf, set, ch->now, ch->out);
		cert_release(&own);
	}
}

static void
chain_run(const struct observation *ob, const struct policy *pol, time_t now,
	struct findings *out)
{
	const struct cert *leaf = leaf_of(ob, pol->target);
	struct path path PATH_CLEANUP = { 0 };
	struct observation head = *ob; /* a file may hold thousands */
	struct chain ch = { &head, pol, leaf, &path, now, out };

	if (leaf == NULL)
		return;
	if (head.n_certs > CHAIN_MAX_CERTS)
		head.n_certs = CHAIN_MAX_CERTS;
	/* A file may hold a certificate for any purpose. */
	path_find(&path, &head, leaf, pol->trust,
		pol->target->kind == TARGET_ENDPOINT ? X509_PURPOSE_SSL_SERVER
						     : 0,
		now);
	tell_end(&ch);
	tell_breaches(&ch);
	judge_dates(&ch);
	tell_order(&ch);
	tell_extras(&ch);
}

const struct check check_chain = { .name = "chain", .run = chain_run };
