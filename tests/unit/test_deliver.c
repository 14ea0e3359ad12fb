/* test_deliver.c - the outbox is emptied, each notifier on its own */
#include "tests/unit/state_world.h"

#include <pthread.h>

#include "notifiers/notifier.h"
#include "probes/probe.h"
#include "scan/deliver.h"

#define TIMEOUT_MS 20000
#define MAX_SENT 16

/* A receiver that answers as it is told and keeps what it was sent. */
struct receiver {
	enum outcome answers[MAX_SENT]; /* to one message after the other */
	int64_t retry_after_s, pause_ms;
	bool unfit;
	struct gate *wait_for; /* before it answers */
	size_t n;
	char sent[MAX_SENT][64];
	int64_t began_ms[MAX_SENT];
	int64_t timeout_ms;
};

/* Shut until opened; how one receiver waits for another without a clock. */
struct gate {
	pthread_mutex_t mutex;
	pthread_cond_t opened;
	bool open;
};

#define SHUT_GATE                                                              \
	{                                                                      \
		PTHREAD_MUTEX_INITIALIZER, PTHREAD_COND_INITIALIZER, false     \
	}

static void
gate_open(struct gate *g)
{
	pthread_mutex_lock(&g->mutex);
	g->open = true;
	pthread_cond_broadcast(&g->opened);
	pthread_mutex_unlock(&g->mutex);
}

static void
gate_wait(struct gate *g)
{
	pthread_mutex_lock(&g->mutex);
	while (!g->open)
		pthread_cond_wait(&g->opened, &g->mutex);
	pthread_mutex_unlock(&g->mutex);
}

static void
fake_send(const void *settings, const struct digest *d, int64_t timeout_ms,
	struct delivery *out)
{
	struct receiver *r = *(struct receiver *const *)settings;
	size_t i = r->n++;

	assert_true(i < MAX_SENT);
	r->began_ms[i] = probe_now_ms();
	if (r->wait_for != NULL)
		gate_wait(r->wait_for);
	r->timeout_ms = timeout_ms;
	snprintf(r->sent[i], sizeof(r->sent[i]), "%s", d->id);
	*out = (struct delivery){ .outcome = r->answers[i],
		.retry_after_s = r->retry_after_s,
		.pause_ms = r->pause_ms,
		.unfit = r->unfit };
	snprintf(out->answer, sizeof(out->answer), "%s",
		r->answers[i] == DELIVERED ? "HTTP 200" : "HTTP 500");
}

static const struct notifier fake = { .section = { .name = "fake" },
	.send = fake_send };

const struct notifier *
notifier_of(const struct section *kind)
{
	assert_ptr_equal(kind, &fake.section);
	return &fake;
}

/* A world whose mail and chat are such receivers. */
struct post {
	struct world *w;
	struct receiver mail, chat;
	struct receiver *to[2];
	struct notifier_config configs[2];
	struct notifier_list list;
	struct buf notes;
	struct gate *after_chat; /* opened when the chat's delivery is noted */
};

static int
post_setup(void **arg)
{
	struct post *p = mem_alloc(sizeof(*p));

	p->to[0] = &p->mail;
	p->to[1] = &p->chat;
	p->configs[0] = (struct notifier_config){ "mail", &fake.section,
		&p->to[0] };
	p->configs[1] = (struct notifier_config){ "chat", &fake.section,
		&p->to[1] };
	p->list = (struct notifier_list){ p->configs, 2 };
	*arg = p;
	return world_setup((void **)&p->w);
}

static int
post_teardown(void **arg)
{
	struct post *p = *arg;

	buf_release(&p->notes);
	world_teardown((void **)&p->w);
	free(p);
	return 0;
}

/* Is it still there, in a way that another program sees? */
static int64_t
in_outbox(const struct post *p, const char *id)
{
	cleanup(str_free) char *sql = str_fmt(
		"SELECT count(*) FROM outbox WHERE id = '%s'", id);

	return world_number(p->w, sql);
}

static void
note(void *arg, const struct delivery_note *n)
{
	struct post *p = arg;

	if (p->after_chat != NULL && strcmp(n->notifier, "chat") == 0)
		gate_open(p->after_chat);

	/* What is told as delivered has left the outbox before. */
	assert_int_equal(in_outbox(p, n->id), n->delivered ? 0 : 1);
	buf_printf(&p->notes, "%s %s%s; ", n->notifier,
		n->delivered	     ? "ok"
			: n->gave_up ? "gave up: "
				     : "failed: ",
		n->delivered ? "" : n->answer);
}

static void
deliver(struct post *p, time_t now, int64_t timeout_ms)
{
	const struct deliver_options opt = { .now = now,
		.timeout_ms = timeout_ms,
		.give_up_s = 3 * DAY_S,
		.note = note,
		.note_arg = p };
	struct error err;

	buf_reset(&p->notes);
	if (deliver_due(p->w->st, &p->list, &opt, &err) == -1)
		fail_msg("%s", err.text);
}

