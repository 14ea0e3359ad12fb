/* order.c - must a new certificate be ordered by now */
#include <inttypes.h>

#include "checks/check.h"
#include "checks/leaf.h"
#include "checks/tell.h"
#include "model/calendar.h"

/* Days before the last one to order from which it is told. */
#define NEAR_DAYS 7

static void
add_details(
	struct finding *f, const struct cert *c, int64_t order_by, int64_t lead)
{
	char moment[MOMENT_SIZE];
	json_t *window = json_object();

	finding_detail(f, "order_by",
		json_string(moment_date(calendar_begin(order_by), moment)));
	finding_detail(f, "lead", json_integer(lead));
	finding_detail(f, "not_after",
		json_string(moment_format(c->not_after, moment)));
	/* What is left for the order once its last day has come. */
	if (window == NULL ||
		json_object_set_new(window, "from",
			json_string(moment_date(
				calendar_begin(order_by), moment))) == -1 ||
		json_object_set_new(window, "to",
			json_string(moment_date(c->not_after, moment))) == -1)
		mem_exhausted();
	finding_detail(f, "window", window);
}

static void
judge(const struct cert *c, const struct cert *only, const struct policy *pol,
	time_t now, struct findings *out)
{
	const struct target *t = pol->target;
	int64_t lead = target_order_lead(t), today = calendar_day(now);
	int64_t order_by = calendar_order_day(
		calendar_day(c->not_after), lead, &t->set.holidays);
	struct buf text BUF_CLEANUP = { 0 };
	char by[MOMENT_SIZE], end[MOMENT_SIZE];
	struct finding *f;

	if (!c->has_dates || now > c->not_after)
		return; /* other findings say all */
	horizon_note(pol->horizon, c->not_after + 1, now);
	horizon_note(pol->horizon, calendar_begin(order_by - NEAR_DAYS), now);
	horizon_note(pol->horizon, calendar_begin(order_by + 1), now);
	if (today < order_by - NEAR_DAYS)
		return;
	buf_printf(&text,
		"%s %s: it takes %" PRId64
		" business day%s, and this one ends on %s",
		today <= order_by ? "order a new one by"
				  : "the last day to order a new one was",
		moment_date(calendar_begin(order_by), by), lead,
		lead == 1 ? "" : "s", moment_date(c->not_after, end));
	f = tell_certificate(out, "expiry.order-by", c, only, buf_str(&text));
	if (today > order_by)
		f->severity = SEV_CRITICAL;
	add_details(f, c, order_by, lead);
}

static void
order_run(const struct observation *ob, const struct policy *pol, time_t now,
	struct findings *out)
{
	struct leaves leaves LEAVES_CLEANUP = { 0 };

	if (target_order_lead(pol->target) < 1)
		return;
	leaves_find(&leaves, ob, pol->target);
	for (size_t i = 0; i < leaves.n; i++) {
		const struct cert *leaf = &ob->certs[leaves.v[i]];

		judge(leaf, leaves.n == 1 ? leaf : NULL, pol, now, out);
	}
}

const struct check check_order = { .name = "order", .run = order_run };
