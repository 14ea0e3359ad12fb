/* deploy.c - does the endpoint serve what was put in place for it */
#include <string.h>

#include "checks/check.h"
#include "checks/deploy/advice.h"
#include "checks/deploy/deploy.h"
#include "checks/leaf.h"
#include "model/json.h"

int
deploy_compare_age(const struct cert *a, const struct cert *b)
{
	if (!a->has_dates || !b->has_dates)
		return 0;
	if (a->not_before != b->not_before)
		return a->not_before < b->not_before ? -1 : 1;
	return (a->not_after > b->not_after) - (a->not_after < b->not_after);
}

/*
 * Not in the file at all: an RSA and an EC certificate may lie side by side
 * there, of which each client gets one.
 */
bool
deploy_differs(const struct observation *ob)
{
	return ob->n_certs > 0 && ob->deployed != NULL &&
		ob->deployed->n_certs > 0 &&
		!observation_has(ob->deployed, ob->certs[0].sha256);
}

/*
 * Of the file's leaves the one that stands for what is served: by its name,
 * then by the kind of its key, then the first.
 */
static const struct cert *
counterpart(const struct cert *served, const struct observation *file,
	const struct target *t)
{
	const struct target as_file = { .kind = TARGET_FILE,
		.names = t->names };
	struct leaves leaves LEAVES_CLEANUP = { 0 };
	/* A CA's, such as openssl req -x509 makes: servers take the first. */
	const struct cert *best = &file->certs[0];
	int most = -1;

	leaves_find(&leaves, file, &as_file);
	for (size_t i = 0; i < leaves.n; i++) {
		const struct cert *c = &file->certs[leaves.v[i]];
		int alike = 2 * (strcmp(c->label, served->label) == 0) +
			(strcmp(c->key_type, served->key_type) == 0);

		if (alike > most) {
			best = c;
			most = alike;
		}
	}
	return best;
}

/* How what is served and what the file holds stand to each other. */
enum relation {
	STALE, /* the file holds a newer one */
	EARLY, /* likewise, but nobody may serve that yet */
	AHEAD, /* the file holds an older one */
	ANOTHER, /* of the same age */
	TWIN, /* of another kind of key, for the same names */
};

/* Between the issues of an RSA and an EC certificate that are one order. */
#define TWINS_APART_S INT64_C(86400)

struct judged {
	const struct cert *served, *held;
	enum relation relation;
	const char *path; /* of the file */
	time_t changed_at; /* likewise; 0: not known */
	const struct listener *listener; /* who serves it; NULL: not known */
	bool expired; /* what is served has */
	bool fresh; /* the file may be about to be loaded */
	time_t now;
};

static bool
has_names_of(const struct cert *a, const struct cert *b)
{
	for (size_t i = 0; i < b->names.n; i++) {
		if (!strlist_has(&a->names, b->names.v[i]))
			return false;
	}
	return b->names.n > 0;
}

/*
 * A server with an RSA and an EC certificate in files of their own shows us
 * the EC one. Each may be renewed by itself; but where the file is newer by
 * more than one order explains, it may as well wait to be loaded.
 */
static bool
is_twin(const struct cert *served, const struct cert *held, time_t now)
{
	return strcmp(served->key_type, held->key_type) != 0 &&
		!served->is_ca && !held->is_ca && has_names_of(served, held) &&
		has_names_of(held, served) && served->has_dates &&
		now <= served->not_after && held->has_dates &&
		held->not_before <= now &&
		(int64_t)held->not_before - served->not_before <= TWINS_APART_S;
}

static enum relation
relation_of(const struct cert *served, const struct cert *held, time_t now)
{
	int age = deploy_compare_age(served, held);

	if (is_twin(served, held, now))
		return TWIN;
	if (age == 0)
		return ANOTHER;
	if (age > 0)
		return AHEAD;
	return held->not_before > now ? EARLY : STALE;
}

static bool
is_fresh(time_t changed_at, time_t now)
{
	return changed_at > 0 && changed_at <= now &&
		now - changed_at < DEPLOY_GRACE_S;
}

/* " 'www.example.com' (ends 2026-12-01)" */
static void
describe(struct buf *out, const struct cert *c, const struct judged *j)
{
	const char *sep = " (";
	char date[MOMENT_SIZE];

	if (strcmp(j->served->label, j->held->label) != 0)
		buf_printf(out, " '%s'", c->label);
	if (j->relation == TWIN) {
		buf_printf(out, "%s%s", sep, c->key_type);
		sep = ", ";
	}
	/* What else would tell one from the other? */
	if (j->relation == ANOTHER) {
		buf_printf(out, "%sserial %.40s", sep, c->serial);
		sep = ", ";
	}
	if (c == j->held && j->relation == EARLY) {
		buf_printf(out, "%sfrom %s", sep,
			moment_date(c->not_before, date));
		sep = ", ";
	}
	if (c->has_dates) {
		buf_printf(out, "%s%s %s", sep,
			j->now > c->not_after ? "ended" : "ends",
			moment_date(c->not_after, date));
		sep = ", ";
	}
	if (*sep == ',')
		buf_putc(out, ')');
}

