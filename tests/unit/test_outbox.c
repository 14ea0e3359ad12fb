/* test_outbox.c - messages are kept, retried, delivered or given up */
#include "tests/unit/state_world.h"

#include "state/outbox.h"

#define GIVE_UP_S (3 * DAY_S)

/* The only message for `notifier`; NULL if there is none. */
static char *
message_id(struct world *w, const char *notifier)
{
	struct messages ms = { 0 };
	char *id = NULL;

	assert_int_equal(outbox_pending(w->st, &ms, &w->err), 0);
	for (size_t i = 0; i < ms.n; i++) {
		assert_null(ms.v[i].digest);
		if (strcmp(ms.v[i].notifier, notifier) == 0) {
			assert_null(id);
			id = str_dup(ms.v[i].id);
		}
	}
	messages_release(&ms);
	return id;
}

static size_t
count_due(struct world *w, time_t now)
{
	struct messages ms = { 0 };
	size_t n;

	if (outbox_due(w->st, now, &ms, &w->err) == -1)
		fail_msg("%s", w->err.text);
	n = ms.n;
	messages_release(&ms);
	return n;
}

static bool
fail_at(struct world *w, const char *id, time_t now, int64_t retry_after_s)
{
	bool gave_up = false;

	if (outbox_failed(w->st, id, now, retry_after_s, GIVE_UP_S, "HTTP 503",
		    &gave_up, &w->err) == -1)
		fail_msg("%s", w->err.text);
	return gave_up;
}

/* Leave one message, for mail, made at T0; its id. */
static char *
one_message(struct world *w)
{
	cleanup(str_free) char *other = NULL;

	world_scan(w, T0, "a@1 name.www:warning:x");
	other = message_id(w, "chat");
	assert_int_equal(outbox_delivered(w->st, other, T0, &w->err), 0);
	return message_id(w, "mail");
}

static void
the_schedule_of_standard_webhooks(void **arg)
{
	static const struct row {
		int64_t attempts, delay, most;
	} rows[] = {
		{ 1, 5, 5 },
		{ 2, 300, 330 },
		{ 3, 1800, 1980 },
		{ 4, 7200, 7920 },
		{ 5, 18000, 19800 },
		{ 6, 36000, 39600 },
		{ 7, 50400, 55440 },
		{ 8, 72000, 79200 },
		{ 9, 86400, 95040 },
		{ 10, 86400, 95040 },
		{ 1000000, 86400, 95040 },
	};

	(void)arg;
	for (size_t i = 0; i < COUNT(rows); i++) {
		const struct row *r = &rows[i];

		assert_int_equal(outbox_delay(r->attempts, 0), r->delay);
		assert_int_equal(
			outbox_delay(r->attempts, UINT32_MAX), r->most);
	}
}

static void
a_message_is_due_at_once(void **arg)
{
	struct world *w = *arg;
	struct messages ms = { 0 };

	world_scan(w, T0, "a@1 name.www:warning:x");
	assert_int_equal(outbox_due(w->st, T0, &ms, &w->err), 0);
	assert_int_equal(ms.n, 2);
	assert_string_equal(ms.v[0].notifier, "mail");
	assert_string_equal(ms.v[1].notifier, "chat");
	assert_int_equal(ms.v[0].attempts, 0);
	assert_int_equal(ms.v[0].created_at, T0);
	assert_int_equal(ms.v[0].next_at, T0);
	assert_null(ms.v[0].last_answer);
	assert_false(ms.v[0].gave_up);
	assert_int_equal(ms.v[0].digest->n, 1);
	messages_release(&ms);
}

static void
oldest_first_whatever_the_clock_says(void **arg)
{
	struct world *w = *arg;
	struct messages ms = { 0 };

	w->notifiers.n = 1;
	world_scan(w, T0, "a@1 name.www:warning:x");
	world_scan(w, T0 - DAY_S, "a@1");
	assert_int_equal(outbox_due(w->st, T0, &ms, &w->err), 0);
	assert_int_equal(ms.n, 2);
	assert_int_equal(ms.v[0].digest->v[0].kind, EVENT_OPENED);
	assert_int_equal(ms.v[1].digest->v[0].kind, EVENT_RESOLVED);
	messages_release(&ms);
}

static void
delivered_is_done(void **arg)
{
	struct world *w = *arg;
	cleanup(str_free) char *id = one_message(w);

	assert_int_equal(outbox_delivered(w->st, id, T0, &w->err), 0);
	assert_null(message_id(w, "mail"));
	assert_int_equal(count_due(w, T0 + 99 * DAY_S), 0);
	/* To say so again is no mistake. */
	assert_int_equal(outbox_delivered(w->st, id, T0, &w->err), 0);
}

