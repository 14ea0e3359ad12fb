/* test_checks_client_rules.c - every outcome with and without a certificate,
 * and with a stranger's, by what is expected
 */
#include "tests/unit/mtls_world.h"

#include "checks/client/client.h"
#include "checks/client/outcome.h"

extern const struct check check_client;

/*
 * What is seen of each outcome where no certificate is asked for, by a service
 * of HTTP, and where one is, by one that is none.
 */
static const char *const words_of[2][OUTCOMES] = {
	{ NULL, "200", "403", "closed", "silence", NULL, "lost" },
	{ NULL, "200", "48", "closed", "stuck", "quiet", "lost" },
};

/* One of all the combinations. */
struct mix {
	enum client_expect expect;
	bool asked;
	enum client_outcome ours, without, stranger;
};

static bool
is_away(enum client_outcome outcome)
{
	return outcome == OUTCOME_REFUSED || outcome == OUTCOME_EMPTY;
}

static bool
is_heard(enum client_outcome outcome)
{
	return outcome == OUTCOME_ACCEPTED || outcome == OUTCOME_REFUSED;
}

/* Told again in other words than those of the rules. */
static const char *
want_unasked(const struct mix *m)
{
	if (m->expect == EXPECT_NONE)
		return is_heard(m->ours) && is_heard(m->without)
			? "client.ok=ok"
			: "client.unproven=warning";
	return is_heard(m->ours) || is_heard(m->without)
		? "client.not-requested=critical"
		: "client.unproven=warning";
}

/* Of our certificate, unless it was accepted. */
static const char *
want_ours(const struct mix *m)
{
	static const char *const ids[OUTCOMES] = {
		[OUTCOME_REFUSED] = "client.rejected=critical",
		[OUTCOME_EMPTY] = "client.empty-reply=critical",
		[OUTCOME_SILENT] = "client.timeout=critical",
		[OUTCOME_UNPROVEN] = "client.unproven=warning",
		[OUTCOME_FAILED] = "client.unproven=warning",
	};

	if (m->ours == OUTCOME_UNPROVEN && m->expect == EXPECT_REQUIRED &&
		is_away(m->without) &&
		(m->stranger == OUTCOME_NONE || is_away(m->stranger)))
		return "client.unproven=ok";
	return ids[m->ours];
}

/* Of the others; and whether all is well. */
static const char *
want_others(const struct mix *m)
{
	bool ours = m->ours == OUTCOME_ACCEPTED;
	bool silent = m->without == OUTCOME_SILENT;
	bool turned = is_away(m->stranger) || m->stranger == OUTCOME_SILENT;

	if (m->expect != EXPECT_REQUIRED) {
		if (is_away(m->without) || (ours && silent))
			return "client.required=critical";
		if (!ours)
			return NULL;
		return m->without == OUTCOME_ACCEPTED
			? "client.ok=ok"
			: "client.unproven=warning";
	}
	if (m->without == OUTCOME_ACCEPTED)
		return "client.not-enforced=critical";
	if (m->stranger == OUTCOME_ACCEPTED)
		return "client.any-accepted=critical";
	if (!ours)
		return NULL;
	/* Nothing less than this is ever told to be well. */
	if (is_away(m->without) && (turned || m->stranger == OUTCOME_NONE))
		return "client.ok=ok";
	return silent && turned ? "client.ok=ok" : "client.unproven=warning";
}

static char *
want(const struct mix *m)
{
	const char *ours, *others;

	if (m->ours == OUTCOME_FAILED && m->without == OUTCOME_FAILED)
		return str_dup("");
	if (!m->asked)
		return str_dup(want_unasked(m));
	ours = want_ours(m);
	if (ours != NULL && strcmp(ours, "client.unproven=ok") == 0)
		return str_dup(ours);
	others = want_others(m);
	return str_fmt("%s%s%s", ours != NULL ? ours : "",
		ours != NULL && others != NULL ? " " : "",
		others != NULL ? others : "");
}

static void
judge_mix(const struct mix *m)
{
	static const enum person good[] = { GOOD, NOBODY };
	static const enum person named[] = { CA, NOBODY };
	const struct mtls_words words = {
		.with = words_of[m->asked][m->ours],
		.without = words_of[m->asked][m->without],
		.stranger = words_of[m->asked][m->stranger],
	};
	struct observation *ob = mtls_observe(&words,
		m->asked ? TLS1_3_VERSION : TLS1_2_VERSION, m->asked, good,
		named);
	struct target t = mtls_target(m->asked ? &mtls_tls : &mtls_https);
	struct policy pol = { .target = &t };
	struct findings fs = { 0 };
	cleanup(str_free) char *name = str_fmt(
		"expect %d, asked %d, ours %d, without %d, stranger %d",
		(int)m->expect, m->asked, (int)m->ours, (int)m->without,
		(int)m->stranger);
	cleanup(str_free) char *findings = want(m);
	const char *verdict;

	/* OpenSSL's for who has none. */
	if (m->without == OUTCOME_REFUSED && m->asked)
		ob->handshake->alert = 116;
	t.client.expect = m->expect;
	check_client.run(ob, &pol, NOW, &fs);
	mtls_expect(name, &fs, "", findings, NULL);
	verdict = client_verdict(ob, &pol, NOW);
	assert_int_equal(fs.n == 0, verdict == NULL);
	if (verdict != NULL)
		assert_string_equal(fs.v[0].kind->id, verdict);
	findings_release(&fs);
	observation_free(ob);
}

static void
all_mixes(void **state)
{
	int judged = 0;

	(void)state;
	for (int i = 0; i < 3 * 2 * OUTCOMES * OUTCOMES * OUTCOMES; i++) {
		int rest = i / 6;
		const struct mix m = {
			.expect = (enum client_expect)(i % 3),
			.asked = i / 3 % 2,
			.ours = (enum client_outcome)(rest % OUTCOMES),
			.without = (enum client_outcome)(
				rest / OUTCOMES % OUTCOMES),
			.stranger = (enum client_outcome)(
				rest / OUTCOMES / OUTCOMES),
		};
		const char *const *words = words_of[m.asked];

		/* Nobody stays silent about what was not asked. */
		if (words[m.ours] == NULL || words[m.without] == NULL ||
			(m.stranger != OUTCOME_NONE &&
				words[m.stranger] == NULL))
			continue;
		judge_mix(&m);
		judged++;
	}
	assert_int_equal(3 * (5 * 5 * 6 + 6 * 6 * 7), judged);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(all_mixes),
	};

	return cmocka_run_group_tests(tests, mtls_begin, mtls_end);
}
