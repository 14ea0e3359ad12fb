/* test_incidents.c - what one look makes of one incident */
#include "tests/unit/unit.h"

#include "model/duration.h"
#include "state/incidents.h"
#include "state/routes.h"

#define NOW ((time_t)1800000000)
#define W SEVERITY_BIT(SEV_WARNING)
#define C SEVERITY_BIT(SEV_CRITICAL)

static int64_t steps[] = { 30 * DAY_S, 14 * DAY_S, 7 * DAY_S, 3 * DAY_S,
	DAY_S };

/* Sightings: absent after a good and a failed look, and found. */
#define GONE                                                                   \
	{                                                                      \
		.looked = true, .seconds_left = NO_EXPIRY                      \
	}
#define UNSEEN                                                                 \
	{                                                                      \
		.looked = false, .seconds_left = NO_EXPIRY                     \
	}
#define FOUND(sev)                                                             \
	{                                                                      \
		.looked = true, .found = true, .severity = (sev),              \
		.seconds_left = NO_EXPIRY                                      \
	}
#define DOWN                                                                   \
	{                                                                      \
		.found = true, .network = true, .severity = SEV_CRITICAL,      \
		.seconds_left = NO_EXPIRY                                      \
	}
#define LEFT(sev, s)                                                           \
	{                                                                      \
		.looked = true, .found = true, .severity = (sev),              \
		.seconds_left = (s)                                            \
	}

/* Standings. */
#define NONE                                                                   \
	{                                                                      \
		.phase = PHASE_NONE                                            \
	}
#define RESTING(sev, mask, crossed, ago)                                       \
	{                                                                      \
		.phase = PHASE_RESTING, .severity = (sev), .level = (sev),     \
		.told_level = (sev), .told = (mask), .step = (crossed),        \
		.told_step = (crossed), .told_at = NOW - (ago)                 \
	}
#define PENDING(n)                                                             \
	{                                                                      \
		.phase = PHASE_PENDING, .severity = SEV_CRITICAL,              \
		.scans = (n), .step = NO_STEP                                  \
	}
#define OPEN(sev, mask, crossed, ago)                                          \
	{                                                                      \
		.phase = PHASE_OPEN, .severity = (sev), .level = (sev),        \
		.told_level = (sev), .told = (mask), .step = (crossed),        \
		.told_step = (crossed), .told_at = NOW - (ago)                 \
	}

