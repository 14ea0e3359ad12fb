/* check.c - look at once, without a configuration, as a monitoring plugin */
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "commands/check_options.h"
#include "commands/commands.h"
#include "commands/output.h"
#include "model/hostname.h"
#include "probes/tls/dialect.h"
#include "scan/scan.h"

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
list_targets(struct ask *ask)
{
	if (ask->port != NULL && ask->hosts.n == 0)
		return command_usage(&command_check,
			"-p: want it with -H HOST, or TARGET as HOST:PORT");
	for (size_t i = 0; i < ask->hosts.n; i++)
		words_add(ask->arena, &ask->targets,
			target_of_host(ask, ask->hosts.v[i]));
	if (ask->targets.n == 0)
		return command_usage(
			&command_check, "want a TARGET or -H HOST, have none");
	return STATUS_OK;
}

/* One target, with those settings that mean something to its kind. */
static int
make_target(const struct ask *ask, const char *text, struct target *t)
{
	struct error err;

	*t = ask->base;
	if (target_parse(ask->arena, text, dialect_scheme,
		    access(text, F_OK) == 0, t, &err) == -1)
		return command_usage(&command_check, "%s: %s", text, err.text);
	if (t->kind == TARGET_FILE) {
		t->deployed = NULL;
		return STATUS_OK;
	}
	t->role = ROLE_AUTO;
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
		return command_usage(&command_check,
			"%s: want it with a file, have no file",
			ask->for_files);
	if (ask->for_endpoints != NULL && endpoints == 0)
		return command_usage(&command_check,
			"%s: want it with an endpoint, have no endpoint",
			ask->for_endpoints);
	if (role != ROLE_AUTO && role != ROLE_SERVER && files == 0)
		return command_usage(&command_check,
			"--role: want auto or server for an endpoint, have "
			"\"%s\"",
			role_name(role));
	return STATUS_OK;
}

static int
parse_targets(struct ask *ask, struct target **out)
{
	size_t files = 0;
	struct target *v;
	int rc = list_targets(ask);

	if (rc != STATUS_OK)
		return rc;
	v = arena_alloc(ask->arena, ask->targets.n * sizeof(*v));
	for (size_t i = 0; i < ask->targets.n; i++) {
		rc = make_target(ask, ask->targets.v[i], &v[i]);
		if (rc != STATUS_OK)
			return rc;
		files += v[i].kind == TARGET_FILE;
	}
	/* One endpoint asked for by another name goes by that name. */
	if (ask->targets.n == 1 && v[0].kind == TARGET_ENDPOINT &&
		v[0].sni != NULL)
		v[0].name = v[0].sni;
	*out = v;
	return settle_kinds(ask, files, ask->targets.n - files);
}

static int
run(struct ask *ask, const struct target *v)
{
	struct scan_options opt = { .now = ask->now };
	struct targets targets;
	struct results results;
	struct summary sum;
	struct error err;
	int rc;

	scan_expand(ask->arena, v, ask->targets.n, &targets);
	rc = scan_run(&targets, &opt, &results, &err);
	if (rc == 0)
		scan_tell_missed(&targets, ask->now, &results);
	free(targets.v);
	if (rc == -1)
		return command_unknown(err.text);
	sum = results_summary(&results);
	rc = output_report(ask->report, &results, &ask->show);
	results_release(&results);
	if (rc == -1)
		return command_fail("the output could not be written");
	return (int)sum.worst;
}

static int
check_run(int argc, char **argv)
{
	cleanup(arena_free) struct arena *arena = arena_new();
	struct ask ask = { .arena = arena, .now = time(NULL) };
	struct target *v = NULL;
	int rc = check_options_read(&ask, argc, argv);

	if (rc == STATUS_OK)
		rc = parse_targets(&ask, &v);
	if (rc == STATUS_OK) {
		output_terminal(&ask.show);
		rc = run(&ask, v);
	}
	/* The arena is not wiped when it is freed. */
	if (ask.base.passphrase != NULL)
		explicit_bzero((char *)ask.base.passphrase,
			strlen(ask.base.passphrase));
	return rc;
}

const struct command command_check = {
	.name = "check",
	.usage = "[OPTIONS] TARGET...",
	.help = "look at targets once, as a monitoring plugin",
	.plugin = true,
	.run = check_run,
};
