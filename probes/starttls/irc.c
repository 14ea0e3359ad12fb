/* irc.c - IRC: the STARTTLS command (IRCv3, "tls"; numerics 670 and 691) */
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "probes/starttls/said.h"
#include "probes/starttls/starttls.h"

enum outcome { GO_ON, AGREED, ENDED };

struct conversation {
	struct stream *s;
	struct error *err;
	bool cap_answered;
	bool listed, offered; /* CAP LS told, and "tls" was in it */
};

/* Behind ":server.example ", and IRCv3's "@tags ". */
static const char *
skip_source(const char *line)
{
	while (*line == '@' || *line == ':') {
		line += strcspn(line, " ");
		line += strspn(line, " ");
	}
	return line;
}

/* Unknown, or not before registration: CAP (older than it), or STARTTLS. */
static enum outcome
take_unknown(struct conversation *c, const char *line)
{
	if (said_holds(line, "STARTTLS", " :") ||
		(c->cap_answered && !said_holds(line, "CAP", " :"))) {
		said_no_offer(c->err, "STARTTLS", line);
		return ENDED;
	}
	c->cap_answered = true;
	return GO_ON;
}

/* ":server CAP * LS :multi-prefix tls" */
static enum outcome
take_cap(struct conversation *c, const char *line)
{
	c->cap_answered = true;
	if (said_holds(line, "LS", " ")) {
		c->listed = true;
		if (said_holds(line, "tls", " :"))
			c->offered = true;
	}
	return GO_ON;
}

static enum outcome
take_ping(struct conversation *c, const char *line)
{
	char pong[600];

	/* RFC 2812, 2.3: a message has 512 bytes. */
	(void)snprintf(pong, sizeof(pong), "PONG %.500s\r\n",
		line + strcspn(line, " ") + strspn(line + 4, " "));
	return stream_send(c->s, pong, c->err) == -1 ? ENDED : GO_ON;
}

static enum outcome
take_success(struct conversation *c, const char *line)
{
	(void)c;
	(void)line;
	return AGREED;
}

static enum outcome
take_refusal(struct conversation *c, const char *line)
{
	said_unwanted(c->err, "670 to STARTTLS", line);
	return ENDED;
}

static const struct message {
	const char *name;
	enum outcome (*take)(struct conversation *c, const char *line);
} messages[] = {
	{ "670", take_success },
	{ "691", take_refusal },
	{ "421", take_unknown }, /* ERR_UNKNOWNCOMMAND */
	{ "451", take_unknown }, /* ERR_NOTREGISTERED */
	{ "CAP", take_cap },
	{ "PING", take_ping },
	{ "ERROR", take_refusal },
};

static enum outcome
take(struct conversation *c, const char *line)
{
	const char *text = skip_source(line);

	for (size_t i = 0; i < sizeof(messages) / sizeof(messages[0]); i++) {
		if (said_begins(text, messages[i].name))
			return messages[i].take(c, text);
	}
	return GO_ON; /* such as "NOTICE * :*** Looking up your hostname" */
}

/* The deadline came first, so why is but a guess without a list. */
static int
tell_silence(struct conversation *c)
{
	if (c->listed && !c->offered)
		return said_no_offer(c->err, "STARTTLS",
			"CAP LS without tls, and nothing more");
	return error_set(c->err, ERROR_TIMEOUT,
		"no answer to STARTTLS in time (a server without it may say "
		"nothing)");
}

int
starttls_irc(struct stream *s, const struct target *t, struct error *err)
{
	struct conversation c = { .s = s, .err = err };
	enum outcome outcome = GO_ON;
	char *line;

	(void)t;
	/*
	 * Servers need not speak first, and many say nothing to what they do
	 * not know before a client has registered: so the list of what they
	 * can do is asked for along with it.
	 */
	if (stream_ask(s, "CAP LS 302\r\nSTARTTLS\r\n", "STARTTLS", err) == -1)
		return -1;
	while (outcome == GO_ON) {
		if (stream_line(s, &line, err) == 0)
			outcome = take(&c, line);
		else if (err->kind == ERROR_TIMEOUT)
			return tell_silence(&c);
		else
			return -1;
	}
	return outcome == AGREED ? 0 : -1;
}
