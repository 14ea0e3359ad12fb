/* commands.h - the rows of the table of commands */
#ifndef COMMANDS_COMMANDS_H
#define COMMANDS_COMMANDS_H

#include "commands/command.h"

extern const struct command command_check;
extern const struct command command_chain;
extern const struct command command_scan;
extern const struct command command_watch;
extern const struct command command_show;
extern const struct command command_status;
extern const struct command command_report;
extern const struct command command_history;
extern const struct command command_silence;
extern const struct command command_notify;
extern const struct command command_config;
extern const struct command command_explain;
extern const struct command command_completion;

#endif
