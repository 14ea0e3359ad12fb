/* ask_reach.c - options of endpoints: how they are reached */
#include <sys/socket.h>

#include "commands/ask_reach.h"
#include "commands/options.h"
#include "config/secret.h"

int
reach_by_ipv4(void *to, const char *none)
{
	struct ask *ask = to;

	(void)none;
	ask->base.family = AF_INET;
	return STATUS_OK;
}

int
reach_by_ipv6(void *to, const char *none)
{
	struct ask *ask = to;

	(void)none;
	ask->base.family = AF_INET6;
	return STATUS_OK;
}

int
reach_as(void *to, const char *name)
{
	struct ask *ask = to;

	return option_hostname(ask->by->command, "--sni", name, ask->arena,
		false, &ask->base.sni);
}

int
reach_at(void *to, const char *text)
{
	struct ask *ask = to;

	return option_address(
		ask->by->command, "--address", text, &ask->base.dial);
}

int
reach_all(void *to, const char *none)
{
	struct ask *ask = to;

	(void)none;
	ask->for_endpoints = "--all-addresses";
	ask->base.set.addresses = ADDRESSES_ALL;
	return STATUS_OK;
}

int
reach_through(void *to, const char *text)
{
	struct ask *ask = to;
	struct error err;

	ask->for_endpoints = "--proxy";
	ask->base.set.proxy = proxy_parse(ask->arena, text, &err);
	return ask->base.set.proxy != NULL
		? STATUS_OK
		: command_usage(ask->by->command, "--proxy: %s", err.text);
}

int
reach_proxy_user(void *to, const char *name)
{
	struct ask *ask = to;

	ask->for_endpoints = "--proxy-user";
	ask->base.set.proxy_user = name;
	return STATUS_OK;
}

int
reach_refuse_password(void *to, const char *secret)
{
	struct ask *ask = to;

	(void)secret;
	return command_usage(ask->by->command,
		"--proxy-password: want --proxy-password-file FILE, have the "
		"password itself for everybody to see");
}

int
reach_proxy_password(void *to, const char *path)
{
	struct ask *ask = to;
	struct error err;
	bool missing;

	ask->for_endpoints = "--proxy-password-file";
	if (*path == '\0')
		return command_usage(ask->by->command,
			"--proxy-password-file: want a path, have nothing");
	if (secret_read(ask->arena, ".", path, &ask->base.set.proxy_password,
		    &missing, &err) == -1)
		return command_usage(ask->by->command,
			"--proxy-password-file: %s", err.text);
	return STATUS_OK;
}

int
reach_settle(const struct ask *ask)
{
	const struct settings *set = &ask->base.set;
	struct error err;

	if (set->proxy == NULL &&
		(set->proxy_user != NULL || set->proxy_password != NULL))
		return command_usage(ask->by->command,
			"%s: want it with --proxy, have none",
			set->proxy_user != NULL ? "--proxy-user"
						: "--proxy-password-file");
	if (proxy_check_credentials(
		    set->proxy_user, set->proxy_password, &err) == -1)
		return command_usage(
			ask->by->command, "--proxy-user: %s", err.text);
	return STATUS_OK;
}
