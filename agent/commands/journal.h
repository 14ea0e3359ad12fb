/* journal.h - what the journal and the service manager are told */
#ifndef COMMANDS_JOURNAL_H
#define COMMANDS_JOURNAL_H

#include "model/digest.h"
#include "model/result.h"
#include "scan/deliver.h"

/*
 * Where stdout or stderr is the journal ($JOURNAL_STREAM names it), what
 * happens is an entry with fields of its own. Failures to log are ignored: they
 * change no result.
 */
void journal_events(const struct digest *events);
void journal_scanned(const struct summary *s);
void journal_taken_up(const char *path, size_t targets); /* a configuration */

/*
 * From now on the above are lines on stdout where there is no journal, each
 * with its time: for who stays resident.
 */
void journal_aloud(void);

/*
 * Complaints, each told once: where stderr is the journal as an entry, and
 * otherwise on stderr.
 */
void journal_failed(const char *why); /* a scan did not do its work */
void journal_undelivered(const struct delivery_note *n);
void journal_heartbeat(const char *why); /* it failed */
void journal_textfile(const char *why); /* it could not be written */
/* `complaints` of config_load(), a line each; another one stays in force. */
void journal_refused(const char *path, const char *complaints);

/* Lines to stderr; where that is the journal each is an error there. */
void journal_lines(const char *lines);

/* STATUS= of systemctl status; nothing without a service manager. */
void journal_status(const char *text);

#endif
