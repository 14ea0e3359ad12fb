/* inventory.c - all targets, one a row, with what each row opens */
#include <inttypes.h>
#include <string.h>

#include "report/html/html.h"

/* As page.js names the keys that it sorts by; the first order is ours. */
static const struct column {
	const char *title, *key;
} columns[] = {
	{ "Status", "status" },
	{ "Target", "name" },
	{ "Owner", "owner" },
	{ "Kind", "kind" },
	{ "Expires", "end" },
	{ "Issuer", "issuer" },
	{ "Key", "key" },
};

/* Hidden until the script that they need has run. */
static void
put_controls(struct buf *out)
{
	buf_puts(out,
		"<search class=\"controls\" hidden>\n"
		"<p><label for=\"find\">Search</label>\n"
		"<input id=\"find\" type=\"search\" autocomplete=\"off\" "
		"spellcheck=\"false\" placeholder=\"name, owner, issuer, "
		"fingerprint\"></p>\n"
		"<p><label for=\"only\">Status</label>\n"
		"<select id=\"only\"><option value=\"\">all</option>"
		"<option>critical</option><option>warning</option>"
		"<option>unknown</option><option>ok</option></select></p>\n"
		"<p class=\"by\"><label for=\"by\">Sort by</label>\n"
		"<select id=\"by\">");
	for (size_t i = 0; i < sizeof(columns) / sizeof(columns[0]); i++)
		buf_printf(out, "<option value=\"%s\">%s</option>",
			columns[i].key, columns[i].title);
	buf_puts(out,
		"</select></p>\n"
		"<p><button type=\"button\" id=\"open\">Open all</button>\n"
		"<button type=\"button\" id=\"close\">Close all</button></p>\n"
		"<p id=\"found\" class=\"note\" role=\"status\"></p>\n"
		"</search>\n");
}

static void
put_headings(struct buf *out)
{
	buf_puts(out, "<thead><tr>");
	for (size_t i = 0; i < sizeof(columns) / sizeof(columns[0]); i++)
		buf_printf(out, "<th scope=\"col\"%s data-key=\"%s\">%s</th>",
			i == 0 ? " aria-sort=\"descending\"" : "",
			columns[i].key, columns[i].title);
	buf_puts(out, "</tr></thead>\n");
}

/* A store of roots holds many ends, of which none is anybody's to mind. */
static void
put_end(struct html_page *p, const struct result *r, const struct cert *c)
{
	struct buf *out = p->out;

	if (r->store || c == NULL) {
		buf_puts(out, r->store ? "<td>roots</td>" : "<td>–</td>");
		return;
	}
	buf_puts(out, "<td>");
	html_put_relative(out, c->not_after, p->now);
	buf_puts(out, " <small>");
	html_put_date(out, c->not_after);
	buf_puts(out, "</small></td>");
}

static void
put_row(struct html_page *p, size_t i)
{
	const struct result *r = p->rs->v[i];
	const struct cert *c = r->store ? NULL : result_first_to_end(r);
	const struct cert *shown = c != NULL ? c : result_leaf(r);
	const char *status = severity_name(r->status);
	bool hushed = p->concerns[i].loud == SEV_OK && p->concerns[i].hushed;
	struct buf *out = p->out;

	buf_puts(out, "<tr id=\"");
	html_put_target_id(out, r->target->name);
	buf_printf(out, "\" class=\"%s\"", status);
	if (c != NULL)
		buf_printf(out, " data-end=\"%" PRId64 "\"",
			(int64_t)c->not_after);
	buf_printf(out, "><td><b class=\"sign\">%s</b>%s</td>", status,
		hushed ? " <small>silenced</small>" : "");
	buf_puts(out, "<th scope=\"row\"><details><summary><span>");
	html_put(out, r->target->name, HTML_NAME);
	buf_puts(out, "</span></summary>");
	html_put_body(p, r);
	buf_puts(out, "</details></th><td>");
	html_put(out, r->target->owner, HTML_NAME);
	buf_printf(out, "</td><td>%s</td>",
		r->target->kind == TARGET_ENDPOINT ? "endpoint" : "file");
	put_end(p, r, c);
	buf_puts(out, "<td>");
	if (shown != NULL && !r->store)
		html_put(out, shown->issuer_label, HTML_NAME);
	buf_puts(out, "</td><td>");
	if (shown != NULL && !r->store)
		html_put_key(out, shown);
	buf_puts(out, "</td></tr>\n");
}

void
html_put_inventory(struct html_page *p)
{
	struct buf *out = p->out;

	buf_puts(out,
		"<section aria-labelledby=\"inventory\">\n"
		"<h2 id=\"inventory\">Inventory</h2>\n");
	put_controls(out);
	buf_puts(out, "<table class=\"inventory\">\n<caption>");
	html_put_count(out, p->rs->n, "target", "targets");
	buf_puts(out,
		", worst first; each opens to its findings and its "
		"chain.</caption>\n");
	put_headings(out);
	buf_puts(out, "<tbody>\n");
	for (size_t i = 0; i < p->rs->n; i++) {
		put_row(p, p->order[i]);
		report_pass(out, p->opt);
	}
	buf_puts(out, "</tbody>\n</table>\n</section>\n");
}
