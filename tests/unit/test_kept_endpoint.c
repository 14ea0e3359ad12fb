/* test_kept_endpoint.c - what reports show of endpoints, as bytes and back */
#include "tests/unit/kept_world.h"

#include <string.h>

#include "model/duration.h"
#include "report/reports.h"

#define NOW ((time_t)1800000000)

static void
fill_certs(struct observation *ob, const char *name)
{
	struct cert *c = mem_alloc(sizeof(*c));

	*c = (struct cert){ .subject = str_fmt("CN=%s", name),
		.issuer = str_dup("CN=CA"),
		.label = str_dup(name),
		.issuer_label = str_dup("CA"),
		.serial = str_dup("01"),
		.sha256 = str_dup(name),
		.not_before = NOW - DAY_S,
		.not_after = NOW + 30 * DAY_S,
		.has_dates = true,
		.key_type = str_dup("EC"),
		.key_bits = 256,
		.signature = str_dup("ecdsa-with-SHA256") };
	strlist_add(&c->names, name);
	ob->certs = c;
	ob->n_certs = 1;
}

static void
fill_handshake(struct handshake *hs, int status)
{
	hs->step = STEP_DONE;
	hs->complete = true;
	hs->peer = str_dup("[::1]:443");
	hs->sni = str_dup("a.test");
	hs->protocol = str_dup("TLSv1.3");
	hs->version = 0x0304;
	hs->cipher = str_dup("TLS_AES_128_GCM_SHA256");
	hs->asked = true;
	hs->asked_at = STEP_HANDSHAKE;
	hs->n_data = 12;
	strlist_add(&hs->client_cas, "CN=\xc3\xa4 CA");
	hs->reply.status = status;
	hs->reply.reason = str_dup("no \"way\"\x1b");
	strlist_add(&hs->reply.headers, "Server: nginx");
}

static void
add_other(struct observation *ob, const char *address, bool good)
{
	struct observation *other = observation_new();

	other->address = str_dup(address);
	if (good)
		fill_certs(other, "b.test");
	else
		observation_add_fault(
			other, FAULT_UNREACHABLE, 0, "%s", "refused");
	other->handshake->alert = good ? -1 : 255;
	ob->others = mem_grow(
		ob->others, ob->n_others + 1, sizeof(struct observation *));
	ob->others[ob->n_others++] = other;
}

static struct client_test *
new_client(void)
{
	struct client_test *test = client_test_new();

	test->own = observation_new();
	fill_certs(test->own, "client");
	test->attempts[TRY_CONFIGURED].made = true;
	test->attempts[TRY_CONFIGURED].n_sent = 2;
	fill_handshake(&test->attempts[TRY_CONFIGURED].handshake, 200);
	test->attempts[TRY_STRANGER].made = true;
	test->attempts[TRY_STRANGER].handshake.step = STEP_HANDSHAKE;
	test->attempts[TRY_STRANGER].handshake.ending = ENDING_ALERT;
	test->attempts[TRY_STRANGER].handshake.alert = 48;
	return test;
}

/* One that has everything. */
static struct result *
full_result(const struct target *t)
{
	struct result *r = mem_alloc(sizeof(*r));
	struct finding *f;

	r->target = t;
	r->role = ROLE_SERVER;
	r->looked = true;
	r->observed_at = NOW;
	r->warning_at = NOW - DAY_S;
	r->critical_at = NOW + DAY_S;
	r->order_by = NOW + 2 * DAY_S;
	r->client = "client.ok";
	r->seen = observation_new();
	fill_certs(r->seen, "a.test");
	fill_handshake(r->seen->handshake, 400);
	r->seen->address = str_dup("127.0.0.1:443");
	r->seen->n_unseen = 3;
	add_other(r->seen, "127.0.0.2:443", true);
	add_other(r->seen, "127.0.0.3:443", false);
	add_other(r->seen, "127.0.0.4:443", true);
	r->seen->others[2]->same = r->seen->others[0];
	r->seen->client = new_client();
	f = findings_add(&r->findings, "client.ok", "a.test", "taken");
	f->severity = SEV_OK;
	finding_detail(f, "seconds_left", json_integer(77));
	return r;
}