/* Two messages for each: opened, then resolved. */
static void
write_messages(struct post *p)
{
	world_scan(p->w, T0, "a@1 name.www:warning:x");
	world_scan(p->w, T0, "a@1");
}

static size_t
count_pending(struct post *p)
{
	struct messages ms = { 0 };
	size_t n;

	assert_int_equal(outbox_pending(p->w->st, &ms, &p->w->err), 0);
	n = ms.n;
	messages_release(&ms);
	return n;
}

static void
all_is_delivered_in_order(void **arg)
{
	struct post *p = *arg;
	struct messages ms = { 0 };

	write_messages(p);
	assert_int_equal(outbox_due(p->w->st, T0, &ms, &p->w->err), 0);
	deliver(p, T0, TIMEOUT_MS);
	assert_int_equal(count_pending(p), 0);
	assert_int_equal(p->mail.n, 2);
	assert_int_equal(p->chat.n, 2);
	assert_int_equal(ms.n, 4); /* mail, chat, mail, chat */
	assert_string_equal(p->mail.sent[0], ms.v[0].id);
	assert_string_equal(p->chat.sent[0], ms.v[1].id);
	assert_string_equal(p->mail.sent[1], ms.v[2].id);
	assert_string_equal(p->chat.sent[1], ms.v[3].id);
	assert_true(p->mail.timeout_ms > 0);
	assert_true(p->mail.timeout_ms <= TIMEOUT_MS);
	messages_release(&ms);

	/* Nothing is left to be said. */
	deliver(p, T0 + 1, TIMEOUT_MS);
	assert_int_equal(p->mail.n, 2);
	assert_string_equal(buf_str(&p->notes), "");
}

/* Its later messages are not tried, and the other notifier's are. */
static void
what_fails_stays_and_delays_no_other(void **arg)
{
	struct post *p = *arg;
	char first[64];

	write_messages(p);
	p->mail.answers[0] = DELIVERY_FAILED;
	deliver(p, T0, TIMEOUT_MS);
	assert_int_equal(p->mail.n, 1);
	assert_int_equal(p->chat.n, 2);
	assert_int_equal(count_pending(p), 2);
	assert_non_null(strstr(p->notes.s, "mail failed: HTTP 500; "));
	assert_non_null(strstr(p->notes.s, "chat ok; "));

	/* Later both go out, the first with the id that it had. */
	strcpy(first, p->mail.sent[0]);
	deliver(p, T0 + HOUR_S, TIMEOUT_MS);
	assert_int_equal(p->mail.n, 3);
	assert_string_equal(p->mail.sent[1], first);
	assert_int_equal(count_pending(p), 0);
}

static void
refused_is_tried_again_too(void **arg)
{
	struct post *p = *arg;

	write_messages(p);
	p->mail.answers[0] = DELIVERY_REFUSED;
	p->mail.retry_after_s = 2 * HOUR_S;
	deliver(p, T0, TIMEOUT_MS);
	assert_int_equal(count_pending(p), 2);

	/* It has asked for two hours, and the second message waits behind. */
	assert_int_equal(world_number(p->w,
				 "SELECT min(next_at) >= 1800007200 "
				 "FROM outbox WHERE attempts = 1"),
		1);
	p->mail.retry_after_s = 0;
	deliver(p, T0 + 2 * HOUR_S, TIMEOUT_MS);
	assert_int_equal(count_pending(p), 0);
}

/* Nobody hears that it is over before having heard that it has begun. */
static void
what_is_older_goes_first(void **arg)
{
	struct post *p = *arg;

	p->w->notifiers.n = 1;
	world_scan(p->w, T0, "a@1 name.www:warning:x");
	p->mail.answers[0] = DELIVERY_FAILED;
	p->mail.retry_after_s = HOUR_S;
	deliver(p, T0, TIMEOUT_MS);
	assert_int_equal(p->mail.n, 1);

	/* Not before its time, if there is nothing else to say ... */
	deliver(p, T0 + MINUTE_S, TIMEOUT_MS);
	assert_int_equal(p->mail.n, 1);

	/* ... and before anything else that there is. */
	world_scan(p->w, T0 + 2 * MINUTE_S, "a@1 name.www:warning:y");
	p->mail.answers[1] = DELIVERY_FAILED;
	deliver(p, T0 + 2 * MINUTE_S, TIMEOUT_MS);
	assert_int_equal(p->mail.n, 2);

	/* What waits behind it is not something else to say for ever. */
	deliver(p, T0 + 3 * MINUTE_S, TIMEOUT_MS);
	assert_int_equal(p->mail.n, 2);
	deliver(p, T0 + 2 * HOUR_S, TIMEOUT_MS);
	assert_int_equal(p->mail.n, 4);
	assert_string_equal(p->mail.sent[1], p->mail.sent[0]);
	assert_string_equal(p->mail.sent[2], p->mail.sent[0]);
	assert_string_not_equal(p->mail.sent[3], p->mail.sent[0]);
	assert_int_equal(count_pending(p), 0);
}

