/* coverage.c - does the server's file of client CAs cover our certificate */
#include <string.h>

#include <openssl/err.h>
#include <openssl/x509v3.h>

#include "checks/client/coverage.h"
#include "checks/client/facts.h"
#include "checks/path/path.h"
#include "model/json.h"

/* CAs that a message lists. */
#define MAX_LISTED 3

DEFINE_CLEANUP(X509_STORE, X509_STORE_free)

/* What is held against one another. */
struct coverage {
	const struct comparison *c;
	const struct observation *ca; /* the file */
	const struct cert *leaf; /* of our certificate's file; or NULL */
	struct trust trust; /* of the file's CAs */
	const char *path; /* the file's */
	struct findings *out;
};

/* Our certificate, with its chain or alone, before the file's CAs. */
static struct observation *
put_together(const struct coverage *v, bool alone)
{
	const struct observation *own = v->c->test->own;
	struct observation *ob = observation_new();

	X509_up_ref(v->leaf->x509);
	(void)observation_add_cert(ob, v->leaf->x509, 0);
	for (size_t i = 0; !alone && i < own->n_certs; i++) {
		if (&own->certs[i] == v->leaf)
			continue;
		X509_up_ref(own->certs[i].x509);
		(void)observation_add_cert(ob, own->certs[i].x509, 0);
	}
	observation_lend(ob, v->ca, v->path);
	return ob;
}

/*
 * From our certificate to a root in the file; *used tells by which of it, and
 * stays empty where one of those has expired: that is told by itself.
 */
static bool
is_covered(const struct coverage *v, bool alone, struct strlist *used)
{
	cleanup(observation_free) struct observation *ob = put_together(
		v, alone);
	struct path path PATH_CLEANUP = { 0 };
	bool expired = false;

	path_find(&path, ob, &ob->certs[0], &v->trust, X509_PURPOSE_SSL_CLIENT,
		v->c->now);
	if (path.end != PATH_ANCHORED)
		return false;
	for (size_t i = 1; i < path.n; i++) {
		const struct cert *step = path.steps[i].cert;

		if (step == NULL || !observation_has(v->ca, step->sha256))
			continue;
		strlist_add(used, step->label);
		expired |= step->has_dates && v->c->now > step->not_after;
	}
	if (expired)
		strlist_release(used);
	return true;
}

/* "'A', 'B' and 2 more" */
static void
list_cas(struct buf *out, const struct observation *ca)
{
	for (size_t i = 0; i < ca->n_certs && i < MAX_LISTED; i++)
		buf_printf(
			out, "%s'%s'", i > 0 ? ", " : "", ca->certs[i].label);
	if (ca->n_certs > MAX_LISTED)
		buf_printf(out, " and %zu more", ca->n_certs - MAX_LISTED);
}

static void
tell_uncovered(const struct coverage *v)
{
	struct buf have BUF_CLEANUP = { 0 };
	bool accepted = v->c->ours == OUTCOME_ACCEPTED;
	struct finding *f;

	list_cas(&have, v->ca);
	f = findings_add(v->out, "client.ca-list", v->path,
		"no way leads from the client certificate (issuer '%s') to a "
		"self-signed root of this file, which holds %s%s",
		v->leaf->issuer_label, buf_str(&have),
		accepted ? "; the server took it all the same, so it has "
			   "other CAs"
			 : "");
	if (accepted)
		finding_hint(f,
			"Find out which file the server reads, and name that "
			"one. If it will read this one after a reload, it will "
			"refuse the client certificate.");
	else
		finding_hint(f,
			"Append '%s' and every CA above it up to the "
			"self-signed root to the file, and reload the server.",
			v->leaf->issuer_label);
}

static void
tell_short(const struct coverage *v)
{
	struct finding *f = findings_add(v->out, "client.server-ca-incomplete",
		v->path,
		"the file leads to the client certificate only by the chain "
		"that the client sends along: it lacks '%s'",
		v->leaf->issuer_label);

	finding_hint(f,
		"Append the certificate of '%s' to the file, and reload the "
		"server: clients that send their own certificate alone are "
		"refused.",
		v->leaf->issuer_label);
}

