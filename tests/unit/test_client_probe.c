/* test_client_probe.c - servers and what they make of clients, as it is seen */
#include "tests/unit/client_server.h"

#include <signal.h>

#include "model/observation.h"
#include "probes/probes.h"
#include "probes/starttls/dialect.h"

static const struct scheme *
find_scheme(const char *name)
{
	for (const struct dialect *d = dialect_table; d->scheme.name != NULL;
		d++) {
		if (strcmp(d->scheme.name, name) == 0)
			return &d->scheme;
	}
	fail_msg("no scheme %s", name);
	return NULL;
}

/* What the endpoint's probe sees of the server, with this client. */
static struct observation *
look(const struct server *s, const char *scheme, const char *certificate,
	const char *ca, int64_t timeout_ms)
{
	cleanup(str_free) char *path = certificate != NULL
		? world_path(certificate)
		: NULL;
	cleanup(str_free) char *ca_path = ca != NULL ? world_path(ca) : NULL;
	struct probe_io io = world_io();
	struct target t = { .kind = TARGET_ENDPOINT,
		.name = "test",
		.address = "test",
		.scheme = find_scheme(scheme),
		.host = "localhost",
		.dial = "127.0.0.1",
		.family = AF_INET,
		.port = (uint16_t)s->port,
		.client = {
			.certificate = path, .strict = true, .ca = ca_path } };
	struct observation *ob = NULL;
	struct error err;

	settings_init(&t.set);
	t.set.timeout_ms = timeout_ms;
	io.deadline_ms = probe_now_ms() + timeout_ms;
	assert_int_equal(probe_endpoint.run(&t, &io, &ob, &err), 0);
	assert_non_null(ob->client);
	return ob;
}

/* "200", "request alert 116", "handshake closed", "done": how it ended. */
static char *
outcome(const struct handshake *hs)
{
	if (hs->reply.status != 0)
		return str_fmt("%d", hs->reply.status);
	if (hs->ending == ENDING_ALERT)
		return str_fmt("%s alert %d", step_name(hs->step), hs->alert);
	if (hs->ending == ENDING_NONE)
		return str_dup(step_name(hs->step));
	return str_fmt("%s %s", step_name(hs->step), ending_name(hs->ending));
}

static void
expect(const char *row, const char *which, const char *want, bool made,
	const struct handshake *hs)
{
	cleanup(str_free) char *have = outcome(hs);

	if (want == NULL && made)
		fail_msg("%s: %s was made: %s", row, which, have);
	if (want == NULL)
		return;
	if (!made)
		fail_msg("%s: %s was not made", row, which);
	if (strcmp(want, have) != 0)
		fail_msg("%s: %s: want \"%s\", have \"%s\"", row, which, want,
			have);
}

/* What comes of the connections, NULL where none is to be made. */
struct outcomes {
	const char *none, *configured, *stranger, *other;
};