/* The agent could not look at all. */
static struct result *
failed_result(const struct target *t)
{
	struct result *r = mem_alloc(sizeof(*r));

	r->target = t;
	r->observed_at = NOW;
	findings_add(&r->findings, "agent.failed", "a.test", "no memory");
	r->status = SEV_UNKNOWN;
	return r;
}

static struct target
target_of(void)
{
	static const char *tags[] = { "web", "\xc3\xa4 tag" };
	struct target t = { .name = "a.test",
		.kind = TARGET_ENDPOINT,
		.address = "https://a.test:443" };

	settings_init(&t.set);
	t.client.expects = true;
	t.tags = (struct words){ tags, COUNT(tags) };
	return t;
}

static char *
show(struct result *r, const struct target *t)
{
	static const struct report *const reports[] = { &report_json,
		&report_table_text, &report_nagios };
	struct results rs = { .v = &r, .n = 1, .time = r->observed_at };
	struct buf out = { 0 };

	r->target = t;
	r->duration_ms = -1;
	for (size_t i = 0; i < COUNT(reports); i++)
		reports[i]->render(
			&out, &rs, &(struct report_options){ .verbose = 3 });
	return buf_detach(&out);
}

static void
test_round_trip(void **state)
{
	struct result *(*const made[])(
		const struct target *) = { full_result, failed_result };
	struct target t = target_of();

	(void)state;
	for (size_t i = 0; i < COUNT(made); i++) {
		cleanup(result_free) struct result *r = made[i](&t);
		cleanup(shelf_free) struct shelf *shelf = shelf_new();
		BUF_CLEANUP struct buf bytes = { 0 }, twice = { 0 };
		cleanup(str_free) char *want = show(r, &t), *have = NULL;
		struct kept_target kept;
		struct result *again;
		uint64_t sum = kept_write(r, &bytes);

		assert_false(kept_fits(r));
		again = kept_read(bytes.s, bytes.len, NOW, shelf, &kept);
		assert_non_null(again);
		assert_int_equal(kept.kind, TARGET_ENDPOINT);
		assert_true(kept.client_wanted);
		assert_int_equal(kept.tags.n, 2);
		assert_string_equal(kept.tags.v[1], "\xc3\xa4 tag");
		have = show(again, &t);
		assert_string_equal(have, want);
		assert_int_equal(kept_write(again, &twice), sum);
		assert_int_equal(twice.len, bytes.len);
		assert_memory_equal(twice.s, bytes.s, bytes.len);
		result_free(again);
	}
}

/* The same look an hour later has the same hash; another has not. */
static void
test_sum(void **state)
{
	struct target t = target_of();
	cleanup(result_free) struct result *r = full_result(&t);
	BUF_CLEANUP struct buf bytes = { 0 };
	uint64_t first = kept_write(r, &bytes), later;
	char details[64];

	(void)state;
	r->observed_at += 3600;
	snprintf(details, sizeof(details), "{\"seconds_left\":%d}", 77 - 3600);
	free(r->findings.v[0].details);
	r->findings.v[0].details = str_dup(details);
	later = kept_write(r, &bytes);
	assert_true(first == later);
	r->seen->handshake->reply.status = 403;
	assert_true(kept_write(r, &bytes) != first);
}

/* Anything may come, but no crash. */
static bool
is_taken(const struct buf *bytes)
{
	struct target t = target_of();
	cleanup(shelf_free) struct shelf *shelf = shelf_new();
	struct kept_target kept;
	cleanup(result_free) struct result *again = NULL;

	again = kept_read(bytes->s, bytes->len, NOW, shelf, &kept);
	if (again == NULL)
		return false;
	free(show(again, &t));
	return true;
}

static void
test_forged(void **state)
{
	struct target t = target_of();
	cleanup(result_free) struct result *r = full_result(&t);

	(void)state;
	assert_true(try_forged(r, is_taken) > 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_round_trip),
		cmocka_unit_test(test_sum),
		cmocka_unit_test(test_forged),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
