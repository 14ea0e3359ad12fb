/* mend.c - from what a target presents to the chain that it should present */
#include <stdlib.h>
#include <string.h>

#include "checks/chain/chain.h"
#include "checks/leaf.h"
#include "model/duration.h"
#include "scan/gain.h"
#include "scan/mend.h"

/* The path that is at hand, and where it could be better. */
struct work {
	const struct mend_request *request;
	struct observation *ob;
	struct mended *m;
	size_t leaf; /* indices of ob->certs */
	struct path path;
	/*
	 * Steps that count as the chain's; behind them stands the anchor, or a
	 * root that is none.
	 */
	size_t n;
};

static const struct cert *
last_of(const struct path *p)
{
	return p->steps[p->n - 1].cert;
}

static size_t
place_of(const struct work *w, const struct cert *c)
{
	return (size_t)(c - w->ob->certs);
}

static bool
is_out_of_date(const struct cert *c, time_t now)
{
	return c->has_dates && (now < c->not_before || now > c->not_after);
}

/* A root is the clients' own matter, and so is what only the store holds. */
static size_t
chain_length(const struct path *p)
{
	const struct cert *last = last_of(p);

	if (p->n > 1 && (last == NULL || last->self_signed))
		return p->n - 1;
	return p->n;
}

static void
find_path(struct work *w)
{
	const struct mend_request *r = w->request;
	const struct cert *leaf = &w->ob->certs[w->leaf];

	path_release(&w->path);
	path_find(&w->path, w->ob, leaf, r->trust,
		chain_purpose(r->target, leaf), r->now);
	w->n = chain_length(&w->path);
}

/* The issuer that is not good for the rest of the chain, or NULL. */
static const struct cert *
outdated_issuer(const struct work *w)
{
	for (size_t i = 1; i < w->n; i++) {
		const struct cert *c = w->path.steps[i].cert;

		if (is_out_of_date(c, w->request->now))
			return c;
	}
	return NULL;
}

static bool
is_self_signed_leaf(const struct work *w)
{
	return w->path.n == 1 && last_of(&w->path)->self_signed;
}

static bool
holds(const struct work *w)
{
	if (is_self_signed_leaf(w))
		return true;
	return w->path.end == PATH_ANCHORED && w->path.n_breaches == 0 &&
		outdated_issuer(w) == NULL;
}

/*
 * An issuer that is missing, or another in place of one that is no good: of
 * the last one first, then of those below it, whose other issuers may lead
 * elsewhere.
 */
static bool
gain(struct work *w)
{
	size_t at[PATH_MAX_STEPS];

	for (size_t i = 0; i < w->n; i++)
		at[i] = place_of(w, w->path.steps[i].cert);
	for (size_t i = w->n; i-- > 0;) {
		if (gain_from_store(w->request, w->ob, at[i], w->m))
			return true;
	}
	for (size_t i = w->n; i-- > 0;) {
		if (gain_by_url(w->request, w->ob, at[i], w->m))
			return true;
	}
	return false;
}

static int
explain_gap(const struct work *w, struct error *err)
{
	const struct cert *last = last_of(&w->path);

	w->m->hint = "If the missing one is an intermediate, name a file that "
		     "has it by --intermediates; if it is a root, by --trust.";
	return error_set(err, ERROR_PARSE,
		"the chain ends at '%.100s'%s: its issuer '%.100s' is neither "
		"at hand nor to be had%s, and not in %.150s",
		last->label, w->path.n == 1 ? ", the leaf" : "",
		last->issuer_label,
		last->issuer_url == NULL ? " (it names no URL for it)" : "",
		w->request->trust->name);
}

static int
explain_breach(const struct work *w, struct error *err)
{
	const struct breach *b = &w->path.breaches[0];
	const struct cert *c = w->path.steps[b->step].cert;

	w->m->hint = "`certvigil check` tells all that is wrong with it.";
	return error_set(err, ERROR_PARSE,
		"the best chain there is does not hold: '%.100s': %s",
		c != NULL ? c->label : "the anchor",
		X509_verify_cert_error_string(b->code));
}

static int
explain_dates(
	const struct work *w, const struct cert *issuer, struct error *err)
{
	BUF_CLEANUP struct buf when = { 0 };

	if (w->request->now > issuer->not_after)
		duration_describe_end(
			&when, issuer->not_after, w->request->now);
	else
		buf_puts(&when, "is not valid yet");
	w->m->hint = "Ask the CA for the intermediate that replaces it, and "
		     "name its file by --intermediates.";
	return error_set(err, ERROR_PARSE,
		"the best chain there is does not hold: '%.100s' %s, and no "
		"other was found in its place",
		issuer->label, buf_str(&when));
}

