/* ask_client.h - options of endpoints: how they should take their clients */
#ifndef COMMANDS_ASK_CLIENT_H
#define COMMANDS_ASK_CLIENT_H

#include "commands/ask.h"

/*
 * Each reads the value of its option into a struct ask, NULL where that has
 * none, and returns STATUS_OK, or what command_usage() returns.
 */
int client_by_certificate(void *ask, const char *path);
int client_by_key(void *ask, const char *path);
int client_expect(void *ask, const char *text);
int client_without_stranger(void *ask, const char *none);
int client_by_ca(void *ask, const char *path);

/* Do they fit together, once all are read? */
int client_settle(const struct ask *ask);

/*
 * Is it plain which key the passphrase opens, once the targets are known: that
 * of so many files, or that of the certificate which endpoints are shown?
 */
int client_settle_passphrase(
	const struct ask *ask, size_t files, size_t endpoints);

#endif
