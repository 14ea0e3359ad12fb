/* line.h - the command line of one command, read by its table of options */
#ifndef COMMANDS_LINE_H
#define COMMANDS_LINE_H

#include "commands/command.h"

struct line {
	bool answered; /* --help or --version: that was all */
	int n; /* words beside the options, in their order */
	char **words; /* in argv, which was put in order; ends with NULL */
};

/*
 * Read the line as getopt_long() does, each option into *ask, until one is
 * wrong. Returns STATUS_OK and *out; what command_usage() returned; or, where
 * out->answered, the exit status for that: 3 of plugins.
 *
 *	rc = line_read(&command_status, &ask, argc, argv, &line);
 *	if (rc != STATUS_OK || line.answered)
 *		return rc;
 */
int line_read(const struct command *c, void *ask, int argc, char **argv,
	struct line *out);

/* The i-th option of all groups, each name and letter once, or NULL. */
const struct option_row *line_option(const struct command *c, size_t i);

/* The i-th of those that it takes without a row: --version, --help. */
const struct option_row *line_answer(const struct command *c, size_t i);

/* Does it take --NAME? */
bool line_takes(const struct command *c, const char *name);

/* The i-th of the words that a value may be, or NULL. */
const char *value_word(const struct value *v, size_t i);

#endif
