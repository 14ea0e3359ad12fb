/* test_checks_role.c - which role a file plays, and which its leaves are */
#include "checks/leaf.h"
#include "checks/role.h"
#include "tests/unit/chain_world.h"

static const struct row {
	const char *name;
	enum role told;
	enum who certs[8];
	const char *leaves; /* their places, the first one first */
	enum role role;
	bool named; /* a name is configured */
} rows[] = {
	/* Where nobody tells the role, the certificates do. */
	{ "leaf and issuer", ROLE_AUTO, { L, I }, "0", ROLE_SERVER, false },
	{ "without EKU", ROLE_AUTO, { CLIENT_I_FREE }, "0", ROLE_SERVER,
		false },
	{ "for both", ROLE_AUTO, { CLIENT_I_BOTH }, "0", ROLE_SERVER, false },
	{ "for clients", ROLE_AUTO, { CLIENT, I }, "0", ROLE_CLIENT, false },
	{ "for mail", ROLE_AUTO, { MAIL, I }, "0", ROLE_ANY, false },
	{ "a CA", ROLE_AUTO, { R }, "", ROLE_CA, false },
	{ "a CA for clients only", ROLE_AUTO, { CLIENT_I }, "", ROLE_CA,
		false },
	{ "a CA of version 1", ROLE_AUTO, { V1_ROOT }, "", ROLE_CA, false },
	{ "a server that is its own CA", ROLE_AUTO, { SELF_CA }, "0",
		ROLE_SERVER, false },
	{ "such a one among CAs", ROLE_AUTO, { SELF_CA, R }, "", ROLE_CA,
		false },
	{ "CAs", ROLE_AUTO, { I, OTHER, NARROW }, "", ROLE_CA, false },
	{ "the leaf last", ROLE_AUTO, { I, L }, "1", ROLE_SERVER, false },
	{ "the leaf last, twice", ROLE_AUTO, { I, L, L }, "1", ROLE_SERVER,
		false },
	{ "CAs and somebody's leaf", ROLE_AUTO, { I, OTHER_LEAF }, "", ROLE_CA,
		false },
	{ "CAs and two leaves", ROLE_AUTO, { I, L, SECOND }, "", ROLE_CA,
		false },
	{ "a CA, and a name for it", ROLE_AUTO, { I, L }, "0 1", ROLE_SERVER,
		true },

	/* R86: several leaves. */
	{ "two leaves of one issuer", ROLE_AUTO, { L, SECOND, I }, "0 1",
		ROLE_SERVER, false },
	{ "each with its issuer", ROLE_AUTO, { L, I, OTHER_LEAF, OTHER_I },
		"0 2", ROLE_SERVER, false },
	{ "one leaf twice", ROLE_AUTO, { L, I, L, SECOND, SECOND }, "0 3",
		ROLE_SERVER, false },
	{ "the issuer is no CA", ROLE_AUTO, { NO_CA_LEAF, NO_CA, I }, "0",
		ROLE_SERVER, false },
	{ "the issuer is no CA, and first", ROLE_AUTO, { NO_CA, NO_CA_LEAF },
		"0 1", ROLE_SERVER, false },
	{ "two self-signed of a name", ROLE_AUTO, { SELF, SELF_TWIN }, "0 1",
		ROLE_SERVER, false },

	/* Who tells the role is believed. */
	{ "a server", ROLE_SERVER, { I, L, R }, "1", ROLE_SERVER, false },
	{ "a server, named", ROLE_SERVER, { I, L, R }, "1", ROLE_SERVER, true },
	{ "several servers", ROLE_SERVER, { I, L, SECOND }, "1 2", ROLE_SERVER,
		false },
	{ "a CA as a server", ROLE_SERVER, { I, R }, "0", ROLE_SERVER, false },
	{ "a CA as a client", ROLE_CLIENT, { I }, "0", ROLE_CLIENT, false },
	{ "a server's as a client", ROLE_CLIENT, { L, I }, "0", ROLE_CLIENT,
		false },
	{ "any", ROLE_ANY, { MAIL, I }, "0", ROLE_ANY, false },
	{ "client CAs", ROLE_CLIENT_CA, { I, R }, "", ROLE_CLIENT_CA, false },
	{ "a leaf as a client CA", ROLE_CLIENT_CA, { L }, "", ROLE_CLIENT_CA,
		false },
	{ "a leaf as a CA, named", ROLE_CA, { L, I }, "", ROLE_CA, true },

	{ "nothing", ROLE_AUTO, { NOBODY }, "", ROLE_CA, false },
	{ "nothing, told", ROLE_CLIENT, { NOBODY }, "", ROLE_CLIENT, false },
};

