/* body.c - all that is known of one target, below its row */
#include <inttypes.h>
#include <string.h>

#include "report/html/html.h"

/*
 * No line breaks between elements: each is a text of its own to a browser, and
 * twenty thousand targets have many.
 */

/* What is beyond these is told in `certvigil show` and in JSON. */
#define MAX_NAMES 60
#define MAX_LISTED 100
#define MAX_CLIENT_CAS 20
#define MAX_ADDRESSES 20

static void
begin_fact(struct buf *out, const char *name)
{
	buf_printf(out, "<dt>%s</dt><dd>", name);
}

static void
put_fact(struct buf *out, const char *name, const char *raw)
{
	if (raw == NULL || raw[0] == '\0')
		return;
	begin_fact(out, name);
	html_put(out, raw, HTML_TEXT);
	buf_puts(out, "</dd>");
}

static void
put_more(struct buf *out, size_t n, size_t shown)
{
	if (n <= shown)
		return;
	buf_puts(out, ", and ");
	html_put_count(out, n - shown, NULL, NULL);
	buf_puts(out, " more");
}

static void
put_list(struct buf *out, const char *name, const struct strlist *l, size_t max)
{
	if (l->n == 0)
		return;
	begin_fact(out, name);
	for (size_t i = 0; i < l->n && i < max; i++) {
		buf_puts(out, i > 0 ? ", " : "");
		html_put(out, l->v[i], HTML_NAME);
	}
	put_more(out, l->n, max);
	buf_puts(out, "</dd>");
}

void
html_put_key(struct buf *out, const struct cert *c)
{
	if (c->key_type == NULL || c->key_type[0] == '\0')
		return;
	html_put(out, c->key_type, HTML_NAME);
	if (c->key_curve != NULL && strcmp(c->key_type, "EC") == 0) {
		buf_putc(out, ' ');
		html_put(out, c->key_curve, HTML_NAME);
	} else if (c->key_bits > 0) {
		buf_printf(out, " %d", c->key_bits);
	}
}

void
html_put_cert(struct buf *out, const struct cert *c)
{
	BUF_CLEANUP struct buf key = { 0 };

	put_fact(out, "Subject", c->subject);
	put_list(out, "Names", &c->names, MAX_NAMES);
	if (c->self_signed)
		put_fact(out, "Issued by", "itself");
	else
		put_fact(out, "Issued by", c->issuer);
	if (c->has_dates) {
		begin_fact(out, "Valid");
		html_put_moment(out, c->not_before);
		buf_puts(out, " to ");
		html_put_moment(out, c->not_after);
		buf_puts(out, "</dd>");
	}
	html_put_key(&key, c);
	if (key.len > 0)
		buf_printf(out, "<dt>Key</dt><dd>%s</dd>", key.s);
	put_fact(out, "Signature", c->signature);
	if (c->serial != NULL && c->serial[0] != '\0') {
		buf_puts(out, "<dt>Serial</dt><dd class=\"hex\">");
		html_put(out, c->serial, HTML_NAME);
		buf_puts(out, "</dd>");
	}
	if (c->sha256 != NULL && c->sha256[0] != '\0') {
		buf_puts(out, "<dt>SHA-256</dt><dd class=\"hex\">");
		html_put(out, c->sha256, HTML_NAME);
		buf_puts(out, "</dd>");
	}
}

static void
put_silence(struct buf *out, const struct silence *s)
{
	buf_puts(out, "silenced until ");
	html_put_moment(out, s->until);
	buf_puts(out, " by ");
	html_put(out, s->by != NULL ? s->by : "the configuration", HTML_NAME);
	buf_puts(out, ": ");
	html_put(out, s->reason, HTML_TEXT);
}

/* The first of several begins the line, and the next one a comma. */
static void
begin_circumstance(struct buf *out, size_t *n)
{
	buf_puts(out, (*n)++ == 0 ? "<p class=\"note\">" : ", ");
}

void
html_put_circumstances(struct html_page *p, const struct result *r,
	const struct finding *f, const char *owner)
{
	const struct known_incident *incident = html_incident_of(p, r, f);
	const struct silence *silence = html_silence_of(p, r, f);
	struct buf *out = p->out;
	size_t n = 0;

	if (owner != NULL) {
		begin_circumstance(out, &n);
		html_put(out, owner, HTML_NAME);
	}
	if (incident != NULL) {
		begin_circumstance(out, &n);
		buf_puts(out, "open since ");
		html_put_moment(out, incident->opened_at);
	}
	if (silence != NULL) {
		begin_circumstance(out, &n);
		put_silence(out, silence);
	}
	if (n > 0)
		buf_puts(out, "</p>");
}

static void
put_finding(
	struct html_page *p, const struct result *r, const struct finding *f)
{
	const char *severity = severity_name(f->severity);
	struct buf *out = p->out;

	buf_printf(out, "<li class=\"%s\"><b class=\"sign\">%s</b><p>",
		severity, f->severity == SEV_OK ? "note" : severity);
	html_put(out, f->message, HTML_TEXT);
	buf_printf(out, " <code>%s</code></p>", f->kind->id);
	if (f->severity > SEV_OK) {
		buf_puts(out, "<p><b>To do:</b> ");
		html_put(out, finding_remedy(f), HTML_TEXT);
		buf_puts(out, "</p>");
	}
	html_put_circumstances(p, r, f, NULL);
	buf_puts(out, "</li>");
}

