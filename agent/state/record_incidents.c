/* record_incidents.c - open, change and close the incidents of a target */
#include <stdlib.h>
#include <string.h>

#include "state/incidents.h"
#include "state/recorder.h"
#include "state/routes.h"
#include "state/store.h"

/* A row of `incident`, less its target. */
struct incident {
	struct incident_standing standing;
	char *finding, *subject;
	char *id; /* NULL while pending */
	char *message;
	time_t opened_at;
	bool met; /* by a finding of this scan */
};

struct incidents {
	struct incident *v;
	size_t n;
};

static void
incidents_release(struct incidents *is)
{
	for (size_t i = 0; i < is->n; i++) {
		free(is->v[i].finding);
		free(is->v[i].subject);
		free(is->v[i].id);
		free(is->v[i].message);
	}
	free(is->v);
}

#define INCIDENTS_CLEANUP __attribute__((__cleanup__(incidents_release)))

static struct incident
read_incident(sqlite3_stmt *q)
{
	struct incident i = {
		.finding = store_must(q, 1),
		.subject = store_must(q, 2),
		.id = store_dup(q, 3),
		.opened_at = store_time(q, 8),
		.message = store_must(q, 10),
	};

	i.standing = (struct incident_standing){
		.severity = store_severity(q, 4),
		.told = (unsigned)sqlite3_column_int64(q, 5),
		.scans = store_count(q, 6),
		.step = sqlite3_column_int64(q, 7),
		.told_at = store_time(q, 9),
		.silenced = sqlite3_column_int64(q, 11) != 0,
		.level = store_severity(q, 12),
		.told_level = store_severity(q, 13),
		.told_step = sqlite3_column_int64(q, 14),
		.turns = store_count(q, 15),
		.good = store_count(q, 16),
		.good_at = store_time(q, 17),
		.calm = store_count(q, 18),
		.resolved_at = store_time(q, 19),
	};
	i.standing.phase = i.id == NULL			    ? PHASE_PENDING
		: sqlite3_column_type(q, 19) == SQLITE_NULL ? PHASE_OPEN
							    : PHASE_RESTING;
	return i;
}

/* All of the target that is at hand. */
static int
read_incidents(struct past *p, struct incidents *out, struct error *err)
{
	int more;

	while ((more = past_incident(p, err)) == 1) {
		out->v = mem_grow(out->v, out->n + 1, sizeof(*out->v));
		out->v[out->n++] = read_incident(p->incidents);
		if (past_incident_step(p, err) == -1)
			return -1;
	}
	return more;
}

static int
write_incident(struct state *st, const char *target, const struct incident *i,
	struct error *err)
{
	const struct incident_standing *s = &i->standing;

	return store_run(st, err, STMT_INCIDENT_PUT, "ttttiiiizztiiiiiiziz",
		target, i->finding, i->subject, i->id, (int64_t)s->severity,
		(int64_t)s->told, s->scans, s->step, (int64_t)i->opened_at,
		(int64_t)s->told_at, i->message, (int64_t)s->silenced,
		(int64_t)s->level, (int64_t)s->told_level, s->told_step,
		s->turns, s->good, (int64_t)s->good_at, s->calm,
		(int64_t)s->resolved_at);
}

static int
drop_incident(struct state *st, const char *target, const struct incident *i,
	struct error *err)
{
	return store_run(st, err, STMT_INCIDENT_DROP, "ttt", target, i->finding,
		i->subject);
}

static bool
incidents_equal(const struct incident *a, const struct incident *b)
{
	const struct incident_standing *x = &a->standing, *y = &b->standing;

	return x->phase == y->phase && x->silenced == y->silenced &&
		x->severity == y->severity && x->level == y->level &&
		x->step == y->step && x->scans == y->scans &&
		x->told == y->told && x->told_level == y->told_level &&
		x->told_step == y->told_step && x->told_at == y->told_at &&
		x->turns == y->turns && x->good == y->good &&
		x->good_at == y->good_at && x->calm == y->calm &&
		x->resolved_at == y->resolved_at &&
		strcmp(a->finding, b->finding) == 0 &&
		strcmp(a->message, b->message) == 0;
}

/* Write what differs; the key itself may (soon has become expired). */
static int
keep_incident(struct state *st, const char *target, const struct incident *old,
	const struct incident *now, struct error *err)
{
	bool was = old->standing.phase != PHASE_NONE;
	bool is = now->standing.phase != PHASE_NONE;

	if (was && is && incidents_equal(old, now))
		return 0;
	if (was && (!is || strcmp(old->finding, now->finding) != 0) &&
		drop_incident(st, target, old, err) == -1)
		return -1;
	return is ? write_incident(st, target, now, err) : 0;
}

/* "inc_" and random, the same for as long as it is open. */
static char *
new_incident_id(void)
{
	cleanup(str_free) char *id = digest_new_id();

	return str_fmt("inc_%s", strchr(id, '_') + 1);
}

/* A client certificate that cannot be read may be as it was. */
static bool
was_read(const struct client_test *test, const struct incident *i)
{
	static const char whose[] = CLIENT_CERTIFICATE;

	return test->own == NULL || test->own->n_certs > 0 ||
		i->message == NULL ||
		strncmp(i->message, whose, strlen(whose)) != 0;
}

/* And what was found of it with the server, where nothing is proved. */
static bool
was_tested(const struct result *r, const struct incident *i)
{
	static const char area[] = "client.", unproven[] = "client.unproven";

	return strncmp(i->finding, area, strlen(area)) != 0 ||
		strcmp(i->finding, unproven) == 0 || r->client == NULL ||
		strcmp(r->client, unproven) != 0 || result_client(r) != NULL;
}

