/* client.c - the mTLS handshake test: one verdict from several connections */
#include <string.h>

#include "checks/client/causes.h"
#include "checks/client/client.h"
#include "checks/client/facts.h"
#include "checks/client/phrases.h"
#include "checks/client/rules.h"
#include "model/json.h"

static void
add_seen(struct finding *f, const char *key, const struct handshake *hs)
{
	struct buf text BUF_CLEANUP = { 0 };

	phrase_seen(&text, hs);
	finding_detail(f, key, json_text(buf_str(&text)));
}

static void
add_details(struct finding *f, const struct comparison *c)
{
	static const char *const keys[CLIENT_TRIES] = {
		[TRY_CONFIGURED] = "with",
		[TRY_STRANGER] = "stranger",
		[TRY_OTHER_CHAIN] = "other_chain",
	};

	add_seen(f, "without", c->ob->handshake);
	if (c->test == NULL)
		return;
	for (int i = 0; i < CLIENT_TRIES; i++) {
		if (c->test->attempts[i].made)
			add_seen(f, keys[i], &c->test->attempts[i].handshake);
	}
	finding_detail(f, "sent",
		json_integer(
			(json_int_t)c->test->attempts[TRY_CONFIGURED].n_sent));
	if (c->with->protocol != NULL)
		finding_detail(f, "protocol", json_text(c->with->protocol));
	if (c->with->asked_at == STEP_REQUEST)
		finding_detail(f, "asked", json_string("after the request"));
}

static void
tell(const struct comparison *c, const struct rule *r, struct findings *out)
{
	struct buf text BUF_CLEANUP = { 0 };
	struct buf hint BUF_CLEANUP = { 0 };
	struct finding *f;

	r->tell(c, &text, &hint);
	f = findings_add(out, r->id, c->target->address, "%s", buf_str(&text));
	if (r->severity >= 0)
		f->severity = (enum severity)r->severity;
	if (hint.len > 0)
		finding_hint(f, "%s", buf_str(&hint));
	add_details(f, c);
}

static bool
is_away(enum client_outcome outcome)
{
	return outcome == OUTCOME_REFUSED || outcome == OUTCOME_EMPTY ||
		outcome == OUTCOME_SILENT;
}

/* Ours gets through with its chain alone, whichever of the two came first. */
static void
tell_incomplete(const struct comparison *c, struct findings *out)
{
	bool longer = compare_is_longer(c);
	const struct client_attempt *through =
		&c->test->attempts[longer ? TRY_OTHER_CHAIN : TRY_CONFIGURED];
	const struct client_attempt *away =
		&c->test->attempts[longer ? TRY_CONFIGURED : TRY_OTHER_CHAIN];
	struct buf text BUF_CLEANUP = { 0 };
	struct finding *f;

	if ((longer ? c->other : c->ours) != OUTCOME_ACCEPTED ||
		!is_away(longer ? c->ours : c->other))
		return;
	phrase_fill(&text,
		longer ? "the server does not know '{missing}' itself: "
		       : "the server does not know '{issuer}' itself: ",
		c);
	buf_printf(&text,
		"the client certificate passes with %zu certificates"
		" sent (",
		through->n_sent);
	phrase_seen(&text, &through->handshake);
	buf_printf(&text, "), and not with %zu (", away->n_sent);
	phrase_seen(&text, &away->handshake);
	buf_putc(&text, ')');
	f = findings_add(out, "client.server-ca-incomplete", c->target->address,
		"%s", buf_str(&text));
	/* Ours gets in as it is: whether others send a chain, who knows. */
	if (!longer)
		f->severity = SEV_OK;
	add_details(f, c);
}

/* OpenSSL and curl send it whatever the list; browsers and Java do not. */
static void
tell_unlisted(const struct comparison *c, struct findings *out)
{
	struct buf text BUF_CLEANUP = { 0 };

	if (c->ours != OUTCOME_ACCEPTED || (c->facts & FACT_UNLISTED) == 0)
		return;
	phrase_fill(&text,
		"the server accepts the client certificate, but names none of "
		"its issuers ('{issuer}') among its client CAs: {cas}",
		c);
	findings_add(out, "client.ca-list", c->target->address, "%s",
		buf_str(&text));
}

static void
client_run(const struct observation *ob, const struct policy *pol, time_t now,
	struct findings *out)
{
	struct comparison c;

	if (pol->target->kind != TARGET_ENDPOINT)
		return;
	compare_make(&c, ob, pol, now);
	for (const struct rule *r = rule_next(&c, NULL); r != NULL;
		r = r->go_on ? rule_next(&c, r + 1) : NULL)
		tell(&c, r, out);
	if (c.test == NULL || !c.asked)
		return;
	tell_incomplete(&c, out);
	tell_unlisted(&c, out);
}

const char *
client_verdict(
	const struct observation *ob, const struct policy *pol, time_t now)
{
	const struct rule *r = NULL;
	struct comparison c;

	if (pol->target->kind == TARGET_ENDPOINT) {
		compare_make(&c, ob, pol, now);
		r = rule_next(&c, NULL);
	}
	return r != NULL ? r->id : NULL;
}

bool
client_explains(const struct observation *ob, const struct target *t,
	enum fault_kind kind)
{
	const struct policy pol = { .target = t };
	struct comparison c;

	if (kind != FAULT_HANDSHAKE && kind != FAULT_NO_ANSWER &&
		kind != FAULT_TIMEOUT)
		return false;
	if (t->kind != TARGET_ENDPOINT || !ob->handshake->asked)
		return false;
	compare_make(&c, ob, &pol, 0);
	/* Silence is a way to refuse, and told of ours if that gets it too. */
	if (c.without == OUTCOME_SILENT)
		return c.ours == OUTCOME_ACCEPTED ||
			(c.ours == OUTCOME_SILENT && kind == FAULT_NO_ANSWER);
	return kind != FAULT_TIMEOUT &&
		(c.without == OUTCOME_REFUSED || c.without == OUTCOME_EMPTY);
}

const struct check check_client = { .name = "client", .run = client_run };
