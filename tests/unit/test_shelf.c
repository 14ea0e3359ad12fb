/* test_shelf.c - results that are kept: all of it is there, and it is little */
#include "tests/support/judge.h"

#include "model/shelf.h"
#include "report/reports.h"

static EVP_PKEY *key;
static X509 *ca;

static X509 *
leaf_of(const char *name, const char *const *names)
{
	return mkcert_make(&(struct mkcert){ .key = key,
		.cn = name,
		.names = names,
		.issuer = ca,
		.aia = "http://ca.test/ca.crt",
		.not_before = NOW - DAY,
		.not_after = NOW + DAY });
}

/* A chain of two. */
static struct observation *
observe(const char *name)
{
	cleanup(str_free) char *san = str_fmt("DNS:%s", name);
	cleanup(str_free) char *www = str_fmt("DNS:www.%s", name);
	const char *const names[] = { san, www, NULL };
	struct observation *ob = observation_new();

	assert_int_equal(0, observation_add_cert(ob, leaf_of(name, names), 1));
	X509_up_ref(ca);
	assert_int_equal(0, observation_add_cert(ob, ca, 23));
	return ob;
}

static void
fill_handshake(struct handshake *hs)
{
	hs->step = STEP_DONE;
	hs->complete = true;
	hs->peer = str_dup("192.0.2.1:443");
	hs->sni = str_dup("a.test");
	hs->protocol = str_dup("TLSv1.3");
	hs->cipher = str_dup("TLS_AES_128_GCM_SHA256");
	strlist_add(&hs->client_cas, "CN=client CA");
	hs->reply.status = 200;
	hs->reply.reason = str_dup("OK");
	strlist_add(&hs->reply.headers, "Server: nginx");
	hs->speaks = "IMAP";
}

/* At two addresses, with a file beside it and a client test. */
static struct observation *
observe_all(void)
{
	struct observation *ob = observe("a.test"), *same, *other;

	fill_handshake(ob->handshake);
	ob->address = str_dup("192.0.2.1:443");
	observation_add_fault_of(
		ob, "/etc/chain.pem", FAULT_NO_ANSWER, 7, "no answer");
	(void)observation_add_key(ob, EVP_PKEY_dup(key), 3);
	ob->keys[0].file = str_dup("/etc/a.key");
	ob->deployed = observe("b.test");
	observation_begin_part(ob->deployed, "user 'x'", ROLE_CLIENT);
	ob->listener = listener_new();
	ob->listener->process = str_dup("nginx");
	ob->client = client_test_new();
	ob->client->own = observe("client.test");
	ob->client->problem = str_dup("locked");
	ob->client->attempts[TRY_STRANGER].made = true;
	fill_handshake(&ob->client->attempts[TRY_STRANGER].handshake);
	other = observe("c.test");
	other->address = str_dup("192.0.2.2:443");
	observation_add_other(ob, other);
	for (size_t i = 0; i < 2; i++) {
		const struct observation *with = i == 0 ? ob : other;

		same = observation_new();
		for (size_t k = 0; k < with->n_certs; k++) {
			X509_up_ref(with->certs[k].x509);
			(void)observation_add_cert(
				same, with->certs[k].x509, 0);
		}
		fill_handshake(same->handshake);
		observation_add_other(ob, same);
	}
	return ob;
}

static struct result *
result_of(const struct target *t, struct observation *ob)
{
	struct result *r = mem_alloc(sizeof(*r));
	struct finding *f;

	r->target = t;
	r->seen = ob;
	r->looked = true;
	r->status = SEV_WARNING;
	r->observed_at = NOW;
	f = findings_add(&r->findings, "expiry.soon", ob->certs[0].sha256,
		"expires in 1 day");
	finding_detail(f, "days_left", json_integer(1));
	finding_detail(f, "not_after", json_string("2027-01-16T08:00:00Z"));
	findings_add(&r->findings, "chain.surplus", ob->certs[1].sha256, "x");
	finding_hint(&r->findings.v[1], "Take %s out.", "it");
	return r;
}

static char *
to_json(struct result *r)
{
	struct results rs = { .v = &r, .n = 1, .time = NOW };
	const struct report_options opt = { .verbose = 3 };
	struct buf out = { 0 };

	report_json.render(&out, &rs, &opt);
	return buf_detach(&out);
}

static void
expect_handshake(const struct handshake *hs)
{
	assert_int_equal(STEP_DONE, hs->step);
	assert_string_equal("192.0.2.1:443", hs->peer);
	assert_string_equal("a.test", hs->sni);
	assert_string_equal("TLSv1.3", hs->protocol);
	assert_string_equal("TLS_AES_128_GCM_SHA256", hs->cipher);
	assert_string_equal("CN=client CA", hs->client_cas.v[0]);
	assert_string_equal("OK", hs->reply.reason);
	assert_string_equal("Server: nginx", hs->reply.headers.v[0]);
	assert_null(hs->reply.body);
	assert_string_equal("IMAP", hs->speaks);
}

