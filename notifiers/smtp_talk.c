/* smtp_talk.c - follow what libcurl and a mail server say to each other */
#include <ctype.h>
#include <string.h>

#include "notifiers/smtp_talk.h"

#define REPLY_MAX 500 /* bytes of a reply that are kept */
#define REFUSED_MAX 1000
#define QUIT_MS 2000 /* for the server's good-bye */

static bool
begins_with(const char *s, size_t n, const char *prefix)
{
	return n >= strlen(prefix) && strncmp(s, prefix, strlen(prefix)) == 0;
}

static void
on_command(struct smtp_talk *talk, const char *s, size_t n)
{
	if (begins_with(s, n, "QUIT")) {
		/* The mail's fate is known: keep the reply that told it. */
		talk->at = TALK_QUIT;
		transfer_hurry(talk->transfer, QUIT_MS);
		return;
	}
	talk->at = TALK_OTHER;
	talk->code = 0;
	if (begins_with(s, n, "RCPT TO:")) {
		talk->at = TALK_RCPT;
		talk->n_rcpt++;
	} else if (begins_with(s, n, "DATA")) {
		talk->at = TALK_DATA;
	}
}

static void
note_refused(struct smtp_talk *talk)
{
	const struct strlist *to = talk->to;

	talk->n_refused++;
	talk->n_later += talk->code < 500;
	if (talk->refused.len > REFUSED_MAX || talk->n_rcpt > to->n)
		return;
	buf_printf(&talk->refused, "%s%s (%s)",
		talk->refused.len > 0 ? ", " : "", to->v[talk->n_rcpt - 1],
		buf_str(&talk->reply));
}

/* "250-first line" ... "250 last line" (RFC 5321, 4.2.1) */
static void
on_line(struct smtp_talk *talk, const char *s, size_t n)
{
	bool last;

	while (n > 0 && (s[n - 1] == '\r' || s[n - 1] == '\n'))
		n--;
	if (n < 3 || !isdigit((unsigned char)s[0]) ||
		!isdigit((unsigned char)s[1]) || !isdigit((unsigned char)s[2]))
		return;
	last = n == 3 || s[3] != '-';
	if (talk->reply_ended) {
		buf_reset(&talk->reply);
		buf_add(&talk->reply, s, 3);
		talk->reply_ended = false;
	}
	if (n > 4 && talk->reply.len + n < REPLY_MAX) {
		buf_putc(&talk->reply, ' ');
		buf_add(&talk->reply, s + 4, n - 4);
	}
	if (!last)
		return;
	talk->reply_ended = true;
	talk->code = (s[0] - '0') * 100 + (s[1] - '0') * 10 + (s[2] - '0');
	if (talk->at == TALK_RCPT && talk->code >= 400)
		note_refused(talk);
}

static int
on_debug(CURL *curl, curl_infotype type, char *data, size_t n, void *arg)
{
	struct smtp_talk *talk = arg;

	(void)curl;
	if (type == CURLINFO_HEADER_OUT)
		on_command(talk, data, n);
	else if (type == CURLINFO_HEADER_IN && talk->at != TALK_QUIT)
		on_line(talk, data, n);
	return 0;
}

void
smtp_talk_watch(
	struct smtp_talk *talk, struct transfer *t, const struct strlist *to)
{
	*talk = (struct smtp_talk){
		.transfer = t,
		.to = to,
		.reply_ended = true,
	};
	transfer_set(t, CURLOPT_DEBUGFUNCTION, on_debug);
	transfer_set(t, CURLOPT_DEBUGDATA, talk);
	/* To our function and nowhere else. */
	transfer_set(t, CURLOPT_VERBOSE, 1L);
}

void
smtp_talk_release(struct smtp_talk *talk)
{
	buf_release(&talk->reply);
	buf_release(&talk->refused);
}
