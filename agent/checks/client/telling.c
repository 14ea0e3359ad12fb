/* telling.c - the words of the verdict, one function a rule */
#include <string.h>

#include "checks/client/causes.h"
#include "checks/client/facts.h"
#include "checks/client/phrases.h"
#include "checks/client/telling.h"

static const struct handshake *
stranger_of(const struct comparison *c)
{
	return &c->test->attempts[TRY_STRANGER].handshake;
}

/* " (alert 116 certificate_required)" */
static void
put_seen(struct buf *text, const struct handshake *hs)
{
	buf_puts(text, " (");
	phrase_seen(text, hs);
	buf_putc(text, ')');
}

static void
put_without(struct buf *text, const struct comparison *c)
{
	buf_puts(text, "; without one: ");
	phrase_seen(text, c->ob->handshake);
}

void
tell_required(const struct comparison *c, struct buf *text, struct buf *hint)
{
	const struct handshake *hs = c->ob->handshake;

	(void)hint;
	if (c->without == OUTCOME_EMPTY) {
		buf_puts(text,
			"asks for a client certificate, and closes the "
			"connection without one");
		return;
	}
	buf_puts(text, "requires a client certificate (");
	client_describe(text, hs);
	buf_putc(text, ')');
}

void
tell_locked_out(const struct comparison *c, struct buf *text, struct buf *hint)
{
	buf_puts(text,
		"want clients without a certificate to be taken, have them "
		"refused");
	put_seen(text, c->ob->handshake);
	buf_puts(hint,
		"On the server: ask for a certificate without insisting "
		"(Apache SSLVerifyClient optional, nginx ssl_verify_client "
		"optional, haproxy verify optional), or do not ask. If it is "
		"meant to insist, write expect: required.");
}

void
tell_not_requested(
	const struct comparison *c, struct buf *text, struct buf *hint)
{
	bool http = c->ob->handshake->reply.status > 0;

	buf_puts(text, "the server does not ask for a client certificate");
	if (c->without == OUTCOME_ACCEPTED || http) {
		phrase_fill(text,
			http ? ": without one GET {path} gets "
			     : ": without one: ",
			c);
		phrase_seen(text, c->ob->handshake);
	}
	/* Of several virtual hosts it is the first that answers then. */
	if (c->ob->handshake->sni == NULL && !c->ob->handshake->asked)
		buf_puts(hint,
			"No server name was sent, for the host is an address, "
			"so another virtual host may have answered: name the "
			"right one with --sni (`sni`). ");
	phrase_fill(hint,
		"On the server: require one (Apache SSLVerifyClient require, "
		"nginx ssl_verify_client on, haproxy verify required) in the "
		"very virtual host that answers here, and reload. Where it is "
		"asked for below some path alone, look at that path instead "
		"of {path}. If something before the server ends TLS, such as a "
		"load balancer or a CDN, that has to ask.",
		c);
}

void
tell_unasked(const struct comparison *c, struct buf *text, struct buf *hint)
{
	(void)hint;
	buf_puts(text, "no client certificate is asked for, as it should be");
	put_seen(text, c->ob->handshake);
}

void
tell_unheard(const struct comparison *c, struct buf *text, struct buf *hint)
{
	(void)hint;
	buf_puts(text,
		"whether a client certificate is asked for is unproven, for no "
		"answer came");
	if (c->test->problem != NULL) {
		buf_printf(
			text, "; with ours: not tried, %s", c->test->problem);
	} else {
		buf_puts(text, "; with ours: ");
		phrase_seen(text, c->with);
	}
	put_without(text, c);
}

void
tell_rejected(const struct comparison *c, struct buf *text, struct buf *hint)
{
	const struct cause *cause = cause_find(c);

	phrase_ours(text, c);
	buf_puts(text, " refused (");
	phrase_seen_when(text, c->with);
	buf_puts(text, "): ");
	cause_describe(cause, c, text);
	/* Mere HTTP may speak of something else. */
	if (!outcome_is_plain(c->with))
		put_without(text, c);
	cause_advise(cause, c, hint);
}

void
tell_empty(const struct comparison *c, struct buf *text, struct buf *hint)
{
	const struct cause *cause = cause_find(c);

	phrase_ours(text, c);
	buf_puts(text, " refused without a reason (");
	phrase_seen_when(text, c->with);
	buf_puts(text, "): ");
	cause_describe(cause, c, text);
	cause_advise(cause, c, hint);
}

void
tell_timeout(const struct comparison *c, struct buf *text, struct buf *hint)
{
	phrase_ours(text, c);
	phrase_fill(text, " left without an answer for {limit} (", c);
	buf_puts(text,
		c->with->complete ? "after the handshake" : "in the handshake");
	if (c->with->protocol != NULL)
		buf_printf(text, ", %s", c->with->protocol);
	buf_putc(text, ')');
	if ((c->facts & FACTS_HARD) != 0 || c->other == OUTCOME_ACCEPTED) {
		const struct cause *cause = cause_find(c);

		buf_puts(text, ": ");
		cause_describe(cause, c, text);
		cause_advise(cause, c, hint);
	} else if (c->without == OUTCOME_SILENT) {
		buf_puts(hint,
			"The server answers nobody here, so see whether the "
			"application behind it hangs; give the path of a page "
			"that answers quickly, or raise the timeout.");
	}
	put_without(text, c);
}

