/* incidents.c - what one look makes of one incident: rules, no database */
#include <string.h>

#include "state/incidents.h"
#include "state/routes.h"

/* The smallest step that `seconds_left` has gone below; 0 once expired. */
static int64_t
step_crossed(const struct durations *steps, int64_t seconds_left)
{
	int64_t crossed = NO_STEP;

	if (seconds_left == NO_EXPIRY)
		return NO_STEP;
	if (seconds_left < 0)
		return 0;
	for (size_t i = 0; i < steps->n; i++) {
		if (seconds_left < steps->v[i] && steps->v[i] < crossed)
			crossed = steps->v[i];
	}
	return crossed;
}

static const struct verdict nothing = { NO_EVENT, NO_EVENT };

/* How many looks in a row it takes to say that it is better. */
static int64_t
patience(const struct incident_standing *s)
{
	int64_t looks = 1;

	for (int64_t i = 0; i < s->turns && looks < INCIDENT_MAX_PATIENCE; i++)
		looks *= 2;
	return looks;
}

static int
told(struct incident_standing *s, enum event_kind kind, time_t now)
{
	s->told |= SEVERITY_BIT(s->severity);
	if (s->severity > s->told_level)
		s->told_level = s->severity;
	s->told_step = s->step;
	s->told_at = now;
	return kind;
}

/* What is so and was not told, or is to be told again; to an open one. */
static int
choose_news(struct incident_standing *s, const struct alerts *rules, time_t now)
{
	if (s->silenced)
		return NO_EVENT;
	if (s->told == 0)
		return told(s, EVENT_OPENED, now);
	if (s->severity > s->told_level || s->step < s->told_step)
		return told(s, EVENT_ESCALATED, now);

	/* The clock was set back: count the interval from now on. */
	if (s->told_at > now)
		s->told_at = now;
	if (s->severity >= SEV_CRITICAL && rules->repeat_s > 0 &&
		now - s->told_at >= rules->repeat_s)
		return told(s, EVENT_REPEATED, now);
	return NO_EVENT;
}

static struct verdict
resolve(struct incident_standing *s, time_t now)
{
	s->phase = PHASE_RESTING;
	s->resolved_at = now;
	s->silenced = false;
	s->scans = s->good = s->calm = 0;
	s->good_at = 0;
	s->turns++;
	return (struct verdict){ EVENT_RESOLVED,
		s->told != 0 ? EVENT_RESOLVED : NO_EVENT };
}

static struct verdict
judge_good(struct incident_standing *s, bool renewed, time_t now)
{
	if (s->good == 0 || s->good_at > now)
		s->good_at = now;
	s->good++;
	if (renewed || s->good >= patience(s) ||
		now - s->good_at >= INCIDENT_MEMORY_S)
		return resolve(s, now);
	return nothing;
}

static struct verdict
judge_absent(
	struct incident_standing *s, const struct sighting *seen, time_t now)
{
	if (s->phase == PHASE_OPEN) {
		s->silenced = seen->silenced;
		return seen->looked ? judge_good(s, seen->renewed, now)
				    : nothing;
	}
	if (!seen->looked)
		s->scans += s->scans > 0;
	else if (s->phase == PHASE_RESTING)
		s->scans = 0;
	else
		*s = (struct incident_standing){ .phase = PHASE_NONE };
	return nothing;
}

/* Seen, and not open. */
static struct verdict
judge_begin(struct incident_standing *s, const struct sighting *seen,
	int64_t crossed, const struct alerts *rules, time_t now)
{
	s->scans++;
	s->step = crossed;
	if (seen->network && s->scans < rules->confirm) {
		if (s->phase == PHASE_NONE)
			s->phase = PHASE_PENDING;
		return nothing;
	}
	s->phase = PHASE_OPEN;
	s->silenced = seen->silenced;
	s->resolved_at = 0;
	s->scans = 0;
	s->told = 0;
	s->level = s->told_level = seen->severity;
	s->told_step = crossed;
	return (struct verdict){ EVENT_OPENED, choose_news(s, rules, now) };
}

/* Milder for long enough: whatever it was worse than this is over. */
static void
ease(struct incident_standing *s, int64_t crossed)
{
	s->calm++;
	if (s->calm < patience(s))
		return;
	s->level = s->severity;
	s->step = crossed;
	if (s->told_level > s->level)
		s->told_level = s->level;
	if (s->told_step < s->step)
		s->told_step = s->step;
	s->calm = 0;
	s->turns++;
}

static int64_t
smaller(int64_t a, int64_t b)
{
	return a < b ? a : b;
}

/* Seen, and open. */
static struct verdict
judge_open(struct incident_standing *s, const struct sighting *seen,
	int64_t crossed, const struct alerts *rules, time_t now)
{
	struct verdict v = nothing;

	s->silenced = seen->silenced;
	s->good = 0;
	s->good_at = 0;
	if (s->severity > s->level || crossed < s->step) {
		v.happened = EVENT_ESCALATED;
		if (s->severity > s->level)
			s->level = s->severity;
		s->step = smaller(s->step, crossed);
		s->calm = 0;
	} else if (s->severity < s->level || crossed > s->step) {
		/* A date comes nearer, unless the clock was set back. */
		ease(s, crossed);
	} else {
		s->calm = 0;
	}
	v.tell = choose_news(s, rules, now);
	if (v.tell == EVENT_REPEATED)
		v.happened = EVENT_REPEATED;
	return v;
}

struct verdict
incident_judge(struct incident_standing *s, const struct sighting *now_seen,
	const struct alerts *rules, time_t now)
{
	int64_t crossed;

	if (!now_seen->found)
		return judge_absent(s, now_seen, now);
	crossed = step_crossed(&rules->steps, now_seen->seconds_left);
	s->severity = now_seen->severity;
	return s->phase == PHASE_OPEN
		? judge_open(s, now_seen, crossed, rules, now)
		: judge_begin(s, now_seen, crossed, rules, now);
}

struct sighting
incident_sighting(bool looked, const struct finding *f)
{
	struct sighting s = { .looked = looked, .seconds_left = NO_EXPIRY };
	json_t *details, *left;

	if (f == NULL || f->severity < SEV_WARNING)
		return s;
	s.found = true;
	s.network = f->kind->network;
	s.severity = f->severity;
	details = finding_details(f);
	left = json_object_get(details, "seconds_left");
	if (json_is_integer(left))
		s.seconds_left = json_integer_value(left);
	json_decref(details);
	return s;
}

/* The id under which a finding and what it leads to are one. */
static const char *
first_form(const char *id)
{
	static const char *const turns[][2] = {
		{ "expiry.expired", "expiry.soon" },
		{ "expiry.issuer", "expiry.soon" }, /* once an issuer's */
	};

	for (size_t i = 0; i < sizeof(turns) / sizeof(turns[0]); i++) {
		if (strcmp(id, turns[i][0]) == 0)
			return turns[i][1];
	}
	return id;
}

bool
incident_same(const char *id_a, const char *subject_a, const char *id_b,
	const char *subject_b)
{
	return strcmp(subject_a, subject_b) == 0 &&
		strcmp(first_form(id_a), first_form(id_b)) == 0;
}
