/* ask.h - what a command that looks at targets is asked for */
#ifndef COMMANDS_ASK_H
#define COMMANDS_ASK_H

#include <stdbool.h>
#include <time.h>

#include "commands/command.h"
#include "model/target.h"
#include "report/report.h"
#include "scan/scan.h"

struct ask;

/* A command that looks at targets. */
struct asker {
	const struct command *command;
	const struct report *report; /* unless --output says; or NULL */
	/* All was understood: do it. Returns the exit status. */
	int (*run)(struct ask *ask);
};

struct ask {
	const struct asker *by;
	struct arena *arena;
	struct target base; /* what every target gets, if it is of its kind */
	struct words texts; /* targets as written */
	struct words hosts; /* of -H */
	const char *port; /* of -p, or NULL */
	bool thresholds[2]; /* warning, critical were given */
	const char *for_files, *for_endpoints; /* an option that was, or NULL */
	struct target *v; /* the targets, once all is understood */
	size_t n;
	time_t now;
	const struct report *report;
	struct report_options show;
	const char *write; /* the file that the chain goes to, or NULL */
	bool allow_private; /* addresses, for what a certificate names */
};

/*
 * The whole of such a command: read its line, run it, wipe the passphrase.
 * Returns the exit status; plugins exit with 3 after --help, others with 0.
 */
int ask_run(const struct asker *by, int argc, char **argv);

/*
 * Read the line into *ask, defaults first; of it `by`, `arena` and `now` are
 * set. Returns what line_read() returns, *answered as in struct line.
 */
int ask_read_options(struct ask *ask, int argc, char **argv, bool *answered);

/* ask->v and n of ask->texts and hosts; what is returned is the same. */
int ask_parse_targets(struct ask *ask);

/*
 * Look at the targets, all files of folders and patterns. Returns 0 and *out
 * for results_release() as long as the arena lives, or -1 and *err.
 */
int ask_scan(const struct ask *ask, const struct scan_options *opt,
	struct results *out, struct error *err);

#endif