void
tell_untried(const struct comparison *c, struct buf *text, struct buf *hint)
{
	if (c->test->problem != NULL) {
		buf_printf(text, "client certificate not tried, unproven: %s",
			c->test->problem);
		buf_puts(hint,
			"Correct the client certificate's file here "
			"(`certificate`, --client-cert), its key's (`key`, "
			"--client-key) or its passphrase's (`passphrase_file`, "
			"--passphrase-file). Until then nobody knows whether "
			"the server takes it.");
		return;
	}
	buf_puts(text,
		"client certificate unproven: the connection ended before the "
		"server could look at it (");
	phrase_seen_when(text, c->with);
	buf_putc(text, ')');
	put_without(text, c);
}

void
tell_not_refused(const struct comparison *c, struct buf *text, struct buf *hint)
{
	buf_puts(text, "client certificate not refused; refused without one");
	put_seen(text, c->ob->handshake);
	buf_puts(text,
		"; that it is accepted is unproven, for the server does not "
		"speak first");
	buf_puts(hint,
		"Nothing needs to be done. A service of HTTP can be asked: "
		"write https:// in place of tls://.");
}

void
tell_quiet(const struct comparison *c, struct buf *text, struct buf *hint)
{
	buf_puts(text,
		"whether the client certificate is accepted is unproven: the "
		"server asked for it, and has said nothing since");
	if (c->with->protocol != NULL)
		buf_printf(text, " (%s)", c->with->protocol);
	put_without(text, c);
	(void)hint;
}

void
tell_not_enforced(
	const struct comparison *c, struct buf *text, struct buf *hint)
{
	const struct handshake *none = c->ob->handshake;
	bool pages = none->reply.status > 0 && c->ours == OUTCOME_ACCEPTED &&
		c->with->reply.status > 0;

	buf_puts(text,
		"a client certificate is asked for, but not required: without "
		"one the answer is ");
	phrase_seen(text, none);
	if (c->alike)
		buf_puts(text, ", as with ours");
	else if (pages && none->reply.status == c->with->reply.status)
		buf_puts(text, ", and another page than with ours");
	buf_puts(hint,
		"On the server: insist on it (Apache SSLVerifyClient require "
		"in place of optional, nginx ssl_verify_client on, haproxy "
		"verify required), and reload.");
	if (pages)
		buf_puts(hint,
			" If that answer is a refusal itself, such as an "
			"error page of status 200, let it have status 403: "
			"clients cannot tell it from success either.");
}

void
tell_any_accepted(
	const struct comparison *c, struct buf *text, struct buf *hint)
{
	(void)hint;
	buf_puts(text,
		"any client certificate is accepted: a self-signed one, made "
		"up for this test, got ");
	phrase_seen(text, stranger_of(c));
	put_without(text, c);
}

/* The same, where the status alone would tell no difference. */
static void
put_page(struct buf *text, const struct comparison *c,
	const struct handshake *hs)
{
	buf_puts(text, " (");
	phrase_seen(text, hs);
	if (hs->reply.status > 0 && hs->reply.status == c->with->reply.status)
		buf_puts(text, ", another page");
	buf_putc(text, ')');
}

/* "refused without one and with a stranger's (HTTP 400)" */
static void
put_refusals(struct buf *text, const struct comparison *c)
{
	struct buf none BUF_CLEANUP = { 0 };
	struct buf stranger BUF_CLEANUP = { 0 };

	put_page(&none, c, c->ob->handshake);
	buf_puts(text, "refused without one");
	if (c->stranger == OUTCOME_NONE) {
		buf_puts(text, buf_str(&none));
		return;
	}
	put_page(&stranger, c, stranger_of(c));
	if (strcmp(buf_str(&none), buf_str(&stranger)) != 0)
		buf_puts(text, buf_str(&none));
	buf_printf(text, " and with a stranger's%s", buf_str(&stranger));
}

void
tell_ok(const struct comparison *c, struct buf *text, struct buf *hint)
{
	(void)hint;
	buf_puts(text, "client certificate accepted");
	put_seen(text, c->with);
	buf_puts(text, "; ");
	put_refusals(text, c);
}

void
tell_lenient(const struct comparison *c, struct buf *text, struct buf *hint)
{
	(void)hint;
	if (c->ours == OUTCOME_ACCEPTED) {
		buf_puts(text, "client certificate accepted");
		put_seen(text, c->with);
		buf_puts(text, "; clients without one are taken too");
	} else {
		buf_puts(text, "clients without a certificate are taken");
	}
	put_seen(text, c->ob->handshake);
	buf_puts(text,
		c->expect == EXPECT_OPTIONAL
			? ", as they should be"
			: ", as they should be, although they are asked for "
			  "one");
	if (c->stranger == OUTCOME_ACCEPTED)
		buf_puts(text, "; so are strangers' certificates");
}

void
tell_half_proven(const struct comparison *c, struct buf *text, struct buf *hint)
{
	(void)hint;
	buf_puts(text, "client certificate accepted");
	put_seen(text, c->with);
	buf_puts(text, "; that others are ");
	buf_puts(text, c->expect == EXPECT_REQUIRED ? "refused" : "taken");
	buf_puts(text, " is unproven");
	put_without(text, c);
	if (c->stranger != OUTCOME_NONE) {
		buf_puts(text, "; with a stranger's: ");
		phrase_seen(text, stranger_of(c));
	}
}
