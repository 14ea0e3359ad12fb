/* journal.h - what the service manager and the journal are told */
#ifndef COMMANDS_JOURNAL_H
#define COMMANDS_JOURNAL_H

#include "model/digest.h"
#include "model/result.h"
#include "scan/deliver.h"

/*
 * Each does nothing where no service manager runs us ($JOURNAL_STREAM,
 * $NOTIFY_SOCKET). Failures to log are ignored: they change no result.
 */
void journal_status(const char *text); /* STATUS= of systemctl status */
void journal_events(const struct digest *events);
void journal_scanned(const struct summary *s);
void journal_undelivered(const struct delivery_note *n);
void journal_heartbeat(const char *why); /* it failed */

#endif