/* What the partner's change of its CA must leave in place. */
static void
tell_used(const struct coverage *v, const struct strlist *used)
{
	struct buf text BUF_CLEANUP = { 0 };
	struct finding *f;

	for (size_t i = 0; i < used->n; i++)
		buf_printf(&text, "%s'%s'",
			i == 0			  ? ""
				: i + 1 < used->n ? ", "
						  : " and ",
			used->v[i]);
	if (v->ca->n_certs > used->n)
		buf_printf(&text, " of its %zu CAs", v->ca->n_certs);
	f = findings_add(v->out, "client.ca-list", v->path,
		"the file covers the client certificate, by %s",
		buf_str(&text));
	f->severity = SEV_OK;
	finding_hint(f,
		"Nothing needs to be done. When a CA changes, append the new "
		"one, and keep these until every client has a certificate of "
		"the new one.");
}

static void
judge_cover(const struct coverage *v)
{
	struct strlist used = { 0 };

	if (!is_covered(v, false, &used)) {
		tell_uncovered(v);
	} else {
		struct strlist alone = { 0 };

		if (!is_covered(v, true, &alone))
			tell_short(v);
		else if (alone.n > 0)
			tell_used(v, &alone);
		strlist_release(&alone);
	}
	strlist_release(&used);
}

/* A CA of the file that the server does not name: it was not reloaded. */
static void
judge_loaded(const struct coverage *v)
{
	const struct strlist *cas = facts_announced(v->c);
	const struct cert *first = NULL;
	size_t n = 0;
	struct finding *f;

	/* Who names none takes any. */
	for (size_t i = 0; cas->n > 0 && i < v->ca->n_certs; i++) {
		const struct cert *c = &v->ca->certs[i];

		if (!c->is_ca || strlist_has(cas, c->subject))
			continue;
		n++;
		first = first != NULL ? first : c;
	}
	if (first == NULL)
		return;
	f = findings_add(v->out, "client.ca-list", first->sha256,
		"the server does not name '%s'%s, so it has not loaded the "
		"file as it is now",
		first->label, n > 1 ? " and others of the file" : "");
	finding_hint(f,
		"Reload the server, and see that it reads this file. Where it "
		"names other CAs than it trusts (Apache SSLCADNRequestFile, "
		"nginx ssl_trusted_certificate, haproxy ca-verify-file), turn "
		"this finding off for the target.");
	finding_detail(f, "missing", json_integer((json_int_t)n));
}

/* Of which the self-signed ones will count as anchors. */
static X509_STORE *
store_of(const struct observation *ca)
{
	X509_STORE *store = X509_STORE_new();

	if (store == NULL)
		mem_exhausted();
	for (size_t i = 0; i < ca->n_certs; i++)
		(void)X509_STORE_add_cert(store, ca->certs[i].x509);
	return store;
}

void
coverage_judge(const struct observation *ob, const struct policy *pol,
	time_t now, struct findings *out)
{
	struct comparison c;
	struct coverage v = { .c = &c, .ca = ob->client->ca, .out = out };
	cleanup(X509_STORE_free) X509_STORE *store = NULL;

	if (v.ca->n_certs == 0)
		return;
	compare_make(&c, ob, pol, now);
	ERR_set_mark();
	store = store_of(v.ca);
	v.path = pol->target->client.ca != NULL ? pol->target->client.ca
						: pol->target->address;
	v.leaf = facts_leaf(&c);
	v.trust = (struct trust){
		.name = v.path,
		.store = store,
		.libctx = pol->trust != NULL ? pol->trust->libctx : NULL,
	};
	if (v.leaf != NULL)
		judge_cover(&v);
	judge_loaded(&v);
	ERR_pop_to_mark();
}