/* One message for the mail a scan: each opens what no other did. */
static void
write_many(struct post *p, int n)
{
	static int opened;

	p->w->notifiers.n = 1;
	for (int i = 0; i < n; i++) {
		cleanup(str_free) char *script = str_fmt(
			"a@1 name.www:warning:x%d", ++opened);

		world_scan(p->w, T0, script);
	}
}

/* What is refused for what it says holds up nothing; a dead receiver does. */
static void
a_message_refused_for_itself(void **arg)
{
	static const struct {
		enum outcome answers[6];
		bool unfit;
		size_t tried, left;
	} rows[] = {
		{ { DELIVERY_REFUSED }, true, 6, 1 },
		{ { DELIVERY_REFUSED }, false, 1, 6 },
		{ { DELIVERED, DELIVERY_REFUSED, DELIVERY_REFUSED }, true, 6,
			2 },
		/* Who refuses three in a row refuses everything. */
		{ { DELIVERY_REFUSED, DELIVERY_REFUSED, DELIVERY_REFUSED },
			true, 3, 6 },
		{ { DELIVERY_REFUSED, DELIVERED, DELIVERY_REFUSED,
			  DELIVERY_REFUSED, DELIVERED, DELIVERY_REFUSED },
			true, 6, 4 },
	};
	struct post *p = *arg;

	for (size_t i = 0; i < COUNT(rows); i++) {
		world_sql(p->w, "DELETE FROM outbox");
		write_many(p, 6);
		p->mail.n = 0;
		p->mail.unfit = rows[i].unfit;
		memcpy(p->mail.answers, rows[i].answers,
			sizeof(rows[i].answers));
		deliver(p, T0, TIMEOUT_MS);
		if (p->mail.n != rows[i].tried ||
			count_pending(p) != rows[i].left)
			fail_msg("row %zu: %zu tried, %zu left", i, p->mail.n,
				count_pending(p));
	}
}

static void
between_two_messages_it_is_left_alone(void **arg)
{
	struct post *p = *arg;

	write_many(p, 3);
	p->mail.pause_ms = 60;
	deliver(p, T0, TIMEOUT_MS);
	assert_int_equal(p->mail.n, 3);
	assert_true(p->mail.began_ms[1] - p->mail.began_ms[0] >= 60);
	assert_true(p->mail.began_ms[2] - p->mail.began_ms[1] >= 60);
	assert_int_equal(count_pending(p), 0);
}

/* What the pause leaves no time for waits for the next scan, untried. */
static void
a_pause_beyond_the_end_is_not_waited_for(void **arg)
{
	struct post *p = *arg;
	int64_t began_ms = probe_now_ms();

	write_many(p, 3);
	p->mail.pause_ms = TIMEOUT_MS + 1;
	deliver(p, T0, TIMEOUT_MS);
	assert_true(probe_now_ms() - began_ms < TIMEOUT_MS / 2);
	assert_int_equal(p->mail.n, 1);
	assert_int_equal(world_number(p->w,
				 "SELECT count(*) FROM outbox "
				 "WHERE attempts = 0"),
		2);
	assert_string_equal(p->notes.s, "mail ok; ");
	deliver(p, T0 + 1, TIMEOUT_MS);
	assert_int_equal(p->mail.n, 2);
}

/* A try of a few milliseconds would say nothing of the receiver. */
static void
the_rest_of_the_time_is_no_try(void **arg)
{
	struct post *p = *arg;

	write_many(p, 2);
	p->mail.pause_ms = 1;
	deliver(p, T0, 400);
	assert_int_equal(p->mail.n, 1);
	assert_int_equal(count_pending(p), 1);
}

/* Nobody waits out a pause after the state has failed. */
static void
a_pause_ends_with_the_run(void **arg)
{
	struct post *p = *arg;
	const struct deliver_options opt = {
		.now = T0, .timeout_ms = TIMEOUT_MS, .note = note, .note_arg = p
	};
	int64_t began_ms = probe_now_ms();
	struct error err = { 0 };

	write_many(p, 2);
	p->mail.pause_ms = TIMEOUT_MS - 1000;
	world_sql(p->w,
		"CREATE TRIGGER t BEFORE DELETE ON outbox "
		"BEGIN SELECT RAISE(ABORT, 'not today'); END");
	assert_int_equal(deliver_due(p->w->st, &p->list, &opt, &err), -1);
	assert_true(probe_now_ms() - began_ms < TIMEOUT_MS / 2);
	assert_int_equal(p->mail.n, 1);
}

