/* ask_client.c - options of endpoints: how they should take their clients */
#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "commands/ask_client.h"
#include "commands/line.h"
#include "config/keys.h"

static int
take_file(
	struct ask *ask, const char *option, const char *path, const char **out)
{
	ask->for_endpoints = option;
	if (*path == '\0')
		return command_usage(ask->by->command,
			"%s: want a path, have nothing", option);
	if (access(path, R_OK) == -1)
		return command_usage(ask->by->command, "%s: %s: %s", option,
			path, strerror(errno));
	*out = path;
	return STATUS_OK;
}

int
client_by_certificate(void *to, const char *path)
{
	struct ask *ask = to;

	return take_file(
		ask, "--client-cert", path, &ask->base.client.certificate);
}

int
client_by_key(void *to, const char *path)
{
	struct ask *ask = to;

	return take_file(ask, "--client-key", path, &ask->base.client.key);
}

int
client_by_ca(void *to, const char *path)
{
	struct ask *ask = to;

	return take_file(ask, "--client-ca", path, &ask->base.client.ca);
}

int
client_expect(void *to, const char *text)
{
	struct ask *ask = to;

	ask->for_endpoints = "--expect";
	for (const struct choice *c = keys_expectations; c->name != NULL; c++) {
		if (strcmp(c->name, text) != 0)
			continue;
		ask->base.client.expect = c->value;
		ask->base.client.expects = true;
		return STATUS_OK;
	}
	return command_usage(ask->by->command,
		"--expect: want required, optional or none, have \"%s\"", text);
}

int
client_without_stranger(void *to, const char *none)
{
	struct ask *ask = to;

	(void)none;
	ask->for_endpoints = "--no-strict";
	ask->base.client.strict = false;
	return STATUS_OK;
}

int
client_settle(const struct ask *ask)
{
	const struct client_settings *set = &ask->base.client;
	const char *option = set->key != NULL ? "--client-key"
		: set->ca != NULL	      ? "--client-ca"
		: !set->strict		      ? "--no-strict"
					      : NULL;

	if (option == NULL || set->certificate != NULL)
		return STATUS_OK;
	return command_usage(ask->by->command,
		"%s: want it with --client-cert, have none", option);
}

int
client_settle_passphrase(const struct ask *ask, size_t files, size_t endpoints)
{
	bool client = ask->base.client.certificate != NULL && endpoints > 0;

	if (ask->base.passphrase == NULL || (files > 0) != client)
		return STATUS_OK;
	if (client)
		return command_usage(ask->by->command,
			"--passphrase-file: want it for files or for "
			"--client-cert, have both; look at the files and at "
			"the endpoints one after the other");
	return command_usage(ask->by->command,
		line_takes(ask->by->command, "client-cert")
			? "--passphrase-file: want it with a file or "
			  "--client-cert, have neither"
			: "--passphrase-file: want it with a file, have no "
			  "file");
}