static void
failed_waits_longer_each_time(void **arg)
{
	struct world *w = *arg;
	cleanup(str_free) char *id = one_message(w), *same = NULL;
	struct messages ms = { 0 };

	assert_false(fail_at(w, id, T0, 0));
	assert_int_equal(count_due(w, T0 + 4), 0);
	assert_int_equal(count_due(w, T0 + 6), 1);
	assert_false(fail_at(w, id, T0 + 6, 0));
	assert_int_equal(count_due(w, T0 + 6 + 299), 0);
	assert_int_equal(count_due(w, T0 + 6 + 331), 1);

	world_close(w);
	world_open(w);
	same = message_id(w, "mail");
	assert_string_equal(same, id);
	assert_int_equal(outbox_pending(w->st, &ms, &w->err), 0);
	assert_int_equal(ms.n, 1);
	assert_int_equal(ms.v[0].attempts, 2);
	assert_int_equal(ms.v[0].created_at, T0);
	assert_string_equal(ms.v[0].last_answer, "HTTP 503");
	messages_release(&ms);
}

static void
a_receiver_may_ask_for_time(void **arg)
{
	struct world *w = *arg;
	cleanup(str_free) char *id = one_message(w);

	fail_at(w, id, T0, 3600);
	assert_int_equal(count_due(w, T0 + 3599), 0);
	assert_int_equal(count_due(w, T0 + 3600), 1);
	/* Not for less than the schedule says, */
	fail_at(w, id, T0, 1);
	assert_int_equal(count_due(w, T0 + 299), 0);
	fail_at(w, id, T0, -5);
	assert_int_equal(count_due(w, T0 + 1799), 0);
	/* nor for more than a day. */
	fail_at(w, id, T0, INT64_MAX);
	assert_int_equal(count_due(w, T0 + DAY_S - 1), 0);
	assert_int_equal(count_due(w, T0 + DAY_S), 1);
}

/* The wait behind another is no try, and gives up nothing. */
static void
what_waits_behind_is_not_given_up(void **arg)
{
	struct world *w = *arg;
	cleanup(str_free) char *first = one_message(w), *second = NULL;
	time_t late = T0 + GIVE_UP_S + DAY_S;

	world_scan(w, T0 + 1, "a@1 name.www:warning:y");
	second = message_id(w, "chat");
	assert_int_equal(outbox_delivered(w->st, second, T0, &w->err), 0);
	assert_int_equal(count_due(w, T0 + 1), 2);
	assert_false(fail_at(w, first, T0 + 1, HOUR_S));
	assert_int_equal(count_due(w, T0 + HOUR_S), 0);
	assert_int_equal(count_due(w, T0 + 1 + HOUR_S), 2);
	assert_int_equal(outbox_delivered(w->st, first, late, &w->err), 0);
	str_free(second);
	second = message_id(w, "mail");
	assert_string_not_equal(second, first);
	assert_false(fail_at(w, second, late, 0));
}

static void
given_up_in_the_end(void **arg)
{
	struct world *w = *arg;
	cleanup(str_free) char *id = one_message(w);
	struct messages ms = { 0 };

	for (time_t t = DAY_S; t < GIVE_UP_S; t += DAY_S)
		assert_false(fail_at(w, id, T0 + t, 0));
	assert_false(fail_at(w, id, T0 + GIVE_UP_S - 1, 0));
	assert_true(fail_at(w, id, T0 + GIVE_UP_S, 0));
	assert_int_equal(count_due(w, T0 + 9 * DAY_S), 0);

	/* It is seen for a month, then forgotten. */
	assert_int_equal(outbox_pending(w->st, &ms, &w->err), 0);
	assert_int_equal(ms.n, 1);
	assert_true(ms.v[0].gave_up);
	assert_int_equal(ms.v[0].attempts, 4);
	messages_release(&ms);
	w->notifiers.n = 0;
	world_scan(w, T0 + GIVE_UP_S + 30 * DAY_S, "a@1");
	world_scan(w, T0 + GIVE_UP_S + 30 * DAY_S + 1, "a@1");
	free(id);
	id = message_id(w, "mail");
	assert_non_null(id);
	world_scan(w, T0 + GIVE_UP_S + 30 * DAY_S + 2, "a@1");
	assert_null(message_id(w, "mail"));
}

