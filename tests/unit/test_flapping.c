/* test_flapping.c - the life of one incident, look by look */
#include "tests/unit/unit.h"

#include <ctype.h>
#include <string.h>

#include "model/buf.h"
#include "model/duration.h"
#include "state/incidents.h"

#define NOW ((time_t)1800000000)
#define YEAR_S (365 * DAY_S)

static int64_t steps[] = { 30 * DAY_S, 14 * DAY_S, 7 * DAY_S, 3 * DAY_S,
	DAY_S };

/*
 * Looks, an hour apart: 'w' finds a warning, 'c' something critical, '.'
 * nothing, '?' could not look, 'd' could not connect, 'n' finds nothing and a
 * certificate never seen there. '0' to '9': a warning with some more than so
 * many days left; 'e': expired. Between '[' and ']' it is silenced. '>' is a
 * day more, 'Y' ten years more and 'y' ten years less.
 *
 * Told: 'o'pened, 'e'scalated, 'r'epeated, 'x' resolved, '-' nothing.
 */
static const struct row {
	const char *name, *looks, *told;
} rows[] = {
	{ "once", "ww...", "o-x--" },
	{ "a failed look is no good one", "w?.", "o-x" },

	/* It comes and goes. */
	{ "by turns", "c.c.c.c.c.c.c.c.c.c.c.c.", "oxo---------------------" },
	{ "two and two", "cc..cc..cc..cc..cc..cc..",
		"o-x-o--xo---------------" },
	{ "then it takes two good looks", "w.w...", "oxo-x-" },
	{ "in a row", "w.w.w.w...", "oxo-----x-" },
	{ "failed ones between them", "w.w.?.", "oxo--x" },
	{ "and four the next time", "w.w..w.....", "oxo-xo---x-" },
	{ "a week of good looks is enough", "w.w..w.>>>>>>>.", "oxo-xo-x" },
	{ "so is a new certificate", "c.c.c.c.cnc", "oxo------xo" },
	{ "after a week it is another", "w.>>>>>>>>w.w.", "oxoxo-" },
	{ "an endpoint that comes and goes", "d.d.dd.dd.d.dd..dd",
		"-----ox-o------x-o" },

	{ "and stays away each time", "dd.d.d.dd", "-ox-----o" },

	/* It is milder and worse. */
	{ "worse", "wwcc", "o-e-" },
	{ "worse by turns", "wcwcwcwcwcwcwcwc", "oe-e------------" },
	{ "milder for long enough", "wcwcwwcwwwwc", "oe-e--e----e" },
	{ "milder and gone by turns", "cw.cw.cw.cw.", "o--e--------" },
	{ "steps by turns", "9191919191", "oe-e------" },

	/* It is silenced. */
	{ "from the beginning", "[ww]ww", "--o-" },
	{ "and worse then", "[ww]cc", "--o-" },
	{ "all its life", "[ww.]..", "-----" },
	{ "its end", "w[w.]", "o-x" },
	{ "an end that came later", "[w]w.", "-ox" },
	{ "worse meanwhile", "w[cc]c", "o--e" },
	{ "worse meanwhile, and milder again", "w[cw]www",
		"o--"
		"---" },
	{ "a step meanwhile", "9[62]2", "o--e" },
	{ "nothing new meanwhile", "w[ww]w", "o---" },
	{ "what is not seen is not told", "[w]?w", "--o" },
	{ "no reminder", "c[>>>>>>>>c]c", "o-r" },
	{ "gone and back meanwhile", "w[.w]w", "ox-o" },
	{ "by turns, silenced by turns", "c[.]c[.]c[.]c[.]c", "oxo------" },

	/* The clock. */
	{ "ten years ahead and back", "cYcyccc", "or---" },
	{ "to and fro: a reminder a jump", "cYcycYcycYcycYcyc", "or-r-r-r-" },
	{ "gone, ten years ahead, and back", "cY.ycY.yc", "oxo--" },
	{ "ahead past the end, and back", "9Yey9>9>7>6>5", "oe---e-" },
	{ "ahead past the end, to and fro", "9Yey9Yey9Yey9Yey9", "oe-e-r-r-" },
	{ "good looks, one of them ahead", "w.w..wY.y.>>>>>>>.", "oxo-xo--x" },
	{ "ahead while silenced", "[wYw]ywww", "--o--" },
};

