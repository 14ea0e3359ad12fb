/* email.c - notifier: send a digest as a mail over SMTP */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "model/alloc.h"
#include "notifiers/answer.h"
#include "notifiers/email.h"
#include "notifiers/smtp_talk.h"
#include "notifiers/transfer.h"
#include "notifiers/url.h"

static const struct choice starttls_choices[] = {
	{ "required", CURLUSESSL_ALL },
	{ "if-offered", CURLUSESSL_TRY },
	{ "off", CURLUSESSL_NONE },
	{ NULL, 0 },
};

static const struct key email_keys[] = {
	{ .name = "server",
		.type = KEY_STRING,
		.offset = offsetof(struct email_settings, server),
		.flags = KEY_REQUIRED,
		.help = "smtps://HOST[:465], or smtp://HOST[:587] with "
			"STARTTLS" },
	{ .name = "starttls",
		.type = KEY_CHOICE,
		.offset = offsetof(struct email_settings, starttls),
		.def = "required",
		.choices = starttls_choices,
		.help = "whether smtp:// must turn to TLS before anything is "
			"told" },
	{ .name = "user",
		.type = KEY_STRING,
		.offset = offsetof(struct email_settings, user),
		.help = "to log in with, if the server wants that" },
	{ .name = "password",
		.type = KEY_SECRET,
		.offset = offsetof(struct email_settings, password),
		.help = "the user's password" },
	{ .name = "from",
		.type = KEY_STRING,
		.offset = offsetof(struct email_settings, from),
		.flags = KEY_REQUIRED,
		.help = "sender, a@b or \"Name <a@b>\"" },
	{ .name = "to",
		.type = KEY_WORDS,
		.offset = offsetof(struct email_settings, to),
		.flags = KEY_REQUIRED,
		.help = "recipients, each like the sender" },
	{ .name = "subject_prefix",
		.type = KEY_STRING,
		.offset = offsetof(struct email_settings, subject_prefix),
		.def = "[certvigil]",
		.help = "in front of every subject" },
	{ .name = "hello",
		.type = KEY_STRING,
		.offset = offsetof(struct email_settings, hello),
		.help = "name to greet the server with; without it this "
			"machine's" },
	{ .name = "tls",
		.type = KEY_INHERIT,
		.offset = offsetof(struct email_settings, tls),
		.section = &transfer_tls_section },
	{ .name = "timeout",
		.type = KEY_DURATION_MS,
		.offset = offsetof(struct email_settings, timeout_ms),
		.def = "30s",
		.min = 100,
		.max = 10 * 60 * 1000,
		.help = "for one delivery, name resolution included" },
	{ 0 },
};

/*
 * libcurl takes the name for EHLO from the URL's path, and port 25 for
 * smtp://, where mail is submitted on 587 (RFC 6409).
 */
static char *
make_url(const struct email_settings *s, const struct digest *d)
{
	const char *hello = s->hello != NULL ? s->hello : d->host;
	cleanup(curl_url_cleanup) CURLU *u = url_parse(s->server);
	cleanup(str_free) char *scheme = NULL, *port = NULL;

	if (u == NULL)
		return NULL;
	scheme = url_part(u, CURLUPART_SCHEME, 0);
	port = url_part(u, CURLUPART_PORT, 0);
	if (port == NULL && scheme != NULL && strcmp(scheme, "smtp") == 0)
		(void)curl_url_set(u, CURLUPART_PORT, "587", 0);
	if (email_is_greeting(hello)) {
		cleanup(str_free) char *path = str_fmt("/%s", hello);

		(void)curl_url_set(u, CURLUPART_PATH, path, 0);
	}
	return url_part(u, CURLUPART_URL, 0);
}

/* Lines on the wire end with CRLF; libcurl would encode a lone LF. */
static void
add_part(struct transfer *t, curl_mime *mime, const char *type,
	const struct buf *text)
{
	BUF_CLEANUP struct buf wire = { 0 };
	curl_mimepart *part = curl_mime_addpart(mime);

	for (const char *s = buf_str(text); *s != '\0'; s++) {
		if (*s == '\n')
			buf_putc(&wire, '\r');
		buf_putc(&wire, *s);
	}
	if (part == NULL ||
		curl_mime_data(part, buf_str(&wire), wire.len) != CURLE_OK ||
		curl_mime_type(part, type) != CURLE_OK ||
		curl_mime_encoder(part, "quoted-printable") != CURLE_OK)
		t->setup = CURLE_OUT_OF_MEMORY;
}

