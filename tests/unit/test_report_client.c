/* test_report_client.c - what outputs say of a test of client certificates */
#include "tests/unit/report_world.h"

#include <string.h>

#include <jansson.h>
#include <openssl/ssl.h>

/* What came of a connection, in words. */
static const struct seen_row {
	struct handshake hs;
	const char *words;
} seen_rows[] = {
	{ { .reply.status = 200, .complete = true }, "HTTP 200" },
	{ { .ending = ENDING_ALERT, .alert = 116, .complete = true },
		"alert 116 certificate_required" },
	{ { .ending = ENDING_ALERT, .alert = 199 }, "alert 199 unknown" },
	{ { .ending = ENDING_CLOSED }, "connection closed without an answer" },
	{ { .ending = ENDING_RESET }, "connection reset without an answer" },
	{ { .ending = ENDING_TIMEOUT, .complete = true }, "no answer in time" },
	{ { .ending = ENDING_TIMEOUT },
		"a handshake that did not end in time" },
	{ { .complete = true, .n_data = 5 }, "an answer that is no HTTP" },
	{ { .complete = true, .n_tickets = 2, .version = TLS1_3_VERSION },
		"a session ticket" },
	{ { .complete = true, .version = TLS1_3_VERSION },
		"no word after the handshake" },
	{ { .complete = true, .version = TLS1_2_VERSION },
		"a finished handshake" },
	{ { .step = STEP_CONNECT, .ending = ENDING_REFUSED },
		"no connection (connect, refused)" },
};

static void
what_was_seen(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(seen_rows); i++) {
		BUF_CLEANUP struct buf out = { 0 };

		client_describe(&out, &seen_rows[i].hs);
		assert_string_equal(seen_rows[i].words, buf_str(&out));
	}
}

static void
add_cert(struct observation *ob, const char *subject)
{
	ob->certs = mem_grow(ob->certs, 1, sizeof(*ob->certs));
	ob->certs[0] = cert_of(subject, "CN=CA", 80 * DAY_S);
	ob->n_certs = 1;
}

static struct target
target(void)
{
	struct target t = { .name = "a",
		.kind = TARGET_ENDPOINT,
		.address = "https://a.test:443" };

	settings_init(&t.set);
	t.client.certificate = "client.pem";
	return t;
}

/* A server that takes ours, refuses the rest, and ends in 80 days. */
static struct result *
result_of(const struct target *t, const char *id, const char *message)
{
	struct result *r = mem_alloc(sizeof(*r));

	r->target = t;
	r->observed_at = NOW;
	r->looked = true;
	r->role = ROLE_SERVER;
	r->seen = observation_new();
	add_cert(r->seen, "CN=server");
	r->seen->handshake->alert = 116;
	r->seen->handshake->ending = ENDING_ALERT;
	if (id != NULL) {
		findings_add(&r->findings, "chain.surplus", "a", "a note");
		findings_add(&r->findings, id, "a", "%s", message);
		r->client = finding_kind(id)->id;
	}
	r->status = findings_worst(&r->findings);
	return r;
}

static char *
render_wide(const char *name, struct result *r, size_t width)
{
	struct results rs = { .v = &r, .n = 1, .time = NOW };
	struct report_options opt = { .width = width };
	struct buf out = { 0 };

	report_find(name)->render(&out, &rs, &opt);
	return buf_detach(&out);
}

static const struct line_row {
	const char *id, *message; /* NULL: none was tested */
	bool asked; /* a certificate is configured */
	const char *line; /* before the performance data */
	bool in_table; /* also without -v */
} line_rows[] = {
	{ "client.ok", "client certificate accepted", true,
		"CERTVIGIL OK - a: client certificate accepted; the server's "
		"certificate expires in 80 days (2027-02-08) |",
		true },
	{ "client.required", "requires a client certificate", false,
		"CERTVIGIL OK - a: expires in 80 days (2027-02-08) |", false },
	{ "client.rejected", "client certificate refused", true,
		"CERTVIGIL CRITICAL - a: client certificate refused |", true },
	{ "expiry.expired", "expired 1 day ago", true,
		"CERTVIGIL CRITICAL - a: the server's certificate: expired 1 "
		"day ago |",
		true },
	{ "expiry.expired", "expired 1 day ago", false,
		"CERTVIGIL CRITICAL - a: expired 1 day ago |", true },
	{ "expiry.expired", "client certificate: expired 1 day ago", true,
		"CERTVIGIL CRITICAL - a: client certificate: expired 1 day ago "
		"|",
		true },
	{ "endpoint.timeout", "no connection in time", true,
		"CERTVIGIL CRITICAL - a: no connection in time |", true },
	{ NULL, NULL, true,
		"CERTVIGIL OK - a: expires in 80 days (2027-02-08) |", false },
};