/* Made or put off while the clock was a year ahead. */
static void
a_clock_set_back_holds_nothing_up(void **arg)
{
	struct world *w = *arg;
	cleanup(str_free) char *id = one_message(w);
	time_t now = T0 - 365 * DAY_S;

	assert_int_equal(count_due(w, now), 1);
	assert_false(fail_at(w, id, now, 0));
	assert_int_equal(count_due(w, now), 0);
	assert_int_equal(count_due(w, now + 6), 1);
	/* Its age counts from then. */
	assert_false(fail_at(w, id, now + DAY_S, 0));
	assert_false(fail_at(w, id, now + 2 * DAY_S, 0));
	assert_true(fail_at(w, id, now + GIVE_UP_S, 0));
}

/*
 * Tried once, and then a year ahead: by a clock that jumped, or because the
 * machine was off. It gets the tries that three days would have given it.
 */
static void
a_clock_set_ahead_gives_nothing_up(void **arg)
{
	struct world *w = *arg;
	cleanup(str_free) char *id = one_message(w);
	time_t now = T0 + 365 * DAY_S;

	assert_false(fail_at(w, id, T0, 0));
	assert_int_equal(count_due(w, now), 1);
	assert_false(fail_at(w, id, now, 0));
	assert_false(fail_at(w, id, now + DAY_S, 0));
	assert_true(fail_at(w, id, now + 2 * DAY_S, 0));
}

/* And back again, while it waits for what was the next try. */
static void
a_clock_that_jumps_to_and_fro(void **arg)
{
	struct world *w = *arg;
	cleanup(str_free) char *id = one_message(w);
	time_t ahead = T0 + 3650 * DAY_S;

	assert_false(fail_at(w, id, ahead, 0));
	for (int i = 1; i < 6; i++) {
		assert_int_equal(count_due(w, T0 + i), 1);
		assert_false(fail_at(w, id, T0 + i, 0));
		assert_int_equal(count_due(w, ahead + i), 1);
		assert_false(fail_at(w, id, ahead + i, 0));
	}
}

static void
a_message_that_is_not_there(void **arg)
{
	struct world *w = *arg;
	bool gave_up = false;

	assert_int_equal(outbox_failed(w->st, "msg_x", T0, 0, GIVE_UP_S, "x",
				 &gave_up, &w->err),
		-1);
	assert_non_null(strstr(w->err.text, "msg_x"));
}

/* One that cannot be read back does not hold up the others. */
static void
a_damaged_message(void **arg)
{
	struct world *w = *arg;
	struct messages ms = { 0 };

	world_scan(w, T0, "a@1 name.www:warning:x");
	world_sql(w, "UPDATE outbox SET body = '{' WHERE notifier = 'mail'");
	assert_int_equal(outbox_due(w->st, T0, &ms, &w->err), 0);
	assert_int_equal(ms.n, 2);
	assert_null(ms.v[0].digest);
	assert_non_null(ms.v[1].digest);
	messages_release(&ms);
}

/* Text from a certificate may be anything. */
static void
hostile_text_is_kept(void **arg)
{
	struct world *w = *arg;
	struct messages ms = { 0 };

	w->notifiers.n = 1;
	world_scan(
		w, T0, "a@1 name.missing:critical:\xff\x1b[31m'\"\\\xe2\x80");
	assert_int_equal(w->events->n, 1);
	assert_string_equal(
		w->events->v[0].subject, "\xff\x1b[31m'\"\\\xe2\x80");
	assert_int_equal(outbox_due(w->st, T0, &ms, &w->err), 0);
	assert_int_equal(ms.n, 1);
	assert_non_null(ms.v[0].digest);
	messages_release(&ms);
	/* And it is the same one in the next scan. */
	world_expect(w, T0 + 1,
		"a@1 name.missing:critical:\xff\x1b[31m'\"\\\xe2\x80", "");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_schedule_of_standard_webhooks),
		IN_WORLD(a_message_is_due_at_once),
		IN_WORLD(oldest_first_whatever_the_clock_says),
		IN_WORLD(delivered_is_done),
		IN_WORLD(failed_waits_longer_each_time),
		IN_WORLD(a_receiver_may_ask_for_time),
		IN_WORLD(what_waits_behind_is_not_given_up),
		IN_WORLD(given_up_in_the_end),
		IN_WORLD(a_clock_set_back_holds_nothing_up),
		IN_WORLD(a_clock_set_ahead_gives_nothing_up),
		IN_WORLD(a_clock_that_jumps_to_and_fro),
		IN_WORLD(a_message_that_is_not_there),
		IN_WORLD(a_damaged_message),
		IN_WORLD(hostile_text_is_kept),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