static const struct row {
	const char *name;
	struct incident_standing before;
	struct sighting seen;
	int event;
	/* Of PHASE_NONE only the phase counts. */
	struct incident_standing after;
} rows[] = {
	{ "nothing, and nothing found", NONE, GONE, NO_EVENT, NONE },
	{ "first seen as a warning", NONE, FOUND(SEV_WARNING), EVENT_OPENED,
		OPEN(SEV_WARNING, W, NO_STEP, 0) },
	{ "first seen as critical", NONE, FOUND(SEV_CRITICAL), EVENT_OPENED,
		OPEN(SEV_CRITICAL, C, NO_STEP, 0) },
	{ "seen again", OPEN(SEV_WARNING, W, NO_STEP, HOUR_S),
		FOUND(SEV_WARNING), NO_EVENT,
		OPEN(SEV_WARNING, W, NO_STEP, HOUR_S) },

	/* confirm: 2 */
	{ "the first failed look", NONE, DOWN, NO_EVENT, PENDING(1) },
	{ "the second", PENDING(1), DOWN, EVENT_OPENED,
		OPEN(SEV_CRITICAL, C, NO_STEP, 0) },
	{ "it went away before it was told", PENDING(1), GONE, NO_EVENT, NONE },
	{ "the look failed in another way", PENDING(1), UNSEEN, NO_EVENT,
		PENDING(2) },
	{ "and then in this way again", PENDING(2), DOWN, EVENT_OPENED,
		OPEN(SEV_CRITICAL, C, NO_STEP, 0) },

	/* the end */
	{ "not found by a good look", OPEN(SEV_WARNING, W, NO_STEP, DAY_S),
		GONE, EVENT_RESOLVED, RESTING(SEV_WARNING, W, NO_STEP, DAY_S) },
	{ "not found by a failed look", OPEN(SEV_WARNING, W, NO_STEP, DAY_S),
		UNSEEN, NO_EVENT, OPEN(SEV_WARNING, W, NO_STEP, DAY_S) },

	/* severity */
	{ "it rises", OPEN(SEV_WARNING, W, NO_STEP, DAY_S), FOUND(SEV_CRITICAL),
		EVENT_ESCALATED, OPEN(SEV_CRITICAL, W | C, NO_STEP, 0) },
	{ "it falls", OPEN(SEV_CRITICAL, C, NO_STEP, DAY_S), FOUND(SEV_WARNING),
		NO_EVENT, OPEN(SEV_WARNING, C, NO_STEP, DAY_S) },

	/* steps */
	{ "opens past a step", NONE, LEFT(SEV_WARNING, 10 * DAY_S),
		EVENT_OPENED, OPEN(SEV_WARNING, W, 14 * DAY_S, 0) },
	{ "at a step, not below", OPEN(SEV_WARNING, W, 14 * DAY_S, DAY_S),
		LEFT(SEV_WARNING, 7 * DAY_S), NO_EVENT,
		OPEN(SEV_WARNING, W, 14 * DAY_S, DAY_S) },
	{ "a second later", OPEN(SEV_WARNING, W, 14 * DAY_S, DAY_S),
		LEFT(SEV_WARNING, 7 * DAY_S - 1), EVENT_ESCALATED,
		OPEN(SEV_WARNING, W, 7 * DAY_S, 0) },
	{ "two steps at once", OPEN(SEV_WARNING, W, 14 * DAY_S, DAY_S),
		LEFT(SEV_WARNING, 2 * DAY_S), EVENT_ESCALATED,
		OPEN(SEV_WARNING, W, 3 * DAY_S, 0) },
	{ "a step and a severity are one event",
		OPEN(SEV_WARNING, W, 14 * DAY_S, DAY_S),
		LEFT(SEV_CRITICAL, 5 * DAY_S), EVENT_ESCALATED,
		OPEN(SEV_CRITICAL, W | C, 7 * DAY_S, 0) },
	{ "the clock was a month ahead: the steps are still to come",
		OPEN(SEV_WARNING, W, 3 * DAY_S, DAY_S),
		LEFT(SEV_WARNING, 20 * DAY_S), NO_EVENT,
		OPEN(SEV_WARNING, W, 30 * DAY_S, DAY_S) },
	{ "the last second is not expired",
		OPEN(SEV_CRITICAL, C, DAY_S, HOUR_S), LEFT(SEV_CRITICAL, 0),
		NO_EVENT, OPEN(SEV_CRITICAL, C, DAY_S, HOUR_S) },
	{ "expired", OPEN(SEV_CRITICAL, C, DAY_S, HOUR_S),
		LEFT(SEV_CRITICAL, -1), EVENT_ESCALATED,
		OPEN(SEV_CRITICAL, C, 0, 0) },
	{ "still expired", OPEN(SEV_CRITICAL, C, 0, HOUR_S),
		LEFT(SEV_CRITICAL, -9), NO_EVENT,
		OPEN(SEV_CRITICAL, C, 0, HOUR_S) },

	/* repeat: 7d */
	{ "not yet time for a reminder",
		OPEN(SEV_CRITICAL, C, NO_STEP, 7 * DAY_S - 1),
		FOUND(SEV_CRITICAL), NO_EVENT,
		OPEN(SEV_CRITICAL, C, NO_STEP, 7 * DAY_S - 1) },
	{ "time for it", OPEN(SEV_CRITICAL, C, NO_STEP, 7 * DAY_S),
		FOUND(SEV_CRITICAL), EVENT_REPEATED,
		OPEN(SEV_CRITICAL, C, NO_STEP, 0) },
	{ "a warning is not repeated",
		OPEN(SEV_WARNING, W, NO_STEP, 99 * DAY_S), FOUND(SEV_WARNING),
		NO_EVENT, OPEN(SEV_WARNING, W, NO_STEP, 99 * DAY_S) },
	{ "nor is what was not seen",
		OPEN(SEV_CRITICAL, C, NO_STEP, 99 * DAY_S), UNSEEN, NO_EVENT,
		OPEN(SEV_CRITICAL, C, NO_STEP, 99 * DAY_S) },
	{ "an escalation is reminder enough",
		OPEN(SEV_WARNING, W, NO_STEP, 99 * DAY_S), FOUND(SEV_CRITICAL),
		EVENT_ESCALATED, OPEN(SEV_CRITICAL, W | C, NO_STEP, 0) },
	{ "the clock was set back", OPEN(SEV_CRITICAL, C, NO_STEP, -99 * DAY_S),
		FOUND(SEV_CRITICAL), NO_EVENT,
		OPEN(SEV_CRITICAL, C, NO_STEP, 0) },
};

