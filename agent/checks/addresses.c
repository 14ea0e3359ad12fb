/* addresses.c - does an endpoint serve the same at every address */
#include <stdlib.h>
#include <string.h>

#include "checks/addresses.h"
#include "checks/gather.h"
#include "model/json.h"

extern const struct check check_look, check_client;

/* Of a fingerprint, as much as a person compares. */
#define PRINT_START 12
/* Certificates of a chain that are named; the others are counted. */
#define MAX_NAMED 3

/* The i-th of all addresses: the target's own observation is the first. */
static const struct observation *
at(const struct observation *ob, size_t i)
{
	return i == 0 ? ob : ob->others[i - 1];
}

static size_t
n_addresses(const struct observation *ob)
{
	return 1 + ob->n_others;
}

/* How many addresses present just what `what` does. */
static size_t
count_like(const struct observation *ob, const struct observation *what)
{
	size_t n = 0;

	for (size_t i = 0; i < n_addresses(ob); i++)
		n += observation_presented(at(ob, i)) == what;
	return n;
}

static size_t
count_answers(const struct observation *ob)
{
	size_t n = 0;

	for (size_t i = 0; i < n_addresses(ob); i++)
		n += observation_presented(at(ob, i))->n_certs > 0;
	return n;
}

/*
 * What most addresses present. Of several that are as many, the target's own
 * is the norm, else the first; *tied tells so.
 */
static const struct observation *
find_norm(const struct observation *ob, bool *tied)
{
	const struct observation *norm = ob;
	size_t most = count_like(ob, ob);

	*tied = false;
	for (size_t i = 1; i < n_addresses(ob); i++) {
		const struct observation *what = at(ob, i);
		size_t n;

		if (what->same != NULL || what->n_certs == 0)
			continue;
		n = count_like(ob, what);
		*tied = n == most || (*tied && n < most);
		if (n > most) {
			norm = what;
			most = n;
		}
	}
	return norm;
}

/* "192.0.2.1:443", or "192.0.2.1:443 and 2 others" */
static void
name_group(struct buf *out, const struct observation *ob,
	const struct observation *what)
{
	size_t n = count_like(ob, what);

	buf_puts(out, what->address);
	if (n > 1)
		buf_printf(out, " and %zu other%s", n - 1, n > 2 ? "s" : "");
}

/* "'www.test' (ends 2027-01-25, 2 certificates, SHA-256 ab12...)" */
static void
describe(struct buf *out, const struct observation *what, time_t now)
{
	const struct cert *c = &what->certs[0];
	size_t n = observation_n_presented(what);
	char date[MOMENT_SIZE];

	buf_printf(out, "'%s' (", c->label);
	if (c->has_dates)
		buf_printf(out, "%s %s, ",
			now > c->not_after ? "ended" : "ends",
			moment_date(c->not_after, date));
	buf_printf(out, "%zu certificate%s, SHA-256 %.*s...)", n,
		n == 1 ? "" : "s", PRINT_START, c->sha256);
}

static bool
is_presented(const struct observation *what, const struct cert *c)
{
	for (size_t i = 0; i < observation_n_presented(what); i++) {
		if (strcmp(what->certs[i].sha256, c->sha256) == 0)
			return true;
	}
	return false;
}

/* ", without 'A' and 'B'": those of `a` that `b` lacks. Returns how many. */
static size_t
name_missing(struct buf *out, const char *word, const struct observation *a,
	const struct observation *b)
{
	size_t n = 0;

	for (size_t i = 1; i < observation_n_presented(a); i++) {
		const struct cert *c = &a->certs[i];

		if (is_presented(b, c) || ++n > MAX_NAMED)
			continue;
		buf_printf(out, "%s'%s'", n == 1 ? word : ", ", c->label);
	}
	if (n > MAX_NAMED)
		buf_printf(out, " and %zu more", n - MAX_NAMED);
	return n;
}