static void
check_leaves(const char *name, const struct observation *ob,
	const struct target *t, const char *want)
{
	struct leaves leaves LEAVES_CLEANUP = { 0 };
	struct buf have BUF_CLEANUP = { 0 };
	const struct cert *leaf = leaf_of(ob, t);

	leaves_find(&leaves, ob, t);
	for (size_t i = 0; i < leaves.n; i++)
		buf_printf(&have, "%s%zu", i > 0 ? " " : "", leaves.v[i]);
	if (strcmp(buf_str(&have), want) != 0)
		fail_msg("%s: want \"%s\", have \"%s\"", name, want,
			buf_str(&have));
	assert_ptr_equal(leaf, leaves.n > 0 ? &ob->certs[leaves.v[0]] : NULL);
}

static void
test_roles_and_leaves(void **state)
{
	static const char *names[] = { "host.test" };

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		const struct row *r = &rows[i];
		struct observation *ob = observe_file(r->certs, 8);
		struct target t = judge_target_of(NULL);

		t.role = r->told;
		t.names = (struct words){ names, r->named ? 1 : 0 };
		check_leaves(r->name, ob, &t, r->leaves);
		if (role_of(ob, &t) != r->role)
			fail_msg("%s: want %s, have %s", r->name,
				role_name(r->role), role_name(role_of(ob, &t)));
		observation_free(ob);
	}
}

/* Of an endpoint the first is what clients see, whatever it is. */
static void
test_an_endpoint_is_a_server(void **state)
{
	struct observation *ob = observe_file(
		(const enum who[]){ I, L, SECOND, NOBODY }, 3);
	struct target t = judge_target_of("host.test");

	(void)state;
	check_leaves("endpoint", ob, &t, "0");
	assert_int_equal(ROLE_SERVER, role_of(ob, &t));
	t.role = ROLE_CA;
	check_leaves("endpoint, as a CA", ob, &t, "0");
	assert_int_equal(ROLE_SERVER, role_of(ob, &t));
	observation_free(ob);
}

static void
test_the_role_of_parts(void **state)
{
	struct observation *ob = observation_new();
	struct target t = judge_target_of(NULL);

	(void)state;
	observation_begin_part(ob, "cluster", ROLE_CA);
	X509_up_ref(world[R]);
	assert_int_equal(0, observation_add_cert(ob, world[R], 0));
	assert_int_equal(ROLE_CA, role_of(ob, &t));
	observation_begin_part(ob, "user", ROLE_CLIENT);
	assert_int_equal(ROLE_CA, role_of(ob, &t));
	X509_up_ref(world[CLIENT]);
	assert_int_equal(0, observation_add_cert(ob, world[CLIENT], 0));
	assert_int_equal(ROLE_CLIENT, role_of(ob, &t));
	t.role = ROLE_ANY;
	assert_int_equal(ROLE_ANY, role_of(ob, &t));
	observation_free(ob);
}

/* A client's configuration: the CA, its own certificate, and the key of it. */
static void
test_a_leaf_by_its_key(void **state)
{
	static const struct {
		const char *name;
		enum who key;
		enum role role;
	} cases[] = {
		{ "without a key", NOBODY, ROLE_CA },
		{ "a key of nobody here", L, ROLE_CA },
		{ "its key", OTHER_LEAF, ROLE_SERVER },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct observation *ob = judge_observe((X509 *[]){
			world[R], world[I], world[OTHER_LEAF], NULL });
		struct target t = judge_target_of(NULL);

		if (cases[i].key != NOBODY) {
			EVP_PKEY_up_ref(keys[cases[i].key]);
			(void)observation_add_key(ob, keys[cases[i].key], 41);
		}
		assert_int_equal(cases[i].role, role_of(ob, &t));
		if (cases[i].role == ROLE_SERVER)
			check_leaves(cases[i].name, ob, &t, "2");
		observation_free(ob);
	}
}

