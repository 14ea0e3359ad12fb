/* ask_targets.c - from what was asked for to targets, and to what they show */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "commands/ask.h"
#include "commands/ask_client.h"
#include "commands/line.h"
#include "model/hostname.h"
#include "probes/starttls/dialect.h"

/* A target of -H and -p; a bare IPv6 address gets its brackets. */
static const char *
target_of_host(const struct ask *ask, const char *host)
{
	bool bare = hostname_is_address(host) && strchr(host, ':') != NULL;
	const char *text = arena_fmt(ask->arena, bare ? "[%s]" : "%s", host);

	if (ask->port == NULL)
		return text;
	return arena_fmt(ask->arena, "%s:%s", text, ask->port);
}

/* What was asked for, one after the other, those of -H last. */
static int
list_texts(struct ask *ask)
{
	if (ask->port != NULL && ask->hosts.n == 0)
		return command_usage(ask->by->command,
			"-p: want it with -H HOST, or TARGET as HOST:PORT");
	for (size_t i = 0; i < ask->hosts.n; i++)
		words_add(ask->arena, &ask->texts,
			target_of_host(ask, ask->hosts.v[i]));
	if (ask->texts.n > 0)
		return STATUS_OK;
	return command_usage(ask->by->command, "want a TARGET%s, have none",
		line_takes(ask->by->command, "hostname") ? " or -H HOST" : "");
}

/* One target, with those settings that mean something to its kind. */
static int
make_target(const struct ask *ask, const char *text, struct target *t)
{
	struct error err;

	*t = ask->base;
	if (target_parse(ask->arena, text, dialect_scheme,
		    access(text, F_OK) == 0, t, &err) == -1)
		return command_usage(
			ask->by->command, "%s: %s", text, err.text);
	if (t->kind == TARGET_FILE) {
		t->set.deployed = NULL;
		t->client = (struct client_settings){ 0 };
		return STATUS_OK;
	}
	t->role = ROLE_AUTO;
	if (t->client.certificate != NULL)
		t->client.passphrase = t->passphrase;
	t->key = t->passphrase = NULL;
	t->pem_only = false;
	t->exclude = (struct words){ 0 };
	return STATUS_OK;
}

/* An option that no target has a use for was meant for another one. */
static int
settle_kinds(const struct ask *ask, size_t files, size_t endpoints)
{
	enum role role = (enum role)ask->base.role;

	if (ask->for_files != NULL && files == 0)
		return command_usage(ask->by->command,
			"%s: want it with a file, have no file",
			ask->for_files);
	if (ask->for_endpoints != NULL && endpoints == 0)
		return command_usage(ask->by->command,
			"%s: want it with an endpoint, have no endpoint",
			ask->for_endpoints);
	if (role != ROLE_AUTO && role != ROLE_SERVER && files == 0)
		return command_usage(ask->by->command,
			"--role: want auto or server for an endpoint, have "
			"\"%s\"",
			role_name(role));
	return client_settle_passphrase(ask, files, endpoints);
}

int
ask_parse_targets(struct ask *ask)
{
	size_t files = 0, n;
	struct target *v;
	int rc = list_texts(ask);

	if (rc != STATUS_OK)
		return rc;
	n = ask->texts.n;
	v = arena_alloc(ask->arena, n * sizeof(*v));
	for (size_t i = 0; i < n; i++) {
		rc = make_target(ask, ask->texts.v[i], &v[i]);
		if (rc != STATUS_OK)
			return rc;
		files += v[i].kind == TARGET_FILE;
	}
	/* One endpoint asked for by another name goes by that name. */
	if (n == 1 && v[0].kind == TARGET_ENDPOINT && v[0].sni != NULL)
		v[0].name = v[0].sni;
	ask->v = v;
	ask->n = n;
	return settle_kinds(ask, files, n - files);
}

int
ask_scan(const struct ask *ask, const struct scan_options *opt,
	struct results *out, struct error *err)
{
	struct targets targets;
	int rc;

	scan_expand(ask->arena, ask->v, ask->n, &targets);
	rc = scan_run(&targets, opt, out, err);
	if (rc == 0)
		scan_tell_missed(&targets, ask->now, out);
	free(targets.v);
	return rc;
}