/* The mail is answered only once a message to the chat is written down. */
static void
a_slow_receiver_delays_no_other(void **arg)
{
	struct gate chat_done = SHUT_GATE;
	struct post *p = *arg;

	write_messages(p);
	p->mail.wait_for = &chat_done;
	p->after_chat = &chat_done;
	deliver(p, T0, TIMEOUT_MS);
	assert_int_equal(count_pending(p), 0);
	assert_true(strncmp(p->notes.s, "chat ok; ", 9) == 0);
}

static void
no_time_no_try(void **arg)
{
	struct post *p = *arg;

	write_messages(p);
	deliver(p, T0, 0);
	assert_int_equal(p->mail.n + p->chat.n, 0);
	assert_int_equal(count_pending(p), 4);
	assert_string_equal(buf_str(&p->notes), "");
}

static void
given_up(void **arg)
{
	struct post *p = *arg;

	p->w->notifiers.n = 1;
	world_scan(p->w, T0, "a@1 name.www:warning:x");
	for (int day = 0; day <= 3; day++) {
		p->mail.answers[day] = DELIVERY_FAILED;
		deliver(p, T0 + day * DAY_S, TIMEOUT_MS);
		assert_string_equal(p->notes.s,
			day < 3 ? "mail failed: HTTP 500; "
				: "mail gave up: HTTP 500; ");
	}
	deliver(p, T0 + 6 * DAY_S, TIMEOUT_MS);
	assert_int_equal(p->mail.n, 4);
	assert_int_equal(count_pending(p), 1);
}

/* It may come back: its messages wait, untried, until they are too old. */
static void
a_notifier_that_is_gone(void **arg)
{
	struct post *p = *arg;

	p->w->notifiers.n = 1;
	world_scan(p->w, T0, "a@1 name.www:warning:x");
	p->list = (struct notifier_list){ &p->configs[1], 1 };
	deliver(p, T0 + 3 * DAY_S - 1, TIMEOUT_MS);
	assert_string_equal(buf_str(&p->notes), "");
	deliver(p, T0 + 3 * DAY_S, TIMEOUT_MS);
	assert_string_equal(
		p->notes.s, "mail gave up: the notifier is not configured; ");
	assert_int_equal(count_pending(p), 1);
	assert_int_equal(p->mail.n + p->chat.n, 0);
}

static void
a_damaged_message_holds_up_no_other(void **arg)
{
	struct post *p = *arg;

	write_messages(p);
	world_sql(p->w, "UPDATE outbox SET body = '' WHERE seq = 1");
	deliver(p, T0, TIMEOUT_MS);
	assert_int_equal(p->mail.n, 1);
	assert_int_equal(p->chat.n, 2);
	assert_int_equal(count_pending(p), 1);
	assert_non_null(strstr(
		p->notes.s, "mail failed: the stored message is damaged; "));
}

/* Sent but not written down: it is not told as delivered, and stays. */
static void
a_state_that_cannot_be_written(void **arg)
{
	struct post *p = *arg;
	const struct deliver_options opt = {
		.now = T0, .timeout_ms = TIMEOUT_MS, .note = note, .note_arg = p
	};
	struct error err = { 0 };

	write_messages(p);
	world_sql(p->w,
		"CREATE TRIGGER t BEFORE DELETE ON outbox "
		"BEGIN SELECT RAISE(ABORT, 'not today'); END");
	assert_int_equal(deliver_due(p->w->st, &p->list, &opt, &err), -1);
	assert_non_null(strstr(err.text, "not today"));
	assert_string_equal(buf_str(&p->notes), "");
	assert_int_equal(count_pending(p), 4);
}

int
main(void)
{
#define WITH_POST(test)                                                        \
	cmocka_unit_test_setup_teardown(test, post_setup, post_teardown)
	const struct CMUnitTest tests[] = {
		WITH_POST(all_is_delivered_in_order),
		WITH_POST(what_fails_stays_and_delays_no_other),
		WITH_POST(refused_is_tried_again_too),
		WITH_POST(what_is_older_goes_first),
		WITH_POST(a_message_refused_for_itself),
		WITH_POST(between_two_messages_it_is_left_alone),
		WITH_POST(a_pause_beyond_the_end_is_not_waited_for),
		WITH_POST(the_rest_of_the_time_is_no_try),
		WITH_POST(a_pause_ends_with_the_run),
		WITH_POST(a_slow_receiver_delays_no_other),
		WITH_POST(no_time_no_try),
		WITH_POST(given_up),
		WITH_POST(a_notifier_that_is_gone),
		WITH_POST(a_damaged_message_holds_up_no_other),
		WITH_POST(a_state_that_cannot_be_written),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
