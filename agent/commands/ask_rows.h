/* ask_rows.h - the options of the commands that look at targets */
#ifndef COMMANDS_ASK_ROWS_H
#define COMMANDS_ASK_ROWS_H

#include "commands/ask.h"

/* One row an option: what getopt_long() knows, and who reads its value. */
struct ask_row {
	const char *name; /* NULL: it has but a letter */
	int letter; /* 0: it has none */
	bool flag; /* it has no value */
	unsigned by; /* BY_: the commands that take it */
	/* Returns STATUS_OK, or what command_usage() returns. */
	int (*set)(struct ask *ask, const char *arg);
};

extern const struct ask_row ask_rows[]; /* ends with one that has no set() */

#endif