static const struct row {
	const char *name, *scheme, *certificate, *ca;
	struct manner manner;
	struct outcomes tls12, tls13;
	enum connection_step asked_at;
	size_t sent, sent_other;
} rows[] = {
	{ "no certificate is asked for", "https", "chain.pem", NULL,
		{ .asks = NEVER, .answers = A_200 },
		{ "200", "200", NULL, NULL }, { "200", "200", NULL, NULL },
		STEP_NONE, 0, 0 },
	{ "required", "https", "chain.pem", NULL,
		{ .asks = REQUIRED, .answers = A_200 },
		{ "handshake alert 40", "200", "handshake alert 48",
			"handshake alert 48" },
		{ "request alert 116", "200", "request alert 48",
			"request alert 48" },
		STEP_HANDSHAKE, 2, 1 },
	{ "required, by HTTP", "https", "chain.pem", NULL,
		{ .asks = OPTIONAL,
			.answers = A_403_UNLESS_TRUSTED,
			.cas = "cas.pem" },
		{ "403", "200", "403", "200" }, { "403", "200", "403", "200" },
		STEP_HANDSHAKE, 2, 1 },
	{ "another CA's clients", "https", "stranger.pem", NULL,
		{ .asks = REQUIRED, .answers = A_200 },
		{ "handshake alert 40", "handshake alert 48",
			"handshake alert 48", NULL },
		{ "request alert 116", "request alert 48", "request alert 48",
			NULL },
		STEP_HANDSHAKE, 1, 0 },
	{ "optional", "https", "chain.pem", NULL,
		{ .asks = OPTIONAL, .answers = A_200 },
		{ "200", "200", "200", "200" }, { "200", "200", "200", "200" },
		STEP_HANDSHAKE, 2, 1 },
	{ "anybody's", "https", "both.pem", NULL,
		{ .asks = REQUIRED, .answers = A_200, .any = true },
		{ "handshake alert 40", "200", "200", NULL },
		{ "request alert 116", "200", "200", NULL }, STEP_HANDSHAKE, 1,
		0 },
	{ "the intermediate is missing", "https", "both.pem", "cas.pem",
		{ .asks = REQUIRED, .answers = A_200 },
		{ "handshake alert 40", "handshake alert 48",
			"handshake alert 48", "200" },
		{ "request alert 116", "request alert 48", "request alert 48",
			"200" },
		STEP_HANDSHAKE, 1, 2 },
	{ "refused without a word", "https", "both.pem", "cas.pem",
		{ .asks = OPTIONAL, .answers = CLOSES_UNLESS_TRUSTED },
		{ "request closed", "request closed", "request closed", "200" },
		{ "request closed", "request closed", "request closed", "200" },
		STEP_HANDSHAKE, 1, 2 },
	{ "always", "https", "both.pem", NULL,
		{ .asks = OPTIONAL, .answers = CLOSES },
		{ "request closed", "request closed", "request closed", NULL },
		{ "request closed", "request closed", "request closed", NULL },
		STEP_HANDSHAKE, 1, 0 },
	{ "with a goodbye", "https", "both.pem", NULL,
		{ .asks = OPTIONAL, .answers = GOODBYE },
		{ "request closed", "request closed", "request closed", NULL },
		{ "request closed", "request closed", "request closed", NULL },
		STEP_HANDSHAKE, 1, 0 },
	{ "reset", "https", "both.pem", NULL,
		{ .asks = OPTIONAL, .answers = RESETS },
		{ "request reset", "request reset", "request reset", NULL },
		{ "request reset", "request reset", "request reset", NULL },
		STEP_HANDSHAKE, 1, 0 },
	{ "asked for late", "https", "chain.pem", NULL,
		{ .asks = LATE, .answers = A_200 },
		{ "request alert 40", "200", "request alert 48",
			"request alert 48" },
		{ "request alert 116", "200", "request alert 48",
			"request alert 48" },
		STEP_REQUEST, 2, 1 },

	{ "any service, required", "tls", "chain.pem", NULL,
		{ .asks = REQUIRED, .answers = WAITS },
		{ "handshake alert 40", "done", "handshake alert 48",
			"handshake alert 48" },
		{ "request alert 116", "done", "request alert 48",
			"request alert 48" },
		STEP_HANDSHAKE, 2, 1 },
	{ "mail, required", "smtp", "chain.pem", NULL,
		{ .asks = REQUIRED, .answers = WAITS, .mail = true },
		{ "handshake alert 40", "done", "handshake alert 48",
			"handshake alert 48" },
		{ "request alert 116", "done", "request alert 48",
			"request alert 48" },
		STEP_HANDSHAKE, 2, 1 },
	{ "any service that hangs up", "tls", "chain.pem", NULL,
		{ .asks = OPTIONAL, .answers = HANGS_UP_UNLESS_TRUSTED },
		{ "request closed", "done", "request closed",
			"request closed" },
		{ "request closed", "done", "request closed",
			"request closed" },
		STEP_HANDSHAKE, 2, 1 },
	{ "any service that speaks first", "tls", "chain.pem", NULL,
		{ .asks = REQUIRED, .answers = SAYS_HELLO },
		{ "handshake alert 40", "done", "handshake alert 48",
			"handshake alert 48" },
		{ "request alert 116", "done", "request alert 48",
			"request alert 48" },
		STEP_HANDSHAKE, 2, 1 },
};

