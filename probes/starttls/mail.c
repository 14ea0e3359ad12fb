/* mail.c - SMTP and LMTP: EHLO or LHLO, then STARTTLS (RFC 3207) */
#include <sys/socket.h>

#include <arpa/inet.h>
#include <ctype.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "probes/starttls/reply.h"
#include "probes/starttls/said.h"
#include "probes/starttls/starttls.h"

#define MAX_NAME 300

/*
 * RFC 5321, 4.1.1.1 and 4.1.3: who has no name that can be looked up says its
 * address. Servers that look names up (Postfix's reject_unknown_helo_hostname,
 * Exim's helo_verify) let it pass.
 */
static void
address_literal(const struct stream *s, char name[MAX_NAME])
{
	struct sockaddr_storage ss = { 0 };
	struct sockaddr *sa = (struct sockaddr *)&ss;
	socklen_t len = sizeof(ss);
	char text[INET6_ADDRSTRLEN] = "127.0.0.1";

	if (getsockname(s->fd, sa, &len) == 0 && ss.ss_family == AF_INET)
		(void)inet_ntop(AF_INET, &((struct sockaddr_in *)sa)->sin_addr,
			text, sizeof(text));
	else if (ss.ss_family == AF_INET6)
		(void)inet_ntop(AF_INET6,
			&((struct sockaddr_in6 *)sa)->sin6_addr, text,
			sizeof(text));
	(void)snprintf(name, MAX_NAME, "[%s%s]",
		strchr(text, ':') != NULL ? "IPv6:" : "", text);
}

/* This machine's own name, if it is one that may be said. */
static bool
own_name(char name[MAX_NAME])
{
	if (gethostname(name, MAX_NAME) == -1)
		return false;
	name[MAX_NAME - 1] = '\0';
	for (const char *p = name; *p != '\0'; p++) {
		if (!isalnum((unsigned char)*p) && strchr("-._", *p) == NULL)
			return false;
	}
	return *name != '\0';
}

/* EHLO or LHLO as `name`: the reply's code, or -1 and *err. */
static int
hello(struct stream *s, const char *verb, const char *name, struct buf *reply,
	struct error *err)
{
	char command[MAX_NAME + 16];

	(void)snprintf(command, sizeof(command), "%s %s\r\n", verb, name);
	if (stream_ask(s, command, verb, err) == -1)
		return -1;
	return reply_read(s, reply, err);
}

/* Some filters want a name and no address: who is refused tries the other. */
static int
introduce(struct stream *s, const char *verb, struct buf *reply,
	struct error *err)
{
	BUF_CLEANUP struct buf again = { 0 };
	char name[MAX_NAME], want[16];
	int code;

	address_literal(s, name);
	code = hello(s, verb, name, reply, err);
	if (code == -1 || code == 250)
		return code == -1 ? -1 : 0;
	/* 421 is the end of the conversation, whoever we are. */
	if (code != 421 && own_name(name) &&
		hello(s, verb, name, &again, err) == 250) {
		buf_reset(reply);
		buf_add(reply, again.s, again.len);
		return 0;
	}
	(void)snprintf(want, sizeof(want), "250 to %s", verb);
	return reply_unwanted(err, code, want, reply);
}

/* Is `word` a line of the reply to EHLO? *offers takes what is. */
static bool
offers_word(const struct buf *reply, const char *word, struct buf *offers)
{
	const char *line = strchr(buf_str(reply), '\n');
	bool found = false;

	for (; line != NULL; line = strchr(line, '\n')) {
		size_t n = strcspn(++line, "\n");

		if (n <= 4)
			continue;
		buf_puts(offers, offers->len > 0 ? ", " : "");
		buf_add(offers, line + 4, n - 4);
		/* The last that was added is the one that is looked at. */
		if (said_begins(buf_str(offers) + offers->len - (n - 4), word))
			found = true;
	}
	return found;
}

static int
starttls_mail(struct stream *s, const char *verb, struct error *err)
{
	BUF_CLEANUP struct buf reply = { 0 };
	BUF_CLEANUP struct buf offers = { 0 };

	if (reply_expect(s, 220, "220, a greeting", &reply, err) == -1 ||
		introduce(s, verb, &reply, err) == -1)
		return -1;
	if (!offers_word(&reply, "STARTTLS", &offers))
		return said_no_offer(err, "STARTTLS", buf_str(&offers));
	if (stream_ask(s, "STARTTLS\r\n", "STARTTLS", err) == -1)
		return -1;
	return reply_expect(s, 220, "220 to STARTTLS", &reply, err);
}

int
starttls_smtp(struct stream *s, const struct target *t, struct error *err)
{
	(void)t;
	return starttls_mail(s, "EHLO", err);
}

int
starttls_lmtp(struct stream *s, const struct target *t, struct error *err)
{
	(void)t;
	return starttls_mail(s, "LHLO", err);
}
