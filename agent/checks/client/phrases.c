/* phrases.c - what messages about client certificates have in common */
#include <string.h>

#include "checks/client/facts.h"
#include "checks/client/phrases.h"

/* CAs that are listed, and octets of each name. */
#define MAX_CAS 3
#define MAX_NAME 120

static void
put_issuer(struct buf *out, const struct comparison *c)
{
	const struct cert *leaf = facts_leaf(c);

	buf_puts(out, leaf != NULL ? leaf->issuer_label : "its issuer");
}

/* Not in the middle of a character. */
static void
put_short(struct buf *out, const char *s)
{
	size_t n = strlen(s);

	if (n > MAX_NAME) {
		n = MAX_NAME;
		while (n > 0 && ((unsigned char)s[n] & 0xc0) == 0x80)
			n--;
	}
	buf_putc(out, '\'');
	buf_add(out, s, n);
	buf_puts(out, s[n] != '\0' ? "...'" : "'");
}

/* As the server's list has it. */
static void
put_issuer_name(struct buf *out, const struct comparison *c)
{
	const struct cert *leaf = facts_leaf(c);

	if (leaf != NULL)
		put_short(out, leaf->issuer);
}

static void
put_bits(struct buf *out, const struct comparison *c)
{
	const struct cert *leaf = facts_leaf(c);

	if (leaf != NULL)
		buf_printf(out, "%d", leaf->key_bits);
}

/* The first issuer up from it that is not in its file. */
static void
put_missing(struct buf *out, const struct comparison *c)
{
	const struct cert *at = facts_leaf(c);
	const struct observation *own = c->test->own;

	for (size_t i = 0; at != NULL && i < own->n_certs; i++) {
		const struct cert *ca = &own->certs[i];

		/* Up one step, and on from the first one again. */
		if (ca == at || at->self_signed || !cert_issued_by(at, ca))
			continue;
		at = ca;
		i = (size_t)-1;
	}
	buf_puts(out, at != NULL ? at->issuer_label : "its issuer");
}

static void
put_end(struct buf *out, const struct comparison *c)
{
	const struct cert *leaf = facts_leaf(c);

	if (leaf != NULL)
		duration_describe_end(out, leaf->not_after, c->now);
}

static void
put_past(struct buf *out, const struct comparison *c)
{
	const struct cert *ca = facts_past_issuer(c);

	if (ca != NULL)
		buf_printf(out, "'%s'", ca->label);
}

static void
put_past_end(struct buf *out, const struct comparison *c)
{
	const struct cert *ca = facts_past_issuer(c);

	if (ca != NULL)
		duration_describe_end(out, ca->not_after, c->now);
}

static void
put_begin(struct buf *out, const struct comparison *c)
{
	const struct cert *leaf = facts_leaf(c);
	char moment[MOMENT_SIZE];

	if (leaf != NULL)
		buf_puts(out, moment_format(leaf->not_before, moment));
}

static void
put_cas(struct buf *out, const struct comparison *c)
{
	const struct strlist *cas = facts_announced(c);

	for (size_t i = 0; i < cas->n && i < MAX_CAS; i++) {
		if (i > 0)
			buf_puts(out, ", ");
		put_short(out, cas->v[i]);
	}
	if (cas->n > MAX_CAS)
		buf_printf(out, " and %zu more", cas->n - MAX_CAS);
}

static void
put_path(struct buf *out, const struct comparison *c)
{
	buf_puts(out, c->target->path != NULL ? c->target->path : "/");
}

static void
put_limit(struct buf *out, const struct comparison *c)
{
	duration_format_ms(out, c->target->set.timeout_ms);
}

static const struct place {
	const char *name;
	void (*put)(struct buf *out, const struct comparison *c);
} places[] = {
	{ "{issuer}", put_issuer },
	{ "{issuer_name}", put_issuer_name },
	{ "{bits}", put_bits },
	{ "{missing}", put_missing },
	{ "{end}", put_end },
	{ "{begin}", put_begin },
	{ "{past}", put_past },
	{ "{past_end}", put_past_end },
	{ "{cas}", put_cas },
	{ "{path}", put_path },
	{ "{limit}", put_limit },
};

static size_t
fill_one(struct buf *out, const char *text, const struct comparison *c)
{
	for (size_t i = 0; i < sizeof(places) / sizeof(places[0]); i++) {
		size_t n = strlen(places[i].name);

		if (strncmp(text, places[i].name, n) == 0) {
			places[i].put(out, c);
			return n;
		}
	}
	buf_putc(out, *text);
	return 1;
}

void
phrase_fill(struct buf *out, const char *text, const struct comparison *c)
{
	while (*text != '\0')
		text += fill_one(out, text, c);
}

void
phrase_ours(struct buf *out, const struct comparison *c)
{
	const struct cert *leaf = facts_leaf(c);

	buf_puts(out, "client certificate");
	if (leaf != NULL)
		buf_printf(out, " '%s'", leaf->label);
}

void
phrase_seen(struct buf *out, const struct handshake *hs)
{
	const char *text = outcome_nginx_text(&hs->reply);

	client_describe(out, hs);
	if (text != NULL)
		buf_printf(out, " \"%s\"", text);
}

void
phrase_seen_when(struct buf *out, const struct handshake *hs)
{
	phrase_seen(out, hs);
	/* An answer of HTTP's can only come afterwards. */
	if (hs->reply.status == 0)
		buf_puts(out,
			hs->complete ? " after the handshake"
				     : " in the handshake");
	if (hs->protocol != NULL)
		buf_printf(out, ", %s", hs->protocol);
}
