/* extras.c - the order of what was presented, and what is beyond need */
#include <stdlib.h>
#include <string.h>

#include "checks/chain/extras.h"
#include "checks/chain/sequence.h"
#include "checks/expiry.h"
#include "checks/leaf.h"

/* Notes of a kind: a leaf may stand before a whole bundle of CAs. */
#define MAX_NOTES CHAIN_MAX_CERTS

/* What is known of each certificate of ob->certs. */
struct place {
	size_t times; /* it comes; 0: one of those before it */
	bool on_path;
	bool is_root; /* and the end of a path that holds */
	bool is_leaf; /* of those that were not judged */
};

static size_t
place_of(const struct chain *ch, const struct cert *c)
{
	return (size_t)(c - ch->ob->certs);
}

/* What was lent stands nowhere, so in no wrong place. */
static bool
is_presented(const struct chain *ch, const struct cert *c)
{
	return place_of(ch, c) < observation_n_presented(ch->ob);
}

static struct place *
places_find(const struct chain *ch)
{
	size_t *times = leaf_times(ch->ob);
	struct place *places = mem_alloc(
		(ch->ob->n_certs + 1) * sizeof(*places));

	for (size_t i = 0; i < ch->ob->n_certs; i++)
		places[i].times = times[i];
	free(times);
	for (size_t i = 0; i < ch->n_others; i++)
		places[ch->others[i]].is_leaf = true;
	return places;
}

/*
 * The leaf, then its issuers; of a further leaf those that are not on the
 * path of one before it, for they can follow only one.
 */
static void
judge_order(const struct chain *ch, const struct strand *s,
	const struct place *places, struct findings *out)
{
	bool first = s == &ch->strands[0];
	size_t want[PATH_MAX_STEPS], n = 0;

	for (size_t i = 0; i < s->path.n; i++) {
		const struct cert *c = s->path.steps[i].cert;

		if (c != NULL && is_presented(ch, c) &&
			!places[place_of(ch, c)].on_path)
			want[n++] = place_of(ch, c);
	}
	if (n == 0 || sequence_judge(ch->ob, want, n, out))
		return;
	if (first && want[0] != 0)
		findings_add(out, "chain.order", s->leaf->sha256,
			"the order is wrong: want '%s' first, have it in "
			"place %zu",
			s->leaf->label, want[0] + 1);
}

static void
mark_path(const struct chain *ch, const struct path *p, struct place *places)
{
	for (size_t i = 0; i < p->n; i++) {
		const struct cert *c = p->steps[i].cert;
		struct place *place;

		if (c == NULL)
			continue;
		place = &places[place_of(ch, c)];
		place->on_path = true;
		if (i > 0 && c->self_signed && p->end == PATH_ANCHORED)
			place->is_root = true;
	}
}

/* Is it what chain.signature speaks of? */
static bool
is_refused_issuer(const struct chain *ch, const struct cert *c)
{
	for (size_t i = 0; i < ch->n; i++) {
		const struct path *p = &ch->strands[i].path;

		if (p->end == PATH_SIGNATURE &&
			strcmp(c->subject, p->steps[p->n - 1].cert->issuer) ==
				0)
			return true;
	}
	return false;
}

static void
tell_surplus(const struct cert *c, const struct policy *pol, time_t now,
	struct findings *out)
{
	struct buf text BUF_CLEANUP = { 0 };

	if (c->has_dates)
		horizon_note(pol->horizon, c->not_after + 1, now);
	if (c->has_dates && now > c->not_after) {
		horizon_note_span(pol->horizon, c->not_after, now);
		buf_puts(&text, "; it ");
		duration_describe_end(&text, c->not_after, now);
	}
	findings_add(out, "chain.surplus", c->sha256, "'%s' is not needed%s",
		c->label, buf_str(&text));
}

/* What was presented beyond need: notes that change no verdict. */
static void
tell_notes(const struct chain *ch, const struct place *places,
	struct findings *out)
{
	size_t duplicates = 0, surplus = 0;

	for (size_t i = 0; i < observation_n_presented(ch->ob); i++) {
		const struct cert *c = &ch->ob->certs[i];
		const struct place *p = &places[i];

		if (p->times == 0)
			continue;
		if (p->times > 1 && duplicates++ < MAX_NOTES)
			findings_add(out, "chain.duplicate", c->sha256,
				"'%s' comes %zu times", c->label, p->times);
		if (p->is_root)
			findings_add(out, "chain.root-sent", c->sha256,
				"the root '%s' is sent as well", c->label);
		/* Where not all paths are known, it may be on one of them. */
		if (!p->on_path && ch->n_others == 0 &&
			!is_refused_issuer(ch, c) && surplus++ < MAX_NOTES)
			tell_surplus(c, ch->pol, ch->now, out);
	}
}

/* Then the path took the best of that name. */
static bool
is_name_on_path(const struct chain *ch, const struct cert *c)
{
	const X509_NAME *name = X509_get_subject_name(c->x509);

	for (size_t i = 0; i < ch->n; i++) {
		const struct path *p = &ch->strands[i].path;

		for (size_t k = 0; k < p->n; k++) {
			if (X509_NAME_cmp(name,
				    X509_get_subject_name(p->steps[k].x509)) ==
				0)
				return true;
		}
	}
	return false;
}

/* With more leaves than are judged, other CAs may be issuers of the rest. */
static void
judge_other_issuers(const struct chain *ch, const struct place *places,
	struct findings *out)
{
	const struct cert *leaf = ch->strands[0].leaf;

	if (ch->n_others == 0)
		return;
	for (size_t i = 0; i < ch->ob->n_certs; i++) {
		const struct cert *c = &ch->ob->certs[i];

		if (places[i].times == 0 || places[i].on_path ||
			places[i].is_leaf ||
			expiry_is_far(c->x509, leaf, ch->pol, ch->now) ||
			is_name_on_path(ch, c))
			continue;
		expiry_judge_issuer(c, leaf, ch->pol, ch->now, out);
	}
}

void
extras_tell(const struct chain *ch, struct findings *out)
{
	struct place *places = places_find(ch);

	for (size_t i = 0; i < ch->n; i++) {
		judge_order(ch, &ch->strands[i], places, out);
		mark_path(ch, &ch->strands[i].path, places);
	}
	tell_notes(ch, places, out);
	judge_other_issuers(ch, places, out);
	free(places);
}
