/* ask_set.c - what the options of targets say, and how it is judged */
#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "commands/ask_set.h"
#include "commands/options.h"
#include "config/secret.h"
#include "model/keypath.h"

static int
set_threshold(struct ask *ask, int which, const char *text)
{
	struct threshold *t = which == 0 ? &ask->base.set.warning
					 : &ask->base.set.critical;

	if (threshold_parse(text, t) == -1)
		return command_usage(ask->by->command,
			"-%c: want days, a span or a share such as 30, 12h, "
			"33%% or min(30d,33%%), have \"%s\"",
			which == 0 ? 'w' : 'c', text);
	ask->thresholds[which] = true;
	return STATUS_OK;
}

int
ask_set_warning(void *to, const char *text)
{
	struct ask *ask = to;

	return set_threshold(ask, 0, text);
}

int
ask_set_critical(void *to, const char *text)
{
	struct ask *ask = to;

	return set_threshold(ask, 1, text);
}

int
ask_set_timeout(void *to, const char *text)
{
	struct ask *ask = to;
	int64_t ms;

	if (duration_parse_ms(text, 1, &ms) == -1 || ms < 1 ||
		ms > HOUR_S * 1000)
		return command_usage(ask->by->command,
			"-t: want up to 3600 seconds, such as 10 or 500ms, "
			"have \"%s\"",
			text);
	ask->base.set.timeout_ms = ms;
	return STATUS_OK;
}

int
ask_set_trust(void *to, const char *path)
{
	struct ask *ask = to;

	if (strcmp(path, "system") != 0 && access(path, R_OK) == -1)
		return command_usage(ask->by->command, "--trust: %s: %s", path,
			strerror(errno));
	ask->base.set.trust = path;
	return STATUS_OK;
}

static int
want(const struct ask *ask, const char *option, const char *what,
	const char *text)
{
	if (*text != '\0')
		return STATUS_OK;
	return command_usage(
		ask->by->command, "%s: want %s, have nothing", option, what);
}

int
ask_set_key(void *to, const char *path)
{
	struct ask *ask = to;
	struct error err;

	ask->for_files = "--key";
	if (want(ask, ask->for_files, "a path", path) != STATUS_OK)
		return STATUS_UNKNOWN;
	if (keypath_check(path, &err) == -1)
		return command_usage(ask->by->command, "--key: %s", err.text);
	ask->base.key = path;
	return STATUS_OK;
}

/* It would stand in everybody's list of processes, and is not repeated. */
int
ask_refuse_passphrase(void *to, const char *secret)
{
	struct ask *ask = to;

	(void)secret;
	return command_usage(ask->by->command,
		"--passphrase: want --passphrase-file FILE, have the "
		"passphrase itself for everybody to see");
}

int
ask_set_passphrase(void *to, const char *path)
{
	struct ask *ask = to;
	struct error err;
	bool missing;

	if (want(ask, "--passphrase-file", "a path", path) != STATUS_OK)
		return STATUS_UNKNOWN;
	if (secret_read(ask->arena, ".", path, &ask->base.passphrase, &missing,
		    &err) == -1)
		return command_usage(
			ask->by->command, "--passphrase-file: %s", err.text);
	return STATUS_OK;
}

int
ask_set_pem_only(void *to, const char *none)
{
	struct ask *ask = to;

	(void)none;
	ask->base.pem_only = true;
	ask->for_files = "--pem-only";
	return STATUS_OK;
}

int
ask_set_exclude(void *to, const char *pattern)
{
	struct ask *ask = to;

	ask->for_files = "--exclude";
	words_add(ask->arena, &ask->base.exclude, pattern);
	return want(ask, ask->for_files, "a pattern", pattern);
}

int
ask_set_deployed(void *to, const char *path)
{
	struct ask *ask = to;

	ask->for_endpoints = "--deployed";
	ask->base.set.deployed = path;
	if (strcmp(path, DEPLOYED_AUTO) == 0)
		ask->for_files = "--deployed auto";
	return want(ask, ask->for_endpoints, "a path", path);
}

int
ask_set_intermediates(void *to, const char *path)
{
	struct ask *ask = to;

	if (access(path, R_OK) == -1)
		return command_usage(ask->by->command,
			"--intermediates: %s: %s", path, strerror(errno));
	ask->base.intermediates = path;
	return STATUS_OK;
}

int
ask_set_role(void *to, const char *text)
{
	struct ask *ask = to;

	return option_role(ask->by->command, text, &ask->base.role);
}

int
ask_set_profile(void *to, const char *text)
{
	struct ask *ask = to;

	return option_profile(ask->by->command, text, &ask->base.profile);
}

int
ask_set_order_lead(void *to, const char *text)
{
	struct ask *ask = to;

	return option_order_lead(
		ask->by->command, text, &ask->base.set.order_lead);
}

int
ask_add_holiday(void *to, const char *text)
{
	struct ask *ask = to;

	return option_add_holiday(
		ask->by->command, text, ask->arena, &ask->base.set.holidays);
}

int
ask_add_host(void *to, const char *host)
{
	struct ask *ask = to;

	words_add(ask->arena, &ask->hosts, host);
	return STATUS_OK;
}

int
ask_add_name(void *to, const char *name)
{
	struct ask *ask = to;

	return option_add_name(
		ask->by->command, name, ask->arena, &ask->base.names);
}

int
ask_set_moment(void *to, const char *text)
{
	struct ask *ask = to;

	return option_moment(ask->by->command, text, &ask->now);
}

int
ask_set_report(void *to, const char *name)
{
	struct ask *ask = to;

	return option_report(ask->by->command, "--output", name, &ask->report);
}

int
ask_add_finding(void *to, const char *text)
{
	struct ask *ask = to;

	return option_finding(
		ask->by->command, text, ask->arena, &ask->base.set.findings);
}

int
ask_add_verbosity(void *to, const char *none)
{
	struct ask *ask = to;

	(void)none;
	ask->show.verbose++;
	return STATUS_OK;
}

int
ask_set_write(void *to, const char *path)
{
	struct ask *ask = to;

	ask->write = path;
	return want(ask, "--write", "a path", path);
}
