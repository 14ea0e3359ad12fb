/* standing.c - incidents that are open, and silences */
#include "report/html/html.h"

#define MAX_INCIDENTS 500
#define MAX_SILENCES 500

static void
begin_table(struct buf *out, const char *class, const char *caption,
	const char *const *headings)
{
	buf_printf(out,
		"<section class=\"wide\" tabindex=\"0\" aria-label=\"%s\">"
		"<table class=\"plain %s\">\n<caption>%s</caption>\n<thead><tr>",
		caption, class, caption);
	for (; *headings != NULL; headings++)
		buf_printf(out, "<th scope=\"col\">%s</th>", *headings);
	buf_puts(out, "</tr></thead>\n<tbody>\n");
}

static void
end_table(struct buf *out, size_t n, size_t most)
{
	buf_puts(out, "</tbody>\n</table></section>\n");
	if (n > most) {
		buf_puts(out, "<p class=\"note\">And ");
		html_put_count(out, n - most, NULL, NULL);
		buf_puts(out,
			" more: <code>certvigil status</code> tells all.</p>");
	}
}

static void
put_told(struct html_page *p, const struct known_incident *k)
{
	struct buf *out = p->out;

	if (k->silenced)
		buf_puts(out, "silenced");
	else if (k->told_at == 0)
		buf_puts(out, "nobody yet");
	else
		html_put_moment(out, k->told_at);
	if (k->silence != NULL) {
		buf_puts(out, " until ");
		html_put_moment(out, k->silence->until);
	}
}

static void
put_incident(struct html_page *p, const struct known_incident *k)
{
	struct buf *out = p->out;

	buf_printf(out,
		"<tr class=\"%s\"><td><b class=\"sign\">%s</b></td>"
		"<th scope=\"row\">",
		severity_name(k->severity), severity_name(k->severity));
	html_put(out, k->target, HTML_NAME);
	buf_puts(out, "</th><td>");
	html_put(out, k->message, HTML_TEXT);
	buf_puts(out, " <code>");
	html_put(out, k->finding, HTML_NAME);
	buf_puts(out, "</code></td><td>");
	html_put_moment(out, k->opened_at);
	buf_puts(out, "</td><td>");
	put_told(p, k);
	buf_puts(out, "</td></tr>\n");
}

static void
put_incidents(struct html_page *p)
{
	static const char *const headings[] = { "Severity", "Target", "What",
		"Open since", "Last told", NULL };
	const struct known_incidents *is = p->standing->incidents;

	if (is == NULL || is->n == 0) {
		buf_puts(p->out, "<p class=\"calm\">None is open.</p>\n");
		return;
	}
	begin_table(
		p->out, "incidents", "Open incidents, worst first", headings);
	for (size_t i = 0; i < is->n && i < MAX_INCIDENTS; i++) {
		put_incident(p, &is->v[i]);
		report_pass(p->out, p->opt);
	}
	end_table(p->out, is->n, MAX_INCIDENTS);
}

static void
put_silence(struct html_page *p, const struct silence *s)
{
	struct buf *out = p->out;

	buf_puts(out, "<tr><th scope=\"row\">");
	html_put(out, s->target, HTML_NAME);
	buf_puts(out, "</th><td>");
	html_put(out, s->finding, HTML_NAME);
	buf_puts(out, "</td><td>");
	if (s->from > p->now) {
		buf_puts(out, "from ");
		html_put_moment(out, s->from);
		buf_puts(out, " ");
	}
	buf_puts(out, "until ");
	html_put_moment(out, s->until);
	buf_puts(out, "</td><td>");
	html_put(out, s->by != NULL ? s->by : "the configuration", HTML_NAME);
	buf_puts(out, "</td><td>");
	html_put(out, s->reason, HTML_TEXT);
	buf_puts(out, "</td></tr>\n");
}

static void
put_silences(struct html_page *p)
{
	static const char *const headings[] = { "Targets", "Findings", "When",
		"By", "Why", NULL };
	const struct silences *all = p->standing->silences;
	size_t n = 0;

	for (size_t i = 0; all != NULL && i < all->n; i++)
		n += p->now < all->v[i].until;
	if (n == 0)
		return;
	begin_table(p->out, "silences", "Silences, now and to come", headings);
	for (size_t i = 0, shown = 0; i < all->n && shown < MAX_SILENCES; i++) {
		if (p->now >= all->v[i].until)
			continue;
		put_silence(p, &all->v[i]);
		shown++;
	}
	end_table(p->out, n, MAX_SILENCES);
}

void
html_put_standing(struct html_page *p)
{
	if (p->standing == NULL)
		return;
	buf_puts(p->out,
		"<section aria-labelledby=\"incidents\">\n"
		"<h2 id=\"incidents\">Incidents and silences</h2>\n");
	put_incidents(p);
	put_silences(p);
	buf_puts(p->out, "</section>\n");
}
