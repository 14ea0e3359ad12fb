/* ask_reach.h - options of endpoints: how they are reached */
#ifndef COMMANDS_ASK_REACH_H
#define COMMANDS_ASK_REACH_H

#include "commands/ask.h"

/*
 * Each reads the value of its option, NULL where that has none, and returns
 * STATUS_OK, or what command_usage() returns.
 */
int reach_by_ipv4(struct ask *ask, const char *none);
int reach_by_ipv6(struct ask *ask, const char *none);
int reach_as(struct ask *ask, const char *name);
int reach_at(struct ask *ask, const char *text);
int reach_all(struct ask *ask, const char *none);
int reach_through(struct ask *ask, const char *text);
int reach_proxy_user(struct ask *ask, const char *name);
/* It would stand in everybody's list of processes, and is not repeated. */
int reach_refuse_password(struct ask *ask, const char *secret);
int reach_proxy_password(struct ask *ask, const char *path);

/* Do they fit together, once all are read? */
int reach_settle(const struct ask *ask);

#endif
