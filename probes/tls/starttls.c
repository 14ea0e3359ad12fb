/* starttls.c - the schemes, and the dialogue that each needs before TLS */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "model/buf.h"
#include "model/text.h"
#include "probes/tls/dialect.h"

/* A server that keeps on talking is cut off after so many lines. */
#define MAX_LINES 100

/* "want ..., have \"the server's words\"" */
static int
unwanted(struct error *err, const char *want, const char *have)
{
	BUF_CLEANUP struct buf words = { 0 };

	text_plain(&words, have);
	return error_set(err, ERROR_PARSE, "want %s, have \"%.200s\"", want,
		buf_str(&words));
}

/*
 * A reply of SMTP's form (RFC 5321, 4.2.1): "220-...", then "220 ...". The
 * last line is left in *line; *seen tells whether one of them held `word`.
 */
static int
smtp_reply(struct stream *s, const char *code, const char *word, bool *seen,
	struct error *err)
{
	char *line;

	for (int i = 0; i < MAX_LINES; i++) {
		if (stream_line(s, &line, err) == -1)
			return -1;
		if (strncmp(line, code, 3) != 0)
			return unwanted(err, code, line);
		if (word != NULL && strlen(line) > 4 &&
			strcasecmp(line + 4, word) == 0)
			*seen = true;
		if (line[3] != '-')
			return 0;
	}
	return error_set(err, ERROR_PARSE, "want a reply of at most %d lines",
		MAX_LINES);
}

/* RFC 3207 */
static int
starttls_smtp(struct stream *s, const struct target *t, struct error *err)
{
	bool offered = false;

	(void)t;
	if (smtp_reply(s, "220", NULL, NULL, err) == -1 ||
		stream_send(s, "EHLO certvigil.invalid\r\n", err) == -1 ||
		smtp_reply(s, "250", "STARTTLS", &offered, err) == -1)
		return -1;
	if (!offered)
		return error_set(err, ERROR_PARSE,
			"want STARTTLS, have a server that does not offer it");
	if (stream_send(s, "STARTTLS\r\n", err) == -1)
		return -1;
	return smtp_reply(s, "220", NULL, NULL, err);
}

/* RFC 9051, 6.2.1 */
static int
starttls_imap(struct stream *s, const struct target *t, struct error *err)
{
	char *line;

	(void)t;
	if (stream_line(s, &line, err) == -1)
		return -1;
	if (strncasecmp(line, "* OK", 4) != 0)
		return unwanted(err, "\"* OK\"", line);
	if (stream_send(s, "a STARTTLS\r\n", err) == -1)
		return -1;
	for (int i = 0; i < MAX_LINES; i++) {
		if (stream_line(s, &line, err) == -1)
			return -1;
		if (strncmp(line, "* ", 2) == 0)
			continue;
		if (strncasecmp(line, "a OK", 4) != 0)
			return unwanted(err, "\"a OK\" to STARTTLS", line);
		return 0;
	}
	return error_set(err, ERROR_PARSE, "want a reply of at most %d lines",
		MAX_LINES);
}

/* RFC 2595, 4 */
static int
starttls_pop3(struct stream *s, const struct target *t, struct error *err)
{
	char *line;

	(void)t;
	if (stream_line(s, &line, err) == -1)
		return -1;
	if (strncmp(line, "+OK", 3) != 0)
		return unwanted(err, "\"+OK\"", line);
	if (stream_send(s, "STLS\r\n", err) == -1 ||
		stream_line(s, &line, err) == -1)
		return -1;
	if (strncmp(line, "+OK", 3) != 0)
		return unwanted(err, "\"+OK\" to STLS", line);
	return 0;
}

const struct dialect dialect_table[] = {
	{ { "https", 443, "HTTP over TLS" }, NULL },
	{ { "tls", 0, "any TLS service, no dialogue" }, NULL },
	{ { "smtp", 25, "mail, STARTTLS (RFC 3207)" }, starttls_smtp },
	{ { "submission", 587, "mail, STARTTLS (RFC 3207)" }, starttls_smtp },
	{ { "smtps", 465, "mail over TLS (RFC 8314)" }, NULL },
	{ { "imap", 143, "IMAP, STARTTLS (RFC 9051)" }, starttls_imap },
	{ { "imaps", 993, "IMAP over TLS (RFC 8314)" }, NULL },
	{ { "pop3", 110, "POP3, STLS (RFC 2595)" }, starttls_pop3 },
	{ { "pop3s", 995, "POP3 over TLS (RFC 8314)" }, NULL },
	{ { "ftps", 990, "FTP over TLS" }, NULL },
	{ { "ldaps", 636, "LDAP over TLS" }, NULL },
	{ { NULL, 0, NULL }, NULL },
};

const struct scheme *
dialect_scheme(size_t i)
{
	if (i >= sizeof(dialect_table) / sizeof(dialect_table[0]) - 1)
		return NULL;
	return &dialect_table[i].scheme;
}

const struct dialect *
dialect_of(const struct scheme *scheme)
{
	for (const struct dialect *d = dialect_table; d->scheme.name != NULL;
		d++) {
		if (&d->scheme == scheme)
			return d;
	}
	return NULL;
}
