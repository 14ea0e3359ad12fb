/* test_checks_account.c - which paths were chosen, and why others were not */
#include "checks/account.h"
#include "tests/unit/chain_world.h"

/* "0", "2", or "'Root'" for one of the trust store. */
static void
put_way(struct buf *out, const struct account *a, const struct way *w)
{
	for (size_t i = 0; i < w->n; i++) {
		if (w->steps[i].stored)
			buf_printf(
				out, "'%s' ", a->stored[w->steps[i].at].label);
		else
			buf_printf(out, "%zu ", w->steps[i].at);
	}
	buf_printf(
		out, "%s%s", way_end_name(w->end), w->known ? " (known)" : "");
	if (w->why != NULL)
		buf_printf(out, ": %s", w->why);
}

/* Each leaf's chosen way; below it, after " - ", those that are not. */
static char *
account_text(const struct account *a)
{
	struct buf out = { 0 };

	for (size_t i = 0; i < a->n; i++) {
		const struct journey *j = &a->v[i];

		buf_puts(&out, i > 0 ? "\n" : "");
		put_way(&out, a, &j->chosen);
		for (size_t k = 0; k < j->n_others; k++) {
			buf_puts(&out, "\n - ");
			put_way(&out, a, &j->others[k]);
		}
		buf_puts(&out, j->more ? "\n - more" : "");
	}
	return buf_detach(&out);
}

static struct observation *
observe(const enum who *sent, const enum who *lent, size_t max)
{
	struct observation *ob = observe_file(sent, max), *more;

	if (lent[0] != NOBODY) {
		more = observe_file(lent, max);
		observation_lend(ob, more, "more.pem");
		observation_free(more);
	}
	return ob;
}

#define MAX 5