static struct sighting
sighting_of(char look, bool silenced)
{
	struct sighting s = { .looked = strchr("?d", look) == NULL,
		.found = strchr("?.n", look) == NULL,
		.network = look == 'd',
		.renewed = look == 'n',
		.silenced = silenced,
		.severity = strchr("dce", look) != NULL ? SEV_CRITICAL
							: SEV_WARNING,
		.seconds_left = NO_EXPIRY };

	if (isdigit((unsigned char)look))
		s.seconds_left = (look - '0') * DAY_S + HOUR_S;
	else if (look == 'e')
		s.seconds_left = -1;
	return s;
}

/* Moves the clock, or begins or ends a silence? */
static bool
steer(char c, time_t *now, bool *silenced)
{
	switch (c) {
	case '>':
		*now += DAY_S;
		return true;
	case 'Y':
		*now += 10 * YEAR_S;
		return true;
	case 'y':
		*now -= 10 * YEAR_S;
		return true;
	case '[':
	case ']':
		*silenced = c == '[';
		return true;
	default:
		return false;
	}
}

static char
letter(int event)
{
	return event == NO_EVENT ? '-' : "oerx"[event];
}

/* What the database does with what is resolved. */
static void
forget(struct incident_standing *s, time_t now)
{
	if (s->phase == PHASE_RESTING &&
		s->resolved_at < now - INCIDENT_MEMORY_S)
		*s = (struct incident_standing){ .phase = PHASE_NONE };
}

static char *
live(const char *looks)
{
	const struct alerts rules = {
		.steps = { steps, 5 }, .repeat_s = 7 * DAY_S, .confirm = 2
	};
	struct incident_standing s = { .phase = PHASE_NONE };
	struct buf told = { 0 };
	bool silenced = false;
	time_t now = NOW;

	for (; *looks != '\0'; looks++) {
		struct sighting seen;

		if (steer(*looks, &now, &silenced))
			continue;
		now += HOUR_S;
		forget(&s, now);
		seen = sighting_of(*looks, silenced);
		buf_putc(&told,
			letter(incident_judge(&s, &seen, &rules, now).tell));
	}
	return buf_detach(&told);
}

static void
test_rows(void **arg)
{
	int wrong = 0;

	(void)arg;
	for (size_t i = 0; i < COUNT(rows); i++) {
		cleanup(str_free) char *told = live(rows[i].looks);

		if (strcmp(told, rows[i].told) == 0)
			continue;
		print_error("%s: %s\n  want %s\n  have %s\n", rows[i].name,
			rows[i].looks, rows[i].told, told);
		wrong++;
	}
	assert_int_equal(wrong, 0);
}

/* Hundreds of turns: a few messages, then a reminder a week. */
static void
test_for_ever(void **arg)
{
	BUF_CLEANUP struct buf looks = { 0 };
	cleanup(str_free) char *told = NULL;
	size_t reminders = 0;

	(void)arg;
	for (int i = 0; i < 500; i++)
		buf_puts(&looks, "c.");
	told = live(buf_str(&looks));
	assert_memory_equal(told, "oxo", 3);
	for (size_t i = 3; told[i] != '\0'; i++) {
		assert_true(told[i] == '-' || told[i] == 'r');
		reminders += told[i] == 'r';
	}
	assert_int_equal(reminders, 1000 / (7 * 24));
}

/* One of three servers by chance: not by turns, and as little told. */
static void
test_by_chance(void **arg)
{
	(void)arg;
	for (unsigned seed = 1; seed <= 20; seed++) {
		BUF_CLEANUP struct buf looks = { 0 };
		cleanup(str_free) char *told = NULL;
		unsigned chance = seed;
		size_t ends = 0;

		for (int i = 0; i < 1000; i++) {
			chance = chance * 1103515245 + 12345;
			buf_putc(&looks, (chance >> 16) % 3 == 0 ? 'w' : '.');
		}
		told = live(buf_str(&looks));
		for (size_t i = 0; told[i] != '\0'; i++)
			ends += told[i] == 'x';
		if (ends > 8)
			fail_msg("seed %u: resolved %zu times", seed, ends);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_rows),
		cmocka_unit_test(test_for_ever),
		cmocka_unit_test(test_by_chance),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
