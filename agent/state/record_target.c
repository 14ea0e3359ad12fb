/* record_target.c - remember a target, and that its certificate is another */
#include <string.h>

#include "model/duration.h"
#include "state/recorder.h"
#include "state/routes.h"
#include "state/store.h"

/*
 * Certificates that a target is remembered to have had. Behind one name two
 * servers may serve two of them by turns; only one never seen is news.
 */
#define KEEP_FORMER 32

/* A row of `target`; its text is borrowed. */
struct row {
	bool known;
	const char *address, *owner, *message, *sha256;
	enum severity status;
	time_t observed_at, not_after;
};

static int
read_row(struct past *p, const char *name, struct row *out, struct error *err)
{
	int found = past_target(p, name, err);

	if (found != 1)
		return found;
	*out = (struct row){
		.known = true,
		.address = store_text(p->targets, 1),
		.owner = store_text(p->targets, 2),
		.status = store_severity(p->targets, 3),
		.message = store_text(p->targets, 4),
		.observed_at = store_time(p->targets, 5),
		.not_after = store_time(p->targets, 6),
		.sha256 = store_text(p->targets, 7),
	};
	return 0;
}

static bool
same(const char *a, const char *b)
{
	return a == NULL || b == NULL ? a == b : strcmp(a, b) == 0;
}

static bool
rows_equal(const struct row *a, const struct row *b)
{
	return a->known && b->known && a->status == b->status &&
		a->observed_at == b->observed_at &&
		a->not_after == b->not_after && same(a->address, b->address) &&
		same(a->owner, b->owner) && same(a->message, b->message) &&
		same(a->sha256, b->sha256);
}

/* What this scan makes of the target. */
static struct row
new_row(const struct recorder *rec, const struct result *r,
	const struct row *old)
{
	const struct cert *leaf = r->looked ? result_leaf(r) : NULL;
	const struct finding *lead = findings_lead(&r->findings);
	struct row now = {
		.known = true,
		.address = r->target->address,
		.owner = r->target->owner,
		.message = lead != NULL ? lead->message : NULL,
		.status = r->status,
		/* 0 stands for the scan's own time: see the schema. */
		.observed_at = r->observed_at == rec->rs->time ? 0
							       : r->observed_at,
		.not_after = old->not_after,
		.sha256 = old->sha256,
	};

	if (leaf != NULL) {
		now.not_after = leaf->has_dates ? leaf->not_after : 0;
		now.sha256 = leaf->sha256;
	}
	return now;
}

static int
write_row(struct state *st, const char *name, const struct row *r,
	struct error *err)
{
	return store_run(st, err, STMT_TARGET_PUT, "tttitzit", name, r->address,
		r->owner, (int64_t)r->status, r->message,
		(int64_t)r->observed_at, (int64_t)r->not_after, r->sha256);
}

/* Keep the certificate that was replaced; has the new one been here before? */
static int
note_replaced(struct recorder *rec, const char *target, const struct row *old,
	const struct row *now, bool *seen_before, struct error *err)
{
	struct state *st = rec->st;

	if (store_run(st, err, STMT_FORMER_DROP, "tt", target, now->sha256) ==
		-1)
		return -1;
	*seen_before = sqlite3_changes(st->db) > 0;
	if (store_run(st, err, STMT_FORMER_PUT, "tti", target, old->sha256,
		    (int64_t)rec->rs->time) == -1)
		return -1;
	return store_run(
		st, err, STMT_FORMER_PRUNE, "ti", target, (int64_t)KEEP_FORMER);
}

static int
tell_renewed(struct recorder *rec, const struct target *t,
	const struct row *old, const struct row *now, struct error *err)
{
	char until[MOMENT_SIZE], before[MOMENT_SIZE];
	cleanup(str_free) char *message = str_fmt(
		"another certificate, valid until %s; the one before: %s",
		now->not_after != 0 ? moment_date(now->not_after, until)
				    : "an unreadable date",
		old->not_after != 0 ? moment_date(old->not_after, before)
				    : "an unreadable date");
	struct event e = {
		.kind = EVENT_RENEWED,
		.target = (char *)t->name,
		.address = (char *)t->address,
		.owner = (char *)t->owner,
		.severity = SEV_OK,
		.message = message,
		.opened_at = rec->rs->time,
		.not_after = now->not_after,
		.old_not_after = old->not_after,
		.old_sha256 = (char *)old->sha256,
		.new_sha256 = (char *)now->sha256,
	};

	if (recorder_note(rec, &e, event_name(e.kind), message, err) == -1)
		return -1;
	/* To whoever may have been told of trouble at this target. */
	if (silences_find(&rec->silences, t->name, t->address, NULL,
		    rec->rs->time) == NULL)
		recorder_tell(rec, t, &e,
			SEVERITY_BIT(SEV_WARNING) | SEVERITY_BIT(SEV_CRITICAL));
	return 0;
}

int
recorder_target(struct recorder *rec, const struct result *r,
	struct target_news *news, struct error *err)
{
	const struct target *t = r->target;
	struct row old = { 0 }, now;
	bool seen_before = true;

	if (read_row(&rec->past, t->name, &old, err) == -1)
		return -1;
	now = new_row(rec, r, &old);
	news->not_after = now.not_after;
	if (!rows_equal(&old, &now) &&
		write_row(rec->st, t->name, &now, err) == -1)
		return -1;
	if (old.sha256 == NULL || same(old.sha256, now.sha256))
		return 0;
	if (note_replaced(rec, t->name, &old, &now, &seen_before, err) == -1)
		return -1;
	news->renewed = !seen_before;
	return seen_before ? 0 : tell_renewed(rec, t, &old, &now, err);
}

int
recorder_carry(struct recorder *rec, const struct result *r, struct error *err)
{
	struct row row = { 0 };

	if (read_row(&rec->past, r->target->name, &row, err) == -1)
		return -1;
	/* It was looked at by the last scan, which is the last no more. */
	if (!row.known || row.observed_at != 0)
		return 0;
	row.observed_at = r->observed_at;
	return write_row(rec->st, r->target->name, &row, err);
}