static void
expect_outcomes(const struct row *row, const struct outcomes *want,
	const struct observation *ob)
{
	const struct client_attempt *a = ob->client->attempts;

	expect(row->name, "none", want->none, true, ob->handshake);
	expect(row->name, "configured", want->configured,
		a[TRY_CONFIGURED].made, &a[TRY_CONFIGURED].handshake);
	expect(row->name, "stranger", want->stranger, a[TRY_STRANGER].made,
		&a[TRY_STRANGER].handshake);
	expect(row->name, "other", want->other, a[TRY_OTHER_CHAIN].made,
		&a[TRY_OTHER_CHAIN].handshake);
}

static void
expect_certificate_request(const struct row *row, const struct handshake *hs)
{
	if (hs->asked_at != row->asked_at ||
		hs->asked != (row->asked_at != STEP_NONE))
		fail_msg("%s: asked at %s", row->name, step_name(hs->asked_at));
	if (hs->asked && hs->client_cas.n == 0)
		fail_msg("%s: no list of CAs", row->name);
}

static void
hold(const struct row *row, int version, const struct outcomes *want)
{
	cleanup(observation_free) struct observation *ob = NULL;
	const struct client_attempt *a;
	cleanup(str_free) char *name = str_fmt(
		"%s, TLS 1.%d", row->name, version == TLS1_3_VERSION ? 3 : 2);
	struct row named = *row;
	struct server s;

	named.name = name;
	server_start(&s, &row->manner, version);
	ob = look(&s, row->scheme, row->certificate, row->ca, 5000);
	server_stop(&s);
	a = ob->client->attempts;
	assert_null(ob->client->problem);
	expect_outcomes(&named, want, ob);
	expect_certificate_request(&named, ob->handshake);
	expect_certificate_request(&named, &a[TRY_CONFIGURED].handshake);
	if (a[TRY_CONFIGURED].n_sent != row->sent ||
		a[TRY_OTHER_CHAIN].n_sent != row->sent_other)
		fail_msg("%s: have %zu and %zu certificates sent", name,
			a[TRY_CONFIGURED].n_sent, a[TRY_OTHER_CHAIN].n_sent);
	assert_int_equal(version, a[TRY_CONFIGURED].handshake.version);
	assert_string_equal(
		ob->handshake->peer, a[TRY_CONFIGURED].handshake.peer);
	assert_int_equal(1, ob->n_certs);
}

static void
verdicts_are_seen(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		hold(&rows[i], TLS1_2_VERSION, &rows[i].tls12);
		hold(&rows[i], TLS1_3_VERSION, &rows[i].tls13);
	}
}

/* It says nothing to whoever it is: each attempt has a time of its own. */
static void
silence_has_an_end(void **state)
{
	static const struct manner manner = { .asks = OPTIONAL,
		.answers = NOTHING };
	struct server s;
	struct observation *ob;
	int64_t began = probe_now_ms(), took;

	(void)state;
	server_start(&s, &manner, TLS1_3_VERSION);
	ob = look(&s, "https", "chain.pem", NULL, 700);
	server_stop(&s);
	took = probe_now_ms() - began;
	expect_outcomes(&(struct row){ .name = "silence" },
		&(struct outcomes){ "request timeout", "request timeout",
			"request timeout", "request timeout" },
		ob);
	assert_true(took >= 2800 && took < 6000);
	observation_free(ob);
}

static void
bodies_are_kept(void **state)
{
	static const struct manner manner = { .asks = OPTIONAL,
		.answers = A_403_UNLESS_TRUSTED };
	const struct client_attempt *a;
	struct server s;
	struct observation *ob;

	(void)state;
	server_start(&s, &manner, TLS1_3_VERSION);
	ob = look(&s, "https", "chain.pem", NULL, 5000);
	server_stop(&s);
	a = ob->client->attempts;
	assert_string_equal(
		"No required certificate", ob->handshake->reply.body);
	assert_string_equal("hello", a[TRY_CONFIGURED].handshake.reply.body);
	assert_string_equal("No required certificate",
		a[TRY_STRANGER].handshake.reply.body);
	assert_true(a[TRY_CONFIGURED].handshake.n_data > strlen("hello"));
	observation_forget_x509(ob);
	assert_null(a[TRY_CONFIGURED].handshake.reply.body);
	assert_int_equal(200, a[TRY_CONFIGURED].handshake.reply.status);
	observation_free(ob);
}