static void
tell_chain(struct buf *out, const struct observation *odd,
	const struct observation *norm)
{
	size_t n = observation_n_presented(odd), differ;

	buf_printf(out, "sends the same certificate '%s' with %s chain: ",
		odd->certs[0].label,
		n < observation_n_presented(norm) ? "a shorter" : "another");
	buf_printf(out, "%zu certificate%s", n, n == 1 ? "" : "s");
	differ = name_missing(out, ", without ", norm, odd);
	differ += name_missing(out, ", with ", odd, norm);
	if (differ == 0)
		buf_puts(out, ", in another order or more than once");
}

static json_t *
addresses_json(const struct observation *ob, const struct observation *what)
{
	json_t *j = json_array();

	for (size_t i = 0; i < n_addresses(ob); i++) {
		if (observation_presented(at(ob, i)) == what)
			json_push(j, json_text(at(ob, i)->address));
	}
	return j;
}

static void
add_details(struct finding *f, const struct observation *ob,
	const struct observation *odd, const struct observation *norm)
{
	finding_detail(f, "sha256", json_string(odd->certs[0].sha256));
	finding_detail(f, "certificates",
		json_integer((json_int_t)observation_n_presented(odd)));
	finding_detail(f, "others", addresses_json(ob, norm));
	finding_detail(f, "others_sha256", json_string(norm->certs[0].sha256));
	finding_detail(f, "others_certificates",
		json_integer((json_int_t)observation_n_presented(norm)));
}

/* One address that presents `odd` while most present `norm`. */
static void
tell_odd(const struct observation *ob, const char *address,
	const struct observation *odd, const struct observation *norm,
	bool tied, time_t now, struct findings *out)
{
	BUF_CLEANUP struct buf text = { 0 };
	size_t n = count_like(ob, norm);
	struct finding *f;

	buf_printf(&text, "%s ", address);
	if (strcmp(odd->certs[0].sha256, norm->certs[0].sha256) == 0) {
		tell_chain(&text, odd, norm);
		buf_puts(&text, "; ");
		name_group(&text, ob, norm);
		buf_printf(&text, n > 1 ? " send %zu" : " sends %zu",
			observation_n_presented(norm));
	} else {
		buf_puts(&text, "serves ");
		describe(&text, odd, now);
		buf_puts(&text, "; ");
		name_group(&text, ob, norm);
		buf_puts(&text, n > 1 ? " serve " : " serves ");
		describe(&text, norm, now);
	}
	f = findings_add(
		out, "endpoint.addresses", address, "%s", buf_str(&text));
	if (tied)
		finding_hint(f,
			"As many addresses serve the one as the other. Find "
			"out which is right, and give the other machines the "
			"same certificate and chain. Where they differ by "
			"design, as at a CDN, switch this finding off for the "
			"target.");
	add_details(f, ob, odd, norm);
}

static void
compare_run(const struct observation *ob, const struct policy *pol, time_t now,
	struct findings *out)
{
	const struct observation *norm;
	bool tied;

	if (ob->n_unseen > 0)
		findings_add(out, "endpoint.addresses", pol->target->address,
			"want at most %zu addresses, have %zu: the others were "
			"not looked at",
			n_addresses(ob), n_addresses(ob) + ob->n_unseen)
			->severity = SEV_WARNING;
	if (ob->n_certs == 0 || ob->n_others == 0)
		return;
	norm = find_norm(ob, &tied);
	for (size_t i = 0; i < n_addresses(ob); i++) {
		const struct observation *what = observation_presented(
			at(ob, i));

		if (what != norm && what->n_certs > 0)
			tell_odd(ob, at(ob, i)->address, what, norm, tied, now,
				out);
	}
}