static void
test_rows(void **arg)
{
	const struct alerts rules = {
		.steps = { steps, 5 }, .repeat_s = 7 * DAY_S, .confirm = 2
	};

	(void)arg;
	for (size_t i = 0; i < COUNT(rows); i++) {
		const struct row *r = &rows[i];
		struct incident_standing s = r->before;
		struct verdict v = incident_judge(&s, &r->seen, &rules, NOW);

		if (v.tell != r->event || v.happened != r->event ||
			s.phase != r->after.phase)
			fail_msg("%s: event %d, phase %d", r->name, v.tell,
				(int)s.phase);
		if (s.phase == PHASE_NONE)
			continue;
		if (s.severity != r->after.severity ||
			s.told != r->after.told || s.scans != r->after.scans ||
			s.step != r->after.step ||
			s.told_at != r->after.told_at)
			fail_msg("%s: severity %d, told %u, scans %jd, step "
				 "%jd, told %jd s ago",
				r->name, (int)s.severity, s.told,
				(intmax_t)s.scans, (intmax_t)s.step,
				(intmax_t)(NOW - s.told_at));
	}
}

static int
tell(struct incident_standing *s, const struct sighting *seen,
	const struct alerts *rules, time_t now)
{
	return incident_judge(s, seen, rules, now).tell;
}

/* Neither steps, nor reminders, nor confirmation. */
static void
test_bare_rules(void **arg)
{
	static const struct alerts rules = { .confirm = 1 };
	struct incident_standing s = { .phase = PHASE_NONE };
	struct sighting down = DOWN, soon = LEFT(SEV_WARNING, DAY_S),
			over = LEFT(SEV_WARNING, -1);

	(void)arg;
	assert_int_equal(tell(&s, &down, &rules, NOW), EVENT_OPENED);
	assert_int_equal(tell(&s, &down, &rules, NOW + 99 * DAY_S), NO_EVENT);

	s = (struct incident_standing){ .phase = PHASE_NONE };
	assert_int_equal(tell(&s, &soon, &rules, NOW), EVENT_OPENED);
	assert_int_equal(s.step, NO_STEP);
	assert_int_equal(tell(&s, &over, &rules, NOW), EVENT_ESCALATED);
}

static void
test_same(void **arg)
{
	static const struct {
		const char *id_a, *subject_a, *id_b, *subject_b;
		bool same;
	} pairs[] = {
		{ "name.www", "x", "name.www", "x", true },
		{ "name.www", "x", "name.www", "y", false },
		{ "name.www", "x", "name.apex", "x", false },
		{ "expiry.soon", "f", "expiry.expired", "f", true },
		{ "expiry.expired", "f", "expiry.soon", "f", true },
		{ "expiry.soon", "f", "expiry.expired", "g", false },
		{ "expiry.issuer", "f", "expiry.expired", "f", true },
		{ "expiry.issuer", "f", "expiry.expired", "g", false },
	};

	(void)arg;
	for (size_t i = 0; i < COUNT(pairs); i++)
		assert_int_equal(
			incident_same(pairs[i].id_a, pairs[i].subject_a,
				pairs[i].id_b, pairs[i].subject_b),
			pairs[i].same);
}

static void
test_sighting(void **arg)
{
	struct findings fs = { 0 };
	struct finding *f = findings_add(&fs, "expiry.soon", "f", "soon");
	struct sighting s;

	(void)arg;
	finding_detail(f, "seconds_left", json_integer(-5));
	s = incident_sighting(true, f);
	assert_true(s.looked && s.found && !s.network);
	assert_int_equal(s.severity, SEV_WARNING);
	assert_int_equal(s.seconds_left, -5);

	f->severity = SEV_OK; /* a note is no incident */
	assert_false(incident_sighting(true, f).found);

	f = findings_add(&fs, "endpoint.timeout", "a", "silent");
	s = incident_sighting(false, f);
	assert_true(!s.looked && s.found && s.network);
	assert_true(s.seconds_left == NO_EXPIRY);

	/* What is no integer is no date. */
	finding_detail(f, "seconds_left", json_string("5"));
	assert_true(incident_sighting(false, f).seconds_left == NO_EXPIRY);
	findings_release(&fs);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_rows),
		cmocka_unit_test(test_bare_rules),
		cmocka_unit_test(test_same),
		cmocka_unit_test(test_sighting),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