/* For services that say nothing of their own. */
static void
tickets_and_data_are_counted(void **state)
{
	static const struct {
		struct manner manner;
		unsigned tickets;
		size_t data;
	} manners[] = {
		{ { .asks = REQUIRED, .answers = WAITS }, 2, 0 },
		{ { .asks = REQUIRED, .answers = WAITS, .no_tickets = true }, 0,
			0 },
		{ { .asks = REQUIRED, .answers = SAYS_HELLO }, 2, 6 },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(manners); i++) {
		const struct handshake *hs;
		struct server s;
		struct observation *ob;

		server_start(&s, &manners[i].manner, TLS1_3_VERSION);
		ob = look(&s, "tls", "chain.pem", NULL, 5000);
		server_stop(&s);
		hs = &ob->client->attempts[TRY_CONFIGURED].handshake;
		assert_int_equal(STEP_DONE, hs->step);
		assert_int_equal(manners[i].tickets, hs->n_tickets);
		assert_int_equal(manners[i].data, hs->n_data);
		observation_free(ob);
	}
}

/* Dropped before it asked for anything: once, not twice. */
static void
busy_servers_are_tried_again(void **state)
{
	static const struct {
		unsigned drops;
		const char *configured;
	} drops[] = { { 1, "200" }, { 2, "hello reset" } };

	(void)state;
	for (size_t i = 0; i < COUNT(drops); i++) {
		const struct manner manner = { .asks = OPTIONAL,
			.answers = A_200,
			.drops = drops[i].drops };
		struct server s;
		struct observation *ob;

		server_start(&s, &manner, TLS1_3_VERSION);
		ob = look(&s, "https", "both.pem", NULL, 5000);
		server_stop(&s);
		expect("busy", "configured", drops[i].configured, true,
			&ob->client->attempts[TRY_CONFIGURED].handshake);
		expect("busy", "stranger", "200", true,
			&ob->client->attempts[TRY_STRANGER].handshake);
		assert_int_equal(4, s.n_clients);
		observation_free(ob);
	}
}

static void
nothing_is_tried_in_vain(void **state)
{
	static const struct manner manner = { .asks = OPTIONAL,
		.answers = A_200 };
	struct server s;
	struct observation *ob;

	(void)state;
	/* What cannot be loaded is told, and the stranger comes all the same.
	 */
	server_start(&s, &manner, TLS1_3_VERSION);
	ob = look(&s, "https", "leaf.pem", "cas.pem", 5000);
	assert_non_null(ob->client->problem);
	assert_int_equal(1, ob->client->own->n_certs);
	assert_int_equal(2, ob->client->ca->n_certs);
	expect_outcomes(&(struct row){ .name = "no key" },
		&(struct outcomes){ "200", NULL, "200", NULL }, ob);
	assert_int_equal(2, s.n_clients);
	observation_free(ob);
	server_stop(&s);

	/* Nobody is there: the files are judged nevertheless. */
	ob = look(&s, "https", "chain.pem", "cas.pem", 5000);
	assert_null(ob->client->problem);
	assert_int_equal(2, ob->client->own->n_certs);
	assert_int_equal(2, ob->client->ca->n_certs);
	expect_outcomes(&(struct row){ .name = "nobody" },
		&(struct outcomes){ "connect refused", NULL, NULL, NULL }, ob);
	observation_free(ob);

	/* The file of CAs alone is judged, and nothing is tried. */
	ob = look(&s, "https", NULL, "cas.pem", 5000);
	assert_int_equal(2, ob->client->ca->n_certs);
	assert_null(ob->client->own);
	assert_false(ob->client->attempts[TRY_STRANGER].made);
	observation_free(ob);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(verdicts_are_seen),
		cmocka_unit_test(silence_has_an_end),
		cmocka_unit_test(bodies_are_kept),
		cmocka_unit_test(tickets_and_data_are_counted),
		cmocka_unit_test(busy_servers_are_tried_again),
		cmocka_unit_test(nothing_is_tried_in_vain),
	};

	(void)signal(SIGPIPE, SIG_IGN);
	return cmocka_run_group_tests(tests, world_make, world_free);
}