/* What the report in JSON does not tell. */
static void
expect_all(const struct observation *ob)
{
	assert_null(ob->certs[0].x509);
	assert_int_equal(0, ob->n_keys);
	assert_string_equal("http://ca.test/ca.crt", ob->certs[0].issuer_url);
	assert_string_equal("CA", ob->certs[0].issuer_label);
	assert_string_equal("prime256v1", ob->certs[1].key_curve);
	assert_int_equal(23, ob->certs[1].line);
	expect_handshake(ob->handshake);
	assert_string_equal("no answer", ob->faults[0].text);
	assert_string_equal("/etc/chain.pem", ob->faults[0].file);
	assert_string_equal("b.test", ob->deployed->certs[0].label);
	assert_string_equal("user 'x'", ob->deployed->parts[0].label);
	assert_int_equal(STEP_NONE, ob->deployed->handshake->step);
	assert_int_equal(-1, ob->deployed->handshake->alert);
	assert_string_equal("nginx", ob->listener->process);
	assert_string_equal("client.test", ob->client->own->certs[0].label);
	assert_null(ob->client->ca);
	assert_string_equal("locked", ob->client->problem);
	expect_handshake(&ob->client->attempts[TRY_STRANGER].handshake);
	assert_false(ob->client->attempts[TRY_CONFIGURED].made);
	assert_int_equal(3, ob->n_others);
	assert_string_equal("c.test", ob->others[0]->certs[0].label);
	assert_string_equal("192.0.2.2:443", ob->others[0]->address);
	assert_ptr_equal(ob, ob->others[1]->same);
	assert_ptr_equal(ob->others[0], ob->others[2]->same);
	assert_int_equal(0, ob->others[1]->n_certs);
	expect_handshake(ob->others[1]->handshake);
}

static void
test_all_of_it(void **state)
{
	struct target t = judge_target_of("a.test");
	struct result *r = result_of(&t, observe_all());
	cleanup(shelf_free) struct shelf *s = shelf_new();
	cleanup(str_free) char *before = NULL, *on = NULL, *off = NULL;

	(void)state;
	observation_forget_x509(r->seen);
	before = to_json(r);
	r = shelf_put(s, r);
	assert_true(r->shelved);
	on = to_json(r);
	assert_string_equal(before, on);
	expect_all(r->seen);
	/* Off it again it may be changed, and outlives the shelf. */
	r = shelf_lift(r);
	assert_false(r->shelved);
	assert_ptr_equal(r, shelf_lift(r));
	shelf_free(s);
	s = NULL;
	off = to_json(r);
	assert_string_equal(before, off);
	expect_all(r->seen);
	findings_add(&r->findings, "chain.order", "a", "another");
	result_free(r);
}

/* The agent could not look at all. */
static void
test_nothing_seen(void **state)
{
	struct target t = judge_target_of(NULL);
	struct result *r = mem_alloc(sizeof(*r));
	cleanup(shelf_free) struct shelf *s = shelf_new();

	(void)state;
	r->target = &t;
	findings_add(&r->findings, "agent.failed", "a", "no memory");
	r->account = account_new();
	r = shelf_put(s, r);
	assert_null(r->seen);
	assert_string_equal("no memory", r->findings.v[0].message);
	assert_non_null(r->account);
	result_free(r);
	result_free(r); /* which the shelf frees */
}

/* What is the same lies there once. */
static void
test_shared(void **state)
{
	struct target t = judge_target_of(NULL);
	cleanup(shelf_free) struct shelf *s = shelf_new();
	const struct result *a = shelf_put(s, result_of(&t, observe("a.test")));
	const struct result *b = shelf_put(s, result_of(&t, observe("b.test")));

	(void)state;
	assert_ptr_equal(a->seen->certs[1].subject, b->seen->certs[1].subject);
	assert_ptr_equal(a->seen->certs[0].issuer, a->seen->certs[1].subject);
	assert_ptr_equal(a->findings.v[0].message, b->findings.v[0].message);
	assert_ptr_equal(a->findings.v[0].subject, a->seen->certs[0].sha256);
	assert_ptr_equal(a->seen->handshake, b->seen->handshake);
	assert_string_equal("a.test", a->seen->certs[0].label);
	assert_string_equal("b.test", b->seen->certs[0].label);
}

/* Those of many threads become one. */
static void
test_join(void **state)
{
	struct target t = judge_target_of(NULL);
	cleanup(shelf_free) struct shelf *all = shelf_new();
	struct result *v[30];
	size_t size = 0;

	(void)state;
	for (size_t i = 0; i < 3; i++) {
		struct shelf *s = shelf_new();

		for (size_t k = 0; k < 10; k++)
			v[10 * i + k] = shelf_put(
				s, result_of(&t, observe("a.test")));
		size += shelf_size(s);
		shelf_join(all, s);
	}
	shelf_join(all, shelf_new());
	assert_int_equal(size, shelf_size(all));
	for (size_t i = 0; i < 30; i++)
		assert_string_equal("a.test", v[i]->seen->certs[0].label);
}

/* A hundred thousand files, ten thousand endpoints: each byte counts. */
static void
test_size(void **state)
{
	struct target t = judge_target_of(NULL);
	cleanup(shelf_free) struct shelf *s = shelf_new();
	size_t size;

	(void)state;
	for (int i = 0; i < 200; i++) {
		cleanup(str_free) char *name = str_fmt("h%d.test", i);

		shelf_put(s, result_of(&t, observe(name)));
	}
	assert_in_range(shelf_size(s) / 200, 500, 1024);
	size = shelf_size(s);
	for (int i = 0; i < 20; i++)
		shelf_put(s, result_of(&t, observe_all()));
	assert_in_range((shelf_size(s) - size) / 20, 1024, 8192);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_all_of_it),
		cmocka_unit_test(test_nothing_seen),
		cmocka_unit_test(test_shared),
		cmocka_unit_test(test_join),
		cmocka_unit_test(test_size),
	};
	int failed;

	key = mkcert_key(MKCERT_P256);
	ca = mkcert_make(&(struct mkcert){ .key = key,
		.cn = "CA",
		.ca = true,
		.not_before = NOW - DAY,
		.not_after = NOW + DAY });
	failed = cmocka_run_group_tests(tests, NULL, NULL);
	X509_free(ca);
	EVP_PKEY_free(key);
	return failed;
}
