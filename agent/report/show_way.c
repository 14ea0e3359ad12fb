/* show_way.c - the way from a leaf up, and where others part from it */
#include "report/view.h"

#define MAX_BRANCHES 6 /* from one certificate */
#define MAX_STEPS 5 /* of one of them */
#define TEXT_BYTES 1000

static const struct cert *
cert_of(const struct view *v, const struct way_step *s)
{
	return account_cert(v->r->account, v->r->seen, s);
}

static const char *
trust_of(const struct view *v)
{
	const char *name = v->r->account->trust;

	return name != NULL ? name : "the trust store";
}

static bool
is_lent(const struct view *v, const struct way_step *s)
{
	return !s->stored && s->at >= observation_n_presented(v->r->seen);
}

static const char *
sent(const struct view *v)
{
	return v->r->target->kind == TARGET_FILE ? "in the file" : "sent";
}

static void
put_anchor_tag(struct view *v, const struct way *w, size_t i)
{
	const struct way_step *s = &w->steps[i];
	struct pen *p = &v->pen;

	pen_printf(p, report_colours[SEV_OK], "  trust anchor");
	/* What the store has, nobody needs to lend. */
	if (s->stored || is_lent(v, s))
		pen_printf(
			p, PEN_DIM, ", from %s, not %s", trust_of(v), sent(v));
	else if (i > 0 && cert_of(v, s)->self_signed)
		pen_printf(p, PEN_ODD, ", and root %s", sent(v));
	else
		pen_printf(p, PEN_DIM, ", in %s", trust_of(v));
}

/* What is to be known of it besides its name. */
static void
put_tags(struct view *v, const struct way *w, size_t i)
{
	const struct way_step *s = &w->steps[i];
	const struct cert *c = cert_of(v, s);
	struct pen *p = &v->pen;
	bool last = i + 1 == w->n;

	if (!s->stored && c->line > 0)
		pen_printf(p, PEN_DIM, " (line %zu)", c->line);
	if (last && w->end == WAY_ANCHORED)
		put_anchor_tag(v, w, i);
	else if (is_lent(v, s))
		pen_printf(p, PEN_ODD, "  not %s, lent by --intermediates",
			sent(v));
	if (last && w->end == WAY_ROOT)
		pen_printf(p, PEN_BAD, "  %s, not in %s",
			i > 0 ? "root" : "self-signed", trust_of(v));
}

/* One of the steps of a way that was not taken. */
static void
put_step(struct view *v, const struct way_step *s)
{
	struct pen *p = &v->pen;

	pen_text(p, NULL, "'", 1);
	pen_text(p, NULL, cert_of(v, s)->label, VIEW_LABEL_BYTES);
	pen_text(p, NULL, "'", 1);
	if (s->stored)
		pen_printf(p, PEN_DIM, " (of %s)", trust_of(v));
	else if (is_lent(v, s))
		pen_text(p, PEN_DIM, " (lent)", TEXT_BYTES);
	else
		pen_printf(p, PEN_DIM, " (%zu)", s->at);
}

/* The rest of `w`, from where it leaves the chosen way. */
static void
put_branch(struct view *v, const struct way *w, size_t from)
{
	struct pen *p = &v->pen;
	size_t n = w->n - from;

	pen_field(p, MARK_BRANCH, PEN_ODD, "not taken");
	if (n == 0)
		pen_text(p, NULL, "to end here", TEXT_BYTES);
	for (size_t i = 0; i < n && i < MAX_STEPS; i++) {
		if (i > 0)
			pen_text(p, NULL, ", ", 2);
		put_step(v, &w->steps[from + i]);
	}
	if (n > MAX_STEPS)
		pen_printf(p, NULL, " and %zu more", n - MAX_STEPS);
	pen_text(p, NULL, ": ", 2);
	pen_text(p, NULL, w->why, TEXT_BYTES);
	pen_end(p);
}

