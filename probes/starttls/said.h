/* said.h - what a server said, in an error: bounded and made harmless */
#ifndef PROBES_SAID_H
#define PROBES_SAID_H

#include <stdbool.h>

#include "model/buf.h"
#include "model/error.h"
#include "probes/tls/stream.h"

/* Each of the next four fills *err (ERROR_PARSE) and returns -1. */

/* want 220, have "554 go away" */
int said_unwanted(struct error *err, const char *want, const char *have);
/* The same, of what may be otherwise at a later try. */
int said_not_now(struct error *err, const char *want, const char *have);
/*
 * the server does not offer STARTTLS; it says "SIZE 1000"; `have` may be
 * NULL or empty.
 */
int said_no_offer(struct error *err, const char *what, const char *have);

/*
 * want an LDAP message, have "SSH-2.0-OpenSSH_9.2": what came of another
 * protocol, the `n` bytes that were taken from `s` first.
 */
int said_strange(struct error *err, const char *want, const struct stream *s,
	const unsigned char *bytes, size_t n);

/* Does `line` begin with `word`, in any case, as a whole word? */
bool said_begins(const char *line, const char *word);
/* Is `word`, in any case, among the words of `line`, parted by any of `by`? */
bool said_holds(const char *line, const char *word, const char *by);

#endif
