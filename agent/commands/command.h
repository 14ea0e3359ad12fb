/* command.h - what the program can be asked to do, and with which words */
#ifndef COMMANDS_COMMAND_H
#define COMMANDS_COMMAND_H

#include <stdbool.h>
#include <stddef.h>

/* Exit statuses (Monitoring Plugins guidelines). */
enum {
	STATUS_OK = 0,
	STATUS_WARNING = 1,
	STATUS_CRITICAL = 2,
	STATUS_UNKNOWN = 3
};

/* What a shell offers where a value is typed. */
enum completes {
	COMPLETES_NOT, /* it may be anything */
	COMPLETES_FILE, /* of any kind */
	COMPLETES_FOLDER,
	COMPLETES_WORD, /* one of `words` or `list` */
	COMPLETES_TARGET, /* what can be looked at: a file, a folder, tls:// */
	COMPLETES_NAME, /* of a target that the state knows */
	COMPLETES_NOTIFIER, /* one that the configuration names */
};

/* What stands behind an option, or in its own right. */
struct value {
	const char *word; /* for people: FILE, SPAN; NULL: there is none */
	enum completes completes;
	/* The words that there are: NULL-terminated, or the i-th, or NULL. */
	const char *const *words;
	const char *(*list)(size_t i);
	/* Behind the word comes '=' and one of these; or NULL. */
	const char *const *then;
};

/*
 * An option: one row, from which come the reading of it, --help and what
 * shells complete. -h and --help, and -V and --version of plugins, are in
 * every command's table without a row.
 */
struct option_row {
	const char *name; /* NULL: it has but a letter */
	char letter; /* 0: it has none */
	bool hidden; /* it is read, and spoken of nowhere */
	bool lists; /* --help tells the words of the value behind `help` */
	struct value value; /* without a word: a flag */
	const char *help; /* half a line, or several: --help breaks it */
	/*
	 * `arg` is NULL for a flag. Returns STATUS_OK, or what command_usage()
	 * returns.
	 */
	int (*set)(void *ask, const char *arg);
	/*
	 * Where set() is NULL: the offset in *ask of the const char * that is
	 * given the value, or of a flag's bool.
	 */
	size_t to;
};

/*
 * Options that --help shows together. A name may stand in several groups, with
 * other help: the first row is the one that reads it.
 */
struct option_group {
	const char *heading; /* "Of files:", or NULL */
	const struct option_row *rows; /* ends with one that is all 0 */
};

/* A word beside the options. */
struct operand {
	bool repeated; /* and all that follow */
	struct value value; /* its word: "TARGET", or "check|show|keys" */
};

struct command {
	const char *name;
	const char *alias; /* a program of this name is the command; or NULL */
	/* What follows the name on its usage line; '\n' parts several. */
	const char *usage;
	const char *help; /* half a line */
	bool plugin; /* what fails stands on stdout too, for who runs it */
	const struct option_group *options; /* ends with one without rows */
	const struct operand *operands; /* ends with one without a word */
	const char *above,
		*below; /* --help's text, in lines, about `options` */
	/* argv[0] is the command's name. Returns the exit status. */
	int (*run)(int argc, char **argv);
};

extern const struct command *const command_table[]; /* NULL-terminated */

/* The program: argv[1] names the command. Returns the exit status. */
int command_main(int argc, char **argv);

/* How it was called, for people: "certvigil check". The caller's to free. */
char *command_title(const struct command *c);

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
