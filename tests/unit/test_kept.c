/* test_kept.c - judged files as bytes and back, and bytes that are damaged */
#include "tests/unit/kept_world.h"

#include <string.h>

#include "model/duration.h"
#include "model/horizon.h"
#include "model/pack.h"
#include "report/reports.h"

#define NOW ((time_t)1800000000)

static const char leaf_sha[] =
	"00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff";

static struct target
target_of(void)
{
	struct target t = { .name = "/etc/ssl/a.pem",
		.kind = TARGET_FILE,
		.address = "/etc/ssl/a.pem",
		.file = "/etc/ssl/a.pem",
		.owner = "web" };

	settings_init(&t.set);
	return t;
}

static void
fill_cert(struct cert *c, const char *name, const char *sha, bool ca)
{
	*c = (struct cert){ .subject = str_fmt("CN=%s,O=Org", name),
		.issuer = str_dup("CN=\xc3\xa4 CA"),
		.label = str_dup(name),
		.issuer_label = str_dup("\xc3\xa4 CA"),
		.serial = str_dup(ca ? "0a1b2c3d4e" : "-7f..."),
		.not_before = NOW - 60 * DAY_S,
		.not_after = NOW + 30 * DAY_S + 12345,
		.has_dates = !ca,
		.key_type = str_dup(ca ? "" : "EC"),
		.key_curve = ca ? NULL : str_dup("prime256v1"),
		.key_bits = ca ? 0 : 256,
		.signature = str_dup("ecdsa-with-SHA256"),
		.issuer_url = ca ? str_dup("http://ca.test/ca.crt") : NULL,
		.is_ca = ca,
		.self_signed = ca,
		.line = ca ? 23 : 1 };
	c->sha256 = str_dup(sha);
	strlist_add(&c->names, name);
	strlist_add(&c->names, "*.\xff hostile");
	strlist_add(&c->names, "");
}

/* One that has everything. */
static struct result *
full_result(const struct target *t)
{
	struct result *r = mem_alloc(sizeof(*r));
	struct finding *f;

	r->target = t;
	r->role = ROLE_CLIENT;
	r->looked = true;
	r->observed_at = NOW;
	r->seen = observation_new();
	r->seen->format = "PKCS#7";
	r->seen->store = true;
	r->seen->changed_at = NOW - DAY_S;
	r->seen->certs = mem_alloc(2 * sizeof(struct cert));
	r->seen->n_certs = 2;
	fill_cert(&r->seen->certs[0], "www.a.test", leaf_sha, false);
	fill_cert(&r->seen->certs[1], "Root", "", true);
	f = findings_add(&r->findings, "expiry.soon", leaf_sha, "expires soon");
	f->severity = SEV_WARNING;
	finding_hint(f, "Renew '%s'.", "www.a.test");
	finding_detail(f, "days_left", json_integer(30));
	finding_detail(f, "seconds_left", json_integer(30 * DAY_S + 12345));
	finding_detail(f, "note",
		json_string("a \"seconds_left\": \xc3\xa4\n of nobody's"));
	f = findings_add(&r->findings, "name.coverage", "a.test", "all");
	f->severity = SEV_OK;
	f = findings_add(
		&r->findings, "chain.incomplete", "www.a.test", "%s", "");
	f->severity = SEV_CRITICAL;
	finding_detail(f, "list", json_pack("[s, {s: f}]", "x", "y", 0.1));
	r->status = SEV_CRITICAL;
	return r;
}

/* A file that holds nothing to speak of. */
static struct result *
bare_result(const struct target *t)
{
	struct result *r = mem_alloc(sizeof(*r));

	r->target = t;
	r->observed_at = NOW;
	r->store = true;
	r->seen = observation_new();
	return r;
}

