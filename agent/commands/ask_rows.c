/* ask_rows.c - the options of the commands that look at targets */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "commands/ask.h"
#include "commands/ask_client.h"
#include "commands/ask_reach.h"
#include "commands/ask_rows.h"
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

static int
set_warning(struct ask *ask, const char *text)
{
	return set_threshold(ask, 0, text);
}

static int
set_critical(struct ask *ask, const char *text)
{
	return set_threshold(ask, 1, text);
}

static int
set_timeout(struct ask *ask, const char *text)
{
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

static int
set_trust(struct ask *ask, const char *path)
{
	if (strcmp(path, "system") != 0 && access(path, R_OK) == -1)
		return command_usage(ask->by->command, "--trust: %s: %s", path,
			strerror(errno));
	ask->base.set.trust = path;
	return STATUS_OK;
}

static int
expect(const struct ask *ask, const char *option, const char *what,
	const char *text)
{
	if (*text != '\0')
		return STATUS_OK;
	return command_usage(
		ask->by->command, "%s: want %s, have nothing", option, what);
}

static int
set_key(struct ask *ask, const char *path)
{
	struct error err;

	ask->for_files = "--key";
	if (expect(ask, ask->for_files, "a path", path) != STATUS_OK)
		return STATUS_UNKNOWN;
	if (keypath_check(path, &err) == -1)
		return command_usage(ask->by->command, "--key: %s", err.text);
	ask->base.key = path;
	return STATUS_OK;
}

/* It would stand in everybody's list of processes, and is not repeated. */
static int
refuse_passphrase(struct ask *ask, const char *secret)
{
	(void)secret;
	return command_usage(ask->by->command,
		"--passphrase: want --passphrase-file FILE, have the "
		"passphrase itself for everybody to see");
}

static int
set_passphrase(struct ask *ask, const char *path)
{
	struct error err;
	bool missing;

	if (expect(ask, "--passphrase-file", "a path", path) != STATUS_OK)
		return STATUS_UNKNOWN;
	if (secret_read(ask->arena, ".", path, &ask->base.passphrase, &missing,
		    &err) == -1)
		return command_usage(
			ask->by->command, "--passphrase-file: %s", err.text);
	return STATUS_OK;
}

static int
set_pem_only(struct ask *ask, const char *none)
{
	(void)none;
	ask->base.pem_only = true;
	ask->for_files = "--pem-only";
	return STATUS_OK;
}

static int
set_exclude(struct ask *ask, const char *pattern)
{
	ask->for_files = "--exclude";
	words_add(ask->arena, &ask->base.exclude, pattern);
	return expect(ask, ask->for_files, "a pattern", pattern);
}

static int
set_deployed(struct ask *ask, const char *path)
{
	ask->for_endpoints = "--deployed";
	ask->base.set.deployed = path;
	if (strcmp(path, DEPLOYED_AUTO) == 0)
		ask->for_files = "--deployed auto";
	return expect(ask, ask->for_endpoints, "a path", path);
}

static int
set_intermediates(struct ask *ask, const char *path)
{
	if (access(path, R_OK) == -1)
		return command_usage(ask->by->command,
			"--intermediates: %s: %s", path, strerror(errno));
	ask->base.intermediates = path;
	return STATUS_OK;
}

static int
set_role(struct ask *ask, const char *text)
{
	return option_role(ask->by->command, text, &ask->base.role);
}

static int
set_profile(struct ask *ask, const char *text)
{
	return option_profile(ask->by->command, text, &ask->base.profile);
}

static int
set_order_lead(struct ask *ask, const char *text)
{
	return option_order_lead(
		ask->by->command, text, &ask->base.set.order_lead);
}

static int
add_holiday(struct ask *ask, const char *text)
{
	return option_add_holiday(
		ask->by->command, text, ask->arena, &ask->base.set.holidays);
}

static int
add_host(struct ask *ask, const char *host)
{
	words_add(ask->arena, &ask->hosts, host);
	return STATUS_OK;
}

static int
set_port(struct ask *ask, const char *port)
{
	ask->port = port;
	return STATUS_OK;
}

static int
add_name(struct ask *ask, const char *name)
{
	return option_add_name(
		ask->by->command, name, ask->arena, &ask->base.names);
}

static int
set_moment(struct ask *ask, const char *text)
{
	return option_moment(ask->by->command, text, &ask->now);
}

static int
set_report(struct ask *ask, const char *name)
{
	return option_report(ask->by->command, name, &ask->report);
}

static int
add_finding(struct ask *ask, const char *text)
{
	return option_finding(
		ask->by->command, text, ask->arena, &ask->base.set.findings);
}

static int
add_verbosity(struct ask *ask, const char *none)
{
	(void)none;
	ask->show.verbose++;
	return STATUS_OK;
}

static int
set_write(struct ask *ask, const char *path)
{
	ask->write = path;
	return expect(ask, "--write", "a path", path);
}

static int
set_allow_private(struct ask *ask, const char *none)
{
	(void)none;
	ask->allow_private = true;
	return STATUS_OK;
}

static int
show_help(struct ask *ask, const char *none)
{
	(void)none;
	fputs(ask->by->help, stdout);
	ask->answered = true;
	return STATUS_OK;
}

static int
show_version(struct ask *ask, const char *none)
{
	(void)none;
	puts("certvigil " CERTVIGIL_VERSION);
	ask->answered = true;
	return STATUS_OK;
}

#define JUDGED (BY_CHECK | BY_SHOW) /* what alters findings */
#define ALL (BY_CHECK | BY_SHOW | BY_CHAIN)

const struct ask_row ask_rows[] = {
	{ "hostname", 'H', false, BY_CHECK, add_host },
	{ "port", 'p', false, BY_CHECK, set_port },
	{ "warning", 'w', false, JUDGED, set_warning },
	{ "critical", 'c', false, JUDGED, set_critical },
	{ "timeout", 't', false, ALL, set_timeout },
	{ NULL, '4', true, ALL, reach_by_ipv4 },
	{ NULL, '6', true, ALL, reach_by_ipv6 },
	{ "verbose", 'v', true, JUDGED, add_verbosity },
	{ "version", 'V', true, BY_CHECK, show_version },
	{ "help", 'h', true, ALL, show_help },
	{ "sni", 0, false, ALL, reach_as },
	{ "address", 0, false, ALL, reach_at },
	{ "all-addresses", 0, true, JUDGED, reach_all },
	{ "proxy", 0, false, ALL, reach_through },
	{ "proxy-user", 0, false, ALL, reach_proxy_user },
	{ "proxy-password", 0, false, ALL, reach_refuse_password },
	{ "proxy-password-file", 0, false, ALL, reach_proxy_password },
	{ "client-cert", 0, false, JUDGED, client_by_certificate },
	{ "client-key", 0, false, JUDGED, client_by_key },
	{ "expect", 0, false, JUDGED, client_expect },
	{ "no-strict", 0, true, JUDGED, client_without_stranger },
	{ "client-ca", 0, false, JUDGED, client_by_ca },
	{ "deployed", 0, false, JUDGED, set_deployed },
	{ "name", 0, false, JUDGED, add_name },
	{ "key", 0, false, JUDGED, set_key },
	{ "passphrase", 0, false, ALL, refuse_passphrase },
	{ "passphrase-file", 0, false, ALL, set_passphrase },
	{ "role", 0, false, ALL, set_role },
	{ "profile", 0, false, JUDGED, set_profile },
	{ "pem-only", 0, true, JUDGED, set_pem_only },
	{ "exclude", 0, false, JUDGED, set_exclude },
	{ "order-lead", 0, false, JUDGED, set_order_lead },
	{ "holiday", 0, false, JUDGED, add_holiday },
	{ "trust", 0, false, ALL, set_trust },
	{ "intermediates", 0, false, ALL, set_intermediates },
	{ "at", 0, false, ALL, set_moment },
	{ "finding", 0, false, JUDGED, add_finding },
	{ "output", 0, false, JUDGED, set_report },
	{ "write", 0, false, BY_CHAIN, set_write },
	{ "allow-private", 0, true, BY_CHAIN, set_allow_private },
	{ 0 },
};
