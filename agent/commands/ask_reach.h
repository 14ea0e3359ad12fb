/* ask_reach.h - options of endpoints: how they are reached */
#ifndef COMMANDS_ASK_REACH_H
#define COMMANDS_ASK_REACH_H

#include "commands/ask.h"

/*
 * Each reads the value of its option into a struct ask, NULL where that has
 * none, and returns STATUS_OK, or what command_usage() returns.
 */
int reach_by_ipv4(void *ask, const char *none);
int reach_by_ipv6(void *ask, const char *none);
int reach_as(void *ask, const char *name);
int reach_at(void *ask, const char *text);
int reach_all(void *ask, const char *none);
int reach_through(void *ask, const char *text);
int reach_proxy_user(void *ask, const char *name);
/* It would stand in everybody's list of processes, and is not repeated. */
int reach_refuse_password(void *ask, const char *secret);
int reach_proxy_password(void *ask, const char *path);

/* Do they fit together, once all are read? */
int reach_settle(const struct ask *ask);

#endif