static char *
show(struct result *r)
{
	const struct report *const reports[] = { &report_json,
		&report_table_text, &report_nagios, &report_show };
	struct results rs = { .v = &r, .n = 1, .time = r->observed_at };
	struct buf out = { 0 };

	for (size_t i = 0; i < COUNT(reports); i++) {
		/* That one wants to know how paths were chosen. */
		if (reports[i] == &report_show && r->account == NULL)
			r->account = account_new();
		reports[i]->render(
			&out, &rs, &(struct report_options){ .verbose = 3 });
	}
	account_free(r->account);
	r->account = NULL;
	return buf_detach(&out);
}

static void
test_round_trip(void **state)
{
	struct result *(*const made[])(
		const struct target *) = { full_result, bare_result };
	struct target t = target_of();

	(void)state;
	for (size_t i = 0; i < COUNT(made); i++) {
		cleanup(result_free) struct result *r = made[i](&t);
		cleanup(shelf_free) struct shelf *shelf = shelf_new();
		BUF_CLEANUP struct buf bytes = { 0 }, twice = { 0 };
		cleanup(str_free) char *want = show(r), *have = NULL;
		struct result *again;

		assert_true(kept_fits(r));
		kept_write(r, &bytes);
		again = kept_read_of(bytes.s, bytes.len, &t, NOW, shelf);
		assert_non_null(again);
		assert_true(again->shelved);
		have = show(again);
		assert_string_equal(have, want);
		kept_write(again, &twice);
		assert_int_equal(twice.len, bytes.len);
		assert_memory_equal(twice.s, bytes.s, bytes.len);
		assert_int_equal(again->role, r->role);
		assert_int_equal(again->store, r->store);
		assert_int_equal(again->seen->store, r->seen->store);
		assert_int_equal(again->seen->changed_at, r->seen->changed_at);
		result_free(again);
	}
}

/* What outputs do not show. */
static void
test_fields(void **state)
{
	struct target t = target_of();
	cleanup(result_free) struct result *r = full_result(&t);
	cleanup(shelf_free) struct shelf *shelf = shelf_new();
	BUF_CLEANUP struct buf bytes = { 0 };
	const struct result *again;

	(void)state;
	kept_write(r, &bytes);
	again = kept_read_of(bytes.s, bytes.len, &t, NOW, shelf);
	for (size_t i = 0; i < 2; i++) {
		const struct cert *a = &r->seen->certs[i];
		const struct cert *b = &again->seen->certs[i];

		assert_null(b->x509);
		assert_int_equal(a->has_dates, b->has_dates);
		assert_int_equal(a->not_before, b->not_before);
		assert_int_equal(a->not_after, b->not_after);
		assert_int_equal(a->is_ca, b->is_ca);
		assert_int_equal(a->self_signed, b->self_signed);
		assert_int_equal(a->line, b->line);
		assert_string_equal(a->label, b->label);
		assert_string_equal(a->issuer_label, b->issuer_label);
		assert_string_equal(a->sha256, b->sha256);
		assert_int_equal(a->key_curve == NULL, b->key_curve == NULL);
		assert_int_equal(a->issuer_url == NULL, b->issuer_url == NULL);
	}
	assert_string_equal(again->seen->certs[0].key_curve, "prime256v1");
	assert_string_equal(
		again->seen->certs[1].issuer_url, "http://ca.test/ca.crt");
	assert_null(again->findings.v[1].hint);
	assert_null(again->findings.v[1].details);
	assert_int_equal(again->seen->handshake->alert, -1);
}

/* Only what is left until a date has become less. */
static void
test_later(void **state)
{
	struct target t = target_of();
	cleanup(result_free) struct result *r = full_result(&t);
	cleanup(shelf_free) struct shelf *shelf = shelf_new();
	BUF_CLEANUP struct buf bytes = { 0 };
	const struct result *again;
	json_t *want, *have;

	(void)state;
	kept_write(r, &bytes);
	again = kept_read_of(bytes.s, bytes.len, &t, NOW + 4000, shelf);
	assert_int_equal(again->observed_at, NOW + 4000);
	want = finding_details(&r->findings.v[0]);
	assert_int_equal(json_object_set_new(want, "seconds_left",
				 json_integer(30 * DAY_S + 8345)),
		0);
	have = finding_details(&again->findings.v[0]);
	assert_true(json_equal(want, have));
	json_decref(want);
	json_decref(have);
	assert_null(kept_read_of(bytes.s, bytes.len, &t, NOW - 1, shelf));
}

