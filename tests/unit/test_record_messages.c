/* test_record_messages.c - what happened, parted into messages */
#include "tests/unit/state_world.h"

#include <time.h>

/* Of many targets the worst is delivered first. */
static void
one_digest_a_target(void **arg)
{
	struct world *w = *arg;
	struct messages ms = { 0 };
	BUF_CLEANUP struct buf have = { 0 };

	w->alerts.group = GROUP_TARGET;
	world_scan(w, T0, "c@3 name.www:critical:x");
	world_sql(w, "DELETE FROM outbox");
	world_expect(w, T0 + 1,
		"a@1 name.www:warning:x name.apex:warning:x;"
		"b@2 name.www:critical:x;c@3;d@4",
		"opened b name.www critical, opened a name.apex warning, "
		"opened a name.www warning, resolved c name.www critical");
	assert_int_equal(outbox_due(w->st, T0 + 1, &ms, &w->err), 0);
	for (size_t i = 0; i < ms.n; i++) {
		const struct digest *d = ms.v[i].digest;

		buf_printf(&have, "%s %s %zu, ", ms.v[i].notifier,
			d->v[0].target, d->n);
	}
	assert_string_equal(buf_str(&have),
		"mail b 1, chat b 1, mail a 2, chat a 2, mail c 1, chat c 1, ");
	messages_release(&ms);
}

/* What the target is tagged with goes with its events. */
static void
tags_go_along(void **arg)
{
	static const char *tags[] = { "prod", "k=\xff\"" };
	struct world *w = *arg;
	struct messages ms = { 0 };

	w->targets[0].tags = (struct words){ tags, 2 };
	world_scan(w, T0, "a@1 name.www:warning:x");
	assert_int_equal(w->events->v[0].tags.n, 2);
	assert_int_equal(outbox_due(w->st, T0, &ms, &w->err), 0);
	assert_int_equal(ms.v[0].digest->v[0].tags.n, 2);
	assert_string_equal(ms.v[0].digest->v[0].tags.v[0], "prod");
	messages_release(&ms);
}

/* Five thousand at once: one message, soon. */
static void
thousands_at_once(void **arg)
{
	struct world *w = *arg;
	BUF_CLEANUP struct buf script = { 0 };
	struct messages ms = { 0 };
	struct timespec begin, end;

	buf_puts(&script, "a@1");
	for (int i = 0; i < 5000; i++)
		buf_printf(&script, " name.missing:critical:subject%d", i);
	clock_gettime(CLOCK_MONOTONIC, &begin);
	assert_int_equal(world_scan(w, T0, buf_str(&script)), 0);
	clock_gettime(CLOCK_MONOTONIC, &end);
	assert_int_equal(w->events->n, 5000);
	assert_int_equal(outbox_due(w->st, T0, &ms, &w->err), 0);
	assert_int_equal(ms.n, 2);
	assert_int_equal(ms.v[1].digest->n, 5000);
	messages_release(&ms);
	/* Alone, without a sanitizer, it is a twentieth of a second. */
	assert_true(end.tv_sec - begin.tv_sec < 60);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		IN_WORLD(one_digest_a_target),
		IN_WORLD(tags_go_along),
		IN_WORLD(thousands_at_once),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