/* Why there is no chain, and how far it came. Returns -1. */
static int
explain(const struct work *w, struct error *err)
{
	const struct path *p = &w->path;

	switch (p->end) {
	case PATH_GAP:
		return explain_gap(w, err);
	case PATH_ROOT:
		w->m->hint = "--trust names a file of other trust anchors.";
		return error_set(err, ERROR_PARSE,
			"the chain ends at the root '%.100s', which is not in "
			"%.200s",
			last_of(p)->label, w->request->trust->name);
	case PATH_SIGNATURE:
		w->m->hint = "Get the right issuer from the CA, and name its "
			     "file by --intermediates.";
		return error_set(err, ERROR_PARSE,
			"'%.100s' is not signed by the key of the '%.100s' "
			"that is at hand, and no other is to be had",
			last_of(p)->label, last_of(p)->issuer_label);
	case PATH_ANCHORED:
		break;
	}
	if (p->n_breaches > 0)
		return explain_breach(w, err);
	return explain_dates(w, outdated_issuer(w), err);
}

static void
note_sources(const struct observation *ob, struct mended *m)
{
	size_t *times = leaf_times(ob);

	m->n_notes = ob->n_certs;
	m->notes = mem_alloc((m->n_notes + 1) * sizeof(*m->notes));
	for (size_t i = 0; i < m->n_notes; i++)
		m->notes[i] = (struct mend_note){
			.source = i < observation_n_presented(ob)
				? MEND_PRESENTED
				: MEND_LENT,
			.times = times[i],
		};
	free(times);
}

static void
note_leaves(const struct work *w)
{
	struct leaves leaves LEAVES_CLEANUP = { 0 };

	leaves_find(&leaves, w->ob, w->request->target);
	for (size_t i = 0; i < leaves.n; i++)
		w->m->notes[leaves.v[i]].fate = MEND_LEAF;
}

/* Does each presented one that is kept come behind the one before it? */
static bool
is_reordered(const struct mended *m)
{
	size_t next = 0;

	for (size_t i = 0; i < m->n; i++) {
		size_t at = m->chain[i];

		if (m->notes[at].source != MEND_PRESENTED)
			continue;
		if (at < next)
			return true;
		next = at + 1;
	}
	return false;
}

/* The path becomes the chain. */
static void
settle(const struct work *w)
{
	const struct path *p = &w->path;
	struct mended *m = w->m;

	for (size_t i = 0; i < p->n; i++) {
		const struct cert *c = p->steps[i].cert;

		if (c != NULL)
			m->notes[place_of(w, c)].fate = i < w->n ? MEND_KEPT
								 : MEND_ROOT;
	}
	for (size_t i = 0; i < w->n; i++) {
		m->chain[m->n] = place_of(w, p->steps[i].cert);
		m->changed = m->changed || m->chain[m->n] != i;
		m->n++;
	}
	m->changed = m->changed || m->n != observation_n_presented(w->ob);
	m->reordered = is_reordered(m);
}

/* Nothing about the leaf itself is mended by what is above it. */
static bool
may_gain(const struct work *w)
{
	const struct path *p = &w->path;

	if (p->end != PATH_ANCHORED || outdated_issuer(w) != NULL)
		return true;
	for (size_t i = 0; i < p->n_breaches; i++) {
		if (p->breaches[i].step > 0)
			return true;
	}
	return false;
}

static int
work(struct work *w, struct error *err)
{
	note_sources(w->ob, w->m);
	find_path(w);
	while (!holds(w) && may_gain(w) && gain(w))
		find_path(w);
	note_leaves(w);
	if (!holds(w))
		return explain(w, err);
	settle(w);
	return 0;
}

int
mend_chain(const struct mend_request *request, struct observation *ob,
	struct mended *out, struct error *err)
{
	const struct cert *leaf = leaf_of(ob, request->target);
	struct work w = { .request = request, .ob = ob, .m = out };
	int rc;

	*out = (struct mended){ 0 };
	if (ob->n_parts > 0)
		return error_set(err, ERROR_USAGE,
			"want a file with one chain, have a kubeconfig with "
			"those of its users and clusters");
	if (leaf == NULL) {
		out->hint = "--role server, or client, tells that one of them "
			    "is a leaf.";
		return error_set(err, ERROR_USAGE,
			"want a leaf to begin with, have CA certificates only");
	}
	w.leaf = (size_t)(leaf - ob->certs);
	rc = work(&w, err);
	path_release(&w.path);
	return rc;
}

void
mended_release(struct mended *m)
{
	for (size_t i = 0; i < m->n_fetches; i++) {
		free(m->fetches[i].url);
		free(m->fetches[i].problem);
	}
	free(m->notes);
	*m = (struct mended){ 0 };
}