static void
add_change(struct buf *text, const struct judged *j)
{
	if (j->changed_at <= 0 || j->changed_at > j->now)
		return;
	buf_puts(text, ", changed ");
	duration_describe(text, (int64_t)j->now - j->changed_at);
	buf_puts(text, " ago");
}

static void
add_advice(struct buf *text, const struct judged *j)
{
	if (j->relation == EARLY)
		buf_puts(text, ": reload the service then, not before");
	else if (j->fresh && j->relation != TWIN)
		buf_printf(text, ": it has %d minutes to be loaded",
			DEPLOY_GRACE_S / 60);
	else if (j->relation == STALE)
		advice_reload(text, j->listener, j->changed_at);
	else if (j->relation != TWIN)
		advice_source(text, j->listener);
}

static void
tell(struct buf *text, const struct judged *j)
{
	bool old = j->relation == STALE || j->relation == EARLY;

	buf_printf(text, "serves %s certificate",
		old			       ? "the old"
			: j->relation == AHEAD ? "a newer"
					       : "another");
	describe(text, j->served, j);
	buf_printf(text, old ? "; %s holds %s" : " than %s holds%s", j->path,
		!old			       ? ""
			: j->relation == EARLY ? "one for later"
					       : "a newer one");
	describe(text, j->held, j);
	add_change(text, j);
	add_advice(text, j);
}

/* Would the end of this one be critical by itself? */
static bool
is_near_end(const struct cert *c, const struct settings *set, time_t now)
{
	return c->has_dates &&
		(int64_t)c->not_after - now <
		threshold_seconds(
			&set->critical, (int64_t)c->not_after - c->not_before);
}

static enum severity
severity_of(const struct judged *j, const struct settings *set)
{
	if (j->expired)
		return SEV_CRITICAL;
	if (j->fresh || j->relation == EARLY || j->relation == TWIN)
		return SEV_OK;
	/* Somebody renewed it in time, and in vain. */
	if (j->relation == STALE && is_near_end(j->served, set, j->now) &&
		!is_near_end(j->held, set, j->now))
		return SEV_CRITICAL;
	return SEV_WARNING;
}

static void
add_hint(struct finding *f, const struct judged *j)
{
	if (j->relation == EARLY)
		finding_hint(f,
			"Nothing needs to be done before its first day; "
			"clients would refuse it until then.");
	else if (j->relation == TWIN)
		finding_hint(f,
			"A server that has one of each kind shows us this one, "
			"and nothing is said against that. To have it held "
			"against its file, name the file of that kind, or auto "
			"where both are watched.");
	else if (j->fresh)
		finding_hint(f,
			"If nothing reloads the service by itself, reload it.");
	else if (j->relation != STALE)
		finding_hint(f,
			"Find out where the served certificate comes from: "
			"another machine, another file, or a proxy in front. "
			"Then correct the file or the path: a service that "
			"does read this file will serve what is in it once it "
			"is reloaded or restarted.");
	else if (advice_reads_another(j->listener, j->changed_at))
		finding_hint(f,
			"Find out which file the service is configured with. "
			"If it is this one, it was put there with an old date "
			"(cp -p, rsync -t): reload the service.");
}

static void
add_details(struct finding *f, const struct judged *j)
{
	char moment[MOMENT_SIZE];

	finding_detail(f, "served", json_string(j->served->sha256));
	finding_detail(f, "deployed", json_string(j->held->sha256));
	finding_detail(f, "file", json_text(j->path));
	if (j->served->has_dates)
		finding_detail(f, "served_not_after",
			json_string(
				moment_format(j->served->not_after, moment)));
	if (j->held->has_dates)
		finding_detail(f, "deployed_not_after",
			json_string(moment_format(j->held->not_after, moment)));
	if (j->changed_at > 0)
		finding_detail(f, "changed_at",
			json_string(moment_format(j->changed_at, moment)));
	advice_details(f, j->listener);
}

static void
deploy_run(const struct observation *ob, const struct policy *pol, time_t now,
	struct findings *out)
{
	struct buf text BUF_CLEANUP = { 0 };
	struct judged j = { .path = pol->target->set.deployed,
		.listener = ob->listener,
		.now = now };
	struct finding *f;

	/* What could not be looked at has told so already. */
	if (!deploy_differs(ob))
		return;
	j.served = &ob->certs[0];
	j.held = counterpart(j.served, ob->deployed, pol->target);
	j.relation = relation_of(j.served, j.held, now);
	j.changed_at = ob->deployed->changed_at;
	j.expired = j.served->has_dates && now > j.served->not_after;
	j.fresh = !j.expired && is_fresh(j.changed_at, now);
	tell(&text, &j);
	f = findings_add(
		out, "deploy.stale", j.served->sha256, "%s", buf_str(&text));
	f->severity = severity_of(&j, &pol->target->set);
	add_hint(f, &j);
	add_details(f, &j);
}

const struct check check_deploy = { .name = "deploy", .run = deploy_run };