static void
test_damaged(void **state)
{
	struct target t = target_of();
	cleanup(result_free) struct result *r = full_result(&t);
	cleanup(shelf_free) struct shelf *shelf = shelf_new();
	BUF_CLEANUP struct buf bytes = { 0 };

	(void)state;
	kept_write(r, &bytes);
	for (size_t i = 0; i < bytes.len; i++) {
		assert_null(kept_read_of(bytes.s, i, &t, NOW, shelf));
		for (int bit = 0; bit < 8; bit++) {
			bytes.s[i] ^= (char)(1 << bit);
			assert_null(kept_read_of(
				bytes.s, bytes.len, &t, NOW, shelf));
			bytes.s[i] ^= (char)(1 << bit);
		}
	}
	buf_putc(&bytes, '\0');
	assert_null(kept_read_of(bytes.s, bytes.len, &t, NOW, shelf));
}

/* Anything may come, but no crash. */
static bool
is_taken(const struct buf *bytes)
{
	struct target t = target_of();
	cleanup(shelf_free) struct shelf *shelf = shelf_new();
	cleanup(result_free) struct result *again = NULL;

	again = kept_read_of(bytes->s, bytes->len, &t, NOW, shelf);
	if (again == NULL)
		return false;
	free(show(again));
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

static void
test_unfit(void **state)
{
	struct target t = target_of(), endpoint = t;
	cleanup(result_free) struct result *r = full_result(&t);

	(void)state;
	endpoint.kind = TARGET_ENDPOINT;
	r->target = &endpoint;
	assert_false(kept_fits(r));
	r->target = &t;
	r->seen->format = "PKCS#12";
	assert_false(kept_fits(r));
	r->seen->format = "PEM";
	r->client = "client.ok";
	assert_false(kept_fits(r));
	r->client = NULL;
	r->seen->n_lent = 1;
	assert_false(kept_fits(r));
	r->seen->n_lent = 0;
	r->status = SEV_UNKNOWN;
	assert_false(kept_fits(r));
	r->status = SEV_OK;
	assert_true(kept_fits(r));
	observation_add_fault(r->seen, FAULT_FILE_LAYOUT, 3, "a blank line");
	assert_false(kept_fits(r));
	observation_forget_faults(r->seen);
	observation_begin_part(r->seen, "user 'a'", ROLE_CLIENT);
	assert_false(kept_fits(r));
}

static void
test_numbers(void **state)
{
	static const int64_t numbers[] = { 0, 1, -1, 63, 64, -64, -65, 1 << 20,
		INT64_MAX, INT64_MIN, INT64_MIN + 1 };
	BUF_CLEANUP struct buf bytes = { 0 };
	cleanup(shelf_free) struct shelf *shelf = shelf_new();
	struct pack p = { .out = &bytes };
	struct unpack u;

	(void)state;
	for (size_t i = 0; i < COUNT(numbers); i++)
		pack_number(&p, numbers[i]);
	unpack_init(&u, bytes.s, bytes.len, shelf);
	for (size_t i = 0; i < COUNT(numbers); i++)
		assert_int_equal(unpack_number(&u), numbers[i]);
	assert_true(unpack_is_done(&u));
	assert_int_equal(unpack_number(&u), 0);
	assert_true(u.broken);
}

/* More texts than are remembered, of every kind, all of them twice. */
static void
test_texts(void **state)
{
	BUF_CLEANUP struct buf bytes = { 0 };
	cleanup(shelf_free) struct shelf *shelf = shelf_new();
	struct pack p = { .out = &bytes };
	struct unpack u;
	char texts[2 * PACK_RECENT + 3][24];

	(void)state;
	for (size_t i = 0; i < COUNT(texts); i++)
		(void)snprintf(texts[i], sizeof(texts[i]),
			i % 3 == 0	     ? "%08zx"
				: i % 3 == 1 ? "text %zu"
					     : "EC%.0zu",
			i * 0x10001);
	for (size_t i = 0; i < 2 * COUNT(texts); i++)
		pack_string(&p, texts[i / 2]);
	pack_string(&p, NULL);
	unpack_init(&u, bytes.s, bytes.len, shelf);
	for (size_t i = 0; i < 2 * COUNT(texts); i++)
		assert_string_equal(unpack_string(&u), texts[i / 2]);
	assert_null(unpack_string(&u));
	assert_true(unpack_is_done(&u));
}

static const struct {
	const char *name;
	int64_t moment, now; /* in seconds */
	int64_t until; /* the first moment that reads otherwise */
} spans[] = {
	{ "twelve days and a bit left", 12 * DAY_S + 5, 0, 6 },
	{ "twelve days to the second", 12 * DAY_S, 0, 1 },
	{ "two days left", 2 * DAY_S, 0, 1 },
	{ "a day and a bit", DAY_S + 7, 0, 8 },
	{ "a day left", DAY_S, 0, 1 },
	{ "less than that", DAY_S - 1, 0, 0 },
	{ "at the end", 0, 0, 0 },
	{ "ended today", 0, DAY_S - 7, DAY_S - 7 },
	{ "ended yesterday", 0, DAY_S + 7, 2 * DAY_S },
	{ "ended three days and a bit ago", 0, 3 * DAY_S + 9, 4 * DAY_S },
	{ "ended three days ago to the second", 0, 3 * DAY_S, 3 * DAY_S + 1 },
};

/* The words and the numbers are the same before, and others from then on. */
static void
test_spans(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(spans); i++) {
		struct horizon h = { .until = HORIZON_OPEN };
		BUF_CLEANUP struct buf at = { 0 }, last = { 0 }, next = { 0 };
		int64_t days = days_floor(spans[i].moment - spans[i].now);

		horizon_note_span(&h, spans[i].moment, spans[i].now);
		if (h.until != spans[i].until)
			fail_msg("%s: have %lld", spans[i].name,
				(long long)h.until);
		if (h.until == spans[i].now)
			continue;
		duration_describe_end(&at, spans[i].moment, spans[i].now);
		duration_describe_end(&last, spans[i].moment, h.until - 1);
		duration_describe_end(&next, spans[i].moment, h.until);
		assert_string_equal(at.s, last.s);
		assert_int_equal(
			days, days_floor(spans[i].moment - (h.until - 1)));
		assert_true(strcmp(at.s, next.s) != 0 ||
			days != days_floor(spans[i].moment - h.until));
	}
}

static void
test_horizon(void **state)
{
	struct horizon h = { .until = HORIZON_OPEN };

	(void)state;
	horizon_note(&h, 100, 100); /* that was so already */
	assert_int_equal(h.until, HORIZON_OPEN);
	horizon_note(&h, 300, 100);
	horizon_note(&h, 200, 100);
	horizon_note(&h, 250, 100);
	assert_int_equal(h.until, 200);
	horizon_note(NULL, 150, 100);
	horizon_note_span(NULL, 150, 100);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_round_trip),
		cmocka_unit_test(test_fields),
		cmocka_unit_test(test_later),
		cmocka_unit_test(test_damaged),
		cmocka_unit_test(test_forged),
		cmocka_unit_test(test_unfit),
		cmocka_unit_test(test_numbers),
		cmocka_unit_test(test_texts),
		cmocka_unit_test(test_spans),
		cmocka_unit_test(test_horizon),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
