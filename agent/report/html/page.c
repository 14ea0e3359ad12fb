/* page.c - what the parts of the page ask for, found out once */
#include <stdlib.h>
#include <string.h>

#include "report/html/html.h"

static int
by_key(const void *a, const void *b)
{
	const struct known_incident *x = *(
		const struct known_incident *const *)a;
	const struct known_incident *y = *(
		const struct known_incident *const *)b;
	int rc = strcmp(x->target, y->target);

	if (rc == 0)
		rc = strcmp(x->finding, y->finding);
	return rc != 0 ? rc : strcmp(x->subject, y->subject);
}

static void
sort_incidents(struct html_page *p)
{
	const struct known_incidents *is = p->standing->incidents;

	if (is == NULL || is->n == 0)
		return;
	p->incidents = mem_grow(NULL, is->n, sizeof(struct known_incident *));
	p->n_incidents = is->n;
	for (size_t i = 0; i < is->n; i++)
		p->incidents[i] = &is->v[i];
	qsort(p->incidents, is->n, sizeof(struct known_incident *), by_key);
}

const struct known_incident *
html_incident_of(const struct html_page *p, const struct result *r,
	const struct finding *f)
{
	const struct known_incident key = {
		.target = (char *)(uintptr_t)r->target->name,
		.finding = (char *)(uintptr_t)f->kind->id,
		.subject = f->subject,
	};
	const struct known_incident *want = &key, *const * found;

	if (p->n_incidents == 0 || f->severity == SEV_OK)
		return NULL;
	found = bsearch(
		&want, p->incidents, p->n_incidents, sizeof(want), by_key);
	return found != NULL ? *found : NULL;
}

const struct silence *
html_silence_of(const struct html_page *p, const struct result *r,
	const struct finding *f)
{
	if (p->standing == NULL || p->standing->silences == NULL ||
		f->severity == SEV_OK)
		return NULL;
	return silences_find(p->standing->silences, r->target->name,
		r->target->address, f->kind->id, p->now);
}

static struct html_concern
concern_of(const struct html_page *p, const struct result *r)
{
	struct html_concern c = { .loud = SEV_OK };

	for (size_t i = 0; i < r->findings.n; i++) {
		const struct finding *f = &r->findings.v[i];

		if (f->severity == SEV_OK)
			continue;
		if (html_silence_of(p, r, f) != NULL)
			c.hushed = true;
		else if (f->severity > c.loud)
			c.loud = f->severity;
	}
	return c;
}

void
html_page_begin(struct html_page *p, struct buf *out, const struct results *rs,
	const struct report_options *opt)
{
	*p = (struct html_page){
		.out = out,
		.rs = rs,
		.opt = opt,
		.standing = opt->standing,
		.now = opt->standing != NULL ? opt->standing->now : rs->time,
	};
	if (p->standing != NULL)
		sort_incidents(p);
	p->order = results_worst_first(rs);
	p->concerns = mem_grow(NULL, rs->n + 1, sizeof(*p->concerns));
	for (size_t i = 0; i < rs->n; i++)
		p->concerns[i] = concern_of(p, rs->v[i]);
	html_authorities_gather(&p->authorities, rs);
}

void
html_page_end(struct html_page *p)
{
	free(p->order);
	free(p->concerns);
	free(p->incidents);
	html_authorities_release(&p->authorities);
}
