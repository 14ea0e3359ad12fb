/* textfile.h - metrics of a scan for node_exporter, once it has told */
#ifndef COMMANDS_TEXTFILE_H
#define COMMANDS_TEXTFILE_H

#include "commands/round.h"
#include "state/state.h"

/*
 * The end of a scan, once its messages were sent: show a report that tells of
 * them, and write the configured file. A rehearsal writes none: it would be
 * taken for today's. Returns STATUS_OK, or command_fail()'s where the report
 * could not be shown. A file that could not be written is told, and fails no
 * scan: what it tells grows old, which is what monitoring looks at.
 */
int textfile_end(const struct round *round, const struct config *c,
	struct state *st, const struct results *rs);

/* Append a note for a person where the file's folder is not there. */
void textfile_note(struct buf *out, const struct config *c);

#endif
