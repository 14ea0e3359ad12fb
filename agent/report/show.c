/* show.c - everything about a chain, for a person */
#include <stdlib.h>
#include <string.h>

#include "model/text.h"
#include "report/view.h"

#define MAX_FULL 8 /* certificates on no way that are shown in full */
#define MAX_BRIEF 200 /* and on one line each, where there are more */
#define TEXT_BYTES 2000
#define MARGIN 1 /* left of the numbers */

static void
put_line(struct view *v, const char *sgr, const char *text)
{
	pen_field(&v->pen, MARK_NONE, NULL, "");
	pen_text(&v->pen, sgr, text, TEXT_BYTES);
	pen_end(&v->pen);
}

/* The worst finding in words, unless it is the next to be read anyway. */
static void
put_lead(struct view *v)
{
	const struct finding *lead = findings_lead(&v->r->findings);
	BUF_CLEANUP struct buf text = { 0 };
	size_t more = 0;

	if (lead != NULL && !view_is_about_cert(v, lead) &&
		(lead->severity > SEV_OK || v->r->seen == NULL ||
			v->r->seen->n_certs == 0))
		return;
	if (v->r->status == SEV_OK && result_client(v->r) != NULL)
		return;
	put_headline(&text, v->r, v->now);
	for (size_t i = 0; i < v->r->findings.n; i++)
		more += v->r->findings.v[i].severity > SEV_OK;
	if (more > 1)
		buf_printf(&text, " (+%zu more)", more - 1);
	put_line(v, NULL, buf_str(&text));
}

static void
add_part(struct buf *text, const char *sep, const char *part)
{
	if (part == NULL || *part == '\0')
		return;
	buf_printf(text, "%s%s", text->len > 0 ? sep : "", part);
}

/* Where it was looked at, and how it was spoken to. */
static void
put_where(struct view *v)
{
	const struct target *t = v->r->target;
	BUF_CLEANUP struct buf text = { 0 }, role = { 0 };

	if (t->address != NULL && strcmp(t->address, t->name) != 0)
		buf_puts(&text, t->address);
	if (v->r->seen != NULL && t->kind == TARGET_ENDPOINT) {
		add_part(&text, " at ", v->r->seen->handshake->peer);
		add_part(&text, ", ", v->r->seen->handshake->protocol);
		add_part(&text, ", ", v->r->seen->handshake->cipher);
	}
	put_role(&role, v->r);
	add_part(&text, ", ", buf_str(&role));
	if (text.len > 0)
		put_line(v, PEN_DIM, text.s);
}

static void
put_head(struct view *v)
{
	enum severity s = v->r->status;

	pen_field(&v->pen, MARK_NONE, report_colours[s], report_words[s]);
	pen_text(&v->pen, PEN_BOLD, v->r->target->name, TEXT_BYTES);
	pen_end(&v->pen);
	put_lead(v);
	put_where(v);
	view_findings_of_target(v);
}

void
view_heading(struct view *v, const char *text)
{
	buf_putc(v->pen.out, '\n');
	pen_begin(&v->pen, MARK_NONE, PEN_NO_NUMBER, 0);
	pen_text(&v->pen, PEN_BOLD, text, TEXT_BYTES);
	pen_end(&v->pen);
}

/* One that is a namesake of the issuer that a way lacks. */
static bool
is_refused(const struct view *v, size_t at)
{
	const struct account *a = v->r->account;

	for (size_t i = 0; i < a->n; i++) {
		const struct journey *j = &a->v[i];

		for (size_t k = 0; k < j->n_others; k++) {
			const struct way *w = &j->others[k];
			const struct way_step *last = &w->steps[w->n - 1];

			if (w->end == WAY_REFUSED && !last->stored &&
				last->at == at &&
				j->chosen.end == WAY_SIGNATURE)
				return true;
		}
	}
	return false;
}

/* The first of the same, or `at` itself. */
static size_t
first_twin(const struct view *v, size_t at)
{
	const struct cert *certs = v->r->seen->certs;

	for (size_t i = 0; i < at; i++) {
		if (strcmp(certs[i].sha256, certs[at].sha256) == 0)
			return i;
	}
	return at;
}

/* What follows the name of a certificate that is on no way. */
static void
put_tags(struct view *v, size_t at, bool beside)
{
	const struct cert *c = &v->r->seen->certs[at];
	size_t twin = first_twin(v, at);
	struct pen *p = &v->pen;

	if (c->line > 0)
		pen_printf(p, PEN_DIM, " (line %zu)", c->line);
	if (twin != at)
		pen_printf(p, PEN_ODD, "  duplicate of %zu", twin);
	else if (beside && v->r->account->all && is_refused(v, at))
		pen_printf(p, PEN_BAD, "  did not sign");
	else if (beside && v->r->account->all)
		pen_printf(p, PEN_ODD, "  surplus");
}

static void
put_alone(struct view *v, size_t at, bool beside, bool full)
{
	const struct cert *c = &v->r->seen->certs[at];
	/* What is to be said of a twin is said. */
	bool brief = !full || first_twin(v, at) != at;

	v->pen.spine = false;
	pen_begin(&v->pen, MARK_ALONE, at, 2);
	view_label(v, c);
	if (!full && first_twin(v, at) == at)
		view_brief(v, c);
	put_tags(v, at, beside);
	pen_end(&v->pen);
	if (brief)
		view_findings_of(v, c);
	else
		view_cert(v, c);
	v->shown[at] = true;
}

