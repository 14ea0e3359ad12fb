/* deploy.c - does the endpoint serve what was put in place for it */
#include <string.h>

#include "checks/check.h"
#include "checks/leaf.h"
#include "model/json.h"

/* The newer of two by their notBefore, then by their notAfter: <0, 0, >0. */
static int
compare_age(const struct cert *a, const struct cert *b)
{
	if (!a->has_dates || !b->has_dates)
		return 0;
	if (a->not_before != b->not_before)
		return a->not_before < b->not_before ? -1 : 1;
	return (a->not_after > b->not_after) - (a->not_after < b->not_after);
}

/*
 * Is it in the file at all? An RSA and an EC certificate may lie side by side
 * there, of which each client gets one.
 */
static bool
is_held(const struct cert *served, const struct observation *file)
{
	for (size_t i = 0; i < file->n_certs; i++) {
		if (strcmp(file->certs[i].sha256, served->sha256) == 0)
			return true;
	}
	return false;
}

/* Of the file's leaves the one that stands for what is served. */
static const struct cert *
counterpart(const struct cert *served, const struct observation *file,
	const struct target *t)
{
	const struct target as_file = { .kind = TARGET_FILE,
		.names = t->names };
	struct leaves leaves LEAVES_CLEANUP = { 0 };

	leaves_find(&leaves, file, &as_file);
	for (size_t i = 0; i < leaves.n; i++) {
		const struct cert *c = &file->certs[leaves.v[i]];

		if (strcmp(c->key_type, served->key_type) == 0)
			return c;
	}
	/* A CA's, such as openssl req -x509 makes: servers take the first. */
	return &file->certs[leaves.n > 0 ? leaves.v[0] : 0];
}

/* " 'www.example.com' (ends 2026-12-01)" */
static void
describe(struct buf *out, const struct cert *c, bool with_name, time_t now)
{
	char date[MOMENT_SIZE];

	if (with_name)
		buf_printf(out, " '%s'", c->label);
	if (c->has_dates)
		buf_printf(out, " (%s %s)",
			now > c->not_after ? "ended" : "ends",
			moment_date(c->not_after, date));
}

static void
add_change(struct buf *text, time_t changed_at, time_t now)
{
	if (changed_at <= 0 || changed_at > now)
		return;
	buf_puts(text, ", changed ");
	duration_describe(text, (int64_t)now - changed_at);
	buf_puts(text, " ago");
}

static void
tell(struct buf *text, const struct cert *served, const struct cert *held,
	const struct observation *ob, const struct target *t, time_t now)
{
	bool named = strcmp(served->label, held->label) != 0;
	int age = compare_age(served, held);

	if (age < 0) {
		buf_puts(text, "serves the old certificate");
		describe(text, served, named, now);
		buf_printf(text, "; %s holds a newer one", t->deployed);
		describe(text, held, named, now);
		add_change(text, ob->deployed->changed_at, now);
		buf_puts(text, ": reload the service");
		return;
	}
	buf_printf(
		text, "serves %s certificate", age > 0 ? "a newer" : "another");
	describe(text, served, named, now);
	buf_printf(text, " than %s holds", t->deployed);
	describe(text, held, named, now);
	add_change(text, ob->deployed->changed_at, now);
}

static void
add_details(struct finding *f, const struct cert *served,
	const struct cert *held, const struct observation *ob,
	const struct target *t)
{
	char moment[MOMENT_SIZE];
	time_t changed_at = ob->deployed->changed_at;

	finding_detail(f, "served", json_string(served->sha256));
	finding_detail(f, "deployed", json_string(held->sha256));
	finding_detail(f, "file", json_text(t->deployed));
	if (served->has_dates)
		finding_detail(f, "served_not_after",
			json_string(moment_format(served->not_after, moment)));
	if (held->has_dates)
		finding_detail(f, "deployed_not_after",
			json_string(moment_format(held->not_after, moment)));
	if (changed_at > 0)
		finding_detail(f, "changed_at",
			json_string(moment_format(changed_at, moment)));
}

static void
deploy_run(const struct observation *ob, const struct policy *pol, time_t now,
	struct findings *out)
{
	const struct cert *served, *held;
	struct buf text BUF_CLEANUP = { 0 };
	struct finding *f;

	/* What could not be looked at has told so already. */
	if (ob->deployed == NULL || ob->n_certs == 0 ||
		ob->deployed->n_certs == 0 ||
		is_held(&ob->certs[0], ob->deployed))
		return;
	served = &ob->certs[0];
	held = counterpart(served, ob->deployed, pol->target);
	tell(&text, served, held, ob, pol->target, now);
	f = findings_add(
		out, "deploy.stale", served->sha256, "%s", buf_str(&text));
	if (served->has_dates && now > served->not_after)
		f->severity = SEV_CRITICAL;
	if (compare_age(served, held) >= 0)
		finding_hint(f,
			"Find out where the served certificate comes from: "
			"another machine, another file, or a proxy in front. "
			"Then correct the file or the path.");
	add_details(f, served, held, ob, pol->target);
}

const struct check check_deploy = { .name = "deploy", .run = deploy_run };