/* The ways that part from the chosen one behind its i-th certificate. */
static void
put_branches(struct view *v, const struct journey *j, size_t i)
{
	size_t n = 0;

	for (size_t k = 0; k < j->n_others; k++) {
		const struct way *w = &j->others[k];

		if (way_common(w, &j->chosen) != i + 1)
			continue;
		if (n++ < MAX_BRANCHES)
			put_branch(v, w, i + 1);
	}
	if (n <= MAX_BRANCHES && !(j->more && i + 1 == j->chosen.n))
		return;
	pen_field(&v->pen, MARK_BRANCH, PEN_ODD, "not taken");
	if (n > MAX_BRANCHES)
		pen_printf(&v->pen, NULL, "%zu more ways", n - MAX_BRANCHES);
	else
		pen_text(&v->pen, NULL,
			"there are more ways; not all were looked at",
			TEXT_BYTES);
	pen_end(&v->pen);
}

/* Is anything drawn below the i-th certificate? */
static bool
goes_on(const struct way *w, size_t i)
{
	return i + 1 < w->n || w->end == WAY_GAP || w->end == WAY_SIGNATURE;
}

static void
put_open_end(struct view *v)
{
	pen_field(&v->pen, MARK_INSIDE, PEN_DIM, "trust");
	pen_text(&v->pen, NULL,
		v->r->seen->n_parts > 0
			? "not judged: the other side knows whom it trusts"
			: "not judged",
		TEXT_BYTES);
	pen_end(&v->pen);
}

static void
put_place(struct view *v, const struct journey *j, size_t i)
{
	const struct way *w = &j->chosen;
	const struct way_step *s = &w->steps[i];
	const struct cert *c = cert_of(v, s);
	bool *shown = s->stored ? &v->stored_shown[s->at] : &v->shown[s->at];
	bool anchor = w->end == WAY_ANCHORED && i + 1 == w->n;
	struct pen *p = &v->pen;

	p->spine = goes_on(w, i);
	pen_begin(p, anchor ? MARK_ANCHOR : MARK_CERT,
		s->stored || is_lent(v, s) ? PEN_NO_NUMBER : s->at, 2);
	view_label(v, c);
	put_tags(v, w, i);
	if (*shown)
		pen_text(p, PEN_DIM, "  see above", TEXT_BYTES);
	pen_end(p);
	if (!*shown && s->stored)
		view_anchor(v, c);
	else if (!*shown)
		view_cert(v, c);
	*shown = true;
	put_branches(v, j, i);
	if (w->end == WAY_OPEN && i + 1 == w->n)
		put_open_end(v);
	if (p->spine)
		pen_blank(p);
}

/* What should be there after the last certificate. */
static void
put_gap(struct view *v, const struct way *w)
{
	const struct cert *last = cert_of(v, &w->steps[w->n - 1]);
	struct pen *p = &v->pen;

	p->spine = false;
	pen_begin(p, MARK_GAP, PEN_NO_NUMBER, 2);
	pen_text(p, PEN_BOLD, last->issuer_label, VIEW_LABEL_BYTES);
	if (w->end == WAY_SIGNATURE) {
		pen_printf(p, PEN_BAD,
			"  none of this name that is at hand has "
			"signed '%.*s'",
			VIEW_LABEL_BYTES, last->label);
		pen_end(p);
		return;
	}
	pen_text(p, PEN_BAD, "  missing", TEXT_BYTES);
	if (w->known)
		pen_printf(p, NULL,
			": not %s; %s has it, as an intermediate that clients "
			"may lack",
			sent(v), trust_of(v));
	else
		pen_printf(p, NULL, ": neither %s nor in %s", sent(v),
			trust_of(v));
	pen_end(p);
	if (last->issuer_url == NULL)
		return;
	pen_field(p, MARK_INSIDE, PEN_DIM, "fetch it");
	pen_text(p, NULL, last->issuer_url, TEXT_BYTES);
	pen_end(p);
}

void
view_journey(struct view *v, const struct journey *j)
{
	const struct way *w = &j->chosen;

	for (size_t i = 0; i < w->n; i++)
		put_place(v, j, i);
	if (w->end == WAY_GAP || w->end == WAY_SIGNATURE)
		put_gap(v, w);
}
