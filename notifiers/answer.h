/* answer.h - what a receiver said, made fit to be shown */
#ifndef NOTIFIERS_ANSWER_H
#define NOTIFIERS_ANSWER_H

#include "model/buf.h"
#include "notifiers/notifier.h"

/*
 * Receivers echo what they were sent ("Cannot POST /hook/TOKEN"), so what must
 * not be shown is collected first, and stands as "***" in every answer,
 * however it is written there (echo.h).
 * Fewer than 4 characters hide nothing: they would tell themselves by the
 * gaps they leave. NULL does nothing.
 */
void answer_hide(struct strlist *hidden, const char *secret);
/*
 * The password as well, and both in the forms in which they are sent: base64
 * alone (AUTH LOGIN), of AUTH PLAIN (RFC 4616) and of Basic (RFC 7617).
 */
void answer_hide_login(
	struct strlist *hidden, const char *user, const char *password);
/* The user, the password, the path and the query of a URL, and their parts. */
void answer_hide_url(struct strlist *hidden, const char *url);
/* The same of the proxies that libcurl finds in the environment. */
void answer_hide_proxies(struct strlist *hidden);

/*
 * Fill *out: the words as one harmless line, cut to what fits. `hidden` may be
 * NULL. Does not touch retry_after_s.
 */
void answer_set(struct delivery *out, enum outcome outcome,
	const struct strlist *hidden, const char *fmt, ...)
	__attribute__((format(printf, 4, 5)));

#endif