static void
lines(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(line_rows); i++) {
		const struct line_row *row = &line_rows[i];
		struct target t = target();
		struct result *r;
		cleanup(str_free) char *line = NULL;
		cleanup(str_free) char *table = NULL;

		if (!row->asked)
			t.client.certificate = NULL;
		r = result_of(&t, row->id, row->message);
		line = render_wide("nagios", r, 0);
		table = render_wide("table", r, 0);
		assert_memory_equal(row->line, line, strlen(row->line));
		if (row->message != NULL)
			assert_int_equal(row->in_table,
				strstr(table, row->message) != NULL);
		assert_null(strstr(table, "a note"));
		result_free(r);
	}
}

/* Neither half hides the other. */
static void
both_halves(void **state)
{
	struct target t = target();
	struct result *r = result_of(&t, "client.ok", "client: accepted");
	cleanup(str_free) char *line = NULL;

	(void)state;
	findings_add(&r->findings, "expiry.expired", "b", "expired 1 day ago");
	r->status = findings_worst(&r->findings);
	line = render_wide("nagios", r, 0);
	assert_non_null(strstr(line,
		"CRITICAL - a: the server's certificate: expired 1 day ago; "
		"client: accepted |"));
	result_free(r);
}

static json_t *
client_of(struct result *r)
{
	cleanup(str_free) char *text = render_wide("json", r, 0);
	json_t *doc = json_loads(text, 0, NULL), *client;

	assert_non_null(doc);
	client = json_incref(json_object_get(
		json_array_get(json_object_get(doc, "targets"), 0), "client"));
	json_decref(doc);
	return client;
}

static const char *
text_of(const json_t *j, const char *key)
{
	return json_string_value(json_object_get(j, key));
}

static void
json_tells_the_connections(void **state)
{
	struct target t = target();
	struct result *r = result_of(&t, "client.ok", "accepted");
	struct client_attempt *a;
	json_t *j;

	(void)state;
	r->seen->client = client_test_new();
	r->seen->client->own = observation_new();
	add_cert(r->seen->client->own, "CN=client");
	a = r->seen->client->attempts;
	a[TRY_CONFIGURED].made = a[TRY_STRANGER].made = true;
	a[TRY_CONFIGURED].n_sent = 2;
	a[TRY_CONFIGURED].handshake.reply.status = 200;
	a[TRY_STRANGER].handshake.ending = ENDING_CLOSED;

	j = client_of(r);
	assert_string_equal("ok", text_of(j, "verdict"));
	assert_string_equal("HTTP 200", text_of(j, "with"));
	assert_string_equal(
		"alert 116 certificate_required", text_of(j, "without"));
	assert_string_equal(
		"connection closed without an answer", text_of(j, "stranger"));
	assert_null(json_object_get(j, "other_chain"));
	assert_int_equal(2, json_integer_value(json_object_get(j, "sent")));
	assert_string_equal("CN=client",
		text_of(json_array_get(json_object_get(j, "certificates"), 0),
			"subject"));
	json_decref(j);
	result_free(r);
}

static void
json_without_a_certificate(void **state)
{
	struct target t = target();
	struct result *r = result_of(&t, "client.required", "requires one");
	json_t *j = client_of(r);

	(void)state;
	assert_int_equal(2, json_object_size(j));
	assert_string_equal("required", text_of(j, "verdict"));
	assert_string_equal(
		"alert 116 certificate_required", text_of(j, "without"));
	json_decref(j);
	result_free(r);

	r = result_of(&t, NULL, NULL);
	assert_null(client_of(r));
	result_free(r);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_was_seen),
		cmocka_unit_test(lines),
		cmocka_unit_test(both_halves),
		cmocka_unit_test(json_tells_the_connections),
		cmocka_unit_test(json_without_a_certificate),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
