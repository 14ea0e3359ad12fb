/* email.c - notifier: send a digest as a mail */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include "model/alloc.h"
#include "notifiers/answer.h"
#include "notifiers/email.h"
#include "notifiers/sendmail.h"
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
		.help = "smtps://HOST[:465], or smtp://HOST[:587] with "
			"STARTTLS" },
	{ .name = "sendmail",
		.type = KEY_PATH,
		.offset = offsetof(struct email_settings, sendmail),
		.help = "in place of a server, the program that takes mail "
			"here" },
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

static void
send_mail(const struct email_settings *s, const struct mail_envelope *m,
	const struct digest *d, int64_t timeout_ms, struct delivery *out)
{
	BUF_CLEANUP struct buf message = { 0 };

	mail_message(&message, m, d);
	if (s->sendmail != NULL)
		sendmail_run(s->sendmail, m, &message, timeout_ms, out);
	else
		email_smtp(s, m, d->host, &message, timeout_ms, out);
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
		send_mail(s, &m, d, timeout_ms, out);
	free(m.to);
}

static void
email_describe(const void *settings, struct buf *out)
{
	const struct email_settings *s = settings;
	cleanup(str_free) char *origin = s->sendmail != NULL
		? str_dup(s->sendmail)
		: email_origin(s);

	buf_printf(out, "mail, %s", origin);
}

const struct notifier notifier_email = {
	.section = { .name = "email",
		.keys = email_keys,
		.size = sizeof(struct email_settings),
		.help = "mail each digest" },
	.send = email_send,
	.check = email_check,
	.describe = email_describe,
};