/*
 * Verdicts on several leaves: the dates of each, the path of each, and what
 * they have in common once.
 */
static const struct verdict_row {
	const char *name;
	enum who sent[8];
	enum role role;
	const char *findings;
	const char *id, *message; /* of one of them, or NULL */
} verdict_rows[] = {
	{ "R86: two good ones", { L, SECOND, I }, ROLE_AUTO, "", NULL, NULL },
	{ "R86: each followed by its issuers", { L, I, OTHER_LEAF, OTHER_I },
		ROLE_AUTO, "", NULL, NULL },
	{ "R86: an issuer that a leaf before had", { L, I, SECOND }, ROLE_AUTO,
		"", NULL, NULL },
	{ "R86: the second has expired", { L, I, OLD_L }, ROLE_AUTO,
		"expiry.expired=critical", "expiry.expired",
		"'old leaf' expired 3 days ago (2027-01-12)" },
	{ "R86: the first has expired", { OLD_L, L, I }, ROLE_AUTO,
		"expiry.expired=critical", "expiry.expired",
		"'old leaf' expired 3 days ago (2027-01-12)" },
	{ "R86: the first twice, expired", { OLD_L, OLD_L, I }, ROLE_AUTO,
		"expiry.expired=critical chain.duplicate=ok", NULL, NULL },
	{ "the second's issuer after it", { L, I, OTHER_I, OTHER_LEAF },
		ROLE_AUTO, "chain.order=warning", "chain.order",
		"the order is wrong: want 'other leaf', 'Other Issuer', have "
		"'Other Issuer', 'other leaf'" },
	{ "the leaves are not first", { I, L, SECOND }, ROLE_SERVER,
		"chain.order=warning", "chain.order",
		"the order is wrong: want 'leaf', 'Issuer', have 'Issuer', "
		"'leaf'" },
	{ "something before the leaf", { OTHER, L, I }, ROLE_SERVER,
		"chain.order=warning chain.surplus=ok", "chain.order",
		"the order is wrong: want 'leaf' first, have it in place 2" },
	{ "the second's issuer is missing", { L, I, OTHER_LEAF }, ROLE_AUTO,
		"chain.incomplete=critical", "chain.incomplete",
		"issuer 'Other Issuer' of 'other leaf' is missing" },
	{ "one missing issuer of three leaves", { L, SECOND, MAIL }, ROLE_AUTO,
		"chain.incomplete=critical", "chain.incomplete",
		"issuer 'Issuer' of 'leaf', 'second', 'mail' is missing; it "
		"can be fetched from http://ca.test/issuer.der" },
	{ "one missing issuer of an issuer", { BELOW_LEAF, BELOW, BELOW_LEAF },
		ROLE_AUTO, "chain.untrusted=critical chain.duplicate=ok", NULL,
		NULL },
	{ "one missing issuer of an issuer and a leaf", { DEEP_LEAF, L, DEEP },
		ROLE_AUTO, "chain.untrusted=critical chain.incomplete=critical",
		"chain.incomplete",
		"issuer 'Issuer' of 'leaf' is missing; it can be fetched from "
		"http://ca.test/issuer.der" },
	{ "two issuers are missing", { L, OTHER_LEAF, OTHER_SECOND }, ROLE_AUTO,
		"chain.incomplete=critical chain.incomplete=critical", NULL,
		NULL },
	{ "one expired issuer of two leaves", { L, SECOND, I_OLD }, ROLE_AUTO,
		"expiry.expired=critical", NULL, NULL },
	{ "the first is self-signed", { SELF, L, I }, ROLE_AUTO,
		"chain.self-signed=critical", "chain.self-signed",
		"'self' is self-signed and not in the test's trust store" },
	{ "the second is self-signed", { L, I, SELF }, ROLE_AUTO,
		"chain.self-signed=critical", "chain.self-signed",
		"'self' is self-signed and not in the test's trust store" },
	{ "the second is altered", { PLAIN_LEAF, PLAIN, TWIN_LEAF }, ROLE_AUTO,
		"chain.signature=critical", "chain.signature",
		"'twin leaf' is not signed by the key of the 'Issuer' that is "
		"at hand (ecdsa-with-SHA256)" },
	{ "beyond need, of both", { L, I, OTHER_LEAF, OTHER_I, NARROW },
		ROLE_AUTO, "chain.surplus=ok", "chain.surplus",
		"'Narrow' is not needed" },
	{ "the root of both", { L, SECOND, I, R }, ROLE_AUTO,
		"chain.root-sent=ok", NULL, NULL },

	/* The issuers' purpose, by the role or by what the leaf is for. */
	{ "for clients, told", { CLIENT_I_CLIENT, CLIENT_I }, ROLE_CLIENT, "",
		NULL, NULL },
	{ "for both, told", { SERVER_I_BOTH, SERVER_I }, ROLE_SERVER, "", NULL,
		NULL },
	{ "for both, but a client", { SERVER_I_BOTH, SERVER_I }, ROLE_CLIENT,
		"chain.invalid=critical", "chain.invalid",
		"'Server Issuer': unsuitable certificate purpose" },
	{ "for clients, but a server", { CLIENT_I_SERVER, CLIENT_I },
		ROLE_SERVER, "chain.invalid=critical", "chain.invalid",
		"'Client Issuer': unsuitable certificate purpose" },
	{ "a server by its EKU", { CLIENT_I_SERVER, CLIENT_I }, ROLE_AUTO,
		"chain.invalid=critical", NULL, NULL },
	{ "a client by its EKU", { CLIENT_I_CLIENT, CLIENT_I }, ROLE_AUTO, "",
		NULL, NULL },
	{ "either by its EKU", { CLIENT_I_BOTH, CLIENT_I }, ROLE_AUTO, "", NULL,
		NULL },
	{ "any by its EKU", { CLIENT_I_ANY, CLIENT_I }, ROLE_AUTO, "", NULL,
		NULL },
	{ "no EKU, and nothing told", { CLIENT_I_FREE, CLIENT_I }, ROLE_AUTO,
		"", NULL, NULL },
	{ "no EKU, but a server", { CLIENT_I_FREE, CLIENT_I }, ROLE_SERVER,
		"key.purpose=ok chain.invalid=critical", NULL, NULL },
	{ "a CA for servers as a server", { SERVER_CA, I }, ROLE_SERVER,
		"expiry.too-long=warning key.purpose=warning", NULL, NULL },
	{ "and as a client", { SERVER_CA, I }, ROLE_CLIENT, "", NULL, NULL },
	{ "no EKU, and any", { CLIENT_I_SERVER, CLIENT_I }, ROLE_ANY, "", NULL,
		NULL },
	{ "mail, and any", { MAIL, I }, ROLE_ANY, "", NULL, NULL },
	{ "R33: the leaf's own is not the chain's", { CLIENT, I }, ROLE_SERVER,
		"key.purpose=critical", NULL, NULL },
	{ "R33: the first leaf's own", { CLIENT, L, I }, ROLE_SERVER,
		"key.purpose=critical", "key.purpose",
		"'client' (line 1): want serverAuth among its extended key "
		"usages, have clientAuth" },
	{ "R33: the second leaf's own", { L, I, CLIENT }, ROLE_SERVER,
		"key.purpose=critical", NULL, NULL },
};

