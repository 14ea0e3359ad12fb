/* attention.c - what somebody has to do something about, worst first */
#include <stdlib.h>
#include <string.h>

#include "model/text.h"
#include "report/html/html.h"

/*
 * What has the same remedy is told together: one thing to do for forty
 * certificates, not forty. Of many, the inventory has all.
 */
#define MAX_TASKS 40
#define MAX_TARGETS 40

/* What is told under one heading. */
struct level {
	const char *title;
	enum severity severity;
	bool hushed; /* what is silenced, of any severity */
};

static const struct level levels[] = {
	{ "Unknown", SEV_UNKNOWN, false },
	{ "Critical", SEV_CRITICAL, false },
	{ "Warning", SEV_WARNING, false },
	{ "Silenced", SEV_OK, true },
};

/* One finding of one target; several with one remedy are a task. */
struct item {
	const struct result *result;
	const struct finding *finding;
	size_t at; /* among all of its level, worst first */
	size_t lead; /* that of the first of its task */
};

struct items {
	struct item *v;
	size_t n, room;
};

static void
add_item(struct items *is, const struct result *r, const struct finding *f)
{
	if (is->n == is->room) {
		is->room = is->room == 0 ? 64 : is->room * 2;
		is->v = mem_grow(is->v, is->room, sizeof(*is->v));
	}
	is->v[is->n] = (struct item){ r, f, is->n, 0 };
	is->n++;
}

static void
gather(struct items *is, const struct html_page *p, const struct level *l)
{
	for (size_t i = 0; i < p->rs->n; i++) {
		const struct result *r = p->rs->v[p->order[i]];

		for (size_t k = 0; k < r->findings.n; k++) {
			const struct finding *f = &r->findings.v[k];

			if (f->severity == SEV_OK ||
				(!l->hushed && f->severity != l->severity))
				continue;
			if ((html_silence_of(p, r, f) != NULL) == l->hushed)
				add_item(is, r, f);
		}
	}
}

static int
compare_tasks(const struct item *x, const struct item *y)
{
	if (x->finding->kind != y->finding->kind)
		return strcmp(x->finding->kind->id, y->finding->kind->id);
	if (x->finding->severity != y->finding->severity)
		return x->finding->severity > y->finding->severity ? -1 : 1;
	return strcmp(finding_remedy(x->finding), finding_remedy(y->finding));
}

static int
by_task(const void *a, const void *b)
{
	const struct item *x = a, *y = b;
	int rc = compare_tasks(x, y);

	return rc != 0 ? rc : x->at < y->at ? -1 : x->at > y->at;
}

static int
by_lead(const void *a, const void *b)
{
	const struct item *x = a, *y = b;

	if (x->lead != y->lead)
		return x->lead < y->lead ? -1 : 1;
	return x->at < y->at ? -1 : x->at > y->at;
}

/* Tasks one behind the other, each where its worst target stands. */
static void
sort_tasks(struct items *is)
{
	if (is->n == 0)
		return;
	qsort(is->v, is->n, sizeof(*is->v), by_task);
	for (size_t i = 0; i < is->n; i++) {
		bool same = i > 0 &&
			compare_tasks(&is->v[i - 1], &is->v[i]) == 0;

		is->v[i].lead = same ? is->v[i - 1].lead : is->v[i].at;
	}
	qsort(is->v, is->n, sizeof(*is->v), by_lead);
}

static void
put_target(struct html_page *p, const struct item *it)
{
	const struct target *t = it->result->target;
	struct buf *out = p->out;

	buf_puts(out, "<li><a href=\"#");
	html_put_target_id(out, t->name);
	buf_puts(out, "\">");
	html_put(out, t->name, HTML_NAME);
	buf_puts(out, "</a>\n<div><p>");
	html_put(out, it->finding->message, HTML_TEXT);
	buf_puts(out, "</p>\n");
	html_put_circumstances(p, it->result, it->finding, t->owner);
	buf_puts(out, "</div></li>\n");
}

static void
put_rest(struct buf *out, size_t n, const char *one, const char *many)
{
	buf_puts(out, "<p class=\"note\">And ");
	html_put_count(out, n, one, many);
	buf_puts(out,
		" more: the <a href=\"#inventory\">inventory</a> has all of "
		"them, worst first.</p>\n");
}

static void
put_title(struct buf *out, const char *title)
{
	/* In the catalogue they are half a line. */
	buf_putc(out,
		title[0] >= 'a' && title[0] <= 'z' ? (char)(title[0] - 32)
						   : title[0]);
	text_html(out, title + 1);
}

/* `n` items, all of one task. */
static void
put_task(struct html_page *p, const struct item *v, size_t n)
{
	const struct finding *f = v[0].finding;
	struct buf *out = p->out;

	buf_printf(out,
		"<li class=\"%s\"><div class=\"task\"><h4><b "
		"class=\"sign\">%s</b> ",
		severity_name(f->severity), severity_name(f->severity));
	put_title(out, f->kind->title);
	buf_puts(out, "</h4>\n<p class=\"note\">");
	html_put_count(out, n, "target", "targets");
	buf_printf(
		out, ", <code>%s</code></p>\n<p><b>To do:</b> ", f->kind->id);
	html_put(out, finding_remedy(f), HTML_TEXT);
	buf_puts(out, "</p></div>\n<ul>\n");
	for (size_t i = 0; i < n && i < MAX_TARGETS; i++) {
		put_target(p, &v[i]);
		report_pass(out, p->opt);
	}
	buf_puts(out, "</ul>\n");
	if (n > MAX_TARGETS)
		put_rest(out, n - MAX_TARGETS, "target", "targets");
	buf_puts(out, "</li>\n");
}

static void
put_level(struct html_page *p, const struct level *l, const struct items *is)
{
	struct buf *out = p->out;
	size_t from = 0;

	buf_printf(out, "<h3>%s <span class=\"n\">", l->title);
	html_put_count(out, is->n, "finding", "findings");
	buf_puts(out, "</span></h3>\n<ul class=\"todo\">\n");
	for (size_t tasks = 0; from < is->n && tasks < MAX_TASKS; tasks++) {
		size_t n = 1;

		while (from + n < is->n &&
			is->v[from + n].lead == is->v[from].lead)
			n++;
		put_task(p, &is->v[from], n);
		from += n;
	}
	buf_puts(out, "</ul>\n");
	if (from < is->n)
		put_rest(out, is->n - from, "finding", "findings");
}

void
html_put_attention(struct html_page *p)
{
	struct buf *out = p->out;
	size_t told = 0;

	buf_puts(out,
		"<section aria-labelledby=\"attention\">\n"
		"<h2 id=\"attention\">Needs attention</h2>\n");
	for (size_t i = 0; i < sizeof(levels) / sizeof(levels[0]); i++) {
		struct items is = { 0 };

		gather(&is, p, &levels[i]);
		sort_tasks(&is);
		if (levels[i].hushed && told == 0)
			buf_puts(out,
				"<p class=\"calm\">Nothing does. What is close "
				"to its end, or amiss, would stand here with "
				"what to do.</p>\n");
		if (is.n > 0)
			put_level(p, &levels[i], &is);
		told += is.n;
		free(is.v);
	}
	buf_puts(out, "</section>\n");
}