static bool
was_looked_at(const struct result *r, const struct incident *i)
{
	const struct client_test *test = r->seen != NULL ? r->seen->client
							 : NULL;

	if (!r->looked)
		return false;
	/* One that is new has no finding, and no message. */
	return test == NULL || i->finding == NULL ||
		(was_read(test, i) && was_tested(r, i));
}

/* The history of it: what happened, and whether it is told. */
static int
note_incident(struct recorder *rec, const struct event *e, int happened,
	bool was_silenced, const struct silence *silence, struct error *err)
{
	cleanup(str_free) char *why = NULL;
	char until[MOMENT_SIZE];

	if (happened != NO_EVENT &&
		recorder_note(rec, e, event_name((enum event_kind)happened),
			e->message, err) == -1)
		return -1;
	if (was_silenced == (silence != NULL) || happened == EVENT_RESOLVED)
		return 0;
	if (silence == NULL)
		return recorder_note(rec, e, "unsilenced", e->message, err);
	why = str_fmt("until %s: %s", moment_format(silence->until, until),
		silence->reason);
	return recorder_note(rec, e, "silenced", why, err);
}

static int
tell_incident(struct recorder *rec, const struct target *t,
	const struct incident *old, const struct incident *now,
	const struct verdict *v, const struct silence *silence,
	const char *hint, time_t not_after, struct error *err)
{
	const struct incident_standing *s = &now->standing;
	struct event e = {
		.kind = v->tell != NO_EVENT ? (enum event_kind)v->tell
					    : EVENT_OPENED,
		.incident = now->id,
		.target = (char *)t->name,
		.address = (char *)t->address,
		.owner = (char *)t->owner,
		.finding = now->finding,
		.subject = now->subject,
		.severity = s->severity,
		.message = now->message,
		.hint = (char *)hint,
		.opened_at = now->opened_at,
		.not_after = not_after,
	};

	if (s->phase != PHASE_PENDING &&
		note_incident(rec, &e, v->happened, old->standing.silenced,
			s->phase == PHASE_OPEN ? silence : NULL, err) == -1)
		return -1;
	/* Its end is for all who were told of it. */
	if (v->tell != NO_EVENT)
		recorder_tell(rec, t, &e,
			v->tell == EVENT_RESOLVED ? s->told
						  : SEVERITY_BIT(s->severity));
	return 0;
}

/* Bring one incident up to date; `f` is NULL if it was not found. */
static int
judge(struct recorder *rec, const struct result *r, const struct incident *old,
	const struct finding *f, const struct target_news *news,
	struct error *err)
{
	const struct target *t = r->target;
	struct sighting seen = incident_sighting(was_looked_at(r, old), f);
	cleanup(str_free) char *id = NULL;
	const struct silence *silence;
	struct incident now = *old;
	struct verdict v;

	if (f != NULL) {
		now.finding = (char *)f->kind->id;
		now.subject = f->subject != NULL ? f->subject : (char *)"";
		now.message = f->message;
	}
	silence = silences_find(&rec->silences, t->name, t->address,
		now.finding, rec->rs->time);
	seen.silenced = silence != NULL;
	seen.renewed = news->renewed;
	v = incident_judge(&now.standing, &seen, rec->alerts, rec->rs->time);
	if (v.happened == EVENT_OPENED) {
		/* What comes back is the same. */
		if (now.id == NULL)
			now.id = id = new_incident_id();
		now.opened_at = rec->rs->time;
	}
	if (tell_incident(rec, t, old, &now, &v, silence,
		    f != NULL ? finding_remedy(f) : NULL, news->not_after,
		    err) == -1)
		return -1;
	return keep_incident(rec->st, t->name, old, &now, err);
}

static bool
same_trouble(const struct finding *a, const struct finding *b)
{
	return incident_same(a->kind->id, a->subject != NULL ? a->subject : "",
		b->kind->id, b->subject != NULL ? b->subject : "");
}

/* Of several findings of one incident the worst speaks, then the first. */
static bool
speaks(const struct findings *fs, size_t i)
{
	const struct finding *f = &fs->v[i];

	if (f->severity < SEV_WARNING)
		return false;
	for (size_t k = 0; k < fs->n; k++) {
		const struct finding *other = &fs->v[k];

		if (k != i && same_trouble(f, other) &&
			(other->severity > f->severity ||
				(other->severity == f->severity && k < i)))
			return false;
	}
	return true;
}

static struct incident *
find_incident(struct incidents *is, const struct finding *f)
{
	const char *subject = f->subject != NULL ? f->subject : "";

	for (size_t i = 0; i < is->n; i++) {
		if (!is->v[i].met &&
			incident_same(is->v[i].finding, is->v[i].subject,
				f->kind->id, subject))
			return &is->v[i];
	}
	return NULL;
}

int
recorder_incidents(struct recorder *rec, const struct result *r,
	const struct target_news *news, struct error *err)
{
	static const struct incident none;
	INCIDENTS_CLEANUP struct incidents is = { 0 };

	if (read_incidents(&rec->past, &is, err) == -1)
		return -1;
	for (size_t i = 0; i < r->findings.n; i++) {
		const struct finding *f = &r->findings.v[i];
		struct incident *old;

		if (!speaks(&r->findings, i))
			continue;
		old = find_incident(&is, f);
		if (old != NULL)
			old->met = true;
		if (judge(rec, r, old != NULL ? old : &none, f, news, err) ==
			-1)
			return -1;
	}
	for (size_t i = 0; i < is.n; i++) {
		if (!is.v[i].met &&
			judge(rec, r, &is.v[i], NULL, news, err) == -1)
			return -1;
	}
	return 0;
}
