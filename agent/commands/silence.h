/* silence.h - the parts of `certvigil silence` */
#ifndef COMMANDS_SILENCE_H
#define COMMANDS_SILENCE_H

#include "commands/memory.h"

/* What stands on the command line. */
struct silence_ask {
	const char *config, *state;
	const char *for_span, *until, *from, *reason, *remove;
	bool any, list;
	int n_words;
	char **words; /* TARGET [FINDING] */
};

/*
 * The silence that is asked for as of `now`, its strings borrowed; its id and
 * who asks are left alone. Returns STATUS_OK, or what command_usage() returns.
 */
int silence_read(const struct silence_ask *ask, time_t now, struct silence *s);

/* What it covers, raw: "expiry.* of www.example.com". */
void silence_put_scope(struct buf *out, const struct silence *s);

/* All there are, what ends first first; those that are over at the end. */
void silence_list(struct buf *out, const struct memory *m);

#endif
