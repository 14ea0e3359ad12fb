/* email_smtp.c - hand a mail to a server over SMTP */
#include <string.h>

#include "model/alloc.h"
#include "notifiers/answer.h"
#include "notifiers/email.h"
#include "notifiers/smtp_talk.h"
#include "notifiers/transfer.h"
#include "notifiers/url.h"

/* The port of smtp:// is 25 to libcurl; mail is submitted on 587 (RFC 6409). */
static CURLU *
parse_server(const struct email_settings *s)
{
	CURLU *u = url_parse(s->server);
	cleanup(str_free) char *scheme = NULL, *port = NULL;

	if (u == NULL)
		return NULL;
	scheme = url_part(u, CURLUPART_SCHEME, 0);
	port = url_part(u, CURLUPART_PORT, 0);
	if (port == NULL && scheme != NULL && strcmp(scheme, "smtp") == 0)
		(void)curl_url_set(u, CURLUPART_PORT, "587", 0);
	return u;
}

/* libcurl takes the name for EHLO from the URL's path. */
static char *
make_url(const struct email_settings *s, const char *host)
{
	const char *hello = s->hello != NULL ? s->hello : host;
	cleanup(curl_url_cleanup) CURLU *u = parse_server(s);

	if (u == NULL)
		return NULL;
	if (email_is_greeting(hello)) {
		cleanup(str_free) char *path = str_fmt("/%s", hello);

		(void)curl_url_set(u, CURLUPART_PATH, path, 0);
	}
	return url_part(u, CURLUPART_URL, 0);
}

char *
email_origin(const struct email_settings *s)
{
	cleanup(curl_url_cleanup) CURLU *u = parse_server(s);
	cleanup(str_free) char *url = u != NULL ? url_part(u, CURLUPART_URL, 0)
						: NULL;

	return url_origin(url);
}

struct source {
	const struct buf *message;
	size_t at; /* what libcurl has already */
};

static size_t
on_read(char *into, size_t size, size_t n, void *arg)
{
	struct source *src = arg;
	size_t most = size * n, left = src->message->len - src->at;

	if (most > left)
		most = left;
	memcpy(into, src->message->s + src->at, most);
	src->at += most;
	return most;
}

static void
set_message(struct transfer *t, struct source *src)
{
	transfer_set(t, CURLOPT_UPLOAD, 1L);
	transfer_set(t, CURLOPT_READFUNCTION, on_read);
	transfer_set(t, CURLOPT_READDATA, src);
	/* Told with MAIL: who takes no mail of this size says so then. */
	transfer_set(
		t, CURLOPT_INFILESIZE_LARGE, (curl_off_t)src->message->len);
}

static void
set_recipients(struct transfer *t, struct curl_slist **list,
	struct strlist *names, const struct mail_envelope *m)
{
	for (size_t i = 0; i < m->n_to; i++) {
		cleanup(str_free) char *path = str_fmt("<%s>", m->to[i].addr);

		transfer_list_add(list, path);
		strlist_add(names, m->to[i].addr);
	}
	transfer_set(t, CURLOPT_MAIL_RCPT, *list);
	/* One who is refused keeps nothing from the others. */
	transfer_set(t, CURLOPT_MAIL_RCPT_ALLLOWFAILS, 1L);
}

/*
 * Once somebody has it, it is delivered: the others are told of, and not
 * tried again, for a second try would tell all of them.
 */
static void
judge(const struct transfer *t, CURLcode code, const struct smtp_talk *talk,
	const struct email_settings *s, struct delivery *out)
{
	cleanup(str_free) char *origin = email_origin(s);
	struct strlist hidden = { 0 };
	bool for_good = talk->code >= 500;

	answer_hide_login(&hidden, s->user, s->password);
	if (code == CURLE_OK && talk->n_refused > 0) {
		answer_set(out, DELIVERED, &hidden, "not to %s; the others: %s",
			buf_str(&talk->refused), buf_str(&talk->reply));
	} else if (code == CURLE_OK) {
		answer_set(
			out, DELIVERED, &hidden, "%s", buf_str(&talk->reply));
	} else if (talk->n_refused > 0 && talk->n_refused == talk->to->n) {
		answer_set(out,
			talk->n_later > 0 ? DELIVERY_FAILED : DELIVERY_REFUSED,
			&hidden, "no recipient is accepted: %s",
			buf_str(&talk->refused));
	} else if (talk->code >= 400) {
		answer_set(out, for_good ? DELIVERY_REFUSED : DELIVERY_FAILED,
			&hidden, "%s: %s", origin, buf_str(&talk->reply));
		out->unfit = for_good && talk->at == TALK_DATA;
	} else {
		transfer_explain(t, code, origin, &hidden, out);
	}
	strlist_release(&hidden);
}

void
email_smtp(const struct email_settings *s, const struct mail_envelope *m,
	const char *host, const struct buf *message, int64_t timeout_ms,
	struct delivery *out)
{
	cleanup(curl_slist_free_all) struct curl_slist *recipients = NULL;
	cleanup(str_free) char *url = make_url(s, host);
	cleanup(str_free) char *from = str_fmt("<%s>", m->from.addr);
	struct source source = { .message = message };
	struct strlist names = { 0 };
	struct smtp_talk talk;
	struct transfer t;
	CURLcode code;

	transfer_open(&t, "smtp,smtps", &s->tls, timeout_ms);
	smtp_talk_watch(&talk, &t, &names);
	transfer_set(&t, CURLOPT_URL, url);
	transfer_set(&t, CURLOPT_PROXY, ""); /* whatever the environment */
	transfer_set(&t, CURLOPT_USE_SSL, (long)s->starttls);
	if (s->user != NULL) {
		transfer_set(&t, CURLOPT_USERNAME, s->user);
		transfer_set(&t, CURLOPT_PASSWORD, s->password);
	}
	transfer_set(&t, CURLOPT_MAIL_FROM, from);
	set_recipients(&t, &recipients, &names, m);
	set_message(&t, &source);

	code = transfer_run(&t);
	judge(&t, code, &talk, s, out);
	transfer_close(&t);
	smtp_talk_release(&talk);
	strlist_release(&names);
}
