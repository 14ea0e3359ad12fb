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

static int
told(struct standing *s, enum event_kind kind, time_t now)
{
	s->told |= SEVERITY_BIT(s->severity);
	s->told_at = now;
	return kind;
}

static int
judge_absent(struct standing *s, bool looked)
{
	bool was_open = s->phase == PHASE_OPEN;

	if (looked) {
		s->phase = PHASE_NONE;
		return was_open ? EVENT_RESOLVED : NO_EVENT;
	}
	if (s->phase == PHASE_PENDING)
		s->scans++;
	return NO_EVENT;
}

int
incident_judge(struct standing *s, const struct sighting *now_seen,
	const struct alerts *rules, time_t now)
{
	enum severity before = s->severity;
	int64_t crossed, step_before = s->step;

	if (!now_seen->found)
		return judge_absent(s, now_seen->looked);

	crossed = step_crossed(&rules->steps, now_seen->seconds_left);
	s->severity = now_seen->severity;
	if (s->phase != PHASE_OPEN) {
		s->scans = s->phase == PHASE_PENDING ? s->scans + 1 : 1;
		s->step = crossed;
		if (now_seen->network && s->scans < rules->confirm) {
			s->phase = PHASE_PENDING;
			return NO_EVENT;
		}
		s->phase = PHASE_OPEN;
		s->scans = 0;
		return told(s, EVENT_OPENED, now);
	}

	if (crossed < s->step)
		s->step = crossed;
	if (s->severity > before || s->step < step_before)
		return told(s, EVENT_ESCALATED, now);

	/* The clock was set back: count the interval from now on. */
	if (s->told_at > now)
		s->told_at = now;
	if (s->severity >= SEV_CRITICAL && rules->repeat_s > 0 &&
		now - s->told_at >= rules->repeat_s)
		return told(s, EVENT_REPEATED, now);
	return NO_EVENT;
}

struct sighting
incident_sighting(bool looked, const struct finding *f)
{
	struct sighting s = { .looked = looked, .seconds_left = NO_EXPIRY };
	json_t *left;

	if (f == NULL || f->severity < SEV_WARNING)
		return s;
	s.found = true;
	s.network = f->kind->network;
	s.severity = f->severity;
	left = json_object_get(f->details, "seconds_left");
	if (json_is_integer(left))
		s.seconds_left = json_integer_value(left);
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
