/* smtp_talk.h - follow what libcurl and a mail server say to each other */
#ifndef NOTIFIERS_SMTP_TALK_H
#define NOTIFIERS_SMTP_TALK_H

#include <stdbool.h>
#include <stddef.h>

#include "model/buf.h"
#include "notifiers/transfer.h"

/*
 * libcurl tells no more than the last code. The server's words are kept, and
 * which recipients it refused; of what we say, only the verbs are looked at,
 * for credentials pass by here.
 */
struct smtp_talk {
	struct transfer *transfer;
	const struct strlist *to; /* in the order of MAIL_RCPT */
	size_t n_rcpt; /* asked for so far */
	enum { TALK_OTHER, TALK_RCPT, TALK_DATA, TALK_QUIT } at;
	bool reply_ended;
	int code; /* of the last reply; 0: a command waits for one */
	struct buf reply; /* the last reply, as one line */
	struct buf refused; /* "b@example.com (550 no such user), ..." */
	size_t n_refused;
	size_t n_later; /* of those, who may be accepted later (4xx) */
};

/* Watch `t` from here on; `talk` must stay where it is as long as `t`. */
void smtp_talk_watch(
	struct smtp_talk *talk, struct transfer *t, const struct strlist *to);
void smtp_talk_release(struct smtp_talk *talk);

#endif
