/* ask_set.h - what the options of targets say, and how they are judged */
#ifndef COMMANDS_ASK_SET_H
#define COMMANDS_ASK_SET_H

#include "commands/ask.h"

/*
 * Each reads the value of its option into a struct ask, NULL where that has
 * none, and returns STATUS_OK, or what command_usage() returns.
 */
int ask_set_warning(void *ask, const char *text);
int ask_set_critical(void *ask, const char *text);
int ask_set_timeout(void *ask, const char *text);
int ask_set_trust(void *ask, const char *path);
int ask_set_key(void *ask, const char *path);
/* It would stand in everybody's list of processes, and is not repeated. */
int ask_refuse_passphrase(void *ask, const char *secret);
int ask_set_passphrase(void *ask, const char *path);
int ask_set_pem_only(void *ask, const char *none);
int ask_set_exclude(void *ask, const char *pattern);
int ask_set_deployed(void *ask, const char *path);
int ask_set_intermediates(void *ask, const char *path);
int ask_set_role(void *ask, const char *text);
int ask_set_profile(void *ask, const char *text);
int ask_set_order_lead(void *ask, const char *text);
int ask_add_holiday(void *ask, const char *text);
int ask_add_host(void *ask, const char *host);
int ask_add_name(void *ask, const char *name);
int ask_set_moment(void *ask, const char *text);
int ask_set_report(void *ask, const char *name);
int ask_add_finding(void *ask, const char *text);
int ask_add_verbosity(void *ask, const char *none);
int ask_set_write(void *ask, const char *path);

#endif
