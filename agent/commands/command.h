/* command.h - what the program can be asked to do */
#ifndef COMMANDS_COMMAND_H
#define COMMANDS_COMMAND_H

#include <stdbool.h>

/* Exit statuses (Monitoring Plugins guidelines). */
enum {
	STATUS_OK = 0,
	STATUS_WARNING = 1,
	STATUS_CRITICAL = 2,
	STATUS_UNKNOWN = 3
};

struct command {
	const char *name;
	const char *usage; /* what follows the name on its usage line */
	const char *help; /* half a line */
	bool plugin; /* what fails stands on stdout too, for who runs it */
	/* argv[0] is the command's name. Returns the exit status. */
	int (*run)(int argc, char **argv);
};

extern const struct command *const command_table[]; /* NULL-terminated */

/* The program: argv[1] names the command. Returns the exit status. */
int command_main(int argc, char **argv);

/*
 * "certvigil NAME: MESSAGE" and the usage line, on stderr. Returns
 * STATUS_UNKNOWN.
 */
int command_usage(const struct command *c, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

/*
 * "CERTVIGIL UNKNOWN - MESSAGE" on stdout, where a monitoring system reads.
 * Returns STATUS_UNKNOWN.
 */
int command_unknown(const char *message);

/* "certvigil: MESSAGE" on stderr. Returns STATUS_UNKNOWN. */
int command_fail(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

#endif
