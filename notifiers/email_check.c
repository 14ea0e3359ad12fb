/* email_check.c - what the keys of mail alone cannot say */
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "model/alloc.h"
#include "notifiers/email.h"
#include "notifiers/url.h"

#define RECIPIENTS_MAX 100 /* RFC 5321, 4.5.3.1.8: all servers take so many */

int
email_envelope(struct mail_envelope *m, const struct email_settings *s,
	struct error *err)
{
	struct error why;

	*m = (struct mail_envelope){
		.to = mem_grow(NULL, s->to.n, sizeof(*m->to)),
		.subject_prefix = s->subject_prefix != NULL ? s->subject_prefix
							    : "",
	};
	if (address_parse(s->from, &m->from, &why) == -1)
		return error_set(err, why.kind, "from: %s", why.text);
	if (s->to.n == 0 || s->to.n > RECIPIENTS_MAX)
		return error_set(err, ERROR_USAGE,
			"to: want 1 to %d addresses, have %zu", RECIPIENTS_MAX,
			s->to.n);
	for (; m->n_to < s->to.n; m->n_to++) {
		if (address_parse(s->to.v[m->n_to], &m->to[m->n_to], &why) ==
			-1)
			return error_set(err, why.kind, "to: %s", why.text);
	}
	return 0;
}

bool
email_is_greeting(const char *s)
{
	size_t n = strlen(s);

	return n > 0 && n <= 253 &&
		strspn(s,
			"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
			"0123456789.-:[]") == n;
}

static int
check_server(const char *server, struct error *err)
{
	static const char *const schemes[] = { "smtp", "smtps", NULL };
	static const CURLUPart surplus[] = { CURLUPART_USER, CURLUPART_PASSWORD,
		CURLUPART_QUERY, CURLUPART_FRAGMENT };
	cleanup(curl_url_cleanup) CURLU *u = url_parse(server);
	cleanup(str_free) char *path = NULL;
	bool bare = u != NULL && url_is(server, schemes);

	if (bare) {
		path = url_part(u, CURLUPART_PATH, 0);
		bare = path == NULL || strcmp(path, "/") == 0;
	}
	for (size_t i = 0; bare && i < sizeof(surplus) / sizeof(surplus[0]);
		i++) {
		cleanup(str_free) char *part = url_part(u, surplus[i], 0);

		bare = part == NULL;
	}
	if (!bare)
		return error_set(err, ERROR_USAGE,
			"server: want smtps://HOST[:PORT] or "
			"smtp://HOST[:PORT] and no more, have something else");
	return 0;
}

static bool
is_loopback(const char *server)
{
	cleanup(curl_url_cleanup) CURLU *u = url_parse(server);
	cleanup(str_free) char *host = u != NULL
		? url_part(u, CURLUPART_HOST, 0)
		: NULL;

	return host != NULL &&
		(strcasecmp(host, "localhost") == 0 ||
			strcmp(host, "[::1]") == 0 ||
			(strncmp(host, "127.", 4) == 0 &&
				strspn(host, "0123456789.") == strlen(host)));
}

/* Can somebody on the way read the password, or make us tell it? */
static bool
is_open(const struct email_settings *s)
{
	cleanup(curl_url_cleanup) CURLU *u = url_parse(s->server);
	cleanup(str_free) char *scheme = u != NULL
		? url_part(u, CURLUPART_SCHEME, 0)
		: NULL;

	return scheme != NULL && strcmp(scheme, "smtp") == 0 &&
		s->starttls != CURLUSESSL_ALL && !is_loopback(s->server);
}

static int
check_login(const struct email_settings *s, struct error *err)
{
	if (s->user == NULL && s->password != NULL)
		return error_set(err, ERROR_USAGE,
			"password: want `user` beside it, have none");
	if (s->user != NULL && s->password == NULL)
		return error_set(err, ERROR_USAGE,
			"user: want `password` or `password_file` beside it, "
			"have none");
	if (s->user != NULL && is_open(s))
		return error_set(err, ERROR_USAGE,
			"password: want smtps:// or `starttls: required`, for "
			"others could read it, have neither");
	return 0;
}

static int
check_smtp(const struct email_settings *s, struct error *err)
{
	if (check_server(s->server, err) == -1 || check_login(s, err) == -1)
		return -1;
	if (s->hello != NULL && !email_is_greeting(s->hello))
		return error_set(err, ERROR_USAGE,
			"hello: want a host name or an address in brackets, "
			"have something else");
	return transfer_tls_check(&s->tls, err);
}

/* A key that sendmail has no use for was written by mistake. */
static int
check_sendmail(const struct email_settings *s, struct error *err)
{
	const struct surplus {
		const char *key, *value;
	} surplus[] = {
		{ "server", s->server },
		{ "user", s->user },
		{ "password", s->password },
		{ "hello", s->hello },
		{ "ca", s->tls.ca },
		{ "certificate", s->tls.certificate },
		{ "key", s->tls.key },
		{ "passphrase", s->tls.passphrase },
	};

	for (size_t i = 0; i < sizeof(surplus) / sizeof(surplus[0]); i++) {
		if (surplus[i].value != NULL)
			return error_set(err, ERROR_USAGE,
				"%s: want none beside `sendmail`, have one",
				surplus[i].key);
	}
	return 0;
}

int
email_check(const void *settings, struct error *err)
{
	const struct email_settings *s = settings;
	struct mail_envelope m;
	int rc;

	if (s->server == NULL && s->sendmail == NULL)
		return error_set(err, ERROR_USAGE,
			"server: want it, or `sendmail` in its place, have "
			"neither");
	rc = s->sendmail != NULL ? check_sendmail(s, err) : check_smtp(s, err);
	if (rc == -1)
		return -1;
	rc = email_envelope(&m, s, err);
	free(m.to);
	return rc;
}
