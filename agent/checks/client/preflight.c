/* preflight.c - the client certificate and the file of client CAs, as files */
#include <stdlib.h>

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

static void
name_file(struct findings *found, const char *who)
{
	for (size_t i = 0; i < found->n; i++) {
		struct finding *f = &found->v[i];
		char *message = str_fmt("%s: %s", who, f->message);

		free(f->message);
		f->message = message;
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

	if (test != NULL && test->own != NULL) {
		preflight_target(&t, pol->target, ROLE_CLIENT);
		policy.trust = trust_of(test->own, &t, pol->trust, now);
		check_look.run(test->own, &policy, now, &found);
		run(test->own, &policy, now, &found);
		name_file(&found, CLIENT_CERTIFICATE);
		gather_worst(out, &found);
	}
	if (test != NULL && test->ca != NULL) {
		preflight_target(&t, pol->target, ROLE_CLIENT_CA);
		policy.trust = NULL;
		check_look.run(test->ca, &policy, now, &found);
		run(test->ca, &policy, now, &found);
		coverage_judge(ob, pol, now, &found);
		name_file(&found, "client CAs");
		gather_worst(out, &found);
	}
}