static void
test_verdicts_on_leaves(void **state)
{
	static const enum who anchors[] = { R, OTHER };

	(void)state;
	for (size_t i = 0; i < COUNT(verdict_rows); i++) {
		const struct verdict_row *r = &verdict_rows[i];
		struct target t = judge_target_of(NULL);
		struct findings fs = { 0 };

		t.role = r->role;
		judge_file(&t, r->sent, 8, anchors, 2, false, &fs);
		judge_expect(r->name, &fs, "", r->findings);
		expect_message(&fs, r->id, r->message);
		findings_release(&fs);
	}
}

/* Two certificates of one name are told apart by where they stand. */
static void
test_two_leaves_of_a_name(void **state)
{
	static const enum who anchors[] = { R };
	struct target t = judge_target_of(NULL);
	struct findings fs = { 0 };

	(void)state;
	t.set.warning.seconds = t.set.critical.seconds = 100 * DAY;
	t.set.warning.share_ppm = t.set.critical.share_ppm = -1;
	judge_file(&t, (const enum who[]){ L, LIKE_L, SECOND, I, NOBODY }, 4,
		anchors, 1, false, &fs);
	judge_expect("one name", &fs, "expiry.",
		"expiry.soon=critical expiry.soon=critical "
		"expiry.soon=critical");
	assert_string_equal(fs.v[0].message,
		"'leaf' (line 1) expires in 90 days (2027-04-15)");
	assert_string_equal(fs.v[1].message,
		"'leaf' (line 21) expires in 90 days (2027-04-15)");
	assert_string_equal(
		fs.v[2].message, "'second' expires in 90 days (2027-04-15)");
	findings_release(&fs);
}

