/* greeting.c - what a server seems to speak that speaks no TLS */
#include <sys/socket.h>

#include <ctype.h>
#include <poll.h>
#include <string.h>

#include "model/text.h"
#include "probes/tls/greeting.h"

/* A greeting may come in pieces; so long its end is waited for. */
#define PATIENCE_MS 250
/* Of its words, or bytes, so many are quoted. */
#define MAX_QUOTED 80
#define MAX_HEX 8

/*
 * How a protocol begins: some greet, others answer our ClientHello with a
 * complaint. The first row that fits counts.
 */
static const struct greeting {
	size_t at; /* where `text` stands */
	const char *text;
	size_t len;
	const char *word; /* stands somewhere behind it; NULL: any */
	const char *name;
	const char *scheme; /* that we would speak to it by, or NULL */
} greetings[] = {
#define TEXT(t) 0, t, sizeof(t) - 1
#define BYTES(at, b) at, b, sizeof(b) - 1
	{ TEXT("HTTP/"), NULL, "HTTP without TLS", NULL },
	{ TEXT("<!DOCTYPE"), NULL, "HTTP without TLS", NULL },
	{ TEXT("<!doctype"), NULL, "HTTP without TLS", NULL },
	{ TEXT("<html"), NULL, "HTTP without TLS", NULL },
	{ TEXT("<HTML"), NULL, "HTTP without TLS", NULL },
	/* RFC 9113, 6.5: a SETTINGS frame on stream 0 */
	{ BYTES(3, "\x04\0\0\0\0\0"), NULL, "HTTP/2 without TLS, such as gRPC",
		NULL },
	{ TEXT("SSH-"), NULL, "SSH", NULL },
	{ TEXT("220"), "LMTP", "LMTP", "lmtp" },
	{ TEXT("220"), "SMTP", "SMTP", "smtp" },
	{ TEXT("220"), "FTP", "FTP", "ftp" },
	{ TEXT("220"), NULL, "SMTP or FTP", "smtp" },
	{ TEXT("421"), NULL, "SMTP or FTP", "smtp" },
	{ TEXT("554"), NULL, "SMTP", "smtp" },
	{ TEXT("200 "), NULL, "NNTP", "nntp" },
	{ TEXT("201 "), NULL, "NNTP", "nntp" },
	{ TEXT("* OK"), NULL, "IMAP", "imap" },
	{ TEXT("* PREAUTH"), NULL, "IMAP", "imap" },
	{ TEXT("* BYE"), NULL, "IMAP", "imap" },
	{ TEXT("+OK"), NULL, "POP3", "pop3" },
	{ TEXT("\"IMPLEMENTATION\""), NULL, "ManageSieve", "sieve" },
	{ TEXT("<?xml"), NULL, "XMPP", "xmpp" },
	{ TEXT("<stream:"), NULL, "XMPP", "xmpp" },
	{ TEXT(":"), " NOTICE ", "IRC", "irc" },
	{ TEXT("NOTICE AUTH"), NULL, "IRC", "irc" },
	{ TEXT("ERROR :"), NULL, "IRC", "irc" },
	{ TEXT("ERROR\r\n"), NULL, "memcached", NULL },
	{ TEXT("-ERR"), NULL, "Redis", NULL },
	{ TEXT("-DENIED"), NULL, "Redis", NULL },
	{ TEXT("-NOAUTH"), NULL, "Redis", NULL },
	{ TEXT("AMQP"), NULL, "AMQP", NULL },
	{ TEXT("INFO {"), NULL, "NATS", NULL },
	{ TEXT("RFB "), NULL, "VNC", NULL },
	{ TEXT("SIP/2.0"), NULL, "SIP", NULL },
	{ TEXT("RTSP/"), NULL, "RTSP", NULL },
	{ TEXT("@RSYNCD:"), NULL, "rsync", NULL },
	/* The second packet's number comes before the protocol's. */
	{ BYTES(3, "\0\x0a"), NULL, "MySQL or MariaDB", "mysql" },
	{ BYTES(3, "\0\xff"), NULL, "MySQL or MariaDB", "mysql" },
	{ TEXT("E\0\0"), NULL, "PostgreSQL", "postgres" },
	{ TEXT("EFATAL"), NULL, "PostgreSQL", "postgres" },
	/* RFC 4511, 4.1.1: an LDAPMessage of ID 0, mostly "disconnected" */
	{ TEXT("\x30"), "\x02\x01", "LDAP", "ldap" },
	/* RFC 1006, 6: version 3 */
	{ TEXT("\x03\0\0"), NULL, "RDP", NULL },
	{ TEXT("\xff\xfb"), NULL, "Telnet", NULL },
	{ TEXT("\xff\xfd"), NULL, "Telnet", NULL },
#undef TEXT
#undef BYTES
};

/* RFC 8446, 5.1: a record's type is 20 to 23, its version 3.something. */
bool
greeting_is_tls(const struct connection *c)
{
	return c->n_first == 0 ||
		(c->first[0] >= 20 && c->first[0] <= 23 &&
			(c->n_first < 2 || c->first[1] == 3));
}

static const struct greeting *
recognize(const char *s, size_t n)
{
	for (size_t i = 0; i < sizeof(greetings) / sizeof(greetings[0]); i++) {
		const struct greeting *g = &greetings[i];
		size_t end = g->at + g->len;

		if (n < end || memcmp(s + g->at, g->text, g->len) != 0)
			continue;
		if (g->word == NULL ||
			memmem(s + end, n - end, g->word, strlen(g->word)) !=
				NULL)
			return g;
	}
	return NULL;
}

/* OpenSSL stops at the fifth byte; a greeting has a few more. */
static void
read_on(struct connection *c)
{
	struct stream *s = c->stream;
	int64_t until = probe_now_ms() + PATIENCE_MS;

	if (until > s->io->deadline_ms)
		until = s->io->deadline_ms;
	while (c->n_first < sizeof(c->first) &&
		memchr(c->first, '\n', c->n_first) == NULL) {
		ssize_t n = recv(s->fd, c->first + c->n_first,
			sizeof(c->first) - c->n_first, MSG_DONTWAIT);

		if (n > 0)
			c->n_first += (size_t)n;
		else if (n == 0 ||
			s->io->wait(s->io, s->fd, POLLIN, until) <= 0)
			break;
	}
}

/* The first line, if it is one of words. */
static size_t
words_length(const char *s, size_t n)
{
	size_t i;

	for (i = 0; i < n && i < MAX_QUOTED; i++) {
		if (s[i] == '\r' || s[i] == '\n')
			break;
		if (s[i] == '\0')
			return 0;
	}
	return i >= 3 && isprint((unsigned char)s[0]) ? i : 0;
}

void
greeting_describe(struct buf *out, struct connection *c)
{
	const struct greeting *g;
	size_t len;

	read_on(c);
	g = recognize(c->first, c->n_first);
	len = words_length(c->first, c->n_first);
	buf_puts(out, "want TLS, have a server that ");
	if (len > 0) {
		cleanup(str_free) char *line = str_ndup(c->first, len);

		buf_puts(out, "says \"");
		text_plain(out, line);
		buf_puts(out, "\"");
	} else {
		buf_puts(out, "answers with other bytes (");
		for (size_t i = 0; i < c->n_first && i < MAX_HEX; i++)
			buf_printf(out, "%s%02x", i > 0 ? " " : "",
				(unsigned char)c->first[i]);
		buf_puts(out, ")");
	}
	if (g == NULL)
		return;
	buf_printf(out, ", which looks like %s", g->name);
	c->ob->handshake->speaks = g->name;
	c->ob->handshake->scheme = g->scheme;
}
