/* authorities.c - the CA certificates of all chains, each shown once */
#include <stdlib.h>
#include <string.h>

#include "model/hash.h"
#include "report/html/html.h"

bool
html_is_authority(const struct cert *c)
{
	return c->is_ca && c->sha256[0] != '\0';
}

static void
place(struct html_authorities *as, size_t at)
{
	const char *key = as->v[at].cert->sha256;
	size_t i = hash_bytes(key, strlen(key)) % as->n_slots;

	while (as->slots[i] != 0)
		i = (i + 1) % as->n_slots;
	as->slots[i] = at + 1;
}

/* Twice as many slots as may be taken before the next time. */
static void
make_room(struct html_authorities *as)
{
	if (as->n * 2 < as->n_slots)
		return;
	as->n_slots = as->n_slots == 0 ? 64 : as->n_slots * 2;
	as->v = mem_grow(as->v, as->n_slots / 2 + 1, sizeof(*as->v));
	free(as->slots);
	as->slots = mem_alloc(as->n_slots * sizeof(*as->slots));
	for (size_t i = 0; i < as->n; i++)
		place(as, i);
}

static struct html_authority *
find(struct html_authorities *as, const struct cert *c)
{
	size_t i;

	make_room(as);
	i = hash_bytes(c->sha256, strlen(c->sha256)) % as->n_slots;
	for (; as->slots[i] != 0; i = (i + 1) % as->n_slots) {
		struct html_authority *a = &as->v[as->slots[i] - 1];

		if (strcmp(a->cert->sha256, c->sha256) == 0)
			return a;
	}
	as->v[as->n] = (struct html_authority){ .cert = c };
	as->slots[i] = as->n + 1;
	return &as->v[as->n++];
}

static int
by_label(const void *a, const void *b)
{
	const struct cert *x = ((const struct html_authority *)a)->cert;
	const struct cert *y = ((const struct html_authority *)b)->cert;
	int rc = strcmp(x->label, y->label);

	return rc != 0 ? rc : strcmp(x->sha256, y->sha256);
}

void
html_authorities_gather(struct html_authorities *as, const struct results *rs)
{
	for (size_t i = 0; i < rs->n; i++) {
		const struct observation *ob = rs->v[i]->seen;

		for (size_t k = 0; ob != NULL && k < ob->n_certs; k++) {
			struct html_authority *a;

			if (!html_is_authority(&ob->certs[k]))
				continue;
			a = find(as, &ob->certs[k]);
			/* One that is sent twice is in one chain. */
			a->n_targets += a->last != i + 1;
			a->last = i + 1;
		}
	}
	/* The slots point nowhere from here on, and nobody asks them. */
	if (as->n > 1)
		qsort(as->v, as->n, sizeof(*as->v), by_label);
}

void
html_authorities_release(struct html_authorities *as)
{
	free(as->v);
	free(as->slots);
	*as = (struct html_authorities){ 0 };
}

static void
put_authority(struct html_page *p, const struct html_authority *a)
{
	struct buf *out = p->out;
	const struct cert *c = a->cert;

	buf_puts(out, "<li id=\"");
	html_put_authority_id(out, c);
	buf_puts(out, "\"><h3>");
	html_put(out, c->label, HTML_NAME);
	buf_puts(out, "</h3>\n<p class=\"note\">");
	buf_puts(out, c->self_signed ? "Root, in " : "In ");
	html_put_count(out, a->n_targets, "target", "targets");
	if (c->has_dates) {
		buf_puts(out, c->not_after < p->now ? "; ended " : "; ends ");
		html_put_relative(out, c->not_after, p->now);
	}
	buf_puts(out, "</p>\n<dl class=\"facts\">");
	html_put_cert(out, c);
	buf_puts(out, "</dl></li>\n");
}

void
html_put_authorities(struct html_page *p)
{
	const struct html_authorities *as = &p->authorities;

	if (as->n == 0)
		return;
	buf_puts(p->out,
		"<section aria-labelledby=\"authorities\">\n"
		"<h2 id=\"authorities\">Authorities</h2>\n"
		"<p class=\"note\">The CA certificates of all chains and "
		"files above, each once.</p>\n"
		"<ul class=\"authorities\">\n");
	for (size_t i = 0; i < as->n; i++) {
		put_authority(p, &as->v[i]);
		report_pass(p->out, p->opt);
	}
	buf_puts(p->out, "</ul>\n</section>\n");
}
