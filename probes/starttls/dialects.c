/* dialects.c - the schemes, and the dialogue that each needs before TLS */
#include "probes/starttls/starttls.h"

const struct dialect dialect_table[] = {
	{ { "https", 443, "HTTP over TLS" }, NULL, NULL },
	{ { "tls", 0, "any TLS service, no dialogue" }, NULL, NULL },

	{ { "smtp", 25, "mail, STARTTLS (RFC 3207)" }, starttls_smtp, "smtps" },
	{ { "submission", 587, "mail from users, STARTTLS (RFC 6409)" },
		starttls_smtp, "submissions" },
	{ { "submissions", 465, "mail from users over TLS (RFC 8314)" }, NULL,
		NULL },
	{ { "smtps", 465, "mail over TLS" }, NULL, NULL },
	{ { "lmtp", 24, "mail to mailboxes, STARTTLS (RFC 2033)" },
		starttls_lmtp, NULL },
	{ { "imap", 143, "IMAP, STARTTLS (RFC 9051)" }, starttls_imap,
		"imaps" },
	{ { "imaps", 993, "IMAP over TLS (RFC 8314)" }, NULL, NULL },
	{ { "pop3", 110, "POP3, STLS (RFC 2595)" }, starttls_pop3, "pop3s" },
	{ { "pop3s", 995, "POP3 over TLS (RFC 8314)" }, NULL, NULL },
	{ { "sieve", 4190, "ManageSieve, STARTTLS (RFC 5804)" }, starttls_sieve,
		NULL },

	{ { "ftp", 21, "FTP, AUTH TLS (RFC 4217)" }, starttls_ftp, "ftps" },
	{ { "ftps", 990, "FTP over TLS" }, NULL, NULL },
	{ { "nntp", 119, "news, STARTTLS (RFC 4642)" }, starttls_nntp,
		"nntps" },
	{ { "nntps", 563, "news over TLS (RFC 8143)" }, NULL, NULL },
	{ { "ldap", 389, "LDAP, StartTLS (RFC 4511)" }, starttls_ldap,
		"ldaps" },
	{ { "ldaps", 636, "LDAP over TLS" }, NULL, NULL },

	{ { "xmpp", 5222, "XMPP from clients, STARTTLS (RFC 6120)" },
		starttls_xmpp, "xmpps" },
	{ { "xmpps", 5223, "XMPP from clients over TLS (XEP-0368)" }, NULL,
		NULL },
	{ { "xmpp-server", 5269, "XMPP from servers, STARTTLS (RFC 6120)" },
		starttls_xmpp_server, "xmpps-server" },
	{ { "xmpps-server", 5270, "XMPP from servers over TLS (XEP-0368)" },
		NULL, NULL },
	{ { "irc", 6667, "IRC, the STARTTLS command" }, starttls_irc, "ircs" },
	{ { "ircs", 6697, "IRC over TLS (RFC 7194)" }, NULL, NULL },

	{ { "postgres", 5432, "PostgreSQL, SSLRequest" }, starttls_postgres,
		NULL },
	{ { "mysql", 3306, "MySQL and MariaDB, SSLRequest" }, starttls_mysql,
		NULL },
	{ { NULL, 0, NULL }, NULL, NULL },
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

/*
 * A server that speaks TLS at once waits for the client's first record, and
 * a client that speaks to it in the clear gets an alert, or nothing.
 */
static void
suggest_twin(const struct dialect *d, const struct stream *s, struct error *err)
{
	const struct error why = *err;
	const char *twin = d->twin != NULL ? d->twin : "tls";

	if (stream_began_tls(s))
		error_set(err, why.kind, "%s; is it %s://?", why.text, twin);
	else if (s->n_bytes > 0)
		return;
	else if (why.kind == ERROR_TIMEOUT)
		error_set(err, why.kind,
			"%s: the server says nothing; if it speaks TLS at "
			"once, it is %s://",
			why.text, twin);
	else if (why.kind == ERROR_IO && s->asked != NULL)
		error_set(err, why.kind,
			"%s; if it speaks TLS at once, it is %s://", why.text,
			twin);
}

int
dialect_agree(const struct dialect *d, struct stream *s, const struct target *t,
	struct error *err)
{
	size_t unread;

	if (d == NULL || d->starttls == NULL)
		return 0;
	if (d->starttls(s, t, err) == -1) {
		suggest_twin(d, s, err);
		return -1;
	}
	/* Bytes sent in the clear must not pass for protected ones. */
	unread = stream_unread(s);
	if (unread > 0)
		return error_set(err, ERROR_PARSE,
			"want nothing between the go-ahead and TLS, have %zu "
			"bytes in the clear",
			unread);
	return 0;
}
