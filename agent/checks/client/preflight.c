/* preflight.c - the client certificate and the file of client CAs, as files */
#include <stdlib.h>
#include <string.h>

#include <openssl/x509v3.h>

#include "checks/client/coverage.h"
#include "checks/client/preflight.h"
#include "checks/gather.h"
#include "checks/leaf.h"
#include "checks/path/path.h"

extern const struct check check_look;

void
preflight_target(struct target *out, const struct target *t, enum role role)
{
	bool ca = role == ROLE_CLIENT_CA;
	const char *file = ca ? t->client.ca : t->client.certificate;

	/* Findings have it for a subject. */
	if (file == NULL)
		file = t->address;
	*out = (struct target){
		.name = file,
		.kind = TARGET_FILE,
		.address = file,
		.file = file,
		.role = role,
		.set = t->set,
		.key = ca ? NULL : t->client.key,
		.passphrase = ca ? NULL : t->client.passphrase,
		/* A service that takes one client CA takes one here. */
		.profile = ca ? t->profile : NULL,
	};
}

/*
 * A client's CA is private mostly, and need not be the one of the server that
 * is configured as trust: a path that ends elsewhere says nothing.
 */
static const struct trust *
trust_of(const struct observation *own, const struct target *t,
	const struct trust *trust, time_t now)
{
	const struct cert *leaf = leaf_of(own, t);
	struct path path PATH_CLEANUP = { 0 };

	if (trust == NULL || leaf == NULL)
		return NULL;
	path_find(&path, own, leaf, trust, X509_PURPOSE_SSL_CLIENT, now);
	return path.end == PATH_ANCHORED ? trust : NULL;
}

/*
 * Who has several of them wants to know which; what cannot be read has no name
 * but the file's.
 */
static void
name_file(struct findings *found, const char *who, const char *label,
	const char *path)
{
	for (size_t i = 0; i < found->n; i++) {
		struct finding *f = &found->v[i];
		bool fault = strncmp(f->kind->id, "file.", 5) == 0 &&
			strcmp(f->subject, path) == 0;
		char *message;

		if (fault)
			message = str_fmt("%s %s: %s", who, path, f->message);
		else if (label != NULL)
			message = str_fmt(
				"%s '%s': %s", who, label, f->message);
		else
			message = str_fmt("%s: %s", who, f->message);
		free(f->message);
		f->message = message;
	}
}

/* Nobody reloads a client. */
static void
advise_renewal(struct findings *found, const char *path)
{
	for (size_t i = 0; i < found->n; i++) {
		struct finding *f = &found->v[i];

		if (f->hint == NULL &&
			(strcmp(f->kind->id, "expiry.soon") == 0 ||
				strcmp(f->kind->id, "expiry.expired") == 0))
			finding_hint(f,
				"Have a new client certificate issued, by a CA "
				"that the server accepts; put it where the "
				"client reads it, and into %s here.",
				path);
	}
}

void
preflight_run(const struct observation *ob, const struct policy *pol,
	time_t now, struct findings *out,
	void (*run)(const struct observation *ob, const struct policy *pol,
		time_t now, struct findings *out))
{
	const struct client_test *test = ob->client;
	struct findings found = { 0 };
	struct target t;
	struct policy policy = { .target = &t };
	const struct cert *leaf;

	if (test != NULL && test->own != NULL) {
		preflight_target(&t, pol->target, ROLE_CLIENT);
		policy.trust = trust_of(test->own, &t, pol->trust, now);
		check_look.run(test->own, &policy, now, &found);
		run(test->own, &policy, now, &found);
		leaf = leaf_of(test->own, &t);
		advise_renewal(&found, t.file);
		name_file(&found, CLIENT_CERTIFICATE,
			leaf != NULL ? leaf->label : NULL, t.file);
		gather_worst(out, &found);
	}
	if (test != NULL && test->ca != NULL) {
		preflight_target(&t, pol->target, ROLE_CLIENT_CA);
		policy.trust = NULL;
		check_look.run(test->ca, &policy, now, &found);
		run(test->ca, &policy, now, &found);
		coverage_judge(ob, pol, now, &found);
		name_file(&found, "client CAs", NULL, t.file);
		gather_worst(out, &found);
	}
}
