/* rules.c - from the outcomes of the connections to a verdict */
#include "checks/client/rules.h"
#include "checks/client/telling.h"

#define BIT(x) (1u << (x))

/* what the operator wants */
#define REQUIRED BIT(EXPECT_REQUIRED)
#define LENIENT (BIT(EXPECT_OPTIONAL) | BIT(EXPECT_NONE))
#define UNASKED BIT(EXPECT_NONE)
#define WANTS_ASKING (BIT(EXPECT_REQUIRED) | BIT(EXPECT_OPTIONAL))
#define ANYWAY (REQUIRED | LENIENT)
#define UNSAID BIT(EXPECT_NOTHING)

/* was a certificate asked for */
#define NO BIT(false)
#define YES BIT(true)

/* outcomes */
#define NONE BIT(OUTCOME_NONE)
#define TAKEN BIT(OUTCOME_ACCEPTED)
#define TURNED BIT(OUTCOME_REFUSED)
#define EMPTY BIT(OUTCOME_EMPTY)
#define SILENT BIT(OUTCOME_SILENT)
#define UNPROVEN BIT(OUTCOME_UNPROVEN)
#define FAILED BIT(OUTCOME_FAILED)
#define AWAY (TURNED | EMPTY)
#define ANY (NONE | TAKEN | TURNED | EMPTY | SILENT | UNPROVEN | FAILED)
#define TRIED (ANY & ~NONE)

#define USUAL (-1)

static const struct rule rules[] = {
	/* no certificate is to be tried */
	{ REQUIRED | UNSAID, YES, NONE, AWAY, ANY, "client.required", USUAL,
		tell_required, false },
	{ REQUIRED, YES, NONE, TAKEN, ANY, "client.not-enforced", USUAL,
		tell_not_enforced, false },
	{ WANTS_ASKING, NO, NONE, TAKEN | TURNED, ANY, "client.not-requested",
		USUAL, tell_not_requested, false },
	{ LENIENT, YES, NONE, AWAY, ANY, "client.required", SEV_CRITICAL,
		tell_locked_out, false },
	{ LENIENT, YES, NONE, TAKEN, ANY, "client.ok", USUAL, tell_lenient,
		false },
	{ UNASKED, NO, NONE, TAKEN | TURNED, ANY, "client.ok", USUAL,
		tell_unasked, false },
	{ ANYWAY | UNSAID, NO | YES, NONE, ANY, ANY, NULL, USUAL, NULL, false },

	/* nobody asks: nothing hangs on a certificate */
	{ ANYWAY, NO, FAILED, FAILED, ANY, NULL, USUAL, NULL, false },
	{ WANTS_ASKING, NO, TAKEN | TURNED, ANY, ANY, "client.not-requested",
		USUAL, tell_not_requested, false },
	{ WANTS_ASKING, NO, TRIED, TAKEN | TURNED, ANY, "client.not-requested",
		USUAL, tell_not_requested, false },
	{ UNASKED, NO, TAKEN | TURNED, TAKEN | TURNED, ANY, "client.ok", USUAL,
		tell_unasked, false },
	{ ANYWAY, NO, TRIED, ANY, ANY, "client.unproven", USUAL, tell_unheard,
		false },

	/* asked: what became of ours */
	{ ANYWAY, YES, FAILED, FAILED, ANY, NULL, USUAL, NULL, false },
	{ ANYWAY, YES, TURNED, ANY, ANY, "client.rejected", USUAL,
		tell_rejected, true },
	{ ANYWAY, YES, EMPTY, ANY, ANY, "client.empty-reply", USUAL, tell_empty,
		true },
	{ ANYWAY, YES, SILENT, ANY, ANY, "client.timeout", USUAL, tell_timeout,
		true },
	{ ANYWAY, YES, FAILED, ANY, ANY, "client.unproven", USUAL, tell_untried,
		true },
	/* A refusal would have come by then: it came to the others. */
	{ REQUIRED, YES, UNPROVEN, AWAY, NONE | AWAY, "client.unproven", SEV_OK,
		tell_not_refused, false },
	{ ANYWAY, YES, UNPROVEN, ANY, ANY, "client.unproven", USUAL, tell_quiet,
		true },

	/* what becomes of those who have none */
	{ REQUIRED, YES, TRIED, TAKEN, ANY, "client.not-enforced", USUAL,
		tell_not_enforced, false },
	{ LENIENT, YES, TRIED, AWAY, ANY, "client.required", SEV_CRITICAL,
		tell_locked_out, false },
	{ LENIENT, YES, TAKEN, SILENT, ANY, "client.required", SEV_CRITICAL,
		tell_locked_out, false },

	/* of strangers */
	{ REQUIRED, YES, TRIED, ANY, TAKEN, "client.any-accepted", USUAL,
		tell_any_accepted, false },

	/* and if all is well */
	{ REQUIRED, YES, TAKEN, AWAY, NONE | AWAY | SILENT, "client.ok", USUAL,
		tell_ok, false },
	/* One silence may be chance, but not while the stranger is refused. */
	{ REQUIRED, YES, TAKEN, SILENT, AWAY | SILENT, "client.ok", USUAL,
		tell_ok, false },
	{ LENIENT, YES, TAKEN, TAKEN, ANY, "client.ok", USUAL, tell_lenient,
		false },
	{ ANYWAY, YES, TAKEN, ANY, ANY, "client.unproven", USUAL,
		tell_half_proven, false },
};

static bool
has(unsigned set, unsigned bit)
{
	return (set & BIT(bit)) != 0;
}

static bool
fits(const struct rule *r, const struct comparison *c)
{
	return has(r->expect, c->expect) && has(r->asked, c->asked) &&
		has(r->ours, c->ours) && has(r->without, c->without) &&
		has(r->stranger, c->stranger);
}

const struct rule *
rule_next(const struct comparison *c, const struct rule *from)
{
	for (const struct rule *r = from != NULL ? from : rules;
		r < rules + sizeof(rules) / sizeof(rules[0]); r++) {
		if (fits(r, c))
			return r->id != NULL ? r : NULL;
	}
	return NULL;
}