/* An issuer of two is told once, as bad as it is for either. */
static void
test_an_issuer_of_two(void **state)
{
	struct target t = judge_target_of(NULL);
	X509 *ca, *sent[4] = { NULL };
	struct observation *ob;
	struct trust trust = judge_trust((X509 *[]){ world[R], NULL }, false);
	struct policy pol = { .target = &t, .trust = &trust };
	struct findings fs = { 0 };

	(void)state;
	ca = mkcert_make(&(struct mkcert){ .key = keys[I],
		.cn = "Short",
		.ca = true,
		.issuer = world[R],
		.issuer_key = keys[R],
		.not_before = NOW - 400 * DAY,
		.not_after = NOW + 8 * DAY });
	for (size_t i = 0; i < 2; i++)
		sent[i] = mkcert_make(&(struct mkcert){ .key = keys[L],
			.cn = "leaf",
			.names = (const char *const[]){ "DNS:h.test", NULL },
			.issuer = ca,
			.issuer_key = keys[I],
			.not_before = NOW - (time_t)(i * 90 + 10) * DAY,
			.not_after = NOW + (time_t)(i * 70 + 20) * DAY });
	sent[2] = ca;
	ob = judge_observe(sent);
	checks_run(ob, &pol, NOW, &fs);
	/* Of 30 days eight are enough to be warned, of 190 they are not. */
	judge_expect("of two", &fs, "", "expiry.issuer=critical");
	assert_string_equal("issuer 'Short' expires in 8 days (2027-01-23)",
		judge_find(&fs, "expiry.issuer")->message);
	findings_release(&fs);
	observation_free(ob);
	X509_STORE_free(trust.store);
	for (size_t i = 0; i < 3; i++)
		X509_free(sent[i]);
}

static X509 *
make_client(size_t i, const X509 *issuer, EVP_PKEY *key, time_t end)
{
	char name[32];

	(void)snprintf(name, sizeof(name), "client %zu", i);
	return mkcert_make(&(struct mkcert){ .key = keys[L],
		.cn = name,
		.eku = "clientAuth",
		.issuer = issuer,
		.issuer_key = key,
		.no_key_ids = true,
		.not_before = NOW - DAY,
		.not_after = end });
}

/* R86: more leaves than paths: dates of all, and the path of each issuer's. */
static void
test_many_leaves(void **state)
{
	struct observation *ob = observation_new();
	struct trust trust = judge_trust(
		(X509 *[]){ world[R], world[OTHER], NULL }, false);
	struct target t = judge_target_of(NULL);
	struct policy pol = { .target = &t, .trust = &trust };
	struct findings fs = { 0 };

	(void)state;
	for (size_t i = 0; i < 40; i++) {
		enum who issuer = i == 30 ? OTHER_I : I;

		assert_int_equal(0,
			observation_add_cert(ob,
				make_client(i, world[issuer], keys[issuer],
					i == 35 ? NOW - DAY : NOW + 90 * DAY),
				0));
	}
	X509_up_ref(world[I]);
	assert_int_equal(0, observation_add_cert(ob, world[I], 0));
	checks_run(ob, &pol, NOW, &fs);
	judge_expect("forty clients", &fs, "",
		"expiry.expired=critical chain.incomplete=critical");
	assert_string_equal("'client 35' expired 1 day ago (2027-01-14)",
		judge_find(&fs, "expiry.expired")->message);
	assert_string_equal("issuer 'Other Issuer' of 'client 30' is missing",
		judge_find(&fs, "chain.incomplete")->message);
	findings_release(&fs);
	observation_free(ob);
	X509_STORE_free(trust.store);
}