/* How the look at one address went: by the rules for the target's own. */
static void
judge_look(const struct observation *ob, const struct observation *other,
	const struct policy *pol, time_t now, struct findings *out)
{
	const struct observation *what = observation_presented(other);
	struct observation view = *other;
	size_t answers = count_answers(ob);

	view.certs = what->certs;
	view.n_certs = what->n_certs;
	check_look.run(&view, pol, now, out);
	check_client.run(&view, pol, now, out);
	for (size_t i = 0; what->n_certs == 0 && i < out->n; i++) {
		struct finding *f = &out->v[i];
		char *message = str_fmt("%s; %zu of %zu addresses %s",
			f->message, answers, n_addresses(ob),
			answers == 1 ? "answers" : "answer");

		free(f->message);
		f->message = message;
		/* Nobody who is here could come by that address. */
		if (other->handshake->ending != ENDING_NO_ROUTE)
			continue;
		f->severity = SEV_OK;
		finding_hint(f,
			"Nothing needs to be done, unless this machine should "
			"have such a route; with family: ipv4 or ipv6 only "
			"those addresses are looked at.");
	}
}

/* The address stands before what is said of it, unless it does already. */
static void
name_address(struct finding *f, const char *who, const char *address)
{
	char *message;

	if (strstr(f->message, address) != NULL)
		return;
	message = str_fmt("%s: %s", who, f->message);
	free(f->message);
	f->message = message;
}

/* A note that was told of another address says nothing new of this one. */
static bool
is_known_note(const struct findings *out, const struct finding *f)
{
	for (size_t i = 0; f->severity == SEV_OK && i < out->n; i++) {
		if (out->v[i].kind == f->kind &&
			strcmp(out->v[i].message, f->message) == 0)
			return true;
	}
	return false;
}

static void
merge(struct findings *out, struct findings *found, const char *who,
	const char *address)
{
	for (size_t i = 0; i < found->n; i++) {
		struct finding *f = &found->v[i];
		struct finding *there = gather_find(out, f);

		if ((there != NULL && f->severity <= there->severity) ||
			is_known_note(out, f))
			continue;
		name_address(f, who, address);
		if (there != NULL) {
			struct finding milder = *there;

			*there = *f;
			*f = milder;
		} else {
			gather_one(out, f);
		}
	}
}

/* Where most have it renewed, nobody needs to renew it again. */
static void
point_to_norm(struct findings *fs, const struct cert *odd,
	const struct observation *norm)
{
	const struct cert *good = &norm->certs[0];

	if (!odd->has_dates || !good->has_dates ||
		good->not_after <= odd->not_after)
		return;
	for (size_t i = 0; i < fs->n; i++) {
		struct finding *f = &fs->v[i];

		if (strcmp(f->subject, odd->sha256) == 0 &&
			(strcmp(f->kind->id, "expiry.expired") == 0 ||
				strcmp(f->kind->id, "expiry.soon") == 0))
			finding_hint(f,
				"It is renewed already: %s serves one that "
				"ends later. Give this machine the same, and "
				"reload its service.",
				norm->address);
	}
}

void
addresses_run(const struct observation *ob, const struct policy *pol,
	time_t now, struct findings *out,
	void (*run)(const struct observation *ob, const struct policy *pol,
		time_t now, struct findings *out))
{
	const struct observation *norm;
	bool tied;

	if (ob->n_certs == 0 || ob->n_others == 0)
		return;
	norm = find_norm(ob, &tied);
	point_to_norm(out, &ob->certs[0], norm);
	for (size_t i = 0; i < ob->n_others; i++) {
		const struct observation *other = ob->others[i];
		struct target target = *pol->target;
		struct policy policy = *pol;
		struct observation view = *other;
		struct findings found = { 0 };
		BUF_CLEANUP struct buf who = { 0 };

		target.address = other->address;
		policy.target = &target;
		judge_look(ob, other, &policy, now, &found);
		merge(out, &found, other->address, other->address);
		findings_release(&found);
		if (other->n_certs == 0)
			continue;
		/* One node may serve what the others do no more. */
		view.deployed = ob->deployed;
		name_group(&who, ob, other);
		run(&view, &policy, now, &found);
		point_to_norm(&found, &other->certs[0], norm);
		merge(out, &found, buf_str(&who), other->address);
		findings_release(&found);
	}
}

const struct check check_addresses = { .name = "addresses",
	.run = compare_run };
