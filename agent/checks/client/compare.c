/* compare.c - the connections of a test of client certificates, side by side */
#include <string.h>

#include "checks/client/compare.h"
#include "checks/client/facts.h"

static const struct handshake *
at(const struct comparison *c, enum client_try i)
{
	return &c->test->attempts[i].handshake;
}

static enum client_outcome
outcome_at(const struct comparison *c, enum client_try i)
{
	return c->test->attempts[i].made ? outcome_of(at(c, i), c->target)
					 : OUTCOME_NONE;
}

/* One answer: what is not known of a body is taken to be the same. */
static bool
are_alike(const struct handshake *a, const struct handshake *b)
{
	const struct reply *x = &a->reply, *y = &b->reply;

	if (x->status == 0 || x->status != y->status)
		return false;
	return x->body == NULL || y->body == NULL ||
		strcmp(x->body, y->body) == 0;
}

static bool
are_equal_pages(const struct handshake *a, const struct handshake *b)
{
	return a->reply.body != NULL && b->reply.body != NULL &&
		are_alike(a, b);
}

/* A redirection or an error that ours does not get; it gets an answer. */
static bool
is_turned_away(const struct handshake *hs, const struct handshake *with)
{
	int status = hs->reply.status;

	return status >= 300 && status < 500 && status != with->reply.status &&
		with->reply.status > 0 && with->reply.status < 500;
}

/*
 * The connections are made in this order: without, ours, a stranger's. What
 * the first and the last get to the letter did not change in between.
 */
static bool
is_paged_as_stranger(const struct comparison *c)
{
	const struct handshake *none = c->ob->handshake;
	const struct handshake *stranger = at(c, TRY_STRANGER);

	return c->stranger == OUTCOME_ACCEPTED &&
		are_equal_pages(none, stranger) && !are_alike(none, c->with) &&
		c->with->reply.status > 0 && c->with->reply.status < 500 &&
		c->with->reply.body != NULL;
}

/* A page for errors, which ours gets as well, and deserves. */
static bool
is_refused_alike(const struct comparison *c)
{
	int status = c->with->reply.status;

	return c->alike && (c->facts & FACTS_HARD) != 0 && status >= 300 &&
		status < 500;
}

static void
relate_answers(struct comparison *c)
{
	const struct handshake *none = c->ob->handshake;

	if (c->ours != OUTCOME_ACCEPTED || c->without != OUTCOME_ACCEPTED)
		return;
	c->alike = are_alike(none, c->with);
	if (is_refused_alike(c)) {
		c->ours = c->without = OUTCOME_REFUSED;
		c->paged = true;
	} else if (is_turned_away(none, c->with) || is_paged_as_stranger(c)) {
		c->without = OUTCOME_REFUSED;
		c->paged = true;
	}
}

static void
relate(struct comparison *c)
{
	const struct handshake *none = c->ob->handshake;

	/* A server that ends so without a certificate has other troubles. */
	if (c->without == OUTCOME_FAILED && c->ours == OUTCOME_REFUSED &&
		none->alert >= 0 && none->alert == c->with->alert)
		c->ours = OUTCOME_FAILED;
	relate_answers(c);
	if (c->stranger == OUTCOME_ACCEPTED &&
		((c->paged && are_alike(none, at(c, TRY_STRANGER))) ||
			(c->ours == OUTCOME_ACCEPTED &&
				is_turned_away(at(c, TRY_STRANGER), c->with))))
		c->stranger = OUTCOME_REFUSED;
	if (c->other == OUTCOME_ACCEPTED && c->without == OUTCOME_REFUSED &&
		are_alike(none, at(c, TRY_OTHER_CHAIN)))
		c->other = OUTCOME_REFUSED;
}

/* Is there anything to be tried at all? A file of CAs alone is not. */
static const struct client_test *
test_of(const struct observation *ob)
{
	const struct client_test *test = ob->client;

	return test != NULL &&
			(test->own != NULL || test->problem != NULL ||
				test->attempts[TRY_CONFIGURED].made)
		? test
		: NULL;
}

void
compare_make(struct comparison *c, const struct observation *ob,
	const struct policy *pol, time_t now)
{
	*c = (struct comparison){
		.ob = ob,
		.target = pol->target,
		.now = now,
		.test = test_of(ob),
		.without = outcome_without(ob->handshake, pol->target),
		.asked = ob->handshake->asked,
		.expect = (unsigned)pol->target->client.expect,
	};
	if (c->test == NULL && !pol->target->client.expects) {
		c->expect = EXPECT_NOTHING;
		/* Whether 403 means the certificate, nobody can tell here. */
		if (!outcome_is_plain(ob->handshake))
			c->without = OUTCOME_ACCEPTED;
	}
	if (c->test == NULL)
		return;
	c->with = at(c, TRY_CONFIGURED);
	c->ours = outcome_at(c, TRY_CONFIGURED);
	if (c->ours == OUTCOME_NONE)
		c->ours = OUTCOME_FAILED;
	c->stranger = outcome_at(c, TRY_STRANGER);
	c->other = outcome_at(c, TRY_OTHER_CHAIN);
	for (int i = 0; i < CLIENT_TRIES; i++)
		c->asked = c->asked || at(c, (enum client_try)i)->asked;
	c->facts = facts_find(c);
	if (c->asked)
		relate(c);
}

bool
compare_is_longer(const struct comparison *c)
{
	return c->test->attempts[TRY_OTHER_CHAIN].n_sent >
		c->test->attempts[TRY_CONFIGURED].n_sent;
}
