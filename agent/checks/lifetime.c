/* lifetime.c - is a certificate valid for longer than clients allow */
#include <inttypes.h>

#include "checks/check.h"
#include "checks/leaf.h"
#include "checks/role.h"
#include "checks/tell.h"

/*
 * How long a server's certificate may live, by the day of its issue; the
 * newest first. Months are counted as the longest that they can be.
 */
static const struct limit {
	time_t issued; /* from this second on */
	int64_t days;
} limits[] = {
	/* CA/Browser Forum, ballot SC-081v3; baseline 2.2.6, 6.3.2 */
	{ 1868227200, 47 }, /* 2029-03-15 */
	{ 1805068800, 100 }, /* 2027-03-15 */
	{ 1773532800, 200 }, /* 2026-03-15 */
	/* Apple's root program, then ballot SC-031; baseline 1.7.1, 6.3.2 */
	{ 1598918400, 398 }, /* 2020-09-01 */
	/* Ballot 193; baseline 1.4.5, 6.3.2: 825 days */
	{ 1519862400, 825 }, /* 2018-03-01 */
	/* Baseline 1.0, 9.4: 39 months, and before 60 */
	{ 1427846400, 1188 }, /* 2015-04-01 */
	{ 1341100800, 1827 }, /* 2012-07-01 */
};

/*
 * The Forum has no word on CAs of one's own, which are those that the operator
 * named. Of all clients only Apple's bound what they issue.
 */
static const struct limit apple = { 1561939200, 825 }; /* 2019-07-01 */

/* The limit that `seconds` from `issued` on exceed, or NULL. */
static const struct limit *
limit_of(time_t issued, int64_t seconds, bool own)
{
	if (own && issued >= apple.issued && seconds > apple.days * DAY_S)
		return &apple;
	for (size_t i = 0; i < sizeof(limits) / sizeof(limits[0]); i++) {
		if (issued >= limits[i].issued)
			return seconds > limits[i].days * DAY_S ? &limits[i]
								: NULL;
	}
	return NULL;
}

/* "5000 days"; "398 days and 1 second" where the rest is what is too much. */
static void
describe_span(struct buf *out, int64_t seconds, const struct limit *limit)
{
	int64_t days = seconds / DAY_S;

	buf_printf(out, "%" PRId64 " days", days);
	if (days == limit->days) {
		buf_puts(out, " and ");
		duration_describe(out, seconds % DAY_S);
	}
}

static void
judge(const struct observation *ob, const struct policy *pol,
	const struct cert *c, const struct cert *only, struct findings *out)
{
	bool own = pol->trust != NULL && pol->trust->exact;
	/* The first and the last second count: RFC 5280, 4.1.2.5. */
	int64_t seconds = (int64_t)c->not_after - c->not_before + 1;
	const struct limit *limit = limit_of(c->not_before, seconds, own);
	struct buf text BUF_CLEANUP = { 0 };
	char moment[MOMENT_SIZE];
	struct finding *f;

	if (!c->has_dates || c->is_ca || limit == NULL)
		return;
	tell_leaf(&text, ob, c, only);
	buf_puts(&text, "is valid for ");
	describe_span(&text, seconds, limit);
	f = findings_add(out, "expiry.too-long", c->sha256,
		"%s, want %" PRId64 " at most for one issued on %s",
		buf_str(&text), limit->days,
		moment_date(c->not_before, moment));
	if (own && limit != &apple) {
		f->severity = SEV_OK;
		finding_hint(f,
			"Nobody needs to act: the limit binds public CAs, and "
			"%s is trusted here as one of your own.",
			pol->trust->name);
	} else if (own) {
		finding_hint(f,
			"iPhones, iPads and Macs refuse it, others do not. Have "
			"it issued for %" PRId64
			" days at most, or switch this "
			"finding off for the target where none of them connects.",
			limit->days);
	}
	/* Any second more is another day: baseline, 6.3.2. */
	finding_detail(f, "days", json_integer((seconds + DAY_S - 1) / DAY_S));
	finding_detail(f, "limit", json_integer(limit->days));
	finding_detail(f, "not_before",
		json_string(moment_format(c->not_before, moment)));
	finding_detail(f, "not_after",
		json_string(moment_format(c->not_after, moment)));
}

static void
lifetime_run(const struct observation *ob, const struct policy *pol, time_t now,
	struct findings *out)
{
	struct leaves leaves LEAVES_CLEANUP = { 0 };

	(void)now;
	/* No root program bounds what clients, signers and CAs show. */
	if (role_of(ob, pol->target) != ROLE_SERVER)
		return;
	leaves_find(&leaves, ob, pol->target);
	for (size_t i = 0; i < leaves.n; i++) {
		const struct cert *leaf = &ob->certs[leaves.v[i]];

		judge(ob, pol, leaf, leaves.n == 1 ? leaf : NULL, out);
	}
}

const struct check check_lifetime = { .name = "lifetime", .run = lifetime_run };