static void
put_findings(struct html_page *p, const struct result *r)
{
	struct buf *out = p->out;
	size_t shown = 0;

	if (r->findings.n == 0)
		return;
	buf_puts(out, "<ul class=\"findings\">");
	for (int s = SEV_UNKNOWN; s >= SEV_OK; s--) {
		for (size_t i = 0; i < r->findings.n; i++) {
			const struct finding *f = &r->findings.v[i];

			if ((int)f->severity == s && shown++ < MAX_LISTED)
				put_finding(p, r, f);
		}
	}
	buf_puts(out, "</ul>");
	if (shown > MAX_LISTED)
		buf_printf(out, "<p class=\"note\">and %zu more</p>",
			shown - MAX_LISTED);
}

static void
put_handshake(struct buf *out, const struct result *r)
{
	const struct handshake *hs = r->seen->handshake;

	if (r->target->kind != TARGET_ENDPOINT || hs->peer == NULL)
		return;
	begin_fact(out, "Connection");
	html_put(out, hs->peer, HTML_NAME);
	if (hs->protocol != NULL) {
		buf_puts(out, ", ");
		html_put(out, hs->protocol, HTML_NAME);
	}
	if (hs->cipher != NULL) {
		buf_puts(out, ", ");
		html_put(out, hs->cipher, HTML_NAME);
	}
	buf_puts(out, "</dd>");
	if (hs->reply.status > 0) {
		BUF_CLEANUP struct buf text = { 0 };

		client_describe(&text, hs);
		put_fact(out, "Answer", buf_str(&text));
	}
	if (hs->client_cas.n > 0)
		put_list(out, "Client CAs", &hs->client_cas, MAX_CLIENT_CAS);
}

/* The verdict in words: what is behind the area's name and a dot. */
static void
put_client(struct buf *out, const struct result *r)
{
	const char *dot = r->client != NULL ? strchr(r->client, '.') : NULL;

	if (dot != NULL)
		put_fact(out, "Client test", dot + 1);
}

static void
put_addresses(struct buf *out, const struct observation *ob)
{
	for (size_t i = 0; i < ob->n_others && i < MAX_ADDRESSES; i++) {
		const struct observation *other = ob->others[i];

		begin_fact(out, i == 0 ? "Also at" : "and");
		html_put(out, other->address, HTML_NAME);
		if (other->same != NULL) {
			buf_puts(out, ": the same as at ");
			html_put(out, other->same->address, HTML_NAME);
		} else if (other->n_certs > 0) {
			buf_puts(out, ": ");
			html_put(out, other->certs[0].label, HTML_NAME);
			buf_puts(out, ", until ");
			html_put_date(out, other->certs[0].not_after);
		}
		for (size_t k = 0; k < other->n_faults; k++) {
			buf_puts(out, k == 0 ? ": " : "; ");
			html_put(out, other->faults[k].text, HTML_TEXT);
		}
		buf_puts(out, "</dd>");
	}
}

static void
put_look(struct html_page *p, const struct result *r)
{
	BUF_CLEANUP struct buf role = { 0 };
	struct buf *out = p->out;

	buf_puts(out, "<dl class=\"facts\">");
	/* Of a file it is the name. */
	if (strcmp(r->target->name, r->target->address) != 0)
		put_fact(out, "Address", r->target->address);
	if (r->observed_at > 0) {
		begin_fact(out, "Looked at");
		html_put_moment(out, r->observed_at);
		if (r->duration_ms >= 0)
			buf_printf(
				out, ", took %" PRId64 " ms", r->duration_ms);
		buf_puts(out, "</dd>");
	}
	put_role(&role, r);
	put_fact(out, "Use", buf_str(&role));
	put_fact(out, "Serves file", r->deployed);
	if (r->seen != NULL) {
		put_handshake(out, r);
		put_client(out, r);
		put_addresses(out, r->seen);
	}
	buf_puts(out, "</dl>");
}

/* One of the chain: a CA's stands among the authorities in full. */
static void
put_link(struct buf *out, const struct cert *c, bool lent)
{
	buf_puts(out, "<li>");
	if (html_is_authority(c)) {
		buf_puts(out, "<a href=\"#");
		html_put_authority_id(out, c);
		buf_puts(out, "\">");
		html_put(out, c->label, HTML_NAME);
		buf_puts(out, "</a>");
		if (c->has_dates) {
			buf_puts(out, " until ");
			html_put_date(out, c->not_after);
		}
		if (c->self_signed)
			buf_puts(out, ", a root");
		if (lent)
			buf_puts(out, ", not presented: lent from a file");
	} else {
		buf_puts(out, "<dl class=\"facts\">");
		html_put_cert(out, c);
		buf_puts(out, "</dl>");
	}
	buf_puts(out, "</li>");
}

static void
put_chain(struct buf *out, const struct observation *ob, bool endpoint)
{
	size_t presented;

	if (ob == NULL || ob->n_certs == 0) {
		buf_puts(out, "<p class=\"note\">No certificate was seen.</p>");
		return;
	}
	presented = observation_n_presented(ob);
	buf_printf(out, "<p class=\"part\">%s</p><ol class=\"chain\">",
		endpoint ? "Certificates, as presented"
			 : "Certificates, as they lie in the file");
	for (size_t i = 0; i < ob->n_certs && i < MAX_LISTED; i++)
		put_link(out, &ob->certs[i], i >= presented);
	buf_puts(out, "</ol>");
	if (ob->n_certs > MAX_LISTED) {
		buf_puts(out, "<p class=\"note\">and ");
		html_put_count(out, ob->n_certs - MAX_LISTED, NULL, NULL);
		buf_puts(out, " more</p>");
	}
}

void
html_put_body(struct html_page *p, const struct result *r)
{
	put_findings(p, r);
	put_look(p, r);
	put_chain(p->out, r->seen, r->target->kind == TARGET_ENDPOINT);
}