/* Has it findings that somebody should act upon? */
static bool
is_bad(const struct view *v, const struct cert *c)
{
	for (size_t i = 0; i < v->r->findings.n; i++) {
		const struct finding *f = &v->r->findings.v[i];

		if (f->severity > SEV_OK && !v->told[i] &&
			strcmp(f->subject, c->sha256) == 0)
			return true;
	}
	return false;
}

/* How many of them stand on no way. */
static size_t
count_others(const struct view *v, size_t first, size_t n)
{
	size_t others = 0;

	for (size_t i = first; i < first + n; i++)
		others += !v->shown[i];
	return others;
}

/*
 * Certificates on no way: all of a file of CAs, or what is presented `beside`
 * the chain. Beyond a bound only those are shown that need a hand.
 */
static void
put_others(struct view *v, size_t first, size_t n, bool beside)
{
	size_t left = count_others(v, first, n), good = 0, bad = 0;
	bool full = left <= MAX_FULL;

	v->label_columns = view_label_columns(
		&v->r->seen->certs[first], &v->shown[first], n);
	for (size_t i = first; i < first + n; i++) {
		if (v->shown[i])
			continue;
		if (good >= MAX_BRIEF &&
			(bad >= MAX_BRIEF || !is_bad(v, &v->r->seen->certs[i])))
			continue;
		if (full && good > 0)
			pen_blank(&v->pen);
		*(good < MAX_BRIEF ? &good : &bad) += 1;
		put_alone(v, i, beside, full);
	}
	if (good + bad == left)
		return;
	pen_begin(&v->pen, MARK_INSIDE, PEN_NO_NUMBER, 0);
	pen_printf(
		&v->pen, NULL, "and %zu more certificates", left - good - bad);
	pen_end(&v->pen);
}

static bool
begins_within(const struct journey *j, size_t first, size_t n)
{
	size_t at = j->chosen.steps[0].at;

	return at >= first && at - first < n;
}

/* The chains of a file, of an endpoint, or of one part of a file. */
static void
put_group(struct view *v, size_t first, size_t n)
{
	const struct account *a = v->r->account;
	bool beside = false;

	for (size_t i = 0; a != NULL && i < a->n; i++) {
		if (!begins_within(&a->v[i], first, n))
			continue;
		buf_putc(v->pen.out, '\n');
		view_journey(v, &a->v[i]);
		beside = true;
	}
	if (count_others(v, first, n) == 0)
		return;
	if (beside)
		view_heading(v,
			v->r->target->kind == TARGET_FILE ? "Also in the file:"
							  : "Also sent:");
	else
		buf_putc(v->pen.out, '\n');
	put_others(v, first, n, beside);
}

static void
put_parts(struct view *v)
{
	const struct observation *ob = v->r->seen;
	size_t first = 0;

	for (size_t i = 0; i < ob->n_parts; i++) {
		const struct part *part = &ob->parts[i];
		BUF_CLEANUP struct buf text = { 0 };

		buf_printf(
			&text, "%s (%s)", part->label, role_name(part->role));
		view_heading(v, buf_str(&text));
		if (part->n_certs > 0)
			put_group(v, first, part->n_certs);
		first += part->n_certs;
	}
}

/* What was lent and stands on no way is nobody's fault, but good to know. */
static void
put_unused(struct view *v)
{
	const struct observation *ob = v->r->seen;
	size_t first = observation_n_presented(ob);
	size_t n = count_others(v, first, ob->n_certs - first);

	if (n == 0)
		return;
	buf_putc(v->pen.out, '\n');
	pen_begin(&v->pen, MARK_NONE, PEN_NO_NUMBER, 0);
	pen_printf(&v->pen, PEN_DIM,
		"Of what --intermediates lends, %zu of %zu %s on no way.", n,
		ob->n_lent, n == 1 ? "is" : "are");
	pen_end(&v->pen);
}

static size_t
digits_of(size_t n)
{
	size_t digits = 1;

	for (; n >= 10; n /= 10)
		digits++;
	return digits;
}

static void
put_target(struct buf *out, const struct result *r, time_t now,
	const struct report_options *opt)
{
	const struct observation *ob = r->seen;
	const struct account *a = r->account;
	size_t n_certs = ob != NULL ? ob->n_certs : 0;
	struct view v = { .r = r,
		.now = now,
		.pen = { .out = out,
			.opt = opt,
			.digits = digits_of(n_certs) + MARGIN } };

	v.told = mem_alloc(r->findings.n + 1);
	v.shown = mem_alloc(n_certs + 1);
	v.stored_shown = mem_alloc((a != NULL ? a->n_stored : 0) + 1);
	put_head(&v);
	if (ob != NULL && ob->n_parts > 0)
		put_parts(&v);
	else if (n_certs > 0)
		put_group(&v, 0, observation_n_presented(ob));
	if (n_certs > 0)
		put_unused(&v);
	if (ob != NULL && ob->client != NULL)
		view_client(&v);
	view_findings_left(&v);
	free(v.told);
	free(v.shown);
	free(v.stored_shown);
}

static void
show_render(struct buf *out, const struct results *rs,
	const struct report_options *opt)
{
	struct summary s = results_summary(rs);

	for (size_t i = 0; i < rs->n; i++) {
		if (i > 0)
			buf_puts(out, "\n\n");
		put_target(out, rs->v[i], rs->time, opt);
	}
	if (rs->n == 1)
		return;
	buf_puts(out, rs->n > 0 ? "\n\n" : "");
	put_summary(out, &s);
	buf_putc(out, '\n');
}

const struct report report_show = {
	.name = "show",
	.help = "for a person: the chain, and how its path was chosen",
	.render = show_render,
};