static void
ways_are_told(void **state)
{
	static const struct {
		const char *name;
		enum who sent[MAX], lent[MAX], anchors[MAX];
		bool system; /* not a bundle that the operator named */
		const char *want;
	} rows[] = {
		{ "all is well", { L, I }, { 0 }, { R }, false,
			"0 1 'Root' anchored" },
		{ "its root is sent", { L, I, R }, { 0 }, { R }, false,
			"0 1 2 anchored" },
		{ "in the wrong order", { R, I, L }, { 0 }, { R }, false,
			"2 1 0 anchored" },
		{ "an expired cross-sign beside a good path", { L, I, CROSS },
			{ 0 }, { R }, false,
			"0 1 'Root' anchored\n"
			" - 0 1 2 gap: the issuer of 'Root', 'Old Root', is "
			"missing; 'Root' expired on 2027-01-12" },
		{ "and its root", { L, I, CROSS, OLD }, { 0 }, { R, OLD },
			false,
			"0 1 'Root' anchored\n"
			" - 0 1 2 3 anchored: 'Root' expired on 2027-01-12; "
			"'Old Root' expired on 2027-01-12" },
		{ "an issuer's old certificate", { L, I_OLD, I }, { 0 }, { R },
			false,
			"0 2 'Root' anchored\n"
			" - 0 1 'Root' anchored: 'Issuer' expired on "
			"2027-01-12" },
		{ "a wrong turn", { L, TWIN, I }, { 0 }, { R }, false,
			"0 2 'Root' anchored\n"
			" - 0 1 refused: it has the name of the issuer of "
			"'leaf', but its key did not sign it" },
		{ "only a wrong turn", { TWIN_LEAF, I }, { 0 }, { R }, false,
			"0 signature\n"
			" - 0 1 refused: it has the name of the issuer of "
			"'twin leaf', but its key did not sign it" },
		{ "a longer way is as good", { L, I, NEW_CROSS }, { 0 },
			{ R, OTHER }, false,
			"0 1 'Root' anchored\n"
			" - 0 1 2 'Other Root' anchored: as good, but "
			"longer" },
		{ "one that is as good", { L, PLAIN, I }, { 0 }, { R }, false,
			"0 1 'Root' anchored\n"
			" - 0 2 'Root' anchored: as good; the other one was "
			"found first" },
		{ "a gap", { L }, { 0 }, { R }, false, "0 gap" },
		{ "a gap that the system's store could fill", { L }, { 0 },
			{ R, I }, true, "0 gap (known)" },
		{ "a gap that is lent for", { L }, { I, OTHER_I }, { R }, false,
			"0 1 'Root' anchored" },
		{ "an unknown root", { OTHER_LEAF, OTHER_I, OTHER }, { 0 },
			{ R }, false, "0 1 2 root" },
		{ "two leaves", { L, SECOND, I }, { 0 }, { R }, false,
			"0 2 'Root' anchored\n1 2 'Root' anchored" },
		{ "a broken rule", { BELOW_LEAF, BELOW, NARROW }, { 0 }, { R },
			false, "0 1 2 'Root' anchored" },
		{ "CAs alone", { R, I }, { 0 }, { R }, false, "" },
		{ "trust is not judged", { L, I, CROSS }, { 0 }, { 0 }, false,
			"0 1 2 open" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct observation *ob = observe(
			rows[i].sent, rows[i].lent, MAX);
		struct target t = judge_target_of(NULL);
		struct policy pol = { .target = &t };
		cleanup(account_free) struct account *a = NULL;
		cleanup(str_free) char *have = NULL;
		X509 *roots[MAX + 1];
		struct trust trust;

		gather(rows[i].anchors, MAX, roots);
		trust = judge_trust(roots, !rows[i].system);
		if (rows[i].anchors[0] != NOBODY)
			pol.trust = &trust;
		a = checks_account(ob, &pol, NOW);
		X509_STORE_free(trust.store);
		/* it outlives what it was made of */
		observation_forget_x509(ob);
		have = account_text(a);
		assert_true(a->all);
		if (strcmp(have, rows[i].want) != 0)
			fail_msg("%s: want\n%s\nhave\n%s", rows[i].name,
				rows[i].want, have);
		observation_free(ob);
	}
}

/* What the checks judge by is what is told to be chosen. */
static void
the_chosen_one_is_judged(void **state)
{
	static const enum who sent[] = { L, I_OLD, TWIN, CROSS, I };
	struct target t = judge_target_of(NULL);
	enum who anchors[] = { R };
	struct findings fs = { 0 };

	(void)state;
	judge_file(&t, sent, COUNT(sent), anchors, 1, true, &fs);
	judge_expect("expiry", &fs, "expiry.", "");
	findings_release(&fs);
}

/* An issuer of the right name and key that may not sign certificates. */
static void
broken_rules_are_told(void **state)
{
	static const enum who sent[] = { L, I };
	struct observation *ob = observe_file(sent, COUNT(sent));
	struct target t = judge_target_of(NULL);
	X509 *roots[] = { world[R], NULL };
	struct trust trust = judge_trust(roots, true);
	struct policy pol = { .target = &t, .trust = &trust };
	cleanup(account_free) struct account *a = NULL;
	cleanup(str_free) char *have = NULL;
	const struct mkcert m = { .key = keys[I],
		.cn = "Issuer",
		.ca = true,
		.key_usage = "critical,cRLSign",
		.issuer = world[R],
		.issuer_key = keys[R],
		.not_before = NOW - DAY,
		.not_after = NOW + 20 * DAY };

	(void)state;
	assert_int_equal(observation_add_cert(ob, mkcert_make(&m), 0), 0);
	a = checks_account(ob, &pol, NOW);
	have = account_text(a);
	assert_string_equal(have,
		"0 1 'Root' anchored\n"
		" - 0 2 'Root' anchored: 'Issuer': invalid CA certificate; "
		"'Issuer' ends on 2027-02-04, before 'leaf'");
	X509_STORE_free(trust.store);
	observation_free(ob);
}

/* A hundred of one name: the work is bounded, and that is told. */
static void
many_ways_are_cut(void **state)
{
	enum who sent[CHAIN_MAX_CERTS] = { L, I, NEW_CROSS };
	struct observation *ob;
	struct target t = judge_target_of(NULL);
	X509 *roots[] = { world[R], NULL }, *cas[80];
	struct trust trust = judge_trust(roots, true);
	struct policy pol = { .target = &t, .trust = &trust };
	cleanup(account_free) struct account *a = NULL;
	struct mkcert m = { .key = keys[I],
		.cn = "Issuer",
		.ca = true,
		.issuer = world[R],
		.issuer_key = keys[R],
		.not_before = NOW - DAY };

	(void)state;
	ob = observe_file(sent, 2);
	for (size_t i = 0; i < COUNT(cas); i++) {
		m.not_after = NOW + (time_t)(100 + i) * DAY;
		assert_int_equal(
			observation_add_cert(ob, mkcert_make(&m), 0), 0);
	}
	a = checks_account(ob, &pol, NOW);
	assert_int_equal(a->n, 1);
	assert_true(a->v[0].n_others > 5 && a->v[0].n_others < 64);
	assert_true(a->v[0].more);
	X509_STORE_free(trust.store);
	observation_free(ob);
}

/* Parts are judged by themselves, and counted over the whole file. */
static void
parts_are_counted(void **state)
{
	struct observation *ob = observation_new();
	static const enum who sent[] = { R, L, I };
	struct target t = judge_target_of(NULL);
	struct policy pol = { .target = &t };
	cleanup(account_free) struct account *a = NULL;
	cleanup(str_free) char *have = NULL;

	(void)state;
	for (size_t i = 0; i < COUNT(sent); i++) {
		if (i == 0)
			observation_begin_part(ob, "cluster 'c'", ROLE_CA);
		if (i == 1)
			observation_begin_part(ob, "user 'u'", ROLE_CLIENT);
		X509_up_ref(world[sent[i]]);
		assert_int_equal(
			observation_add_cert(ob, world[sent[i]], 0), 0);
	}
	a = checks_account(ob, &pol, NOW);
	have = account_text(a);
	assert_string_equal(have, "1 2 open");
	observation_free(ob);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(ways_are_told),
		cmocka_unit_test(the_chosen_one_is_judged),
		cmocka_unit_test(broken_rules_are_told),
		cmocka_unit_test(many_ways_are_cut),
		cmocka_unit_test(parts_are_counted),
	};

	return cmocka_run_group_tests(tests, make_world, end_world);
}
