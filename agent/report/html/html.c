/* html.c - one page that holds all it needs: no other file, no script to read
 */
#include "report/html/html.h"

/*
 * The policy allows the one style sheet and the one script that stand in the
 * page, by their digests, and nothing else: what a certificate may have
 * smuggled in does not run, even if an escape were forgotten.
 */
static void
put_head(struct html_page *p)
{
	struct buf *out = p->out;

	buf_puts(out,
		"<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n"
		"<meta charset=\"utf-8\">\n"
		"<meta http-equiv=\"Content-Security-Policy\" "
		"content=\"default-src 'none'; style-src ");
	html_put_hash(out, html_style);
	buf_puts(out, "; script-src ");
	html_put_hash(out, html_script);
	buf_puts(out,
		"; base-uri 'none'; form-action 'none'\">\n"
		"<meta name=\"referrer\" content=\"no-referrer\">\n"
		"<meta name=\"viewport\" content=\"width=device-width, "
		"initial-scale=1\">\n"
		"<meta name=\"color-scheme\" content=\"light dark\">\n"
		"<meta name=\"generator\" content=\"certvigil " CERTVIGIL_VERSION
		"\">\n<title>Certificates: ");
	buf_puts(out, severity_name(results_summary(p->rs).worst));
	buf_puts(out, "</title>\n<style>");
	buf_puts(out, html_style);
	buf_puts(out, "</style>\n</head>\n");
}

static void
put_top(struct html_page *p)
{
	struct buf *out = p->out;

	buf_printf(out, "<body data-written=\"%lld\">\n", (long long)p->now);
	buf_puts(out,
		"<a class=\"skip\" href=\"#main\">Skip to the report</a>\n"
		"<header>\n<h1>Certificates</h1>\n"
		"<nav aria-label=\"Parts of the report\">\n"
		"<a href=\"#attention\">Attention</a>\n"
		"<a href=\"#timeline\">Timeline</a>\n"
		"<a href=\"#inventory\">Inventory</a>\n");
	if (p->standing != NULL)
		buf_puts(out, "<a href=\"#incidents\">Incidents</a>\n");
	if (p->authorities.n > 0)
		buf_puts(out, "<a href=\"#authorities\">Authorities</a>\n");
	buf_puts(out, "</nav>\n</header>\n<main id=\"main\">\n");
}

static void
put_end(struct html_page *p)
{
	struct buf *out = p->out;

	buf_puts(out,
		"</main>\n<footer><p>Written by certvigil " CERTVIGIL_VERSION
		", ");
	html_put_moment(out, p->now);
	buf_puts(out,
		". All times are UTC. <code>certvigil explain ID</code> tells "
		"what a finding means.</p></footer>\n<script>");
	buf_puts(out, html_script);
	buf_puts(out, "</script>\n</body>\n</html>\n");
}

static void
html_render(struct buf *out, const struct results *rs,
	const struct report_options *opt)
{
	static void (*const parts[])(struct html_page * p) = {
		put_head,
		put_top,
		html_put_overview,
		html_put_attention,
		html_put_timeline,
		html_put_inventory,
		html_put_standing,
		html_put_authorities,
		put_end,
	};
	struct html_page p;

	html_page_begin(&p, out, rs, opt);
	for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++) {
		parts[i](&p);
		report_pass(out, opt);
	}
	html_page_end(&p);
}

const struct report report_html = {
	.name = "html",
	.help = "one page for people, with all that it needs in it",
	.render = html_render,
};
