/* show_findings.c - findings beside what they are about */
#include <string.h>

#include "report/view.h"

/* More of them in one place are not read; --output json has them all. */
#define MAX_FINDINGS 40
#define MAX_BYTES 2000

static bool
has_subject(const struct finding *f, const struct cert *c)
{
	return *c->sha256 != '\0' && strcmp(f->subject, c->sha256) == 0;
}

static void
put_finding(struct view *v, enum mark mark, const struct finding *f)
{
	struct pen *p = &v->pen;
	bool note = f->severity == SEV_OK;

	pen_field(p, mark, report_colours[f->severity],
		note ? "note" : report_words[f->severity]);
	pen_text(p, NULL, f->message, MAX_BYTES);
	pen_printf(p, PEN_DIM, " (%s)", f->kind->id);
	pen_end(p);
	if (note && p->opt->verbose == 0)
		return;
	pen_field(p, mark, NULL, "");
	pen_text(p, NULL, finding_remedy(f), MAX_BYTES);
	pen_end(p);
}

/* Those that `is_here` names and that were not told yet. */
static void
put_findings(struct view *v, enum mark mark, const void *arg,
	bool (*is_here)(
		const struct view *v, const struct finding *f, const void *arg))
{
	const struct findings *fs = &v->r->findings;
	size_t n = 0;

	for (int s = SEV_UNKNOWN; s >= SEV_OK; s--) {
		for (size_t i = 0; i < fs->n; i++) {
			const struct finding *f = &fs->v[i];

			if ((int)f->severity != s || v->told[i] ||
				!is_here(v, f, arg))
				continue;
			v->told[i] = true;
			if (n++ < MAX_FINDINGS)
				put_finding(v, mark, f);
		}
	}
	if (n <= MAX_FINDINGS)
		return;
	pen_field(&v->pen, mark, NULL, "");
	pen_printf(&v->pen, PEN_DIM, "and %zu more findings", n - MAX_FINDINGS);
	pen_end(&v->pen);
}

static bool
is_about(const struct view *v, const struct finding *f, const void *cert)
{
	(void)v;
	return has_subject(f, cert);
}

void
view_findings_of(struct view *v, const struct cert *c)
{
	put_findings(v, MARK_INSIDE, c, is_about);
}

static bool
is_about_one_of(const struct finding *f, const struct observation *ob)
{
	for (size_t i = 0; ob != NULL && i < ob->n_certs; i++) {
		if (has_subject(f, &ob->certs[i]))
			return true;
	}
	return false;
}

bool
view_is_about_cert(const struct view *v, const struct finding *f)
{
	const struct observation *ob = v->r->seen;
	const struct account *a = v->r->account;

	if (is_about_one_of(f, ob))
		return true;
	if (ob != NULL && ob->client != NULL &&
		is_about_one_of(f, ob->client->own))
		return true;
	for (size_t i = 0; a != NULL && i < a->n_stored; i++) {
		if (has_subject(f, &a->stored[i]))
			return true;
	}
	return false;
}

static bool
is_about_none(const struct view *v, const struct finding *f, const void *none)
{
	(void)none;
	return !view_is_about_cert(v, f);
}

void
view_findings_of_target(struct view *v)
{
	bool any = false;

	for (size_t i = 0; i < v->r->findings.n && !any; i++)
		any = !view_is_about_cert(v, &v->r->findings.v[i]);
	if (any)
		buf_putc(v->pen.out, '\n');
	put_findings(v, MARK_NONE, NULL, is_about_none);
}

static bool
is_left(const struct view *v, const struct finding *f, const void *none)
{
	(void)v, (void)f, (void)none;
	return true;
}

void
view_findings_left(struct view *v)
{
	put_findings(v, MARK_NONE, NULL, is_left);
}
