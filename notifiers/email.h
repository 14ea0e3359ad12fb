/* email.h - the settings of mail, shared by what checks and what sends */
#ifndef NOTIFIERS_EMAIL_H
#define NOTIFIERS_EMAIL_H

#include <stdbool.h>
#include <stdint.h>

#include "model/target.h"
#include "notifiers/mail.h"
#include "notifiers/notifier.h"
#include "notifiers/transfer.h"

struct email_settings {
	const char *server, *sendmail; /* one of them */
	int64_t starttls; /* CURLUSESSL_... */
	const char *user, *password; /* both or neither */
	const char *from;
	struct words to;
	const char *subject_prefix;
	const char *hello; /* NULL: the scanning machine's name */
	struct transfer_tls tls;
	int64_t timeout_ms;
};

/* As notifier.check; `settings` is a struct email_settings. */
int email_check(const void *settings, struct error *err);

/* Who writes to whom. Returns 0, or -1 and *err; free(m->to) either way. */
int email_envelope(struct mail_envelope *m, const struct email_settings *s,
	struct error *err);

/*
 * Hand the message to s->server; `host` is who greets if s->hello is not set.
 * As notifier.send otherwise.
 */
void email_smtp(const struct email_settings *s, const struct mail_envelope *m,
	const char *host, const struct buf *message, int64_t timeout_ms,
	struct delivery *out);

/* "smtp://mail.example.com:587", for people; the caller's to free(). */
char *email_origin(const struct email_settings *s);

/* Can it stand after EHLO: a host name, or an address in brackets? */
bool email_is_greeting(const char *s);

#endif
