/* help.h - what --help prints, from a command's table of options */
#ifndef COMMANDS_HELP_H
#define COMMANDS_HELP_H

#include "commands/command.h"
#include "model/buf.h"

/* "usage: certvigil check ...", a line each. */
void help_usage(struct buf *out, const struct command *c);

/* All of it, in lines of 80 columns or less. */
void help_put(struct buf *out, const struct command *c);

#endif