/* For curl_mime_free(); goes with *t. The last part is the one preferred. */
static curl_mime *
set_body(struct transfer *t, const struct digest *d)
{
	BUF_CLEANUP struct buf text = { 0 }, html = { 0 };
	curl_mime *mime = curl_mime_init(t->curl);

	if (mime == NULL)
		mem_exhausted();
	mail_text(&text, d);
	mail_html(&html, d);
	add_part(t, mime, "text/plain; charset=UTF-8", &text);
	add_part(t, mime, "text/html; charset=UTF-8", &html);
	transfer_set(t, CURLOPT_MIMEPOST, mime);
	return mime;
}

static void
set_headers(struct curl_slist **list, const struct mail_envelope *m,
	const struct digest *d)
{
	struct strlist fields = { 0 };

	mail_headers(&fields, m, d);
	for (size_t i = 0; i < fields.n; i++)
		transfer_list_add(list, fields.v[i]);
	/* libcurl adds the boundary, and MIME-Version. */
	transfer_list_add(list, "Content-Type: multipart/alternative");
	strlist_release(&fields);
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

static void
judge(const struct transfer *t, CURLcode code, const struct smtp_talk *talk,
	const struct email_settings *s, struct delivery *out)
{
	cleanup(str_free) char *origin = url_origin(s->server);
	struct strlist hidden = { 0 };

	answer_hide_login(&hidden, s->user, s->password);
	if (code == CURLE_OK && talk->n_refused > 0)
		answer_set(out, DELIVERED, &hidden, "%s; not to %s",
			buf_str(&talk->reply), buf_str(&talk->refused));
	else if (code == CURLE_OK)
		answer_set(
			out, DELIVERED, &hidden, "%s", buf_str(&talk->reply));
	else if (talk->code >= 400 && talk->n_refused > 0)
		answer_set(out,
			talk->code < 500 ? DELIVERY_FAILED : DELIVERY_REFUSED,
			&hidden, "no recipient is accepted: %s",
			buf_str(&talk->refused));
	else if (talk->code >= 400)
		answer_set(out,
			talk->code < 500 ? DELIVERY_FAILED : DELIVERY_REFUSED,
			&hidden, "%s: %s", origin, buf_str(&talk->reply));
	else
		transfer_explain(t, code, origin, &hidden, out);
	strlist_release(&hidden);
}

static void
mail(const struct email_settings *s, const struct mail_envelope *m,
	const struct digest *d, int64_t timeout_ms, struct delivery *out)
{
	cleanup(curl_slist_free_all) struct curl_slist *headers = NULL;
	cleanup(curl_slist_free_all) struct curl_slist *recipients = NULL;
	cleanup(str_free) char *url = make_url(s, d);
	cleanup(str_free) char *from = str_fmt("<%s>", m->from.addr);
	struct strlist names = { 0 };
	struct smtp_talk talk;
	struct transfer t;
	curl_mime *body;
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
	set_headers(&headers, m, d);
	transfer_set(&t, CURLOPT_HTTPHEADER, headers);
	body = set_body(&t, d);

	code = transfer_run(&t);
	judge(&t, code, &talk, s, out);
	curl_mime_free(body);
	transfer_close(&t);
	smtp_talk_release(&talk);
	strlist_release(&names);
}

static void
email_send(const void *settings, const struct digest *d, int64_t timeout_ms,
	struct delivery *out)
{
	const struct email_settings *s = settings;
	struct mail_envelope m;
	struct error err;

	*out = (struct delivery){ .outcome = DELIVERY_FAILED };
	if (s->timeout_ms < timeout_ms)
		timeout_ms = s->timeout_ms;
	if (email_envelope(&m, s, &err) == -1)
		answer_set(out, DELIVERY_REFUSED, NULL, "%s", err.text);
	else
		mail(s, &m, d, timeout_ms, out);
	free(m.to);
}

const struct notifier notifier_email = {
	.section = { .name = "email",
		.keys = email_keys,
		.size = sizeof(struct email_settings),
		.help = "mail each digest" },
	.send = email_send,
	.check = email_check,
};