/* R86: more issuers than paths: what has expired among them is told. */
static void
test_many_issuers(void **state)
{
	struct observation *ob = observation_new();
	struct trust trust = judge_trust((X509 *[]){ world[R], NULL }, false);
	struct target t = judge_target_of(NULL);
	struct policy pol = { .target = &t, .trust = &trust };
	struct findings fs = { 0 };

	(void)state;
	for (size_t i = 0; i < 20; i++) {
		char name[32];
		X509 *ca;

		(void)snprintf(name, sizeof(name), "CA %zu", i);
		ca = mkcert_make(&(struct mkcert){ .key = keys[I],
			.cn = name,
			.ca = true,
			.issuer = world[R],
			.issuer_key = keys[R],
			.not_before = NOW - 400 * DAY,
			.not_after = i == 18 ? NOW - DAY : NOW + 400 * DAY });
		assert_int_equal(0,
			observation_add_cert(ob,
				make_client(i, ca, keys[I], NOW + 90 * DAY),
				0));
		assert_int_equal(0, observation_add_cert(ob, ca, 0));
	}
	/* Of this name is R, the end of the paths. */
	X509_up_ref(world[CROSS]);
	assert_int_equal(0, observation_add_cert(ob, world[CROSS], 0));
	checks_run(ob, &pol, NOW, &fs);
	judge_expect("twenty CAs", &fs, "", "expiry.expired=critical");
	assert_string_equal("issuer 'CA 18' expired 1 day ago (2027-01-14)",
		judge_find(&fs, "expiry.expired")->message);
	findings_release(&fs);
	observation_free(ob);
	X509_STORE_free(trust.store);
}

/* As many as an observation holds, half of them twice. */
static void
test_thousands_of_leaves(void **state)
{
	struct observation *ob = observe_file((const enum who[]){ L }, 1);
	struct target t = judge_target_of(NULL);
	struct leaves leaves LEAVES_CLEANUP = { 0 };
	cleanup(arena_free) struct arena *digests = arena_new();

	(void)state;
	/* Of the others only what is looked at: signing takes long. */
	ob->certs = mem_grow(
		ob->certs, OBSERVATION_MAX_CERTS, sizeof(*ob->certs));
	for (size_t i = 1; i < OBSERVATION_MAX_CERTS; i++) {
		ob->certs[i] = ob->certs[0];
		ob->certs[i].sha256 = arena_fmt(digests, "%064zu", i / 2);
	}
	ob->n_certs = OBSERVATION_MAX_CERTS;
	leaves_find(&leaves, ob, &t);
	assert_int_equal(1 + OBSERVATION_MAX_CERTS / 2, leaves.n);
	assert_int_equal(0, leaves.v[0]);
	assert_int_equal(1, leaves.v[1]);
	assert_int_equal(2, leaves.v[2]);
	assert_int_equal(4, leaves.v[3]);
	ob->n_certs = 1;
	observation_free(ob);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_roles_and_leaves),
		cmocka_unit_test(test_an_endpoint_is_a_server),
		cmocka_unit_test(test_the_role_of_parts),
		cmocka_unit_test(test_a_leaf_by_its_key),
		cmocka_unit_test(test_verdicts_on_leaves),
		cmocka_unit_test(test_two_leaves_of_a_name),
		cmocka_unit_test(test_an_issuer_of_two),
		cmocka_unit_test(test_many_leaves),
		cmocka_unit_test(test_many_issuers),
		cmocka_unit_test(test_thousands_of_leaves),
	};

	return cmocka_run_group_tests(tests, make_world, end_world);
}
