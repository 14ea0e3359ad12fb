/* sendmail.h - give a mail to the machine's own sendmail */
#ifndef NOTIFIERS_SENDMAIL_H
#define NOTIFIERS_SENDMAIL_H

#include <stdint.h>

#include "notifiers/mail.h"
#include "notifiers/notifier.h"

/*
 * Run `program` -i -f FROM -- TO..., the message on its standard input, with
 * lines that end with "\n" there. No shell; no descriptor and none of the
 * environment but HOME is passed on. It has ended within `timeout_ms`, or is
 * ended with all its process group. Always fills *out.
 */
void sendmail_run(const char *program, const struct mail_envelope *m,
	const struct buf *message, int64_t timeout_ms, struct delivery *out);

#endif
