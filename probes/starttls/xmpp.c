/* xmpp.c - XMPP: STARTTLS within a stream (RFC 6120, 4 and 5) */
#include <stdlib.h>
#include <string.h>

#include <idn2.h>

#include "model/alloc.h"
#include "model/hostname.h"
#include "model/text.h"
#include "probes/starttls/said.h"
#include "probes/starttls/starttls.h"
#include "probes/starttls/xmltag.h"

static const char starttls[] =
	"<starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>";

/* The server's stream, and of it an element that was read to its end. */
struct xmpp {
	struct stream *s;
	struct error *err;
	int depth; /* of open tags; 1: in the stream, no element open */

	char name[64]; /* the element's */
	bool starttls; /* one of its children */
	struct buf words; /* the children's names, and what is said in them */
};

static bool
is_starttls(const struct xmltag *tag)
{
	return strcmp(tag->name, "starttls") == 0 &&
		(*tag->ns == '\0' ||
			strcmp(tag->ns, "urn:ietf:params:xml:ns:xmpp-tls") ==
				0);
}

/* A tag that opens, at the depth where the element or a child begins. */
static void
note_tag(struct xmpp *x, const struct xmltag *tag)
{
	if (x->depth == 1)
		memcpy(x->name, tag->name, sizeof(x->name));
	if (x->depth != 2)
		return;
	x->starttls = x->starttls || is_starttls(tag);
	if (strcmp(tag->name, "text") != 0)
		buf_printf(&x->words, "%s%s", x->words.len > 0 ? ", " : "",
			tag->name);
}

/* Read the next element of the stream, all of it. */
static int
read_element(struct xmpp *x)
{
	BUF_CLEANUP struct buf text = { 0 };
	struct xmltag tag;

	buf_reset(&x->words);
	x->starttls = false;
	do {
		if (xmltag_next(x->s, &tag, x->depth > 1 ? &text : NULL,
			    x->err) == -1)
			return -1;
		if (tag.kind != XMLTAG_CLOSE)
			note_tag(x, &tag);
		else if (x->depth == 3 && text.len > 0)
			buf_printf(&x->words, " (%s)", buf_str(&text));
		if (tag.kind == XMLTAG_OPEN)
			x->depth++;
		else if (tag.kind == XMLTAG_CLOSE)
			x->depth--;
	} while (x->depth > 1);
	return x->depth == 1 ? 0
			     : error_set(x->err, ERROR_PARSE,
				       "the server closed the stream");
}

/* An element other than the wanted one: an error of the stream, mostly. */
static int
tell_unwanted(struct xmpp *x, const char *want)
{
	BUF_CLEANUP struct buf words = { 0 };

	buf_puts(&words, x->name);
	if (x->words.len > 0)
		buf_printf(&words, ": %s", buf_str(&x->words));
	return said_unwanted(x->err, want, buf_str(&words));
}

/*
 * What a stream is opened to: RFC 7622, 3.2 wants U-labels, and an IPv6
 * address in brackets. Returns text for free().
 */
static char *
domain_of(const struct target *t)
{
	const char *name = target_server_name(t);
	char *unicode = NULL, *own;

	if (hostname_is_address(name))
		return strchr(name, ':') != NULL ? str_fmt("[%s]", name)
						 : str_dup(name);
	if (idn2_to_unicode_8z8z(name, &unicode, 0) != IDN2_OK)
		return str_dup(name);
	own = str_dup(unicode);
	idn2_free(unicode);
	return own;
}

static int
open_stream(struct xmpp *x, const char *kind, const char *domain)
{
	BUF_CLEANUP struct buf header = { 0 };
	struct xmltag tag;

	/* No `from`: we have no account and are no server. */
	buf_puts(&header, "<?xml version='1.0'?><stream:stream to=\"");
	text_html(&header, domain);
	buf_printf(&header,
		"\" version='1.0' xmlns='jabber:%s' "
		"xmlns:stream='http://etherx.jabber.org/streams'>",
		kind);
	if (stream_ask(x->s, buf_str(&header), "our stream's header", x->err) ==
			-1 ||
		xmltag_next(x->s, &tag, NULL, x->err) == -1)
		return -1;
	if (tag.kind != XMLTAG_OPEN || strcmp(tag.name, "stream") != 0)
		return said_unwanted(x->err, "an XMPP stream", tag.name);
	x->depth = 1;
	/* Without a version no features follow (RFC 6120, 4.7.5). */
	if (*tag.version == '\0' || strncmp(tag.version, "0.", 2) == 0)
		return said_no_offer(
			x->err, "STARTTLS", "a stream older than XMPP 1.0");
	return 0;
}

static int
agree(struct xmpp *x, const char *kind, const char *domain)
{
	BUF_CLEANUP struct buf want = { 0 };

	if (open_stream(x, kind, domain) == -1 || read_element(x) == -1)
		return -1;
	if (strcmp(x->name, "features") != 0) {
		/* Which domain matters to a server that hosts others. */
		buf_printf(&want, "a stream to %s", domain);
		return tell_unwanted(x, buf_str(&want));
	}
	if (!x->starttls)
		return said_no_offer(x->err, "STARTTLS", buf_str(&x->words));
	if (stream_ask(x->s, starttls, "<starttls/>", x->err) == -1 ||
		read_element(x) == -1)
		return -1;
	if (strcmp(x->name, "proceed") != 0)
		return tell_unwanted(x, "<proceed/> to <starttls/>");
	return 0;
}

static int
starttls_stream(struct stream *s, const struct target *t, const char *kind,
	struct error *err)
{
	struct xmpp x = { .s = s, .err = err };
	cleanup(str_free) char *domain = domain_of(t);
	int rc = agree(&x, kind, domain);

	buf_release(&x.words);
	return rc;
}

int
starttls_xmpp(struct stream *s, const struct target *t, struct error *err)
{
	return starttls_stream(s, t, "client", err);
}

int
starttls_xmpp_server(
	struct stream *s, const struct target *t, struct error *err)
{
	return starttls_stream(s, t, "server", err);
}
